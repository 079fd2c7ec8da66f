// Numbers with other signs than the usual ones.
#include "data/number_notation.h"

#include <gtest/gtest.h>

#include <string>

#include "longhand/data.h"

namespace longhand::data {
namespace {

struct Case {
  char decimal, thousands;
  const char *text, *usual;
};

TEST(NumberNotation, MakesNumbersUsual) {
  const Case cases[] = {
      {',', 0, "1,5", "1.5"},
      {',', 0, "-0,25", "-0.25"},
      {',', 0, "+3", "3"},
      {',', 0, ",5", ".5"},
      {',', 0, "1,5e-3", "1.5e-3"},
      {',', 0, "\xE2\x88\x92" "1,5", "-1.5"},
      {',', '.', "1.234.567,8", "1234567.8"},
      {',', '.', "1234,5", "1234.5"},
      {',', '.', "999.999", "999999"},
      {'.', ',', "1,234.5", "1234.5"},
      {'.', ',', "1,234,567", "1234567"},
      {'.', ' ', "1 234.5", "1234.5"},
      {',', ' ', "1\xC2\xA0" "234,5", "1234.5"},
      {',', ' ', "12\xE2\x80\xAF" "345", "12345"},
      {'.', '\'', "1'234", "1234"},
      {',', 0, "5,", "5."},
      {',', 0, " 1,5 ", "1.5"},
      // Texts and numbers in other notations stay as they are.
      {',', 0, "1.5", "1.5"},
      {',', '.', "1.23", "1.23"},
      {',', '.', "1234.567", "1234.567"},
      {'.', ',', "1,23", "1,23"},
      {'.', ',', "1,234,56", "1,234,56"},
      {'.', ',', "1,2345", "1,2345"},
      {',', '.', "1\xC2\xA0" "234,5", "1\xC2\xA0" "234,5"},
      {',', '.', "01.02.2024", "01.02.2024"},
      {',', 0, "abc", "abc"},
      {',', 0, ",", ","},
      {',', 0, "1,5x", "1,5x"},
      {',', 0, "1,5e", "1,5e"},
      {',', 0, "", ""},
      {',', 0, "-", "-"},
  };
  for (const auto& [decimal, thousands, text, usual] : cases) {
    std::string buffer;
    EXPECT_EQ(NumberNotation(decimal, thousands).usual(text, buffer), usual) << decimal << thousands << ' ' << text;
  }
}

TEST(NumberNotation, RefusesSignsThatCannotBe) {
  for (const auto& [decimal, thousands] : {std::pair{';', '\0'}, {'.', '.'}, {',', ','}, {'.', '5'}, {'.', '-'}}) {
    EXPECT_THROW(NumberNotation(decimal, thousands), ArgumentError) << decimal << thousands;
  }
}

TEST(NumberNotation, IsThatOfATable) {
  const std::string file = "a;b;c;d\n1,5;x;1.000;01.02.2024\n2;y;-2.500,25;03.04.2024\n;z;;\n";
  const auto table = parse_csv(file, "t.csv", {.delimiter = ';', .decimal = ',', .thousands = '.'});
  EXPECT_EQ(table.column("a").cell(0), "1.5");
  const auto profiles = profile_columns(table);
  EXPECT_EQ(name(profiles[0].kind), "number");
  EXPECT_EQ(name(profiles[2].kind), "number");
  EXPECT_EQ(name(profiles[3].kind), "date");
  EXPECT_EQ(table.column("c").cell(1), "-2500.25");
  const auto whole = parse_csv("a;b\n1,50;1\n2,25;1\n", "t.csv", {.delimiter = ';', .decimal = ','});
  ASSERT_TRUE(whole.column("a").is_numbers());
  EXPECT_EQ(whole.column("a").numbers()[0], 1.5);
}

TEST(NumberNotation, RefusesCellsThatAreNumbersByOtherRulesAlone) {
  const auto error_of = [](const CsvOptions& options, const std::string& file) -> std::string {
    try {
      parse_csv(file, "t.csv", options);
    } catch (const DataError& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(error_of({.delimiter = ';', .decimal = ','}, "a;b\n1,5;1\n1.234;1\n"),
            "t.csv: row 2 (line 3), column 'a': '1.234' is not a number with ',' before decimals");
  EXPECT_EQ(error_of({.delimiter = ';', .decimal = ',', .thousands = '.'}, "a;b\n1,5;1\n1.5;1\n"),
            "t.csv: row 2 (line 3), column 'a': '1.5' is not a number with ',' before decimals and '.' between thousands");
}

TEST(NumberNotation, KnowsNumbersWithSeparators) {
  for (const char* text : {"1,234", "3,14", "-1,234", "1.234,5", "1,234.5", "1.234.567", "1'234", "1_234", "1 234", "1\xC2\xA0" "234", "1\xE2\x80\xAF" "234", " 1,5 ", "1,23,456", "12,34,567.8"}) {
    EXPECT_TRUE(has_separators(text)) << text;
  }
  for (const char* text : {"", "1234", "1.5", "1.234", ",5", "1,", "1234.567.890", "1,2345,678", "123,45,678", "1,23,45", "1,234,56,789", "1.234,5.6", "1 23", "1,234x", "1;234"}) {
    EXPECT_FALSE(has_separators(text)) << text;
  }
}

TEST(NumberNotation, AdvisesByWhatACellLooksLike) {
  const std::pair<const char*, const char*> cases[] = {
      {"12,5", "; --decimal and --thousands say how numbers are written"},
      {"5%", "; write it as 1234.5"},
      {"$1,234", "; write it as 1234.5"},
      {"65.5 kg", "; write the number alone"},
      {"abc", ""},
      {"inf", ""},
      {"1e400", ""},
  };
  for (const auto& [cell, advice] : cases) EXPECT_EQ(advice_on_number(cell), advice) << cell;
}

TEST(NumberNotation, KnowsNumbersWithSigns) {
  for (const char* text : {"10%", "12.5 %", "$1,234.50", "\xE2\x82\xAC 5", "5 \xE2\x82\xAC", "(123)", "-$5", "($5)", "( $5 )", "\xC2\xA3" "7"}) {
    EXPECT_TRUE(is_number_with_sign(text)) << text;
  }
  for (const char* text : {"12 kg", "20.5 \xC2\xB0" "C", "24k", "-3 m", "EUR 57", "CHF 1,234.50", "5\xC2\xA0kg"}) EXPECT_TRUE(is_number_with_unit(text)) << text;
  for (const char* text : {"12", "kg", "", "A1", "12-14 kg", "1/2 cup", "room 12 b", "12 kilograms", "a 5b", "note 7", "EUR5"}) EXPECT_FALSE(is_number_with_unit(text)) << text;
  for (const char* text : {"10", "%", "a%", "(a)", "", "()", "$", "5 kg"}) EXPECT_FALSE(is_number_with_sign(text)) << text;
}

}  // namespace
}  // namespace longhand::data
