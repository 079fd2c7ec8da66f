// Rows from a file in the order of an epoch: each once, in whole batches, another order each time.
#include "train/stored_examples.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "temporary_directory.h"

namespace longhand::train {
namespace {

constexpr std::int64_t kBatch = 4;

// Row i has x = (i, i + 0.5), y = i and perhaps the weight i + 1.
Examples examples(std::int64_t first, std::int64_t count, bool has_weights) {
  Examples rows{Tensor(Shape{count, 2}), Tensor(Shape{count}, DType::i32), has_weights ? Tensor(Shape{count}) : Tensor()};
  for (std::int64_t i = 0; i < count; ++i) {
    const auto number = static_cast<double>(first + i);
    rows.x.set(2 * i, number);
    rows.x.set(2 * i + 1, number + 0.5);
    rows.y.set(i, number);
    if (has_weights) rows.weight.set(i, number + 1);
  }
  return rows;
}

class Stored : public ::testing::Test {
 protected:
  std::unique_ptr<StoredExamples> store(std::int64_t rows, std::int64_t window_bytes, std::uint64_t seed = 1, bool has_weights = true) {
    auto stored = std::make_unique<StoredExamples>(StoreOptions{.folder = folder_.path().string(), .rows = rows, .batch_size = kBatch, .window_bytes = window_bytes, .seed = seed});
    for (std::int64_t first = 0; first < rows; first += 7) {
      const auto count = std::min<std::int64_t>(7, rows - first);
      stored->add(examples(first, count, has_weights), std::vector<bool>(static_cast<std::size_t>(count)));
    }
    stored->finish();
    return stored;
  }

  // The rows of an epoch by their numbers.
  static std::vector<int> epoch_of(StoredExamples& stored, std::int64_t epoch) {
    std::vector<int> numbers;
    const auto rows = stored.rows();
    while (static_cast<std::int64_t>(numbers.size()) < rows) {
      const auto order = stored.order(epoch, static_cast<std::int64_t>(numbers.size()));
      EXPECT_FALSE(order.empty());
      const auto& at_hand = stored.examples();
      for (const auto i : order) {
        const double number = at_hand.y.at(i);
        EXPECT_EQ(at_hand.x.at(2 * i), number);
        EXPECT_EQ(at_hand.x.at(2 * i + 1), number + 0.5);
        if (at_hand.weight.shape().rank() > 0) {
          EXPECT_EQ(at_hand.weight.at(i), number + 1);
        }
        numbers.push_back(static_cast<int>(number));
      }
      if (static_cast<std::int64_t>(numbers.size()) < rows) {
        EXPECT_EQ(numbers.size() % kBatch, 0U);
      }
    }
    return numbers;
  }

  const testing::TemporaryDirectory folder_;
};

TEST_F(Stored, GivesEachRowOnceAnEpoch) {
  for (const std::int64_t rows : {1, 3, 4, 40, 101}) {
    for (const std::int64_t window_bytes : {1, 200, 2000, 1'000'000}) {
      for (const bool has_weights : {false, true}) {
        const auto stored = store(rows, window_bytes, 1, has_weights);
        ASSERT_EQ(stored->rows(), rows);
        for (int epoch = 1; epoch <= 3; ++epoch) {
          auto numbers = epoch_of(*stored, epoch);
          std::ranges::sort(numbers);
          std::vector<int> all(static_cast<std::size_t>(rows));
          for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int>(i);
          EXPECT_EQ(numbers, all) << rows << " rows, " << window_bytes << " bytes, epoch " << epoch;
        }
      }
    }
  }
}

TEST_F(Stored, OrderDependsOnEpochAndSeedAlone) {
  const auto stored = store(101, 300), again = store(101, 300), other = store(101, 300, 2);
  const auto first = epoch_of(*stored, 1), second = epoch_of(*stored, 2);
  EXPECT_NE(first, second);
  EXPECT_EQ(epoch_of(*stored, 1), first);
  EXPECT_EQ(epoch_of(*again, 2), second);
  EXPECT_NE(epoch_of(*other, 1), first);
  // From the middle of a window on, as after a break.
  const auto rest = again->order(1, 60);
  for (std::size_t i = 0; i < rest.size(); ++i) EXPECT_EQ(again->examples().y.at(rest[i]), first[60 + i]);
}

// Which rows come together, and in which order.
TEST_F(Stored, WindowsDifferByEpochAndSeedAndTheirOrderFromEachOther) {
  const auto rows_of_window = [](StoredExamples& stored, std::int64_t epoch) {
    std::set<double> rows;
    for (const auto i : stored.order(epoch, 0)) rows.insert(stored.examples().y.at(i));
    return rows;
  };
  const auto stored = store(1010, 3000), other = store(1010, 3000, 2);
  const auto first = rows_of_window(*stored, 1);
  ASSERT_GT(first.size(), 10U);
  ASSERT_LT(first.size(), 505U);
  EXPECT_NE(rows_of_window(*stored, 2), first);
  EXPECT_NE(rows_of_window(*other, 1), first);
  const auto order = stored->order(1, 0);
  const std::vector<std::int32_t> of_first(order.begin(), order.end());
  const auto next = stored->order(1, static_cast<std::int64_t>(of_first.size()));
  EXPECT_NE(std::vector<std::int32_t>(next.begin(), next.end()), of_first);
}

TEST_F(Stored, WindowHasRowsFromAllOverTheFile) {
  constexpr std::int64_t kRows = 20'000;
  const auto stored = store(kRows, 16 * kRows / 10);  // a tenth of the rows
  const auto count = stored->order(1, 0).size();
  EXPECT_LE(count, kRows / 10);
  std::set<int> tenths;
  for (const auto i : stored->order(1, 0)) tenths.insert(static_cast<int>(stored->examples().y.at(i)) * 10 / static_cast<int>(kRows));
  EXPECT_EQ(tenths.size(), 10U);
}

TEST_F(Stored, InOneWindowHasTheOrderOfRowsInMemory) {
  const auto stored = store(101, 1'000'000, 5);
  ResidentExamples resident(examples(0, 101, true), 5);
  for (const int epoch : {1, 2, 9}) {
    const auto order = resident.order(epoch, 0);
    EXPECT_EQ(epoch_of(*stored, epoch), std::vector<int>(order.begin(), order.end()));
  }
}

TEST_F(Stored, LeavesOutWhatIsMarked) {
  StoredExamples stored({.folder = folder_.path().string(), .rows = 5, .batch_size = kBatch, .window_bytes = 1});
  stored.add(examples(0, 4, false), {true, false, true, false});
  stored.add(examples(4, 4, false), {false, false, false, true});
  stored.finish();
  auto numbers = epoch_of(stored, 1);
  std::ranges::sort(numbers);
  EXPECT_EQ(numbers, (std::vector<int>{1, 3, 4, 5, 6}));
}

TEST_F(Stored, HashIsOfTheRows) {
  EXPECT_EQ(store(50, 1)->hash(), store(50, 1)->hash());
  EXPECT_NE(store(50, 1)->hash(), store(51, 1)->hash());
}

}  // namespace
}  // namespace longhand::train
