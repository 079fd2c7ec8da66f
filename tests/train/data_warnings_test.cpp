// What is told of tables that can be learned from, and may have been meant otherwise.
#include "train/data_warnings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/philox.h"

namespace longhand {
namespace {

TrainOptions options_for(const std::string& target) {
  TrainOptions options;
  options.target = target;
  options.hidden = {4};
  options.epochs = 2;
  return options;
}

// `cell(row)` and a number, then "yes" or "no" by the number's sign.
template <class Cell>
Table table_with(const Cell& cell, int rows = 100) {
  PhiloxStream stream(1, 1);
  std::string text = "a,b,y\n";
  for (int i = 0; i < rows; ++i) {
    const double b = stream.normal();
    text += cell(i) + "," + std::to_string(b) + (b > 0 ? ",yes\n" : ",no\n");
  }
  return parse_csv(text, "t.csv");
}

::testing::AssertionResult has(const std::vector<std::string>& warnings, const std::string& part) {
  if (std::ranges::any_of(warnings, [&](const std::string& warning) { return warning.find(part) != std::string::npos; })) return ::testing::AssertionSuccess();
  std::string all;
  for (const auto& warning : warnings) all += "\n" + warning;
  return ::testing::AssertionFailure() << "no '" << part << "' among" << all;
}

TEST(DataWarnings, OfTextsThatDifferInCapitalsOrSpaces) {
  const char* cells[] = {"NY", "ny", "new  york", "New york", "LA"};
  const auto result = fit(table_with([&](int i) { return std::string(cells[i % 5]); }), options_for("y"));
  EXPECT_TRUE(has(result.warnings, "t.csv: column 'a': 'NY' and 'ny' differ in capitals, spaces or dashes alone, as others do (2 in all), and are categories of their own"));
  const auto table = parse_csv("a,y\n1,Yes please\n2,no\n3,yes please\n4,no\n5,Yes please\n6,yes please\n7,no\n8,Yes please\n9,yes please\n", "t.csv");
  EXPECT_TRUE(has(fit(table, options_for("y")).warnings, "column 'y': 'Yes please' and 'yes please' differ in capitals, spaces or dashes alone, and are classes"));
}

TEST(DataWarnings, AreNoneOfAPlainTable) {
  const auto result = fit(table_with([](int i) { return "k" + std::to_string(i % 3); }), options_for("y"));
  EXPECT_TRUE(result.warnings.empty()) << result.warnings[0];
}

TEST(DataWarnings, OfAClassThatIsAWordForNoValue) {
  std::string text = "a,y\n";
  for (int i = 0; i < 40; ++i) text += std::to_string(i * 7 % 11) + (i % 3 == 0 ? ",NA\n" : i % 3 == 1 ? ",x\n" : ",none\n");
  const auto result = fit(parse_csv(text, "t.csv"), options_for("y"));
  EXPECT_TRUE(has(result.warnings, "column 'y': 'NA' is taken for a class; --skip-missing-target"));
  EXPECT_FALSE(has(result.warnings, "'none' is taken"));
}

TEST(DataWarnings, OfColumnsThatWerePerhapsNumbersOrDates) {
  const auto percent = fit(table_with([](int i) { return std::to_string(i % 7) + "%"; }), options_for("y"));
  EXPECT_TRUE(has(percent.warnings, "t.csv: row 1 (line 2), column 'a': '0%' is a number with a sign"));
  const auto dates = fit(table_with([](int i) { return "01/" + std::to_string(13 + i % 9) + "/24"; }), options_for("y"));
  EXPECT_TRUE(has(dates.warnings, "two digits"));
}

// One cell of 999999 made the others of its column the same to the network.
TEST(DataWarnings, OfValuesFarFromAllOthers) {
  PhiloxStream stream(2, 1);
  std::string text = "a,y\n", sentinels = text;
  for (int i = 0; i < 300; ++i) {
    const double a = stream.normal();
    const auto label = a > 0 ? ",yes\n" : ",no\n";
    text += (i == 17 ? "999999" : std::to_string(a)) + label;
    sentinels += (i % 10 == 3 ? "999" : std::to_string(a)) + label;
  }
  TrainOptions options;
  options.target = "y";
  const auto one = fit(parse_csv(text, "t.csv"), options);
  EXPECT_EQ(one.model.inputs[0].scaling, NumberScaling::robust);
  EXPECT_GT(one.validation->value("accuracy"), 0.9);
  EXPECT_TRUE(has(one.warnings, "t.csv: row 18 (line 19), column 'a': 999999 is "));
  const auto tenth = fit(parse_csv(sentinels, "t.csv"), options);
  EXPECT_TRUE(has(tenth.warnings, "t.csv: row 4 (line 5), column 'a': 999, in 30 rows, is "));
  EXPECT_TRUE(has(tenth.warnings, "--missing 999 takes it so"));
  options.number_scaling = NumberScaling::standard;
  EXPECT_EQ(fit(parse_csv(text, "t.csv"), options).model.inputs[0].scaling, NumberScaling::standard);
}

// Ten ages of 999 in a thousand are too few to outweigh the others; one may be what it says.
TEST(DataWarnings, OfNumbersThatPerhapsStandForNoValue) {
  const auto with = [](const std::string& value, int count) {
    std::string text = "a,y\n";
    for (int i = 0; i < 1000; ++i) text += (i % 100 == 7 && i / 100 < count ? value : std::to_string(18 + i * 7 % 60)) + (i % 2 == 0 ? ",yes\n" : ",no\n");
    return fit(parse_csv(text, "t.csv"), options_for("y")).warnings;
  };
  EXPECT_TRUE(has(with("999", 10), "t.csv: row 8 (line 9), column 'a': 999, in 10 rows, is 32 times as far from the median as the quartiles are from each other; if it stands for no value, --missing 999 takes it so"));
  EXPECT_TRUE(has(with("999", 1), "column 'a': 999 is 32 times"));
  EXPECT_TRUE(has(with("-700", 4), "column 'a': -700, in 4 rows, is"));
  EXPECT_FALSE(has(with("-700", 1), "is 2"));
  std::string half = "a,y\n";
  for (int i = 0; i < 200; ++i) half += (i % 2 == 0 ? "-9999" : std::to_string(18 + i * 7 % 60)) + (i % 3 == 0 ? ",yes\n" : ",no\n");
  EXPECT_TRUE(has(fit(parse_csv(half, "t.csv"), options_for("y")).warnings, "column 'a': -9999, in 100 rows, is"));
}

TEST(DataWarnings, OfDatesFarFromAllOthers) {
  const auto result = fit(table_with([](int i) { return i % 30 == 7 ? std::string("9999-12-31") : "2024-01-" + std::to_string(10 + i % 20); }), options_for("y"));
  EXPECT_TRUE(has(result.warnings, "t.csv: row 8 (line 9), column 'a': '9999-12-31', in 4 rows, is far from all other dates; if it stands for no value, --missing takes it so"));
}

TEST(DataWarnings, OfRowsThatAreNoneOfTheData) {
  const auto result = fit(table_with([](int i) { return i == 99 ? "Total" : "k" + std::to_string(i % 3); }), options_for("y"));
  EXPECT_TRUE(has(result.warnings, "t.csv: row 100 (line 101), column 'a': 'Total' looks like a row of totals"));
}

TEST(DataWarnings, OfClassesThatMayMeanTheSame) {
  std::string text = "a,y\n";
  const char* words[] = {"yes", "no", "1", "0"};
  for (int i = 0; i < 80; ++i) text += std::to_string(i * 7 % 31) + "," + words[i % 4] + "\n";
  EXPECT_TRUE(has(fit(parse_csv(text, "t.csv"), options_for("y")).warnings, "column 'y': 'yes' and '1' may mean the same"));
}

TEST(DataWarnings, OfManyNumbersTakenForClasses) {
  std::string text = "a,y\n";
  for (int i = 0; i < 120; ++i) text += std::to_string(i * 7 % 31) + "," + std::to_string(18 + i % 12) + "\n";
  const auto table = parse_csv(text, "t.csv");
  EXPECT_TRUE(has(fit(table, options_for("y")).warnings, "t.csv: column 'y': its 12 whole numbers are taken for classes; --task regression predicts amounts"));
  auto options = options_for("y");
  options.task = Task::multiclass;
  EXPECT_FALSE(has(fit(table, options).warnings, "are taken for classes"));
}

TEST(DataWarnings, OfClassesWithoutAHeldOutRow) {
  std::string text = "a,y\n";
  for (int i = 0; i < 90; ++i) text += std::to_string(i * 7 % 31) + "," + (i == 11 || i == 57 || i == 80 ? "rare" : i % 2 == 0 ? "even" : "odd") + "\n";
  const auto table = parse_csv(text, "t.csv");
  auto options = options_for("y");
  options.validation = 0.1;  // of 3 rows, 0.3
  EXPECT_TRUE(has(fit(table, options).warnings, "t.csv: 1 of 3 classes has no held-out row, so that the figures say nothing of it: 'rare'"));
  options.validation = 0.4;
  EXPECT_FALSE(has(fit(table, options).warnings, "no held-out row"));
  options.validation = 0;
  EXPECT_FALSE(has(fit(table, options).warnings, "no held-out row"));
}

TEST(DataWarnings, OfAShareThatIsNoRow) {
  auto options = options_for("y");
  options.validation = 0.001;
  EXPECT_TRUE(has(fit(table_with([](int i) { return std::to_string(i % 5); }), options).warnings, "t.csv: 0.001 of 100 rows is none, so no row is held out"));
}

TEST(DataWarnings, NameTheFirstOfManyColumns) {
  std::string header, row[2];
  for (int i = 0; i < 9; ++i) {
    header += "c" + std::to_string(i) + ",";
    row[0] += "1%,";
    row[1] += "2%,";
  }
  std::string text = header + "y\n";
  for (int i = 0; i < 30; ++i) text += row[i % 2] + (i % 3 == 0 ? "no\n" : "yes\n");
  const auto result = fit(parse_csv(text, "t.csv"), options_for("y"));
  ASSERT_EQ(result.warnings.size(), 6U);
  EXPECT_EQ(result.warnings[5], "t.csv: 4 more of these are not named");
}

TEST(DataWarnings, OfManyFarValuesLeaveRoomForTheTarget) {
  std::string text;
  for (int j = 0; j < 8; ++j) text += "c" + std::to_string(j) + ",";
  text += "y\n";
  for (int i = 0; i < 200; ++i) {
    for (int j = 0; j < 8; ++j) text += (i == 50 + j ? "9999" : std::to_string(i * (7 + j) % 23)) + ",";
    text += i == 99 ? "-999.5\n" : std::to_string(i % 13) + ".25\n";
  }
  const auto warnings = fit(parse_csv(text, "t.csv"), options_for("y")).warnings;
  EXPECT_TRUE(has(warnings, "column 'c4': 9999 is"));
  EXPECT_FALSE(has(warnings, "column 'c5': 9999 is"));
  EXPECT_TRUE(has(warnings, "t.csv: 3 more of these are not named"));
  EXPECT_TRUE(has(warnings, "column 'y': -999.5 is far from all other values"));
}

TEST(DataErrors, OfATargetWithoutValuesSayHowToGoOn) {
  const auto error_of = [](const std::string& rows) -> std::string {
    try {
      fit(parse_csv("a,y\n" + rows, "t.csv"), options_for("y"));
    } catch (const DataError& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(error_of("1,no\n2,\n3,yes\n4,\n"),
            "t.csv: row 2 (line 3), column 'y': the cell is empty, where a target is needed, as in 2 rows; --skip-missing-target leaves out rows without one");
  EXPECT_EQ(error_of("1,1.5\n2,NA\n3,2.5\n4,3.5\n"),
            "t.csv: row 2 (line 3), column 'y': 'NA' is no value, where a target is needed; --skip-missing-target leaves out rows without one");
}

TEST(DataErrors, OfAnAmountThatStandsForNoValue) {
  std::string amounts = "a,y\n", classes = amounts;
  for (int i = 0; i < 60; ++i) {
    amounts += std::to_string(i * 7 % 11) + "," + (i == 41 ? "999" : std::to_string(i) + ".5") + "\n";
    classes += std::to_string(i * 7 % 11) + "," + std::to_string(i % 2) + "\n";
  }
  auto options = options_for("y");
  options.columns.missing = {"999"};
  try {
    fit(parse_csv(amounts, "t.csv"), options);
    FAIL() << "learned";
  } catch (const DataError& error) {
    EXPECT_EQ(std::string(error.what()), "t.csv: row 42 (line 43), column 'y': '999' is no value, where a target is needed; --skip-missing-target leaves out rows without one");
  }
  options.columns.missing = {"0"};
  EXPECT_NO_THROW(fit(parse_csv(classes, "t.csv"), options));  // a class
}

TEST(DataErrors, OfTextThatIsNotUtf8NameTheRow) {
  try {
    fit(parse_csv("c,y\nb,1\n\xe4,2\nb,1\n\xe4,2\n", "t.csv"), options_for("y"));
    FAIL() << "learned";
  } catch (const DataError& error) {
    EXPECT_EQ(std::string(error.what()), "t.csv: row 2 (line 3), column 'c': the category '\\xe4' is not UTF-8; save the table as UTF-8");
  }
}

}  // namespace
}  // namespace longhand
