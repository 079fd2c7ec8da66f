// Files of every format in blocks: the rows that are read whole, in any blocks, again and again; and files that
// another program changes meanwhile.
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "data/table_text.h"
#include "longhand/data.h"
#include "support/gzipped.h"
#include "support/npy.h"
#include "temporary_directory.h"

namespace longhand {
namespace {

using std::string_literals::operator""s;

constexpr std::size_t kBlocks[] = {1, 40, 100, 1000, kBlockBytes};

class Blocks : public ::testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& bytes) {
    std::ofstream(directory_ / name, std::ios::binary) << bytes;
    return directory_ / name;
  }

  // Cells, where each row is, and what is wrong.
  static std::string rows_of(TableBlocks& blocks) {
    std::string text;
    std::int64_t rows = 0;
    try {
      while (const auto block = blocks.next()) {
        for (std::int64_t row = 0; row < block->rows(); ++row, ++rows) {
          EXPECT_EQ(block->file_row(row), rows);
          text += block->where(row);
          for (const auto& column : block->columns()) text += " " + column.name() + "=" + column.cell(static_cast<std::size_t>(row));
          text += '\n';
        }
      }
    } catch (const Error& error) {
      text += error.what();
    }
    return text;
  }
  static std::string rows_of(const Table& table) {
    std::string text;
    for (std::int64_t row = 0; row < table.rows(); ++row) {
      text += table.where(row);
      for (const auto& column : table.columns()) text += " " + column.name() + "=" + column.cell(static_cast<std::size_t>(row));
      text += '\n';
    }
    return text;
  }

  const testing::TemporaryDirectory directory_;
};

TEST_F(Blocks, AreTheRowsOfTheWholeFile) {
  constexpr std::int64_t kRows = 23;
  std::vector<float> numbers(3 * kRows);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = 0.1F * static_cast<float>(i * 7 % 19);
  const auto c_order = testing::bytes_of(std::span<const float>(numbers));
  numbers[3 * 17 + 1] = std::numeric_limits<float>::quiet_NaN();
  const auto with_gap = testing::bytes_of(std::span<const float>(numbers));
  std::string idx = "\0\0\x08\x03\0\0\0\x17\0\0\0\x02\0\0\0\x02"s, idx_labels = "\0\0\x08\x01\0\0\0\x17"s, csv = "a,b\n", of_lines = "a,text,b\n";
  for (int i = 0; i < kRows; ++i) {
    idx += {static_cast<char>(i), '\7', static_cast<char>(200 + i), '\0'};
    idx_labels += static_cast<char>(i % 3);
    csv += std::to_string(i) + (i == 20 ? ",x\n" : ",1.50\n");
    of_lines += std::to_string(i) + (i % 3 == 0 ? ",\"two\nlines\"" : ",one") + (i == 20 ? ",x\n" : ",1.50\n");
  }
  const auto labels = file("labels", idx_labels), packed_labels = file("labels.gz", testing::gzipped(idx_labels));
  const std::pair<std::string, std::string> cases[] = {
      {testing::npy_of("<f4", "(23, 3)", c_order), ""},
      {testing::npy_of("<f4", "(23, 3)", c_order), labels},
      {testing::npy_of("<f4", "(23, 3)", with_gap), packed_labels},
      {testing::npy_of("<f4", "(23, 3)", c_order, true), labels},
      {testing::gzipped(testing::npy_of("<f4", "(23, 3)", c_order)), packed_labels},
      {idx, labels},
      {testing::gzipped(idx), packed_labels},
      {csv, ""},
      {of_lines, ""},
      {testing::gzipped(csv), ""},
      {testing::gzipped(csv.substr(0, 50)) + testing::gzipped(csv.substr(50)), ""},
  };
  for (const auto& [bytes, labels_path] : cases) {
    const auto path = file("t", bytes);
    const auto whole = read_table(path, {.drop = {"-2"}}, labels_path);
    ASSERT_EQ(whole.rows(), kRows);
    for (const auto block_bytes : kBlocks) {
      const auto blocks = open_table_blocks(path, {.drop = {"-2"}}, labels_path, block_bytes);
      for (int pass = 0; pass < 2; ++pass, blocks->rewind()) EXPECT_EQ(rows_of(*blocks), rows_of(whole)) << block_bytes;
      const auto sample = sample_rows(*blocks, {});
      EXPECT_EQ(data::table_text(sample.table), data::table_text(whole)) << block_bytes;
      EXPECT_EQ(sample.rows, kRows);
    }
  }
}

TEST_F(Blocks, OfColumnsThatBecomeTextStayText) {
  std::vector<double> numbers{1, 2, 3, std::nan(""), 5, 6};
  const auto path = file("t", testing::npy_of("<f8", "(6,)", testing::bytes_of(std::span<const double>(numbers))));
  const auto blocks = open_table_blocks(path, {}, {}, 8);
  std::string kinds;
  for (int pass = 0; pass < 2; ++pass, blocks->rewind()) {
    while (const auto block = blocks->next()) kinds += block->columns()[0].is_numbers() ? 'n' : 't';
  }
  EXPECT_EQ(kinds, "nnnttttttttt");
}

TEST_F(Blocks, OfWhatCannotBeReadAreRefused) {
  const auto error = [](const auto& act) -> std::string {
    try {
      act();
    } catch (const Error& refusal) {
      return refusal.what();
    }
    return "no error";
  };
  const auto packed = file("f", testing::gzipped(testing::npy_of("|u1", "(2, 2)", "1234", true)));
  EXPECT_EQ(error([&] { open_table_blocks(packed); }),
            packed + ": an array in Fortran's order that is packed is read whole only; unpack it, or save it in C's order");
  const auto csv = file("c", "a\n1\n");
  EXPECT_THROW(open_table_blocks(csv, {}, csv), ArgumentError);
  EXPECT_THROW(open_table_blocks(csv, {.delimiter = '"'}), ArgumentError);
  EXPECT_THROW(open_table_blocks(directory_ / "none"), DataError);
  for (const auto& bytes : {"a\n1\n2\n3\n"s, testing::npy_of("|u1", "(9, 1)", "123456789")}) {
    const auto whole = testing::gzipped(bytes);
    const auto cut = file("cut.gz", whole.substr(0, whole.size() - 9));
    EXPECT_EQ(error([&] { while (open_table_blocks(cut)->next()) {} }), cut + ": the gzip file is cut short: it ends before what it holds does");
  }
}

TEST_F(Blocks, OfAFileThatChangesAreRefusedInOneLine) {
  std::string csv = "a,b\n";
  for (int i = 0; i < 100; ++i) csv += std::to_string(i) + ",1\n";
  const auto array = testing::npy_of("|u1", "(200, 2)", std::string(400, '\7'));
  const auto fortran = testing::npy_of("|u1", "(200, 2)", std::string(400, '\7'), true);
  for (const auto& bytes : {csv, testing::gzipped(csv), array, fortran, testing::gzipped(array)}) {
    const auto path = file("t", bytes);
    const auto refused = "cannot read " + path + ": it changed while being read";
    const auto outcome = [&](const auto& change) -> std::string {
      file("t", bytes);
      const auto blocks = open_table_blocks(path, {}, {}, 64);
      rows_of(*blocks);
      change();
      try {
        blocks->rewind();
      } catch (const IoError& error) {
        return error.what();
      }
      return rows_of(*blocks);
    };
    const auto unchanged = outcome([] {});
    EXPECT_EQ(outcome([&] { std::filesystem::resize_file(path, bytes.size() / 2); }), refused);
    EXPECT_EQ(outcome([&] { std::ofstream(path, std::ios::app) << "1,2\n"; }), refused);
    EXPECT_EQ(outcome([&] {
                std::filesystem::last_write_time(path, std::filesystem::last_write_time(path) + std::chrono::seconds(1));
              }), refused);
    // Another file of its name is another file.
    EXPECT_EQ(outcome([&] {
                file("new", "x\n");
                std::filesystem::rename(directory_ / "new", path);
              }), unchanged);
  }
}

TEST_F(Blocks, OfAFileThatIsCutOrGrowsWithinAPassAreRefused) {
  std::string csv = "a,b\n";
  while (csv.size() < 4000) csv += std::to_string(csv.size()) + ",1\n";
  const auto array = testing::npy_of("|u1", "(2000, 2)", std::string(4000, '\7'));
  const auto fortran = testing::npy_of("|u1", "(2000, 2)", std::string(4000, '\7'), true);
  for (const auto& bytes : {csv, array, fortran}) {
    const auto path = file("t", bytes);
    const auto error_after = [&](const auto& change) {
      file("t", bytes);
      const auto blocks = open_table_blocks(path, {}, {}, 64);
      blocks->next();
      change();
      try {
        while (blocks->next()) {
        }
      } catch (const IoError& error) {
        return std::string(error.what());
      }
      return std::string();
    };
    EXPECT_EQ(error_after([&] { std::filesystem::resize_file(path, bytes.size() / 2); }), "cannot read " + path + ": it was cut short while being read");
    if (bytes == fortran) continue;  // each entry is where it was
    EXPECT_EQ(error_after([&] { std::ofstream(path, std::ios::app) << "1,2\n"; }), "cannot read " + path + ": it grew while being read");
  }
}

}  // namespace
}  // namespace longhand
