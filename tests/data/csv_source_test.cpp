// A file is read in windows: what comes out does not depend on where they end.
#include "data/csv_source.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <thread>

#include "data/csv_reader.h"
#include "data/table_text.h"
#include "longhand/data.h"
#include "support/gzipped.h"
#include "temporary_directory.h"

namespace longhand::data {
namespace {

// The table with the line of each row, or the error.
template <class Read>
std::string outcome(Read read) {
  try {
    const Table table = read();
    std::string text = table_text(table);
    for (std::int64_t row = 0; row < table.rows(); ++row) {
      text += ' ' + std::to_string(table.line_of(row).value());
    }
    return text;
  } catch (const Error& error) {
    return error.what();
  }
}

class CsvWindows : public ::testing::Test {
 protected:
  void expect_same_for_every_piece(const std::string& bytes, const CsvOptions& options = {}) {
    std::ofstream(path_, std::ios::binary) << bytes;
    const std::string packed = testing::gzipped(bytes);
    const std::string expected = outcome([&] { return parse_csv(bytes, path_, options); });
    for (const std::size_t piece : {4UL, 5UL, 7UL, 16UL, 61UL, 1000UL, CsvSource::kPiece}) {
      EXPECT_EQ(outcome([&] {
                  CsvSource source(FileReader(path_), piece);
                  return CsvReader(source, path_, options).read();
                }),
                expected)
          << "in pieces of " << piece;
      EXPECT_EQ(outcome([&] {
                  CsvSource source(open_source(packed, path_), piece);
                  return CsvReader(source, path_, options).read();
                }),
                expected)
          << "packed, in pieces of " << piece;
    }
  }

  const testing::TemporaryDirectory directory_;
  const std::string path_ = directory_ / "table.csv";
};

TEST_F(CsvWindows, MayEndAnywhere) {
  expect_same_for_every_piece("a,b\n1,2\n3,4\n");
  expect_same_for_every_piece("\xEF\xBB\xBF\"a\r\nb\",c\r\n1,2\r\n\r\n3,\"\n\n\"\"\n\"\r\n5,6");
  expect_same_for_every_piece("a,b\r1,2\r\r3,4\r");
  expect_same_for_every_piece("\n\n  \na,b\n1,2");
  expect_same_for_every_piece("\n\n\n\n\n\n\n1\n\n2", {.header = false});
  expect_same_for_every_piece("\n\n\n\n\n\n\n\n", {.header = false});
  expect_same_for_every_piece("a,b\n1,\"never\n\n\n\n\n\n\n\nclosed");
  expect_same_for_every_piece("a,\"never\n\n\n\n\n\n\n\nclosed");
  expect_same_for_every_piece("a,b\n1,2\n3,\"4\n\n\"x\n");
  expect_same_for_every_piece("a,b\n" + std::string(3000, '1') + ",2\n\"" +
                              std::string(3000, '\n') + "\",4\n");
}

TEST_F(CsvWindows, MayEndAnywhereInRandomFiles) {
  const std::string pieces[] = {",",  ",",    "\n", "\n",    "\r\n", "\r",
                                "\"", "\"\"", "1",  "-2.50", "abc",  " "};
  std::mt19937_64 random(1);
  for (int i = 0; i < 300; ++i) {
    std::string bytes = i % 2 == 0 ? "a,b\n" : "";
    for (auto left = random() % 60; left > 0; --left) bytes += pieces[random() % std::size(pieces)];
    expect_same_for_every_piece(bytes, {.header = i % 4 < 2});
  }
}

TEST_F(CsvWindows, AreReadAgainForTextThatComesLate) {
  std::string bytes = "n,late,t\n";
  for (int i = 0; i < 3000; ++i) {
    bytes +=
        std::to_string(i) + (i == 2500 ? ",x" : ",1.50") + (i % 7 == 0 ? ",\"a\n,b\"\n" : ",c\n");
  }
  expect_same_for_every_piece(bytes);
}

TEST_F(CsvWindows, DoNotHideThatAFileIsCutShort) {
  std::ofstream(path_) << "a,b\n1,2\n3,4\n5,6\n7,8\n";
  CsvSource source(FileReader(path_), 8);
  std::filesystem::resize_file(path_, 10);
  EXPECT_THROW(CsvReader(source, path_, {}).read(), IoError);
}

TEST_F(CsvWindows, DoNotHideThatAFileChanges) {
  std::string bytes = "a,b\n";
  for (int i = 0; i < 2000; ++i) bytes += i == 1500 ? "x,1\n" : "1,1\n";
  std::ofstream(path_) << bytes;
  const auto after = [&](const auto& change) {
    std::ofstream(path_) << bytes;
    CsvSource source(FileReader(path_), 64);
    change();
    return outcome([&] { return CsvReader(source, path_, {}).read(); });
  };
  const auto unchanged = after([] {});
  EXPECT_EQ(after([&] { std::ofstream(path_, std::ios::app) << "1,1\n"; }), "cannot read " + path_ + ": it grew while being read");
  EXPECT_EQ(after([&] {
              const auto time = std::filesystem::last_write_time(path_);
              std::filesystem::last_write_time(path_, time + std::chrono::seconds(1));
            }), "cannot read " + path_ + ": it changed while being read");
  EXPECT_EQ(after([&] { std::filesystem::remove(path_); }), unchanged);  // the open file stays
}

TEST_F(CsvWindows, ComeFromPipesToo) {
  std::filesystem::remove(path_);
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  std::string bytes = "a,b\n";
  for (int i = 0; i < 20'000; ++i) bytes += i == 15'000 ? "x,1\n" : "1,1\n";
  std::jthread writer([&] { std::ofstream(path_) << bytes; });
  const Table table = read_csv(path_);
  EXPECT_EQ(table.rows(), 20'000);
  EXPECT_EQ(table.column("a").cell(15'000), "x");
}

// 256 MiB of one letter, packed into one.
TEST_F(CsvWindows, EndBeforeARowTakesAllMemory) {
  const std::string member = testing::gzipped(std::string(1 << 22, 'a'));
  std::string packed = testing::gzipped("x\n1\n");
  for (int i = 0; i < 64; ++i) packed += member;
  EXPECT_EQ(outcome([&] { return parse_csv(packed, "t.csv"); }),
            "t.csv: a row of over 67,108,864 bytes begins at byte 5; is this a table, and is each quote closed?");
}

TEST_F(CsvWindows, HaveRoomForWideRows) {
  const auto row_of = [](std::size_t cells) {
    std::string row = "1";
    for (std::size_t i = 1; i < cells; ++i) row += ",1";
    return row + '\n';
  };
  std::ofstream(path_) << row_of(300'000) << row_of(300'000);
  const Table table = read_csv(path_, {.header = false});
  EXPECT_EQ(table.columns().size(), 300'000U);
  EXPECT_EQ(table.find("300000"), 299'999U);
  EXPECT_EQ(outcome([&] { return parse_csv(row_of(1'000'001), "t.csv", {.header = false}); }),
            "t.csv: line 1: more than 1000000 columns");
}

}  // namespace
}  // namespace longhand::data
