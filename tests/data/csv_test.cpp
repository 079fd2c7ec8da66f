// What the reader makes of well-formed files. What it refuses is in csv_errors_test.cpp.
#include <gtest/gtest.h>

#include <clocale>
#include <cmath>
#include <fstream>
#include <locale>
#include <string>
#include <vector>

#include "data/table_text.h"
#include "longhand/data.h"
#include "temporary_directory.h"

namespace longhand {
namespace {

using data::table_text;

Table parse(std::string_view bytes, const CsvOptions& options = {}) {
  return parse_csv(bytes, "train.csv", options);
}

TEST(Csv, TellsNumbersFromText) {
  const Table table = parse("age,sex,level\n 22,male,8123\n+38.5,female,123\n\"26\",male, 5\t\n");
  EXPECT_EQ(table.rows(), 3);
  ASSERT_EQ(table.columns().size(), 3U);
  const Column& age = table.column("age");
  ASSERT_TRUE(age.is_numbers());
  EXPECT_EQ(std::vector(age.numbers().begin(), age.numbers().end()), (std::vector{22., 38.5, 26.}));
  const Column& sex = table.column("sex");
  ASSERT_FALSE(sex.is_numbers());
  EXPECT_EQ(sex.texts().size(), 2U);
  EXPECT_EQ(sex.texts()[0], "male");
  EXPECT_EQ(sex.texts()[1], "female");
  EXPECT_EQ(std::vector(sex.codes().begin(), sex.codes().end()),
            (std::vector<std::int32_t>{0, 1, 0}));
  EXPECT_TRUE(table.column("level").is_numbers());
}

TEST(Csv, KeepsNumbersAsTextWhereTold) {
  const CsvOptions options{.text = {"zip", "-1"}};
  const Table table = parse("zip,a,b\n08123,1, 1\n8123,2,1\n", options);
  EXPECT_EQ(table.column("zip").texts().size(), 2U);
  EXPECT_EQ(table.column("zip").cell(0), "08123");
  EXPECT_EQ(table.column("b").cell(0), "1");
  EXPECT_TRUE(table.column("a").is_numbers());
  EXPECT_EQ(table.numbers("zip"), (std::vector{8123., 8123.}));
}

TEST(Csv, KeepsAsTextWhatNumbersWouldMerge) {
  for (const auto& cells : {std::vector<std::string>{"007", "07", "7"}, {"9007199254740993", "9007199254740992"}, {"7", "007"}}) {
    std::string file = "a,b\n";
    for (const auto& cell : cells) file += cell + ",1\n";
    const Table table = parse(file);
    for (std::size_t row = 0; row < cells.size(); ++row) EXPECT_EQ(table.column("a").cell(row), cells[row]);
    EXPECT_EQ(table.column("a").count_distinct(9), cells.size());
  }
}

TEST(Csv, TakesSpacesAroundCellsOff) {
  const Table table = parse("a,b\n yes ,\"no \"\nyes\t,\tno\nyes,\" no\"\n");
  for (const char* name : {"a", "b"}) EXPECT_EQ(table.column(name).texts().size(), 1U) << name;
  EXPECT_EQ(table.column("a").cell(0), "yes");
}

TEST(Csv, ReadsTheMinusOfTypesetText) {
  const Table table = parse("a,b\n\xE2\x88\x92""1.5,1\n2,1\n");
  ASSERT_TRUE(table.column("a").is_numbers());
  EXPECT_EQ(table.column("a").numbers()[0], -1.5);
}

TEST(Csv, ReadsTheDelimiterFromSpreadsheetsFirstLine) {
  for (const std::string start : {"sep=;\n", "\xEF\xBB\xBFSEP=;\r\n"}) {
    const Table table = parse(start + "a;b\n1,x;2\n3,y;4\n");
    ASSERT_EQ(table.columns().size(), 2U);
    EXPECT_EQ(table.column("a").cell(1), "3,y");
    EXPECT_EQ(table.line_of(0), 3);
  }
  // Odd names.
  EXPECT_EQ(parse("sep=1,b\n1,2\n").columns()[0].name(), "sep=1");
  EXPECT_EQ(parse("sep=;,b\n1,2\n").columns()[0].name(), "sep=;");
  EXPECT_EQ(parse("sep=1\n2\n").columns()[0].name(), "sep=1");
}

TEST(Csv, LeavesColumnsOut) {
  const CsvOptions options{.drop = {"id", "-1"}};
  const Table table = parse("id,a,note\nx1,1,\"hm, well\"\nx2,2,\n", options);
  ASSERT_EQ(table.columns().size(), 1U);
  EXPECT_EQ(table.columns()[0].name(), "a");
  EXPECT_EQ(table.find("id"), std::nullopt);
}

TEST(Csv, ReadsWithoutHeader) {
  const Table table = parse("1,2,x\n3,4,y\n", {.header = false});
  EXPECT_EQ(table.rows(), 2);
  EXPECT_EQ(table.columns()[0].name(), "1");
  EXPECT_EQ(table.columns()[2].name(), "3");
  EXPECT_EQ(table.find("-1"), 2U);
  EXPECT_EQ(table.find("-3"), 0U);
  EXPECT_EQ(table.find("-4"), std::nullopt);
  EXPECT_EQ(table.find("-0"), std::nullopt);
  EXPECT_EQ(table.find("-"), std::nullopt);
}

TEST(Csv, TakesOtherDelimiters) {
  for (const char delimiter : {';', '\t', '|', ' ', ':'}) {
    const std::string d{delimiter};
    const Table table =
        parse("a" + d + "b\n1,5" + d + "2\n3" + d + "\"x" + d + "y\"\n", {.delimiter = delimiter});
    EXPECT_EQ(table.column("a").cell(0), "1,5");
    EXPECT_EQ(table.column("b").cell(1), "x" + d + "y");
  }
}

TEST(Csv, NamesColumnsAsTheHeaderDoes) {
  EXPECT_EQ(parse("a, b ,\" c \"\n1,2,3\n").columns()[1].name(), "b");
  EXPECT_EQ(parse("a, b ,\" c \"\n1,2,3\n").columns()[2].name(), " c ");
  // pandas writes its index under an empty name.
  EXPECT_EQ(parse(",a\n0,1\n").columns()[0].name(), "1");
  EXPECT_EQ(parse("\"two\nlines\",b\n0,1\n").columns()[0].name(), "two\nlines");
  EXPECT_EQ(parse("a\n1\n").columns().size(), 1U);
}

TEST(Csv, TakesNumbersForNamesWhereTheyAreOrdered) {
  EXPECT_EQ(parse("0,1,2\n5,6,7\n").rows(), 1);            // pandas, without names
  EXPECT_EQ(parse("1990,1995,2000\n5,6,7\n").rows(), 1);   // years
  EXPECT_EQ(parse("400.5,401,401.5\n5,6,7\n").rows(), 1);  // wavelengths
  EXPECT_EQ(parse("3,1,2\n5,6,7\n").rows(), 1);            // numbers of something
  EXPECT_EQ(parse("3.5,1.5,y\n5,6,7\n").rows(), 1);
}

TEST(Csv, SkipsBlankLinesWhereThereAreSeveralColumns) {
  const Table table = parse("\n \t\na,b\n\n1,2\n  \n\t\n3,4\n\n\n");
  EXPECT_EQ(table.rows(), 2);
  EXPECT_EQ(table.line_of(0), 5);
  EXPECT_EQ(table.line_of(1), 8);
  EXPECT_EQ(parse("\n\n1,2\n", {.header = false}).rows(), 1);
  // A line of tabs is a row of empty cells where the tab is the delimiter.
  EXPECT_EQ(parse("a\tb\n\t\n1\t2\n", {.delimiter = '\t'}).rows(), 2);
}

TEST(Csv, TakesABlankLineForACellWhereThereIsOneColumn) {
  const Table table = parse("a\n1\n\n3\n");
  ASSERT_EQ(table.rows(), 3);
  EXPECT_EQ(table.columns()[0].cell(1), "");
  EXPECT_EQ(parse("\n1\n\n", {.header = false}).rows(), 3);
}

TEST(Csv, ReadsTheSameWhateverEndsARowOrTheFile) {
  const std::string plain = "a,b,c\n1,x,-2.5\n3,\"y,\"\"z\",1e3\n5,,+6\n";
  const std::string expected = table_text(parse(plain));
  std::string crlf, cr;
  for (const char letter : plain) {
    crlf += letter == '\n' ? "\r\n" : std::string{letter};
    cr += letter == '\n' ? '\r' : letter;
  }
  for (const std::string& bytes : {plain, crlf, cr}) {
    const std::string_view unfinished =
        std::string_view(bytes).substr(0, bytes.find_last_not_of("\r\n") + 1);
    EXPECT_EQ(table_text(parse(bytes)), expected);
    EXPECT_EQ(table_text(parse(unfinished)), expected);
    EXPECT_EQ(table_text(parse("\xEF\xBB\xBF" + bytes)), expected);
    EXPECT_EQ(table_text(parse("\xEF\xBB\xBF" + std::string(unfinished))), expected);
    EXPECT_EQ(parse(bytes).line_of(2), 4);
  }
}

TEST(Csv, KnowsTheLineOfEachRow) {
  const Table table = parse("a,b\n1,\"x\ny\n\n\"\n\n2,z\n3,\"\r\n\r\"\n4,w\n");
  ASSERT_EQ(table.rows(), 4);
  EXPECT_EQ(table.line_of(0), 2);
  EXPECT_EQ(table.line_of(1), 7);
  EXPECT_EQ(table.line_of(2), 8);
  EXPECT_EQ(table.line_of(3), 11);
  EXPECT_EQ(table.where(3), "train.csv: row 4 (line 11)");
  EXPECT_EQ(table.where(0, "b"), "train.csv: row 1 (line 2), column 'b'");
}

TEST(Csv, KeepsCellsAsTheyWereWritten) {
  const std::vector<std::string> cells = {
      "4.50", "1", "-0.10", "1e5", "12345678901234567168", ".5", "2.0", "+3"};
  std::string file = "x,y\n";
  for (const auto& cell : cells) file += cell + ",0\n";
  const Table table = parse(file);
  ASSERT_TRUE(table.column("x").is_numbers());
  for (std::size_t row = 0; row < cells.size(); ++row)
    EXPECT_EQ(table.column("x").cell(row), cells[row]);
  // Where there are too many to be classes, they are forgotten.
  std::string many = "x\n";
  for (int i = 0; i < 1100; ++i) many += std::to_string(i) + ".0\n";
  EXPECT_EQ(parse(many).columns()[0].cell(3), "3");
  many.resize(many.find("1000.0"));
  EXPECT_EQ(parse(many).columns()[0].cell(3), "3.0");
}

TEST(Csv, WholeNumbersThatNoDoubleHoldsAreText) {
  for (const std::string cell : {"9007199254740993", "-9007199254740993", "12345678901234567890", "0009007199254740993"}) {
    const Table table = parse("x,y\n1,0\n" + cell + ",0\n");
    EXPECT_FALSE(table.column("x").is_numbers()) << cell;
    EXPECT_EQ(table.column("x").cell(1), cell);
  }
  for (const std::string cell : {"9007199254740992", "100000000000000000000", "9007199254740993.0", "0.1234567890123456789", "1e300"}) {
    EXPECT_TRUE(parse("x,y\n" + cell + ",0\n").column("x").is_numbers()) << cell;
  }
}

// A column that turns out to be text after the first rows is read again.
TEST(Csv, FindsTextThatComesLate) {
  std::string file = "n,late,t\n";
  for (int i = 0; i < 5000; ++i) {
    file += std::to_string(i) + ',' +
            (i == 4000    ? "1.50x"
             : i % 2 == 0 ? "1.50"
                          : "2") +
            ",t" + std::to_string(i % 3) + (i == 100 ? "\n\n" : "\n");
  }
  const Table table = parse(file);
  ASSERT_EQ(table.rows(), 5000);
  EXPECT_EQ(table.column("n").numbers()[4999], 4999);
  const Column& late = table.column("late");
  ASSERT_FALSE(late.is_numbers());
  EXPECT_EQ(late.texts().size(), 3U);
  EXPECT_EQ(late.cell(0), "1.50");
  EXPECT_EQ(late.cell(4000), "1.50x");
  EXPECT_EQ(table.column("t").cell(4999), "t1");
  EXPECT_EQ(table.line_of(4999), 5002);
  EXPECT_NEAR(late.share_of_numbers(), 4999. / 5000, 1e-12);
}

struct DecimalComma : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
};

TEST(Csv, DoesNotMindTheLocale) {
  const std::string before = table_text(parse("a,b\n1.5,2\n"));
  const std::string old = std::setlocale(LC_ALL, nullptr);
  const std::locale streams = std::locale::global(std::locale(std::locale(), new DecimalComma));
  for (const char* locale : {"de_DE.UTF-8", "fr_FR.UTF-8"})
    std::setlocale(LC_ALL, locale);  // where there
  EXPECT_EQ(table_text(parse("a,b\n1.5,2\n")), before);
  std::locale::global(streams);
  std::setlocale(LC_ALL, old.c_str());
}

TEST(Csv, ReadsFiles) {
  const testing::TemporaryDirectory directory;
  const std::string path = directory / "table.csv";
  std::ofstream(path) << "a,b\n1,x\n";
  const Table table = read_csv(path);
  EXPECT_EQ(table.name(), path);
  EXPECT_EQ(table.column("b").cell(0), "x");
}

TEST(Csv, ReadsTheTablesOfTheExamples) {
  const std::string folder = LONGHAND_SOURCE_DIR "/examples/data/";
  const auto shape = [&](const char* file, const CsvOptions& options = {}) {
    const Table table = read_csv(folder + file, options);
    return std::pair(table.rows(), table.columns().size());
  };
  EXPECT_EQ(shape("breast_cancer.csv"), std::pair(std::int64_t{569}, std::size_t{31}));
  EXPECT_EQ(shape("iris.csv"), std::pair(std::int64_t{150}, std::size_t{5}));
  EXPECT_EQ(shape("wine.csv"), std::pair(std::int64_t{178}, std::size_t{14}));
  EXPECT_EQ(shape("diabetes.csv"), std::pair(std::int64_t{442}, std::size_t{11}));
  EXPECT_EQ(shape("digits.csv"), std::pair(std::int64_t{1797}, std::size_t{65}));
  EXPECT_EQ(shape("banknote.csv", {.header = false}),
            std::pair(std::int64_t{1372}, std::size_t{5}));
  EXPECT_THROW(shape("banknote.csv"), DataError);  // its first row is no header
}

}  // namespace
}  // namespace longhand
