// What a figure says by the digits it was written with.
#include "explain/digits.h"

#include <gtest/gtest.h>

#include "explain/precision.h"

namespace longhand {
namespace {

TEST(Digits, SignificantOnes) {
  const std::pair<const char*, int> rows[] = {{"3.18", 3}, {"-0.0806", 3}, {"1.20", 3}, {"100", 3}, {".0600", 3}, {"0.0", 0}, {"3e-12", 1}, {"1.5E10", 2}};
  for (const auto& [text, digits] : rows) EXPECT_EQ(significant_digits(text), digits) << text;
}

TEST(Digits, ValueAndUnitOfTheLastDigit) {
  const std::tuple<const char*, double, double> rows[] = {
      {"3.18", 3.18, 0.01},     {".0600", 0.06, 1e-4},    {"0.0600", 0.06, 1e-4}, {"100", 100, 1},
      {"1e2", 100, 100},        {"1.0e2", 100, 10},       {"-0.0806", -0.0806, 1e-4},
      {"2.50E-3", 0.0025, 1e-5}, {"+7", 7, 1},            {"5.", 5, 1},           {"0.00", 0, 0.01},
      {"-0", 0, 1},             {"1_000.5", 1000.5, 0.1}, {" 12 ", 12, 1},        {"\xE2\x88\x92" "4.0", -4, 0.1},
      {"0e-3", 0, 1e-3},        {"1e+3", 1000, 1000},
  };
  for (const auto& [text, value, unit] : rows) {
    const auto figure = parse_figure(text);
    ASSERT_TRUE(figure) << text;
    EXPECT_DOUBLE_EQ(figure->value, value) << text;
    EXPECT_DOUBLE_EQ(figure->unit, unit) << text;
  }
}

TEST(Digits, WhatIsNoFigure) {
  for (const char* text : {"", " ", "-", ".", "e5", "1e", "1e-", "abc", "1.2.3", "1,5", "0x10", "inf", "nan", "1e999", "1e-400",
                           "1e99999999999", "--1", "1 2", "½", "_1"}) {
    EXPECT_FALSE(parse_figure(text)) << text;
  }
}

TEST(Digits, WhatAFigureStandsFor) {
  struct Row {
    const char* figure;
    double number;
    bool is_for;
  };
  const Row rows[] = {
      // Rounded, a half either way.
      {"3.18", 3.175, true}, {"3.18", 3.185, true}, {"3.18", 3.1749, false}, {"3.18", 3.18, true},
      // Cut off, up to the next figure but without it.
      {"0.938", 0.93877, true}, {"0.938", 0.938999, true}, {"0.938", 0.939, false}, {"0.938", 0.9374, false},
      {"-0.938", -0.93877, true}, {"-0.938", -0.939, false}, {"-0.938", -0.9375, true}, {"-0.938", -0.9374, false},
      // Whole units are not cut off.
      {"2", 2.5, true}, {"2", 2.6, false}, {"100", 100.5, true}, {"100", 100.6, false},
      {"1e2", 150, true}, {"1e2", 50, true}, {"1e2", 151, false},
      // 0 is what anything nearer than a unit is cut off to, from either side.
      {"0.00", 0.0099, true}, {"0.00", -0.0099, true}, {"0.00", 0.01, false}, {"0.00", -0.01, false},
      {"0", 0.5, true}, {"0", -0.5, true}, {"0", 0.51, false},
      // An end that belongs to it has a tolerance outward, one that does not inward.
      {"3.18", 3.175 - 0.9e-8, true}, {"3.18", 3.175 - 1.1e-8, false},
      {"3.18", 3.19 - 0.9e-8, false}, {"3.18", 3.19 - 1.1e-8, true},
      // As many digits as a double has: the tolerance is larger than the unit.
      {"1.7999999999999998", 1.7999999999999998, true}, {"1.7999999999999998", 1.8, true},
      {"-2.7300000000000000", -2.73, true}, {"1.7999999999999998", 1.80000001, false},
  };
  for (const auto& [text, number, is_for] : rows) {
    EXPECT_EQ(stands_for(*parse_figure(text)).contains(number), is_for) << text << " and " << number;
  }
}

}  // namespace
}  // namespace longhand
