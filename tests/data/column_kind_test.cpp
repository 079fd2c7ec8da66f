// What columns are taken for.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "longhand/data.h"

namespace longhand {
namespace {

std::string repeated(const std::function<std::string(int)>& cell, int rows) {
  std::string text;
  for (int i = 0; i < rows; ++i) text += cell(i) + "\n";
  return text;
}

// Of a column "c" with these cells, a line each.
ColumnProfile profile_of(const std::string& cells, const KindOptions& options = {}) {
  return profile_columns(parse_csv("c,other\n" + [&] {
    std::string rows;
    for (std::size_t begin = 0; begin < cells.size();) {
      const auto end = cells.find('\n', begin);
      rows += cells.substr(begin, end - begin) + ",1\n";
      begin = end + 1;
    }
    return rows;
  }(), "t.csv"), options)[0];
}

struct Case {
  const char* name;
  std::string cells;
  ColumnKind kind;
  std::int64_t missing = 0;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class Kinds : public ::testing::TestWithParam<Case> {};

TEST_P(Kinds, AreRecognised) {
  const auto profile = profile_of(GetParam().cells);
  EXPECT_EQ(name(profile.kind), name(GetParam().kind)) << profile.why;
  EXPECT_EQ(profile.missing, GetParam().missing);
  EXPECT_EQ(profile.problem, "");
}

const std::string kShuffled = repeated([](int i) { return std::to_string(i * 7 % 20 + 1); }, 20);

INSTANTIATE_TEST_SUITE_P(
    Columns, Kinds,
    ::testing::Values(
        Case{"numbers", "1.5\n2\n-3e4\n", ColumnKind::number},
        Case{"gaps", "1.5\n\nNA\nnan\nNULL\n?\n  \n2\n", ColumnKind::number, 6},
        Case{"two words", "yes\nno\nyes\n", ColumnKind::boolean},
        Case{"capitals", "TRUE\nFALSE\n", ColumnKind::boolean},
        Case{"two other words", "male\nfemale\nmale\n", ColumnKind::category},
        Case{"words of two pairs", "yes\nfalse\n", ColumnKind::category},
        Case{"texts and a gap", "a\nb\n\nc\na\n", ColumnKind::category, 1},
        Case{"a few names that are numbers", "0\n1\n2\n3+\n0\n1\n2\n3+\n0\n1\n2\n0\n", ColumnKind::category},
        Case{"a name that could be infinite", "inf\nmale\nfemale\nmale\ninf\n", ColumnKind::category},
        Case{"leading zeros", "00501\n10001\n90210\n", ColumnKind::category},
        Case{"leading zeros and gaps", "00501\n\n90210\n", ColumnKind::category, 1},
        Case{"zero and decimals", "0\n0.5\n00.5\n", ColumnKind::number},
        Case{"large whole numbers", "9007199254740993\n9007199254740995\n9007199254740993\n", ColumnKind::category},
        Case{"large numbers that fit", "9007199254740992\n100000000000000000000\n5\n", ColumnKind::number},
        Case{"large names of rows", repeated([](int i) { return "12345678901234567" + std::to_string(10 + i); }, 30), ColumnKind::identifier},
        Case{"counting rows", repeated([](int i) { return std::to_string(i + 5); }, 20), ColumnKind::identifier},
        Case{"counting rows in any order", kShuffled, ColumnKind::identifier},
        Case{"counting few rows", repeated([](int i) { return std::to_string(i); }, 19), ColumnKind::number},
        Case{"counting with a gap", kShuffled + "\n", ColumnKind::number, 1},
        Case{"counting twice", kShuffled + "1\n", ColumnKind::number},
        Case{"a text for each row", repeated([](int i) { return "Mr " + std::to_string(i); }, 20), ColumnKind::identifier},
        Case{"a text for few rows", repeated([](int i) { return "Mr " + std::to_string(i); }, 19), ColumnKind::category},
        Case{"nearly each row its text", repeated([](int i) { return "Mr " + std::to_string(i % 19); }, 20), ColumnKind::identifier},
        Case{"nine texts in ten rows", repeated([](int i) { return "Mr " + std::to_string(i % 18); }, 20), ColumnKind::category},
        Case{"halves", repeated([](int i) { return std::to_string(i) + ".5"; }, 20), ColumnKind::number},
        Case{"one large whole number", "9007199254740993\n5\n5\n", ColumnKind::category},
        Case{"as many numbers as texts", "1\n2\nx\ny\n", ColumnKind::category},
        Case{"as many dates as texts", "2015-01-02\nx\n", ColumnKind::category},
        Case{"a number with a comma among texts", "\"1,234\"\nx\ny\n", ColumnKind::category},
        Case{"one number", "4\n4.0\n4\n", ColumnKind::constant},
        Case{"one negative number", "-4\n-4.0\n-4\n", ColumnKind::constant},
        Case{"one text", "x\nx\n", ColumnKind::constant},
        Case{"one text or none", "x\n\nx\n", ColumnKind::category, 1},
        Case{"nothing", "\nNA\n\n", ColumnKind::constant, 3},
        Case{"dates", "2015-01-02\n2016-12-31\n", ColumnKind::date},
        Case{"dates with times", "2015-01-02 12:30\n2015-01-02T12:30:05.25Z\n\n", ColumnKind::date, 1},
        Case{"days first", "31/01/2015\n01/02/2015\n", ColumnKind::date},
        Case{"months first", "01/31/2015\n01/02/2015\n", ColumnKind::date},
        Case{"days between points", "01.02.2015\n03.04.2015\n", ColumnKind::date},
        Case{"times", "12:30\n23:59:59\n", ColumnKind::date},
        Case{"names of months", "5 Jan 2015\n28 February 2015\n01-Mar-15\n", ColumnKind::date},
        Case{"months of years", "2015-03\n2015-04\n", ColumnKind::date},
        Case{"words in capitals or not", "TRUE\nFalse\ntrue\n", ColumnKind::boolean},
        Case{"one word in capitals or not", "TRUE\ntrue\n", ColumnKind::category},
        Case{"codes of rows", repeated([](int i) { return "0" + std::to_string(100 + 3 * i); }, 20), ColumnKind::identifier},
        Case{"quarters of years", "2015-Q1\n2015-Q2\n2015-Q1\n", ColumnKind::category},
        Case{"one date among texts", "2015-02-28\nx\ny\n", ColumnKind::category}),
    [](const auto& test) {
      std::string text = test.param.name;
      for (char& letter : text) letter = letter == ' ' ? '_' : letter;
      return text;
    });

TEST(ColumnKinds, OrderOfDatesIsReadFromTheCells) {
  EXPECT_EQ(profile_of("31/01/2015\n01/02/2015\n").order, DateOrder::day_month_year);
  EXPECT_EQ(profile_of("01/31/2015\n01/02/2015\n").order, DateOrder::month_day_year);
  EXPECT_EQ(profile_of("2015/01/31\n2015/02/01\n").order, DateOrder::year_month_day);
  EXPECT_EQ(profile_of("01.02.2015\n03.04.2015\n").order, DateOrder::day_month_year);
  EXPECT_EQ(profile_of("31/01/2015\n01/02/2015\n2015-02-03\n").order, DateOrder::day_month_year);
}

struct Problem {
  const char* name;
  std::string cells, problem;
};

TEST(ColumnKinds, WhatCannotBeReadRightIsAProblem) {
  const Problem problems[] = {
      {"a stray text", "1\n2\nabc\n4\n5\n", "t.csv: row 3 (line 4), column 'c': 'abc' is not a number; --missing takes such words for cells without a value, --categorical the column for texts"},
      {"beyond the numbers", "1\n1e400\n4\n", "t.csv: row 2 (line 3), column 'c': '1e400' is not a finite number"},
      {"infinite", "nan\ninf\n1e400\n4\n", "t.csv: row 2 (line 3), column 'c': 'inf' is not a finite number"},
      {"infinite among few numbers", "0\n1\ninf\n0\n1\ninf\n0\n1\ninf\n", "t.csv: row 3 (line 4), column 'c': 'inf' is not a finite number"},
      {"thousands", "\"1,234\"\n\"22,345,678.5\"\n7\n",
       "t.csv: row 1 (line 2), column 'c': '1,234' has a thousands separator or a decimal comma; write numbers as 1234.5, or say --decimal and --thousands"},
      {"decimal commas", "1\n\"3,14159\"\n",
       "t.csv: row 2 (line 3), column 'c': '3,14159' has a thousands separator or a decimal comma; write numbers as 1234.5, or say --decimal and --thousands"},
      {"points as separators", "1.234.567\n\"1.234,5\"\n",
       "t.csv: row 1 (line 2), column 'c': '1.234.567' has a thousands separator or a decimal comma; write numbers as 1234.5, or say --decimal and --thousands"},
      {"spaces as separators", "1 234\n7\n",
       "t.csv: row 1 (line 2), column 'c': '1 234' has a thousands separator or a decimal comma; write numbers as 1234.5, or say --decimal and --thousands"},
      {"no-break spaces", "1\xC2\xA0""234\n7\n",
       "t.csv: row 1 (line 2), column 'c': '1\xC2\xA0""234' has a thousands separator or a decimal comma; write numbers as 1234.5, or say --decimal and --thousands"},
      {"no such day", "2015-02-28\n2015-02-30\n2016-02-29\n",
       "t.csv: row 2 (line 3), column 'c': '2015-02-30' is not a date written year-month-day, as other cells are; --missing takes such cells for empty "
       "ones, --categorical the column for texts"},
      {"another way to write dates", "31/01/2015\n01/02/2015\n2015-02-03\n",
       "t.csv: row 3 (line 4), column 'c': '2015-02-03' is not a date written day-month-year, as other cells are; --missing takes such cells for empty "
       "ones, --categorical the column for texts"},
      {"a word among repeated dates", "2015-01-02\n2015-01-02\n2015-01-02\nx\ny\n",
       "t.csv: row 4 (line 5), column 'c': 'x' is not a date written year-month-day, as other cells are; --missing takes such cells for empty ones, "
       "--categorical the column for texts"},
      {"the way of most rows", "31/01/2015\n30/01/2015\n2015-01-02\n2015-01-02\n2015-01-02\n",
       "t.csv: row 1 (line 2), column 'c': '31/01/2015' is not a date written year-month-day, as other cells are; --missing takes such cells for empty "
       "ones, --categorical the column for texts"},
      {"two ways alike", "2015-01-02\n31/01/2015\n",
       "t.csv: row 2 (line 3), column 'c': '31/01/2015' is not a date written year-month-day, as other cells are; --missing takes such cells for empty "
       "ones, --categorical the column for texts"},
      {"a word among times", "12:30\n13:45\nx\n",
       "t.csv: row 3 (line 4), column 'c': 'x' is not a time of day, as other cells are; --missing takes such cells for empty ones, --categorical the "
       "column for texts"},
      {"few rows of a few names", "0\n1\n2\n3+\n0\n1\n2\n3+\n",
       "t.csv: row 4 (line 5), column 'c': '3+' is not a number; --missing takes such words for cells without a value, --categorical the column for texts"},
      {"day or month", "2015-01-02\n", ""},
      {"day or month", "01/02/2015\n03/04/2016\n",
       "t.csv: row 1 (line 2), column 'c': '01/02/2015' may have its day or its month first, and no cell tells; write "
       "the year first, as 2020-04-03"},
  };
  for (const auto& [name, cells, problem] : problems) EXPECT_EQ(profile_of(cells).problem, problem) << name;
}

TEST(ColumnKinds, WhatMayBeMeantOtherwiseIsWarnedOf) {
  const Problem warnings[] = {
      {"percent", "10%\n12.5 %\n10%\n", "'10%' is a number with a sign that is not read, so that the column is taken for categories; write it as 1234.5"},
      {"currency", "$1.50\n\xE2\x82\xAC""2\n$3\n", "'$1.50' is a number with a sign"},
      {"parentheses", "12\n(13)\n(14)\n", "'(13)' is a number with a sign"},
      {"years of two digits", "01/13/24\n02/15/24\n", "'01/13/24' looks like a date whose year has two digits"},
      {"one percent in most rows", "5%\n5%\n5%\na\nb\n", "'5%' is a number with a sign"},
      {"percent beside thousands", "5%\n\"1,234\"\n\"2,345\"\n", "'5%' is a number with a sign"},
      {"percent beside numbers", "5%\n6\n7\n5%\n6\n7\n5%\n6\n7\n", "'5%' is a number with a sign"},
      {"texts", "a\n5%\nb\n", ""},
      {"as many percents as texts", "5%\na\n", ""},
      {"names that are numbers", "0\n1\n2\n3+\n0\n1\n2\n3+\n0\n1\n2\n0\n", ""},
  };
  for (const auto& [name, cells, warning] : warnings) {
    const auto profile = profile_of(cells);
    EXPECT_EQ(profile.kind, ColumnKind::category) << name;
    EXPECT_EQ(profile.warning.empty(), warning.empty()) << name;
    EXPECT_NE(profile.warning.find(warning), std::string::npos) << name << ": " << profile.warning;
  }
}

TEST(ColumnKinds, NumbersAmongManyTextsAreWarnedOf) {
  const auto half = [](int texts) { return repeated([texts](int i) { return i % 2 == 0 ? std::to_string(i) + ".5" : "t" + std::to_string(i % texts); }, 60); };
  EXPECT_NE(profile_of(half(9)).warning.find("row 1 (line 2), column 'c': '0.5' is a number among texts, so that the column is taken for categories"), std::string::npos)
      << profile_of(half(9)).warning;
  const auto few = repeated([](int i) { return i % 3 == 0 ? std::to_string(i % 5) : "t" + std::to_string(i % 4); }, 60);
  EXPECT_EQ(profile_of(few).warning, "");
  const auto keys = repeated([](int i) { return i % 20 == 0 ? std::to_string(7000 + i) : "K" + std::to_string(i % 300); }, 600);
  EXPECT_EQ(profile_of(keys).warning, "");  // some keys are numbers
}

TEST(ColumnKinds, NumbersThatLookLikeDatesAreWarnedOf) {
  const std::string warning = "t.csv: column 'c': its numbers look like dates, and are taken for numbers; write them as 2015-01-31";
  EXPECT_EQ(profile_of("20230910\n20240229\n20230910\n").warning, warning);
  EXPECT_EQ(profile_of("20230910\nNA\n20231231\n").warning, warning);
  EXPECT_EQ(profile_of("20230910\n20230229\n20230910\n").warning, "");  // no such day
  EXPECT_EQ(profile_of("20230910\n20230910.5\n").warning, "");
}

TEST(ColumnKinds, TextsThatMayBeTheSameAreDoubted) {
  const std::pair<const char*, const char*> cases[] = {
      {"NY\nny\nLA\n", "'NY' and 'ny' differ in capitals, spaces or dashes alone, and are categories of their own"},
      {"18-24\n18\xE2\x80\x93" "24\n25\xE2\x88\x92" "30\n", "'18-24' and '18\xE2\x80\x93" "24' differ in"},
      {"New York\nnew  york\nLA\n", "'New York' and 'new  york' differ in"},
      {"yes\nno\n1\n0\ny\n", "'yes' and '1' may mean the same, and are categories of their own; write them alike if so"},
      {"no\nyes\ny\nno\n", "'yes' and 'y' may mean the same"},
      {"yes\n\nyes\n", ""},
      {"a-b\nab\na b\n", ""},
      {"yes\nno\nmaybe\n", ""},
  };
  for (const auto& [cells, doubt] : cases) {
    const auto profile = profile_of(cells);
    EXPECT_EQ(profile.kind, ColumnKind::category) << cells;
    EXPECT_EQ(profile.doubt.empty(), *doubt == '\0') << profile.doubt;
    EXPECT_NE(profile.doubt.find(doubt), std::string::npos) << profile.doubt;
  }
}

TEST(ColumnKinds, CategoriesThatOneSaysAreDoubtedToo) {
  EXPECT_NE(profile_of("Paris\nparis\nRom\n", {.categorical = {"c"}}).doubt, "");
  EXPECT_EQ(profile_of("yes\nno\n", {.categorical = {"c"}}).doubt, "");
}

TEST(ColumnKinds, WhereAStrayCellStandsSaysWhatItMayBe) {
  const std::string numbers = "1.5\n2.5\n3.5\n";
  const std::pair<std::string, const char*> cases[] = {
      {numbers + "c\n" + numbers, "'c' is not a number but the column's name; where the header is repeated, that line is to be removed"},
      {"mmol\n" + numbers, "; if it is of a second line of names or units, remove that"},
      {numbers + "Source: own\n", "; if it is of notes or totals below the table, remove that line"},
      {numbers + "k\n" + numbers, "--missing takes such words for cells without a value, --categorical the column for texts"},
      {"k\n" + numbers + numbers + "k\n", "--missing takes such words for cells without a value, --categorical the column for texts"},
  };
  for (const auto& [cells, end] : cases) EXPECT_TRUE(profile_of(cells).problem.ends_with(end)) << profile_of(cells).problem;
}

TEST(ColumnKinds, WhatIsWarnedOfMayBeAnIdentifier) {
  const auto profile = profile_of(repeated([](int i) { return std::to_string(i) + "%"; }, 20));
  EXPECT_EQ(profile.kind, ColumnKind::identifier);
  EXPECT_NE(profile.warning.find("'0%' is a number with a sign that is not read, so that the column is taken for an identifier"), std::string::npos) << profile.warning;
}

TEST(ColumnKinds, AreExplained) {
  const std::pair<const char*, const char*> cases[] = {
      {"yes\nno\n", "'yes' or 'no'"},
      {"yes\nno\nNO\n", "'yes' or 'no', in capitals or not"},
      {"2015-01-02\n2016-12-31\n", "dates"},
      {"12:30\n23:59\n", "times of day"},
      {"a\nb\nc\n", "3 distinct texts"},
  };
  for (const auto& [cells, why] : cases) EXPECT_EQ(profile_of(cells).why, why);
}

TEST(ColumnKinds, AreOfTheRowsThatAreLeft) {
  const auto table = parse_csv("c,d\na,1\nb,2\na,3\n", "t.csv").select_rows(std::vector<std::int32_t>{0, 2});
  EXPECT_EQ(profile_columns(table)[0].kind, ColumnKind::constant);
}

TEST(ColumnKinds, AreWhatOneSays) {
  EXPECT_EQ(profile_of("1\n2\n3\n", {.categorical = {"c"}}).kind, ColumnKind::category);
  EXPECT_EQ(profile_of("00501\n10001\n", {.numeric = {"c"}}).kind, ColumnKind::number);
  EXPECT_EQ(profile_of(kShuffled, {.numeric = {"c"}}).kind, ColumnKind::number);
  EXPECT_EQ(profile_of("a\n1\n", {.numeric = {"c"}}).problem, "t.csv: row 1 (line 2), column 'c': 'a' is not a number; --missing takes such words for cells without a value, --categorical the column for texts");
  EXPECT_THROW(profile_of("1\n", {.categorical = {"nosuch"}}), ArgumentError);
}

TEST(ColumnKinds, WordsForMissingCellsAreWhatOneSays) {
  EXPECT_EQ(profile_of("1\nNA\n2\n", {.missing = {"-999"}}).problem, "t.csv: row 2 (line 3), column 'c': 'NA' is not a number; --missing takes such words for cells without a value, --categorical the column for texts");
  EXPECT_EQ(profile_of("1\n-999\n2\n-999.0\n\n", {.missing = {"-999"}}).missing, 3);
  EXPECT_EQ(profile_of("1\n-999\n2\n", {.missing = {"-999"}}).missing, 1);
  EXPECT_EQ(profile_of(kShuffled + "-999\n", {.missing = {"-999"}}).kind, ColumnKind::number);
  EXPECT_EQ(profile_of("a\nUnbekannt\nb\nUNBEKANNT\n", {.missing = {"unbekannt"}}).missing, 2);
}

TEST(ColumnKinds, DistinctCellsAreThoseWithAValue) {
  const auto table = parse_csv("a,b\n1,x\n-9,\n1,NA\n2,y\n2,x\n", "t.csv");
  EXPECT_EQ(count_distinct(table.columns()[0], {.missing = {"-9", "na"}}, 100), 2);
  EXPECT_EQ(count_distinct(table.columns()[0], {}, 2), 2);
  EXPECT_EQ(count_distinct(table.columns()[1], {}, 100), 2);
  EXPECT_EQ(count_distinct(table.columns()[1], {}, 1), 1);
}

}  // namespace
}  // namespace longhand
