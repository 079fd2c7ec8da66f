// What the reader refuses: one line that names the place and says what was found.
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "longhand/data.h"
#include "support/gzipped.h"
#include "temporary_directory.h"

namespace longhand {
namespace {

template <class Expected = DataError>
std::string error_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Expected& error) {
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    return error.what();
  }
  return "no error";
}

template <class Expected = DataError>
std::string error_of(std::string_view bytes, const CsvOptions& options = {}) {
  return error_of<Expected>([&] { parse_csv(bytes, "train.csv", options); });
}

TEST(CsvErrors, RaggedRows) {
  EXPECT_EQ(error_of("a,b\n1,2\n3\n"),
            "train.csv: row 2 (line 3): found 1 cell, expected 2 as in the header");
  EXPECT_EQ(error_of("a,b\n1,2\n\n3,4,5,6\n"),
            "train.csv: row 2 (line 4): found 4 cells, expected 2 as in the header");
  EXPECT_EQ(error_of("1,2\n3,4,\n", {.header = false}),
            "train.csv: row 2 (line 2): found 3 cells, expected 2 as in the first row");
  EXPECT_EQ(error_of("a\n1\n2,3"),
            "train.csv: row 2 (line 3): found 2 cells, expected 1 as in the header; lines above the table, such as a title, are to be removed");
}

TEST(CsvErrors, Quotes) {
  EXPECT_EQ(error_of("a,b\n1,2\n3,\"x\n\ny"),
            "train.csv: row 2 (line 3), column 'b': the quote opened on line 3 is never closed");
  EXPECT_EQ(error_of("a,b\n1,\"x\"y\n"),
            "train.csv: row 1 (line 2), column 'b': text after the closing quote of the cell that "
            "begins on "
            "line 2 (a quote inside quotes is written twice)");
  EXPECT_EQ(error_of("a,\"b\n1,2\n"),
            "train.csv: line 1: column 2: the quote opened on line 1 is never closed");
  // The cell's line is not the row's where a cell before it has several.
  EXPECT_EQ(error_of("a,b\n\"x\ny\",\"z"),
            "train.csv: row 1 (line 2), column 'b': the quote opened on line 3 is never closed");
  // Also in a column that is left out, and beyond the last.
  EXPECT_NE(error_of("a,b\n1,\"x\n", {.drop = {"b"}}), "no error");
  EXPECT_EQ(error_of("a,b\n1,2,\"x\n"),
            "train.csv: row 1 (line 2): the quote opened on line 2 is never closed");
}

TEST(CsvErrors, EmptyFiles) {
  EXPECT_EQ(error_of(""), "train.csv: the file is empty");
  EXPECT_EQ(error_of("\xEF\xBB\xBF"), "train.csv: the file is empty");
  EXPECT_EQ(error_of("\n\n"), "train.csv: line 1: the header is empty");
  for (const char* alone : {"sep=;", "\xEF\xBB\xBFsep=;"}) EXPECT_EQ(error_of(alone), "train.csv: line 1: the header is empty");
  EXPECT_EQ(error_of("sep=;\r\n"), "train.csv: line 2: the header is empty");
  EXPECT_EQ(error_of("a,b\n"), "train.csv: the file has a header but no rows");
  EXPECT_EQ(error_of("a,b\r\n\r\n \n"), "train.csv: the file has a header but no rows");
}

TEST(CsvErrors, Headers) {
  EXPECT_EQ(error_of("a,b,a\n1,2,3\n"),
            "train.csv: line 1: columns 1 and 3 have the same name, 'a'");
  EXPECT_EQ(error_of("\n2,,a\n1,2,3\n"),
            "train.csv: line 2: columns 1 and 2 have the same name, '2'");
  EXPECT_EQ(error_of(", ,\n1,2,3\n"), "train.csv: line 1: the header has no names");
  EXPECT_EQ(error_of("3.6,8.7,-2.8,0\n4.5,8.2,-2.5,0\n"),
            "train.csv: line 1: the header looks like a row of numbers ('3.6', …); has the file no "
            "header? --no-header reads it so");
}

TEST(CsvErrors, OtherDelimiters) {
  EXPECT_EQ(error_of("a;b;c\n1;2;3\n"),
            "train.csv: line 1: one column, 'a;b;c', where the delimiter is ','; the file looks "
            "separated by ';': --delimiter ';'");
  EXPECT_EQ(error_of("a;b\n1,5;2,5\n"),
            "train.csv: line 1: one column, 'a;b', where the delimiter is ','; the file looks "
            "separated by ';': --delimiter ';'");
  EXPECT_EQ(error_of("a\tb\n1\t2\n"),
            "train.csv: line 1: one column, 'a\\tb', where the delimiter is ','; the file looks "
            "separated by a tab: --delimiter tab");
  EXPECT_EQ(error_of("a,b\n1,2\n", {.delimiter = ';'}),
            "train.csv: line 1: one column, 'a,b', where the delimiter is ';'; the file looks "
            "separated by ',': --delimiter ','");
  EXPECT_EQ(error_of("\"fixed acidity\";\"pH\";\"quality\"\n7.4;3.5;5\n"),
            "train.csv: line 1: 'fixed acidity' in quotes ends before ';', where the delimiter is ','; the file looks "
            "separated by ';': --delimiter ';'");
  EXPECT_NE(error_of("1;2;x\n", {.header = false}), "no error");
  EXPECT_EQ(error_of("well; it is one\n", {.header = false}), "no error");
  EXPECT_EQ(error_of("\"a;b\"\n1\n"), "no error");
}

TEST(CsvErrors, NotText) {
  EXPECT_EQ(error_of(std::string_view("a,b\n1,2\n3,x\0y\n", 14)),
            "train.csv: row 2 (line 3), column 'b': a zero byte; is this a text file?");
  EXPECT_EQ(error_of(std::string_view("a,b\n1,\"\0\"\n", 10)),
            "train.csv: row 1 (line 2), column 'b': a zero byte; is this a text file?");
  EXPECT_EQ(error_of(std::string_view("a\0,b\n1,2\n", 9)),
            "train.csv: line 1: column 1: a zero byte; is this a text file?");
  EXPECT_EQ(error_of(std::string_view("\xFF\xFE"
                                      "a\0,\0",
                                      6)),
            "train.csv: the file is UTF-16; save it as UTF-8");
  EXPECT_EQ(error_of(std::string_view("\xFE\xFF\0a", 4)),
            "train.csv: the file is UTF-16; save it as UTF-8");
  EXPECT_EQ(error_of("\x1F\x8B\x08"),
            "train.csv: the gzip file is cut short: it ends before what it holds does");
  EXPECT_EQ(error_of(testing::gzipped(testing::gzipped("a\n1\n"))),
            "train.csv: the file is packed with gzip twice; unpack it first");
  EXPECT_EQ(error_of("PK\x03\x04"),
            "train.csv: the file is a zip archive, as spreadsheets and .npz files are; save it as CSV or .npy");
}

TEST(CsvErrors, StayOnOneLine) {
  EXPECT_EQ(error_of("\"a\nb\",\"a\nb\"\n1,2\n"),
            "train.csv: line 1: columns 1 and 2 have the same name, 'a\\nb'");
  EXPECT_LT(error_of(std::string(100'000, 'x') + ";\n1\n").size(), 300U);
}

TEST(CsvErrors, Options) {
  EXPECT_EQ(error_of<ArgumentError>("a,b\n1,2\n", {.drop = {"c"}}),
            "train.csv: no column 'c' among 'a', 'b'");
  EXPECT_EQ(error_of<ArgumentError>("a,b\n1,2\n", {.text = {"-3"}}),
            "train.csv: no column '-3' among 'a', 'b'");
  EXPECT_EQ(error_of<ArgumentError>("a\n1\n", {.drop = {"a"}}),
            "train.csv: every column is dropped");
  for (const char delimiter : {'"', '\n', '\r', '\0', '.', '-', '+', '0', 'e', '\xE9'}) {
    EXPECT_NE(error_of<ArgumentError>("a\n1\n", {.delimiter = delimiter}), "no error") << delimiter;
  }
}

TEST(CsvErrors, FilesThatCannotBeRead) {
  const testing::TemporaryDirectory directory;
  EXPECT_NE(error_of([&] { read_csv(directory / "missing.csv"); }).find("missing.csv"),
            std::string::npos);
  EXPECT_NE(error_of([&] { read_csv(directory.path().string()); }), "no error");
}

// Where numbers are needed.
std::string number_error(std::string_view bytes) {
  const Table table = parse_csv(bytes, "train.csv");
  return error_of([&] { table.numbers("age"); });
}

TEST(CsvErrors, CellsThatAreNoNumbers) {
  EXPECT_EQ(number_error("id,age\n1,22\n2,abc\n3,26\n4,x\n"),
            "train.csv: row 2 (line 3), column 'age': 'abc' is not a number");
  EXPECT_EQ(number_error("id,age\n1,22\n2,\n3,26\n"),
            "train.csv: row 2 (line 3), column 'age': the cell is empty, where a number is "
            "needed");
  EXPECT_EQ(number_error("id,age\n1,22\n\n2,  \n3,26\n"),
            "train.csv: row 2 (line 4), column 'age': the cell is empty, where a number is "
            "needed");
  EXPECT_EQ(number_error("id,age\n1,22\n2,NA\n3,26\n"),
            "train.csv: row 2 (line 3), column 'age': 'NA' is not a number");
  for (const std::string cell : {"nan", "NaN", "inf", "-inf", "1e400"}) {
    EXPECT_EQ(number_error("id,age\n1,22\n2," + cell + "\n3,26\n"),
              "train.csv: row 2 (line 3), column 'age': '" + cell + "' is not a finite number");
  }
  EXPECT_EQ(number_error("id,age\n1,\"2\n2\"\n2,3\n"),
            "train.csv: row 1 (line 2), column 'age': '2\\n2' is not a number");
}

TEST(CsvErrors, FeaturesThatAreText) {
  const Table table = parse_csv("a,sex\n1,male\n2,female\n", "train.csv");
  const std::vector<std::string> columns = {"a", "sex"};
  EXPECT_EQ(error_of([&] { feature_matrix(table, columns); }),
            "train.csv: row 1 (line 2), column 'sex': 'male' is not a number; a network without "
            "columns of its own takes numbers only");
  EXPECT_EQ(error_of([&] { feature_matrix(table, std::vector<std::string>{"b"}); }),
            "train.csv: no column 'b' among 'a', 'sex'");
}

}  // namespace
}  // namespace longhand
