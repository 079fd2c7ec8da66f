// What a raw cell of each kind becomes, by closed forms.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "backends/each_target.h"
#include "longhand/model.h"
#include "model/preprocess.h"
#include "support/expect_close.h"
#include "support/op_samples.h"

namespace longhand {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kPi = std::numbers::pi;

InputColumn number(double mean, double scale) { return {.name = "n", .mean = mean, .scale = scale}; }

struct Case {
  const char* name;
  InputColumn column;
  double raw;
  std::vector<double> x;
};

std::vector<Case> cases() {
  auto gaps = number(10, 4);
  gaps.has_missing = true;
  gaps.fill = 12;
  auto robust = number(10, 4);
  robust.scaling = NumberScaling::robust;
  auto quantile = number(0, 1);
  quantile.scaling = NumberScaling::quantile_uniform;
  quantile.knots = {0, 1, 10};
  quantile.levels = {-1, 0, 1};
  auto steps = number(10, 4);
  steps.has_missing = true;
  steps.fill = 20;
  steps.edges = {0, 10, 20, 40};
  const InputColumn two{.name = "c", .kind = ColumnKind::category, .categories = {"a", "b"}};
  const InputColumn three{.name = "c", .kind = ColumnKind::category, .has_missing = true, .categories = {"a", "b", "c"}};
  const InputColumn one{.name = "c", .kind = ColumnKind::category, .has_missing = true, .categories = {"a"}};
  auto table = three;
  table.embedding = 4;
  const InputColumn date{.name = "d", .mean = 100, .scale = 50, .kind = ColumnKind::date, .fill = 7, .has_missing = true, .periods = {7, 365.2425}};
  return {
      {"number", number(10, 4), 12, {0.5}},
      {"number with gaps", gaps, 8, {-0.5, 0}},
      {"missing number", gaps, kNone, {0.5, 1}},
      {"robust", robust, 18, {2 / std::sqrt(1 + 4.0 / 9)}},
      {"robust and far", robust, 1e9, {2.999999999999}},
      {"below the knots", quantile, -5, {-1}},
      {"between the knots", quantile, 0.25, {-0.75}},
      {"at a knot", quantile, 1, {0}},
      {"between the last knots", quantile, 5.5, {0.5}},
      {"beyond the knots", quantile, 11, {1}},
      {"below the edges", steps, -2, {-3, 0, 0, 0, 0}},
      {"between the edges", steps, 15, {1.25, 1, 0.5, 0, 0}},
      {"beyond the edges", steps, 50, {10, 1, 1, 1, 0}},
      {"missing among edges", steps, kNone, {2.5, 1, 1, 0, 1}},
      {"first of two", two, 0, {-1}},
      {"second of two", two, 1, {1}},
      {"unknown of two", two, 2, {0}},
      {"first of three", three, 0, {1, 0, 0, 0}},
      {"last of three", three, 2, {0, 0, 1, 0}},
      {"unknown of three", three, 3, {0, 0, 0, 0}},
      {"missing of three", three, kNone, {0, 0, 0, 1}},
      {"row of a table", table, 2, {2}},
      {"row of the unknown", table, 3, {3}},
      {"row of the missing", table, kNone, {4}},
      {"the one", one, 0, {1, 0}},
      {"missing one", one, kNone, {0, 1}},
      {"date", date, 150, {1, std::sin(2 * kPi * 150 / 7), std::cos(2 * kPi * 150 / 7), std::sin(2 * kPi * 150 / 365.2425), std::cos(2 * kPi * 150 / 365.2425), 0}},
      {"missing date", date, kNone, {-1.86, 0, 1, std::sin(2 * kPi * 7 / 365.2425), std::cos(2 * kPi * 7 / 365.2425), 1}},
  };
}

Model model_of(std::vector<InputColumn> columns) {
  Model model;
  for (const auto& column : columns) model.network.inputs += column.features();
  model.inputs = std::move(columns);
  return model;
}

TEST(Preprocess, GivesTheClosedForm) {
  for (const auto& [name, column, raw, x] : cases()) {
    const auto found = preprocess(model_of({column}), Tensor::from(std::vector{raw}, {1, 1}, DType::f64));
    ASSERT_EQ(static_cast<std::size_t>(found.count()), x.size()) << name;
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(found.at(static_cast<std::int64_t>(i)), x[i], 1e-11) << name << " " << i;
  }
}

TEST(Preprocess, StandsColumnsSideBySide) {
  std::vector<InputColumn> columns;
  std::vector<double> raw, x;
  for (const auto& test : cases()) {
    columns.push_back(test.column);
    raw.push_back(test.raw);
    x.insert(x.end(), test.x.begin(), test.x.end());
  }
  const auto model = model_of(columns);
  EXPECT_EQ(feature_names(model).size(), x.size());
  const auto found = preprocess(model, Tensor::from(raw, {1, static_cast<std::int64_t>(raw.size())}, DType::f64));
  ASSERT_EQ(static_cast<std::size_t>(found.count()), x.size());
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(found.at(static_cast<std::int64_t>(i)), x[i], 1e-11) << feature_names(model)[i];
}

// Every kind of column at once, beside the operations one by one: in blocks of few rows, of many, and rounded.
TEST(Preprocess, GivesWhatTheReferenceGivesForManyRows) {
  std::vector<InputColumn> columns;
  for (const auto& test : cases()) columns.push_back(test.column);
  const auto model = model_of(columns);
  const auto count = static_cast<std::int64_t>(columns.size());
  for (const std::int64_t rows : {0, 1, 7, 17, 255, 256, 257, 1031}) {
    auto raw = testing::filled({rows, count}, 5, -20, 60).cast(DType::f64);
    for (std::int64_t i = 0; i < raw.count(); ++i) {
      const auto& column = columns[static_cast<std::size_t>(i % count)];
      if (column.is_category()) raw.set(i, static_cast<double>(i % (static_cast<std::int64_t>(column.categories.size()) + 1)));
      if (column.has_missing && i % 5 == 0) raw.set(i, kNone);
    }
    const Program program(build_preprocessing(model), {.dtype = DType::f64, .max_rows = std::max<std::int64_t>(rows, 1), .backend = "reference"});
    State none;
    Runner runner(program, none);
    runner.bind("raw", raw);
    runner.run(rows);
    const Tensor expected = runner.output("x");
    testing::each_target([&] {
      EXPECT_TRUE(testing::close(preprocess(model, raw).to_doubles(), expected.to_doubles(), {1e-14, 1e-14})) << rows;
      EXPECT_TRUE(identical(preprocess_as(DType::f32, model, raw), preprocess(model, raw).cast(DType::f32))) << rows;
    });
  }
}

TEST(Preprocess, WritesCellsBack) {
  const InputColumn category{.name = "c", .kind = ColumnKind::category, .categories = {"a", "b"}};
  const InputColumn date{.name = "d", .kind = ColumnKind::date};
  EXPECT_EQ(cell_text(number(0, 1), 2.5), "2.5");
  EXPECT_EQ(cell_text(number(0, 1), kNone), "missing");
  EXPECT_EQ(cell_text(category, 1), "b");
  EXPECT_EQ(cell_text(category, 2), "unknown");
  EXPECT_EQ(cell_text(date, 20782), "2026-11-25");
}

}  // namespace
}  // namespace longhand
