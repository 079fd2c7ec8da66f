// Learning from a file in blocks, against learning from the same table in memory.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "longhand/train.h"
#include "support/npy.h"
#include "support/resident_size.h"
#include "support/same_result.h"
#include "temporary_directory.h"
#include "train/outcome_stream.h"

namespace longhand {
namespace {

using testing::expect_same;

constexpr std::size_t kTinyBlock = 500;
constexpr std::int64_t kTinyWindow = 2000, kWideWindow = 1 << 25;

class Stream : public ::testing::Test {
 protected:
  // Two numbers, a category, weights, and a target of numbers or of three classes.
  void write(int count, bool classes = false, int odd_row = 0, const std::string& odd_cell = "") {
    std::ofstream file(path_);
    file << "a,b,c,weight,y\n";
    for (int i = 1; i <= count; ++i) {
      const double a = i * 37 % 101 * 0.1, b = i * 7 % 13 * 0.5;
      const bool is_red = i % 3 == 0;
      const double y = 2 * std::sin(a) + b + (is_red ? 1.5 : 0);
      file << (i == odd_row ? odd_cell : std::to_string(a)) << ',' << b << ',' << (is_red ? "red" : "blue") << ',' << 1 + i % 4 << ',';
      if (classes) file << (y > 5 ? "high" : y > 3 ? "middle" : "low") << '\n';
      else file << y << '\n';
    }
  }

  static TrainOptions options() {
    TrainOptions options;
    options.target = "y";
    options.hidden = {8};
    options.epochs = 6;
    options.batch_size = 16;
    options.refit = false;
    return options;
  }

  // The same numbers as an array, and its labels.
  void write_array(int count) {
    const auto rows = std::to_string(count);
    std::ofstream file(path_, std::ios::binary), labels(labels_ = folder_ / "labels.npy", std::ios::binary);
    file << testing::npy_of("<f4", "(" + rows + ", 2)");
    labels << testing::npy_of("|u1", "(" + rows + ",)");
    for (int i = 1; i <= count; ++i) {
      const float row[] = {static_cast<float>(i * 37 % 101) * 0.1F, static_cast<float>(i * 7 % 13) * 0.5F};
      file << testing::bytes_of(std::span<const float>(row));
      labels << static_cast<char>(row[1] > row[0] ? 1 : 0);
    }
  }

  TrainResult streamed(const TrainOptions& options, std::int64_t window_bytes = kTinyWindow, std::int64_t sample_rows_wanted = 100'000,
                       const ProgressFunction& progress = {}) {
    const auto blocks = open_table_blocks(path_, {}, labels_, kTinyBlock);
    const auto sample = sample_rows(*blocks, {.rows = sample_rows_wanted, .target = options.target, .seed = options.seed});
    return fit(StreamedTable{.blocks = *blocks, .sample = sample, .folder = folder_.path().string(), .window_bytes = window_bytes, .after_block = after_block_},
               options, progress);
  }

  std::string error_of(const TrainOptions& options, std::int64_t rows_of_sample = 100) {
    try {
      streamed(options, kTinyWindow, rows_of_sample);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  const testing::TemporaryDirectory folder_;
  const std::string path_ = folder_ / "rows.csv";
  std::string labels_;
  std::function<void()> after_block_;  // of the second pass
};

TEST_F(Stream, InOneWindowIsTrainingInMemoryBitForBit) {
  for (const bool classes : {false, true}) {
    write(600, classes);
    const auto table = read_csv(path_);
    std::pair<const char*, TrainOptions> cases[] = {{"plain", options()}, {"weights", options()}, {"balanced", options()}, {"none held out", options()}, {"ensemble", options()}, {"steps", options()}};
    cases[1].second.sample_weight = "weight";
    cases[2].second.balance_classes = classes;
    cases[3].second.validation = 0;
    cases[4].second.members = 3;
    cases[5].second.number_steps = 16;  // more inputs than are worth storing
    for (const auto& [what, options] : cases) {
      expect_same(streamed(options, kWideWindow), fit(table, options), what);
    }
  }
}

TEST_F(Stream, InTinyWindowsFromASampleLearnsAsWell) {
  write(4000);
  auto some = options();
  some.epochs = 30;
  const auto whole = fit(read_csv(path_), some);
  const auto parts = streamed(some, kTinyWindow, 800);
  EXPECT_EQ(parts.rows, 4000 - parts.validation->rows);
  EXPECT_EQ(parts.validation->rows, 160);
  EXPECT_EQ(parts.train.rows, 640);
  const auto all = read_csv(path_);
  const double rmse = evaluate(parts.model, all).value("rmse"), rmse_in_memory = evaluate(whole.model, all).value("rmse");
  EXPECT_LT(rmse, 1.25 * rmse_in_memory);
  EXPECT_GT(evaluate(parts.model, all).value("r2"), 0.8);
}

TEST_F(Stream, SaysThatColumnsAreKnownByTheSample) {
  std::ofstream(path_) << [] {
    std::string text = "a,rare,y\n";
    for (int i = 0; i < 3000; ++i) text += std::to_string(i * 37 % 101) + (i == 1111 ? ",1," : ",0,") + std::to_string(i * 37 % 101 * 2) + "\n";
    return text;
  }();
  // 100 rows, and the first of each of the 101 targets, of which 4 are among them.
  EXPECT_EQ(streamed(options(), kTinyWindow, 100).warnings,
            (std::vector<std::string>{path_ + ": left out 1 column: 'rare' (constant: '0' in all rows)",
                                      path_ + ": what columns are taken for is by 197 rows drawn at random"}));
  EXPECT_TRUE(streamed(options()).warnings.empty());
}

TEST_F(Stream, AnyNumberOfThreadsGivesTheSameBits) {
  write(1500, true);
  auto alone = options();
  for (const int steps : {0, 16}) {
    alone.threads = 1;
    alone.number_steps = steps;
    const auto expected = streamed(alone, kTinyWindow, 300);
    for (const int threads : {2, 7}) {
      alone.threads = threads;
      expect_same(streamed(alone, kTinyWindow, 300), expected, std::to_string(threads) + " threads");
    }
  }
}

TEST_F(Stream, GoesOnFromACheckpointAsWithoutABreak) {
  write(40'000);
  auto some = options();
  some.epochs = 2;
  const auto expected = streamed(some, 100'000, 500);
  bool was_within_epoch = false;
  for (const int stop : {1, 2, 4, 6}) {
    Checkpoint last;
    auto interrupted = some;
    interrupted.checkpoint = [&](const Checkpoint& checkpoint) { last = checkpoint; };
    int left = stop;
    bool within = false;
    const auto stopper = [&](const TrainProgress& progress) {
      within = progress.done < 1;
      return --left > 0;
    };
    ASSERT_THROW(streamed(interrupted, 100'000, 500, stopper), Interrupted) << stop;
    was_within_epoch = was_within_epoch || within;
    const auto at = folder_ / "at.safetensors";
    save_checkpoint(last, at);
    const auto from = load_checkpoint(at);
    auto resumed = some;
    resumed.resume = &from;
    expect_same(streamed(resumed, 100'000, 500), expected, "stopped at " + std::to_string(stop));
  }
  EXPECT_TRUE(was_within_epoch);
}

TEST_F(Stream, TellsRowAndLineOfABadCellAndLeavesNothing) {
  write(2000, false, 1234, "1.x");
  EXPECT_EQ(error_of(options()), path_ + ": row 1234 (line 1235), column 'a': '1.x' is not a number; a cell without a value is to be empty");
  EXPECT_EQ(folder_.files(), 1);  // the table
}

TEST_F(Stream, TellsOfCellsThatItsSampleHasNoneLike) {
  write(2000, false, 1234, "");
  const auto result = streamed(options(), kTinyWindow, 100);
  ASSERT_EQ(result.notes.size(), 1U);
  EXPECT_EQ(result.notes[0].column, "a");
  EXPECT_EQ(result.notes[0].kind, CellNote::Kind::missing);
  EXPECT_EQ(result.notes[0].cells, 1);
  EXPECT_EQ(result.notes[0].first, path_ + ": row 1234 (line 1235)");
}

TEST_F(Stream, RefusesWhatNeedsAllRowsAtOnce) {
  write(100);
  auto lbfgs = options();
  lbfgs.optimizer = *find_optimizer("lbfgs");
  lbfgs.dtype = DType::f64;
  EXPECT_NE(error_of(lbfgs).find("lbfgs takes all rows at once"), std::string::npos);
  auto groups = options();
  groups.split_by = "c";
  EXPECT_NE(error_of(groups).find("cannot be held out by a column"), std::string::npos);
}

TEST_F(Stream, RefusesAFileThatIsCutOrGrowsInTheSecondPass) {
  const std::pair<const char*, std::function<void()>> cases[] = {
      {"it was cut short while being read", [&] { std::filesystem::resize_file(path_, std::filesystem::file_size(path_) / 2); }},
      {"it grew while being read", [&] { std::ofstream(path_, std::ios::app) << "1,1,red,1,1\n"; }},
  };
  for (const auto& [what, change] : cases) {
    write(20'000);
    after_block_ = [&, changes = true]() mutable {
      if (std::exchange(changes, false)) change();
    };
    EXPECT_EQ(error_of(options()), "cannot read " + path_ + ": " + what);
    EXPECT_EQ(folder_.files(), 1);
  }
}

TEST_F(Stream, MemoryDoesNotGrowWithTheFile) {
  auto some = options();
  some.epochs = 1;
  some.batch_size = 256;
  const auto train = [&] { streamed(some, 1 << 20, 2000); };
  write(50'000);
  if (testing::kKeepsFreedMemory) GTEST_SKIP() << "memory cannot be compared under the address sanitizer";
  const auto small = testing::resident_size(train);
  write(400'000);
  const auto large = testing::resident_size(train);
  const auto in_memory = testing::resident_size([&] { fit(read_csv(path_), some); });
  EXPECT_LT(large, small + 2048) << "KiB";
  EXPECT_GT(in_memory, large + 8192) << "KiB";
}

TEST_F(Stream, OfAnArrayIsTrainingInMemoryInMemoryThatDoesNotGrow) {
  auto some = options();
  some.target = kLabelColumn;
  write_array(600);
  expect_same(streamed(some, kWideWindow), fit(read_table(path_, {}, labels_), some), "array");
  some.epochs = 1;
  some.batch_size = 256;
  const auto train = [&] { streamed(some, 1 << 20, 2000); };
  write_array(100'000);
  if (testing::kKeepsFreedMemory) GTEST_SKIP() << "memory cannot be compared under the address sanitizer";
  const auto small = testing::resident_size(train);
  write_array(1'000'000);
  EXPECT_LT(testing::resident_size(train), small + 2048) << "KiB";
}

// Bytes stay bytes, and their rows become doubles a few at a time.
TEST_F(Stream, LeavesWhatIsInMemoryInFewBytes) {
  constexpr int kRows = 20'000, kColumns = 100;
  const auto csv = folder_ / "bytes.csv", npy = folder_ / "bytes.npy";
  {
    std::ofstream text(csv), bytes(npy, std::ios::binary);
    bytes << testing::npy_of("|u1", "(20000, 100)");
    for (int i = 0; i < kRows; ++i) {
      for (int j = 1; j <= kColumns; ++j) {
        const int value = (i * (j + 3) + j * j) % 251;
        text << value << (j < kColumns ? ',' : '\n');
        bytes << static_cast<char>(value);
      }
    }
  }
  auto some = options();
  some.target = "100";
  some.epochs = 1;
  some.batch_size = 256;
  const auto of_csv = [&] { return fit(read_csv(csv, {.header = false}), some); };
  const auto of_npy = [&] { return fit(read_table(npy), some); };
  // 2,000,000 cells, twice in memory while it learns: the table, and the parts of its split.
  const auto in_doubles = testing::resident_size(of_csv), in_bytes = testing::resident_size(of_npy);
  EXPECT_LT(in_bytes, in_doubles - 2 * 7 * 2'000'000 / 1024 * 8 / 10) << "KiB";
  expect_same(of_npy(), of_csv(), "bytes");
}

TEST_F(Stream, EvaluatesInMemoryThatDoesNotGrow) {
  write(2000);
  const auto model = streamed(options()).model;
  const auto evaluate = [&] {
    const auto blocks = open_table_blocks(path_, {}, {}, 100'000);
    train::OutcomeStream outcomes(0, 0.5, 50'000);
    while (const auto block = blocks->next()) outcomes.add(outcomes_of(model, *block));
    outcomes.metrics();
  };
  write(200'000);
  const auto small = testing::resident_size(evaluate);
  write(600'000);
  EXPECT_LT(testing::resident_size(evaluate), small + 2048) << "KiB";
}

}  // namespace
}  // namespace longhand
