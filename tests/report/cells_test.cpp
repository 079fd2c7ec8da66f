// Columns as groups of cells, how they differ between tables, and what they tell of the target.
#include "report/cells.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "base/philox.h"
#include "report/cautions.h"

namespace longhand::report {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(Groups, OfNumbersAreRangesOfAsManyRows) {
  const Groups groups({{8, 1, 2, kNaN, 3, 4, 5, 6, 7}, true}, 4);
  ASSERT_EQ(groups.size(), 5U);
  struct Case {
    double value;
    std::size_t group;
  };
  for (const auto& [value, group] : {Case{-9, 0}, {2, 0}, {2.5, 1}, {4, 1}, {5, 2}, {7, 3}, {8, 3}, {1e9, 3}, {kNaN, 4}}) EXPECT_EQ(groups.of(value), group) << value;
}

TEST(Groups, OfTextsAreTheMostFrequentOnes) {
  const Groups groups({{10, 20, 20, 30, 30, 30, 40, kNaN}, false}, 2);
  ASSERT_EQ(groups.size(), 3U);
  struct Case {
    double value;
    std::size_t group;
  };
  for (const auto& [value, group] : {Case{20, 0}, {30, 1}, {10, 2}, {25, 2}, {40, 2}, {kNaN, 2}}) EXPECT_EQ(groups.of(value), group) << value;
}

TEST(Cells, WithoutAValueAreMissingWhateverStandsInThem) {
  Model model;
  model.missing_words = {"gone"};
  model.inputs = {{.name = "used", .kind = ColumnKind::category, .categories = {"u", "v"}}};
  const auto table = parse_csv("used,unused,number\nu,x,1.5\ngone,gone,2\nv,x,3\nu,y,4\n", "t.csv");
  for (const char* name : {"used", "unused"}) {
    const auto cells = cells_of(model, table, name);
    EXPECT_FALSE(cells.are_numbers) << name;
    EXPECT_EQ(cells.missing(), 1U) << name;
    EXPECT_TRUE(std::isnan(cells.values[1])) << name;
    EXPECT_EQ(cells.present().size(), 3U) << name;
    EXPECT_NE(cells.values[0], cells.values[name == std::string("used") ? 2 : 3]) << name;
  }
  EXPECT_TRUE(cells_of(model, table, "number").are_numbers);
}

// The table in which each text stands in so many rows.
Table of_counts(const std::vector<std::pair<std::string, int>>& counts) {
  std::string text = "a\n";
  for (const auto& [cell, count] : counts) {
    for (int i = 0; i < count; ++i) text += cell + "\n";
  }
  return parse_csv(text, "t.csv");
}

// The index by hand; whether it is clear by the tail of chi-squared beyond index / (1/n + 1/m) being below that of four
// standard deviations, 3.2e-5: 20.27 with one degree of freedom has 6.7e-6, with two 4.0e-5; 12.16 with one has 4.9e-4; 29.4 with
// nine has 5.6e-4.
TEST(Drift, IsThePopulationStabilityIndex) {
  struct Case {
    std::vector<std::pair<std::string, int>> before, after;
    double index;
    bool is_clear;
  };
  std::vector<std::pair<std::string, int>> even, little;
  for (int i = 0; i < 10; ++i) {
    even.emplace_back("t" + std::to_string(i), 100);
    little.emplace_back("t" + std::to_string(i), i % 2 == 0 ? 124 : 76);
  }
  const double half_gone = 0.5 * std::log(2) + 0.495 * std::log(100);
  for (const auto& [before, after, index, is_clear] :
       {Case{{{"u", 50}, {"v", 50}}, {{"u", 80}, {"v", 20}}, 0.3 * std::log(4), true}, Case{{{"u", 500}, {"v", 500}}, {{"u", 600}, {"v", 400}}, 0.1 * std::log(1.5), true},
        Case{{{"u", 300}, {"v", 300}}, {{"u", 360}, {"v", 240}}, 0.1 * std::log(1.5), false}, Case{even, little, 0.12 * std::log(1.24 / 0.76), false},
        Case{{{"u", 50}, {"v", 50}}, {{"u", 100}}, half_gone, true}, Case{{{"u", 100}}, {{"u", 50}, {"v", 50}}, half_gone, true}, Case{{{"u", 9}}, {{"u", 5}}, 0, false}}) {
    const auto drift = drift_of(Model(), of_counts(before), of_counts(after), "a");
    EXPECT_NEAR(drift.index, index, 1e-12);
    EXPECT_EQ(drift.is_clear, is_clear) << drift.index;
  }
}

// A column "x" and the target "y", which is made of it.
struct Told {
  Model model;
  Table table;
  double share() const { return told_by(model, table, "x"); }
};

Told told_rows(int rows, ColumnKind kind, Task task, const std::function<std::string(int, PhiloxStream&)>& row) {
  PhiloxStream stream(3, 1);
  std::string text = "x,y\n";
  for (int i = 0; i < rows; ++i) text += row(i, stream) + "\n";
  auto table = parse_csv(text, "t.csv");
  Model model;
  model.target = {.name = "y", .task = task};
  InputColumn input{.name = "x", .kind = kind};
  if (input.is_category()) input.categories = Classes::of(rows_with_value(table, "x", usual_missing_words()), "x").names();
  if (task != Task::regression) model.target->classes = Classes::of(table, "y").names();
  model.inputs = {input};
  return {std::move(model), std::move(table)};
}

std::string name(int i) { return "t" + std::to_string(i); }

TEST(ToldBy, WhatAColumnTellsForSure) {
  using Row = std::function<std::string(int, PhiloxStream&)>;
  struct Case {
    const char* what;
    int rows;
    ColumnKind kind;
    Task task;
    Row row;
    double least, most = 1;
  };
  const auto number = [](double x) { return std::to_string(x); };
  const std::vector<Case> cases{
      {"a cut between few rows", 24, ColumnKind::number, Task::binary, [](int i, auto&) { return i < 12 ? std::to_string(i) + ".5,no" : std::to_string(100 + i) + ".5,yes"; }, 1},
      {"the same the other way round", 24, ColumnKind::number, Task::binary, [](int i, auto&) { return i < 12 ? std::to_string(i) + ".5,yes" : std::to_string(100 + i) + ".5,no"; }, 1},
      {"a cut, with missing cells", 24, ColumnKind::number, Task::binary, [](int i, auto&) { return i < 12 ? std::to_string(i) + ".5,no" : i < 18 ? "NA,yes" : std::to_string(100 + i) + ".5,yes"; }, 1},
      {"a cut beside one value of both", 40, ColumnKind::number, Task::binary,
       [](int i, auto&) { return i < 15 ? std::to_string(i) + ",no" : i < 25 ? std::string("50,") + (i < 17 ? "no" : "yes") : std::to_string(100 + i) + ",yes"; }, 0.85},
      {"a range in the middle", 640, ColumnKind::number, Task::binary, [](int i, auto&) { return std::to_string(i) + (i > 250 && i < 390 ? ".5,yes" : ".5,no"); }, 0.9},
      {"texts, some of one row", 200, ColumnKind::category, Task::binary, [](int i, auto&) { return i < 19 ? name(i) + ",yes" : i < 141 ? "u,yes" : "v,no"; }, 1},
      {"means, some of one row", 104, ColumnKind::category, Task::regression, [](int i, auto&) { return i < 4 ? name(i) + ",5" : i < 54 ? "u,0" : "v,10"; }, 0.99},
      {"whether a number is there", 400, ColumnKind::number, Task::binary, [&](int i, auto& s) { return i % 2 == 0 ? number(s.uniform()) + ",yes" : "NA,no"; }, 1},
      {"whether a text is there", 400, ColumnKind::category, Task::binary, [](int i, auto&) { return i % 2 == 0 ? name(i % 163) + ",yes" : "NA,no"; }, 1},
      {"chance, numbers", 400, ColumnKind::number, Task::binary, [&](int, auto& s) { return number(s.uniform()) + (s.uniform() < 0.5 ? ",yes" : ",no"); }, 0, 0.2},
      {"chance, texts", 400, ColumnKind::category, Task::binary, [](int, auto& s) { return name(static_cast<int>(s.below(100))) + (s.uniform() < 0.5 ? ",yes" : ",no"); }, 0, 0.2},
      {"chance, means", 400, ColumnKind::number, Task::regression, [&](int, auto& s) { return number(s.uniform()) + "," + number(s.uniform()); }, 0, 0.05},
      {"of a target that does not vary", 40, ColumnKind::number, Task::regression, [](int i, auto&) { return std::to_string(i) + ".5,3.5"; }, 0, 0},
      {"three rows", 3, ColumnKind::category, Task::binary, [](int i, auto&) { return i < 2 ? "u,yes" : "v,no"; }, 0, 0}};
  for (const auto& [what, rows, kind, task, row, least, most] : cases) {
    const double told = told_rows(rows, kind, task, row).share();
    EXPECT_GE(told, least) << what;
    EXPECT_LE(told, most) << what;
  }
}

// The best cut of some rows is right about more than half of them by chance; of others it is not.
TEST(ToldBy, ACutIsJudgedByOtherRows) {
  double sum = 0;
  for (int column = 0; column < 60; ++column) {
    sum += told_rows(24, ColumnKind::number, Task::binary, [&](int i, PhiloxStream& s) {
             for (int k = 0; k < column; ++k) s.uniform();
             return std::to_string(s.uniform()) + (i % 2 == 0 ? ",yes" : ",no");
           }).share();
  }
  EXPECT_LT(sum / 60, 0.15);
}

// A table that is too long to look at all of is looked at from its beginning to its end.
TEST(TellingColumns, AreThoseOfTheWholeTable) {
  constexpr std::size_t kRows = 50'000;
  std::vector<double> whole(kRows), half(kRows);
  std::vector<std::string> y(kRows);
  for (std::size_t i = 0; i < kRows; ++i) {
    const bool is_yes = i * 7919 % 10'007 % 2 == 1;
    y[i] = is_yes ? "yes" : "no";
    whole[i] = (is_yes ? 1 : 0) + static_cast<double>(i % 100) / 1000;
    half[i] = i < kRows / 2 ? whole[i] : static_cast<double>(i % 1000) / 500;
  }
  Model model;
  model.target = {.name = "y", .task = Task::binary, .classes = {"no", "yes"}};
  model.inputs = {{.name = "half"}, {.name = "whole"}};
  const Table table("t.csv", {Column::of_numbers("half", half), Column::of_numbers("whole", whole), Column::of_text("y", y)});
  EXPECT_EQ(telling_columns(model, table), std::vector<std::string>{"whole"});
}

}  // namespace
}  // namespace longhand::report
