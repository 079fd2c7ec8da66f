// What a model goes by, where that is known: of sums of columns.
#include "report/importance.h"

#include <gtest/gtest.h>

#include "longhand/report.h"
#include "report/linear_model.h"
#include "support/markup.h"

namespace longhand::report {
namespace {

using testing::linear_model;

// z is 0, 0.1, …, 1 and x is 0, 4 or 8.
Table sums() {
  std::string text = "z,x,y\n";
  for (int i = 0; i < 11; ++i) text += std::to_string(i * 0.1) + "," + std::to_string(i % 3 * 4) + "," + std::to_string(i * 0.1 + i % 3 * 8) + "\n";
  return parse_csv(text, "t.csv");
}

TEST(Dependence, OfASumIsThatOfItsPartAndTheMeanOfTheOthers) {
  const auto model = linear_model({"z", "x"}, {1, 2});
  const auto of_x = dependence_of(model, sums(), "x", {.points = 7});
  ASSERT_EQ(of_x.points.size(), 3U);  // each value once
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& point = of_x.points[i];
    const double x = 4 * static_cast<double>(i);
    EXPECT_EQ(point.value, x);
    EXPECT_NEAR(point.mean[0], 2 * x + 0.5, 1e-12);
    EXPECT_NEAR(point.low[0], 2 * x + 0.1, 1e-12);  // of z, at 10% and 90%
    EXPECT_NEAR(point.high[0], 2 * x + 0.9, 1e-12);
  }
  const auto of_z = dependence_of(model, sums(), "z", {.points = 11});
  ASSERT_EQ(of_z.points.size(), 11U);
  for (const auto& point : of_z.points) EXPECT_NEAR(point.mean[0], point.value + 2 * 40 / 11.0, 1e-12);
}

TEST(Dependence, OfTextsIsOfTheMostFrequentOnes) {
  std::vector<double> weights;
  std::string text = "c,y\n";
  InputColumn input{.name = "c", .kind = ColumnKind::category};
  for (int i = 0; i < 12; ++i) {
    weights.push_back(i);
    input.categories.push_back("t" + std::to_string(10 + i));
    for (int k = 0; k < 3 + i * 5 % 12; ++k) text += input.categories.back() + ",0\n";
  }
  auto model = linear_model({}, weights);
  model.inputs = {input};
  const auto dependence = dependence_of(model, parse_csv(text, "t.csv"), "c");
  ASSERT_EQ(dependence.points.size(), 10U);
  for (int place = 0; place < 10; ++place) {
    const int code = (11 - place) * 5 % 12;  // the one that stands in 14 - place rows
    EXPECT_EQ(dependence.points[static_cast<std::size_t>(place)].cell, "t" + std::to_string(10 + code));
    EXPECT_NEAR(dependence.points[static_cast<std::size_t>(place)].mean[0], code, 1e-12);
  }
}

TEST(Importance, BeginsWithTheMostImportantColumn) {
  const auto importance = importance_of(linear_model({"z", "x"}, {1, 2}), sums());
  ASSERT_EQ(importance.size(), 2U);
  EXPECT_EQ(importance[0].column, "x");
  EXPECT_GT(importance[0].rise, 5 * importance[1].rise);
}

// The columns of which a page draws how the prediction goes with them.
std::size_t drawn(const std::string& page, const std::string& column = "") {
  std::size_t count = 0;
  for (const auto& label : testing::attributes(page, "aria-label")) count += label.starts_with("Prediction by " + column) ? 1 : 0;
  return count;
}

TEST(Dependence, IsDrawnOfColumnsThatMatter) {
  std::vector<std::string> names;
  std::string header = "y";
  for (int j = 0; j < 8; ++j) {
    names.push_back("c" + std::to_string(j));
    header += "," + names.back();
  }
  std::string text = header + "\n";
  for (int i = 0; i < 50; ++i) {
    std::string cells;
    int sum = 0;
    for (int j = 0; j < 8; ++j) {
      const int cell = (i * (2 * j + 3) + i * i * (j + 1)) % 13;
      cells += "," + std::to_string(cell);
      sum += cell;
    }
    text += std::to_string(sum) + cells + "\n";
  }
  const auto table = parse_csv(text, "t.csv");
  EXPECT_EQ(drawn(write_report(linear_model(names, std::vector<double>(8, 1)), table)), 6U);
  const auto page = write_report(linear_model({"c0", "c1", "c2"}, {1, 0, 0.7}), table);
  EXPECT_EQ(drawn(page), 2U);
  EXPECT_EQ(drawn(page, "c1"), 0U);
}

// Of 260 columns 200 are looked at.
TEST(Importance, OfManyColumnsIsOfThoseThatTellMost) {
  std::string text = "y";
  std::vector<std::string> names;
  for (int j = 0; j < 260; ++j) {
    names.push_back("c" + std::to_string(j));
    text += "," + names.back();
  }
  for (int i = 0; i < 60; ++i) {
    text += "\n" + std::to_string(i * 7 % 60 + 0.5);
    for (int j = 0; j < 259; ++j) text += "," + std::to_string((i * (j + 2) + i * i) % 17);
    text += "," + std::to_string(i * 7 % 60);
  }
  std::vector<double> weights(260, 0);
  weights.back() = 1;
  EXPECT_EQ(drawn(write_report(linear_model(names, weights), parse_csv(text + "\n", "t.csv")), "c259"), 1U);
}

// The labels and the line of a figure.
struct Figure {
  std::string text, line;
};
Figure figure_by(const std::string& page, const std::string& column) {
  const auto begin = page.find("aria-label=\"Prediction by " + column);
  const auto svg = page.substr(begin, page.find("</svg>", begin) - begin);
  const auto path = svg.find(" d=\"M", svg.find("<path class=\"s1\""));
  return {svg, svg.substr(path + 5, svg.find('"', path + 5) - path - 5)};
}

// Of a path "12.0 34.5L…": how high it begins and ends, from the top.
std::pair<double, double> heights(const std::string& line) {
  const auto height_at = [&](std::size_t at) { return std::stod(line.substr(line.find(' ', at) + 1)); };
  return {height_at(0), height_at(line.rfind('L'))};
}

Table of_two_classes(int rows) {
  std::string text = "x,y\n";
  for (int i = 0; i < rows; ++i) text += std::to_string(i % 31 * 0.1 - 1.5) + (i * 7 % 31 > 12 ? ",yes\n" : ",no\n");
  return parse_csv(text, "t.csv");
}

TEST(Dependence, IsOfTheClassThatIsAskedFor) {
  const auto model = linear_model({"x"}, {3}, Task::binary);
  const auto rising = heights(figure_by(write_report(model, of_two_classes(120)), "x").line);
  const auto falling = heights(figure_by(write_report(model, of_two_classes(120), {.positive = "no"}), "x").line);
  EXPECT_GT(rising.first, rising.second + 50);
  EXPECT_LT(falling.first + 50, falling.second);
}

TEST(Dependence, OfAlmostNothingDoesNotLookLikeMuch) {
  const auto figure = figure_by(write_report(linear_model({"x"}, {0.001}, Task::binary), of_two_classes(120)), "x");
  for (const char* tick : {">40%<", ">50%<", ">60%<"}) EXPECT_NE(figure.text.find(tick), std::string::npos) << tick;
  const auto [begin, end] = heights(figure.line);
  EXPECT_NEAR(begin, end, 5);
}

TEST(Importance, OfManyRowsIsOfSomeOfThem) {
  const auto text = [](int rows) { return testing::text_of_markup(write_report(linear_model({"x"}, {3}, Task::binary), of_two_classes(rows))); };
  EXPECT_NE(text(2500).find("On 2,000 of the 2,500 rows, drawn at random."), std::string::npos);
  EXPECT_EQ(text(2000).find("rows, drawn at random."), std::string::npos);
}

}  // namespace
}  // namespace longhand::report
