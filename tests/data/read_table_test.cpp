// Tables from files of every format.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <string>

#include "data/table_text.h"
#include "longhand/data.h"
#include "support/gzipped.h"
#include "support/npy.h"
#include "temporary_directory.h"

namespace longhand {
namespace {

using std::string_literals::operator""s;

const std::string kImages = "\0\0\x08\x03\0\0\0\x02\0\0\0\x02\0\0\0\x02\x01\x02\x03\x04\x05\x06\x07\x08"s;
const std::string kLabels = "\0\0\x08\x01\0\0\0\x02\x07\x09"s;

template <class Expected = DataError>
std::string error_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Expected& error) {
    return error.what();
  }
  return "no error";
}

class ReadTable : public ::testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& bytes) {
    std::ofstream(directory_ / name, std::ios::binary) << bytes;
    return directory_ / name;
  }
  const testing::TemporaryDirectory directory_;
};

TEST_F(ReadTable, ArraysHaveNumberedColumnsAndLabels) {
  const auto labels = file("labels", testing::gzipped(kLabels));
  for (const auto& bytes : {kImages, testing::gzipped(kImages)}) {
    const auto table = read_table(file("images", bytes), {}, labels);
    ASSERT_EQ(table.columns().size(), 5U);
    EXPECT_EQ(table.columns()[4].name(), "label");
    EXPECT_EQ(table.columns()[3].name(), "4");
    EXPECT_EQ(table.column("4").cell(1), "8");
    EXPECT_EQ(table.column("label").cell(0), "7");
    EXPECT_FALSE(table.line_of(0));
    EXPECT_EQ(data::table_text(parse_table(bytes, "m", {}, labels)), data::table_text(table));
  }
}

TEST_F(ReadTable, CsvIsReadAsReadCsvDoes) {
  const std::string bytes = "a,b\n1.50,x\n2,y\n";
  EXPECT_EQ(data::table_text(read_table(file("t", testing::gzipped(bytes)))), data::table_text(parse_csv(bytes, "t")));
  EXPECT_EQ(read_table(file("t", bytes)).line_of(1), 3);
}

TEST_F(ReadTable, NotANumberIsAMissingCell) {
  const auto table = parse_table(testing::npy_of("<f4", "(2, 2)", "\0\0\xc0\x7f\0\0\x80\x3f\0\0\x20\x40\0\0\0\x40"s), "t");
  EXPECT_FALSE(table.column("1").is_numbers());
  EXPECT_EQ(table.column("1").cell(0), "");
  EXPECT_EQ(table.column("1").cell(1), "2.5");
  EXPECT_TRUE(table.column("2").is_numbers());
  EXPECT_EQ(profile_columns(table)[0].missing, 1);
}

// Packed, so that only reading tells how long they are.
TEST_F(ReadTable, ArraysHaveTheirLength) {
  const std::string numbers(16, '\0');
  for (const auto& [data, error] : {std::pair<std::string, const char*>{numbers, "no error"}, {numbers + "x", "t: the file goes on behind its 2 rows"}, {numbers.substr(1), "t: the file ends before its 2 rows of 2 columns do"}}) {
    for (const bool is_fortran_order : {false, true}) {
      EXPECT_EQ(error_of([&] { parse_table(testing::gzipped(testing::npy_of("<f4", "(2, 2)", data, is_fortran_order)), "t"); }), error) << is_fortran_order;
    }
  }
}

TEST_F(ReadTable, ColumnsOfArraysAreLeftOut) {
  const auto table = parse_table(kImages, "t", {.drop = {"2", "-1"}});
  ASSERT_EQ(table.columns().size(), 2U);
  EXPECT_EQ(table.columns()[1].name(), "3");
  for (const char* name : {"0", "5", "-5", "02", "1.0", "x", "1e0"}) {
    EXPECT_EQ(error_of<ArgumentError>([&] { parse_table(kImages, "t", {.drop = {name}}); }),
              "t: no column '" + std::string(name) + "' among 1 to 4");
  }
  EXPECT_EQ(error_of<ArgumentError>([&] { parse_table(kImages, "t", {.drop = {"1", "2", "-1", "3"}}); }), "t: every column is dropped");
}

TEST_F(ReadTable, LabelsHaveToFit) {
  const auto error = [&](const std::string& bytes) {
    return error_of([&] { parse_table(kImages, "t", {}, file("l", bytes)); });
  };
  const auto l = directory_ / "l";
  EXPECT_EQ(error("\0\0\x08\x01\0\0\0\x01\x07"s), l + ": 1 row of labels, but t has 2 rows");
  EXPECT_EQ(error(kImages), l + ": 4 numbers a row, where one label is expected");
  EXPECT_EQ(error("y\n1\n2\n"), l + ": neither NPY nor IDX, by how it begins");
  EXPECT_NE(error_of([&] { parse_table(kImages, "t", {}, directory_ / "none"); }), "no error");
  EXPECT_EQ(error_of<ArgumentError>([&] { parse_table("a\n1\n", "t", {}, l); }),
            "t: labels in a file of their own are for NPY and IDX; this is neither");
}

}  // namespace
}  // namespace longhand
