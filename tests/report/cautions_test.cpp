// What is pointed out, and what is not.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/philox.h"
#include "longhand/report.h"
#include "report/cautions.h"
#include "report/importance.h"
#include "support/markup.h"

namespace longhand::report {
namespace {

// y is "yes" where a + noise > 0; `copy` says it in other words, `nothing` is chance.
Table rows(int count, double noise = 0.8) {
  PhiloxStream stream(1, 1);
  std::string text = "a,copy,nothing,y\n";
  for (int i = 0; i < count; ++i) {
    const double a = stream.normal();
    const bool is_yes = a + noise * stream.normal() > 0;
    text += std::to_string(a) + (is_yes ? ",alive," : ",dead,") + std::to_string(stream.below(4)) + (is_yes ? ",yes\n" : ",no\n");
  }
  return parse_csv(text, "rows.csv");
}

TrainResult learned(const Table& table, std::int64_t epochs = 20) {
  TrainOptions options;
  options.target = "y";
  options.hidden = {8};
  options.epochs = epochs;
  return fit(table, options);
}

TEST(ToldBy, ASingleColumn) {
  const auto table = rows(400);
  const auto model = learned(table, 2).model;
  EXPECT_GE(told_by(model, table, "copy"), 0.99);
  EXPECT_LT(told_by(model, table, "a"), 0.8);
  EXPECT_GT(told_by(model, table, "a"), 0.2);
  EXPECT_LT(told_by(model, table, "nothing"), 0.3);
}

// A copy in other units, of a target of which few values are nearly all of the squares; a copy in half of the rows; and what
// is strong but no copy.
TEST(ToldBy, ACopyOfATargetWithAHeavyTail) {
  for (const int count : {60, 300, 2000}) {
    PhiloxStream stream(4, 1);
    std::string text = "copy,part,near,other,y\n";
    for (int i = 0; i < count; ++i) {
      const double z = stream.normal(), y = std::exp(8 + 2 * z);
      const auto copy = std::to_string(1.19 * y);
      text += copy + "," + (i % 2 == 0 ? copy : "") + "," + std::to_string(z + 0.3 * stream.normal()) + "," + std::to_string(stream.normal()) + "," + std::to_string(y) + "\n";
    }
    const auto table = parse_csv(text, "t.csv");
    TrainOptions options;
    options.target = "y";
    options.hidden = {4};
    options.epochs = 1;
    const auto model = fit(table, options).model;
    for (const char* name : {"copy", "part"}) EXPECT_TRUE(tells_all(told_by(model, table, name), Task::regression)) << name << count;
    for (const char* name : {"near", "other"}) EXPECT_FALSE(tells_all(told_by(model, table, name), Task::regression)) << name << count;
  }
}

TEST(RowsInBoth, AreThoseOfEqualCells) {
  const auto a = parse_csv("u,v\n1,x\n2,y\n2,z\n", "a.csv"), b = parse_csv("v,u\ny,2\ny,1\nx,1\nx,1\n", "b.csv");
  EXPECT_EQ(rows_in_both(a, b, {"u", "v"}), 3);
  EXPECT_EQ(rows_in_both(a, b, {"u"}), 4);
  struct Pair {
    const char *learned, *held_out;
    std::int64_t both;
  };
  // Of equal numbers, however they are written, and not of others in which each column has another's cell, or all the same one.
  for (const auto& [learned, held_out, both] : {Pair{"0,1", "-0,1.0", 1}, Pair{"1,2", "2,1", 0}, Pair{"1,1", "2,2", 0}, Pair{"x,x", "y,y", 0}, Pair{"x,y", "y,x", 0}}) {
    EXPECT_EQ(rows_in_both(parse_csv(std::string("u,v\n") + learned + "\n", "a.csv"), parse_csv(std::string("u,v\n") + held_out + "\n", "b.csv"), {"u", "v"}), both) << learned << " " << held_out;
  }
}

TEST(Drift, IsClearWhereAColumnMoved) {
  const auto before = rows(600);
  const auto model = learned(before, 2).model;
  std::string moved = "a,copy,nothing,y\n";
  for (int i = 0; i < 200; ++i) moved += std::to_string(1.5 + i * 0.005) + ",alive," + std::to_string(i % 4) + ",yes\n";
  const auto after = parse_csv(moved, "moved.csv");
  EXPECT_TRUE(drift_of(model, before, after, "a").is_clear);
  EXPECT_TRUE(drift_of(model, before, after, "copy").is_clear);
  EXPECT_FALSE(drift_of(model, before, after, "nothing").is_clear);
  EXPECT_FALSE(drift_of(model, before, before, "a").is_clear);
  EXPECT_EQ(drift_of(model, before, before, "a").index, 0);
}

TEST(Importance, IsOfWhatTheNetworkGoesBy) {
  auto table = rows(300, 0.1);
  std::vector<Column> columns(table.columns().begin(), table.columns().end());
  columns.erase(columns.begin() + 1);  // without the copy
  table = Table("rows.csv", columns);
  const auto model = learned(table, 60).model;
  const auto importance = importance_of(model, table, {.seed = 3});
  ASSERT_EQ(importance.size(), 2u);
  EXPECT_EQ(importance[0].column, "a");
  EXPECT_GT(importance[0].rise, 10 * std::max(0.0, importance[1].rise));
  EXPECT_GT(importance[0].fall, 0.2);
  const auto dependence = dependence_of(model, table, "a");
  EXPECT_TRUE(std::ranges::is_sorted(dependence.points, {}, &DependencePoint::value));
  EXPECT_LT(dependence.points.front().mean[0], 0.2);
  EXPECT_GT(dependence.points.back().mean[0], 0.8);
}

// 2024-01-01 was a Monday; 100 are sold on Saturdays and Sundays, and none on other days.
TEST(Dependence, OfADateIsOfItsWeekAndOfEachWeekday) {
  std::string text = "day,y\n";
  for (int i = 0; i < 28 * 12; ++i) {
    const int month = i / 28 + 1, day = i % 28 + 1;
    const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    constexpr int kBefore[] = {0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335};
    const int weekday = (kBefore[month - 1] + day - 1) % 7;
    text += "2024-" + two(month) + "-" + two(day) + (weekday >= 5 ? ",100.5\n" : ",0.25\n");
  }
  const auto table = parse_csv(text, "t.csv");
  TrainOptions options;
  options.target = "y";
  options.task = Task::regression;
  const auto model = fit(table, options).model;
  for (const auto& point : dependence_of(model, table, "day").points) EXPECT_NEAR(point.mean[0], 100 * 2 / 7.0, 12) << point.cell;
  const auto by_weekday = weekday_dependence_of(model, table, "day");
  ASSERT_TRUE(by_weekday.has_value());
  ASSERT_EQ(by_weekday->points.size(), 7U);
  for (std::size_t i = 0; i < 7; ++i) EXPECT_NEAR(by_weekday->points[i].mean[0], i >= 5 ? 100 : 0, 15) << by_weekday->points[i].cell;
  EXPECT_EQ(by_weekday->points[5].cell, "Sat");
  EXPECT_FALSE(weekday_dependence_of(learned(rows(60), 2).model, rows(60), "a").has_value());
}

TEST(Report, PointsOutWhatGivesTheTargetAway) {
  const auto table = rows(300);
  const auto text = testing::text_of_markup(write_report(table, learned(table)));
  EXPECT_NE(text.find("“copy” all but gives “y” away"), std::string::npos);
  EXPECT_EQ(text.find("“a” all but gives"), std::string::npos);
}

TEST(Report, NamesNoCategoryForThoseThatAreNotKnown) {
  std::string text = "town,y\n";
  for (int i = 0; i < 200; ++i) text += (i < 60 ? "Village " + std::to_string(i) : "Town " + std::to_string(i % 5)) + (i % 3 == 0 ? ",1.5\n" : ",4.5\n");
  const auto table = parse_csv(text, "t.csv");
  const auto page = testing::text_of_markup(write_report(table, learned(table, 5)));
  EXPECT_NE(page.find("60 others 30%"), std::string::npos) << page;
  EXPECT_EQ(page.find("Village"), std::string::npos);
}

TEST(Report, TellsWhatWasToldWhileItLearned) {
  std::string text = "name,a,y\n";
  for (int i = 0; i < 60; ++i) text += std::string(i % 2 == 0 ? "Paris" : "paris") + "," + std::to_string(i * 7 % 31) + (i % 3 == 0 ? ",1.5\n" : ",4.5\n");
  const auto table = parse_csv(text + "Total,1,1.5\n", "t.csv");
  const auto result = learned(table, 2);
  const auto page = testing::text_of_markup(write_report(table, result));
  EXPECT_EQ(result.warnings.size(), 2U);
  for (const char* part : {"What is odd in the table, or was left out", "'Total' looks like a row of totals", "'Paris' and 'paris' differ"}) EXPECT_NE(page.find(part), std::string::npos) << part;
}

TEST(Report, SaysOfWhichGroupsItsIntervalsAre) {
  std::string text = "person,a,y\n";
  for (int i = 0; i < 200; ++i) text += "p" + std::to_string(i / 10) + "," + std::to_string(i * 7 % 31) + (i * 7 % 31 > 14 ? ",yes\n" : ",no\n");
  const auto table = parse_csv(text, "t.csv");
  TrainOptions options;
  options.target = "y";
  options.split_by = "person";
  options.hidden = {4};
  options.epochs = 3;
  ReportOptions report;
  report.split_by = "person";
  EXPECT_NE(testing::text_of_markup(write_report(table, fit(table, options), report)).find("Only 4 groups to judge by"), std::string::npos);
  options.validation = 0.4;
  EXPECT_NE(testing::text_of_markup(write_report(table, fit(table, options), report)).find("resamples of the 8 groups of “person”"), std::string::npos);
}

TEST(Report, EscapesWhatComesFromTheTable) {
  std::string text = "<b>a</b>,\"x&y\"\"'\",y\n";
  for (int i = 0; i < 60; ++i) text += std::to_string(i % 7 + i % 3 * 0.5) + (i % 2 == 0 ? ",<i>p</i>," : ",&amp;q,") + (i % 5 < 2 ? "<script>alert(1)</script>\n" : "\"n\"\"o\"\n");
  const auto table = parse_csv(text, "<table>.csv");
  const auto page = write_report(table, learned(table, 5));
  EXPECT_EQ(testing::markup_error(page), "");
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("<b>a"), std::string::npos);
  EXPECT_EQ(page.find("<i>p"), std::string::npos);
}

TEST(Report, OfEveryKindOfRowsThatAreHeldOut) {
  const auto table = rows(120);
  TrainOptions options;
  options.target = "y";
  options.hidden = {4};
  options.epochs = 3;
  options.validation = 0;
  EXPECT_NE(testing::text_of_markup(write_report(table, fit(table, options))).find("No rows were held out"), std::string::npos);
  const auto others = rows(40);
  options.validation_table = &others;
  const auto result = fit(table, options);
  EXPECT_NE(testing::text_of_markup(write_report(table, result, {.validation_table = &others})).find("On 40 rows that it had not learned from"), std::string::npos);
  EXPECT_NE(testing::text_of_markup(write_report(result.model, others)).find("On 40 rows of rows.csv"), std::string::npos);
}

}  // namespace
}  // namespace longhand::report
