// A file in blocks: a sample of all of its rows is the table that is read whole, and a smaller one is
// drawn evenly, whatever the blocks.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "data/table_text.h"
#include "longhand/data.h"
#include "temporary_directory.h"

namespace longhand {
namespace {

constexpr std::size_t kBlocks[] = {4, 7, 16, 61, 1000, kBlockBytes};

template <class Read>
std::string outcome(Read read) {
  try {
    const Table table = read();
    auto text = data::table_text(table);
    for (std::int64_t row = 0; row < table.rows(); ++row) text += " " + table.where(row);
    return text;
  } catch (const DataError& error) {
    return error.what();
  }
}

class SampleRows : public ::testing::Test {
 protected:
  void write(const std::string& bytes) { std::ofstream(path_, std::ios::binary) << bytes; }

  TableSample sample(const SampleOptions& options, std::size_t block_bytes = kBlockBytes) const {
    return sample_rows(*open_table_blocks(path_, {}, {}, block_bytes), options);
  }

  // A column that counts the rows in another order, a number, and a class that is rare.
  void write_rows(int rows, int rare) {
    std::string text = "id,x,y\n";
    for (int i = 0; i < rows; ++i) {
      text += std::to_string(100 + i * 7 % rows) + "," + std::to_string(i) + (i == rare ? ",rare\n" : ",usual\n");
    }
    write(text);
  }

  const testing::TemporaryDirectory directory_;
  const std::string path_ = directory_ / "table.csv";
};

TEST_F(SampleRows, EachBlockIsToldOf) {
  write_rows(200, 3);
  int calls = 0;
  sample({.after_block = [&] { ++calls; }}, 100);
  EXPECT_GT(calls, 10);
  struct Stop {};
  EXPECT_THROW(sample({.after_block = [] { throw Stop(); }}, 100), Stop);
}

TEST_F(SampleRows, OfAllRowsIsTheTable) {
  const std::string files[] = {
      "a,b\n1,2\n3,4\n",
      "\xEF\xBB\xBF\"a\r\nb\",c\r\n1,2\r\n\r\n3,\"\n\n\"\"\n\"\r\n5,6",
      "a,b\r1,2\r\r3,4\r",
      "a\n1\n2\n\n4\n",
      "a,b\n1.50,x\n2.0,y\n1e1,x\n2,x\n",
      "a,b\n01,x\n1.50,y\n007,x\n1.5,z\n",
      "a,b\n1,2\n2,3\n3,4\n4,5\n5,6\nsix,7\n007,8\n8,nine\n",  // text from a late row on
      "a,b\n1,2\n3\n",                                        // a cell is missing
      "a,b\n1,2\n3,4\n\"5,6\n",                               // a quote is never closed
      "a,b\n",
      "a,a\n1,2\n",
      "",
  };
  for (const auto& bytes : files) {
    write(bytes);
    const auto expected = outcome([&] { return read_csv(path_); });
    for (const auto block_bytes : kBlocks) {
      const auto all = [&] { return sample({.target = "-1"}, block_bytes).table; };
      EXPECT_EQ(outcome(all), expected) << bytes << "\nin blocks of " << block_bytes;
    }
  }
}

TEST_F(SampleRows, OfSomeDependsOnTheSeedAlone) {
  write_rows(2000, 1234);
  const SampleOptions options{.rows = 100, .target = "y", .seed = 3};
  const auto found = sample(options);
  EXPECT_EQ(found.rows, 2000);
  const auto text = outcome([&] { return found.table; });
  for (const auto block_bytes : kBlocks) {
    EXPECT_EQ(outcome([&] { return sample(options, block_bytes).table; }), text) << block_bytes;
  }
  EXPECT_NE(outcome([&] { return sample({.rows = 100, .target = "y", .seed = 4}).table; }), text);
}

TEST_F(SampleRows, DrawsEachRowAsOften) {
  write_rows(200, -1);
  std::vector<int> drawn(200);
  constexpr int kDraws = 1000, kRows = 20;
  for (int seed = 0; seed < kDraws; ++seed) {
    const auto table = sample({.rows = kRows, .target = "x", .seed = static_cast<std::uint64_t>(seed)}, 300).table;
    for (std::int64_t i = 0; i < table.rows(); ++i) ++drawn[static_cast<std::size_t>(table.file_row(i))];
  }
  // x is another number in each row, which all are kept: a target of classes alone keeps first ones.
  EXPECT_EQ(drawn, std::vector<int>(200, kDraws));

  drawn.assign(200, 0);
  for (int seed = 0; seed < kDraws; ++seed) {
    const auto table = sample({.rows = kRows, .target = "y", .seed = static_cast<std::uint64_t>(seed)}, 300).table;
    for (std::int64_t i = 0; i < table.rows(); ++i) ++drawn[static_cast<std::size_t>(table.file_row(i))];
  }
  EXPECT_EQ(drawn[0], kDraws);  // the first of its class
  // Binomial, 1000 draws of 0.1: 100 +- 9.5.
  EXPECT_GT(std::ranges::min(drawn), 100 - 5 * 9.5);
  EXPECT_LT(*std::max_element(drawn.begin() + 1, drawn.end()), 100 + 5 * 9.5);
}

TEST_F(SampleRows, HasEveryClass) {
  write_rows(2000, 1234);
  const auto table = sample({.rows = 10, .target = "y"}, 500).table;
  const auto classes = Classes::of(table, "y").names();
  EXPECT_EQ(classes, (std::vector<std::string>{"rare", "usual"}));
  EXPECT_LE(table.rows(), 12);
}

TEST_F(SampleRows, KnowsWhatCountsTheRows) {
  write_rows(2000, 5);
  const auto found = sample({.rows = 100, .target = "y"}, 500);
  EXPECT_EQ(found.row_counters, (std::vector<std::string>{"id", "x"}));
  const auto profiles = profile_columns(found.table, {.row_counters = found.row_counters});
  EXPECT_EQ(profiles[0].kind, ColumnKind::identifier);
  EXPECT_EQ(profile_columns(found.table)[0].kind, ColumnKind::number);

  // One number twice, another left out.
  std::string text = "id,y\n";
  for (int i = 0; i < 2000; ++i) text += std::to_string(i == 777 ? 776 : i) + "," + std::to_string(i % 2) + "\n";
  write(text);
  EXPECT_TRUE(sample({.rows = 100, .target = "y"}, 500).row_counters.empty());
}

TEST_F(SampleRows, NamesRowAndLineOfLaterBlocks) {
  std::string text = "a,b\n";
  for (int i = 1; i <= 1000; ++i) text += std::to_string(i) + (i == 500 ? ",\"two\nlines\"\n" : ",x\n");
  write(text + "1001\n");
  EXPECT_EQ(outcome([&] { return sample({.target = "b"}, 100).table; }),
            path_ + ": row 1001 (line 1003): found 1 cell, expected 2 as in the header");
  write(text);
  const auto table = sample({.rows = 50, .target = "b"}, 100).table;
  for (std::int64_t i = 0; i < table.rows(); ++i) {
    const auto row = static_cast<std::int64_t>(table.numbers("a")[static_cast<std::size_t>(i)]);
    EXPECT_EQ(table.where(i), path_ + ": row " + std::to_string(row) + " (line " + std::to_string(row + (row > 500 ? 2 : 1)) + ")");
  }
}

TEST_F(SampleRows, RefusesTargetThatIsNotThere) {
  write("a,b\n1,2\n");
  EXPECT_THROW(sample({.target = "c"}), ArgumentError);
}

}  // namespace
}  // namespace longhand
