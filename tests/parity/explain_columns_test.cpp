// From the raw cell to the prediction and back, for every kind of column and a scaled target, by closed forms.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "longhand/explain.h"
#include "longhand/model.h"
#include "model/step_values.h"

namespace longhand::testing {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kPi = std::numbers::pi;
constexpr double kMean = 30, kScale = 8, kBias = 0.25, kRate = 0.1, kTarget = 46;

struct Case {
  const char* name;
  InputColumn column;
  double raw;
  std::vector<double> x;
};

InputColumn number(NumberScaling scaling) { return {.name = "n", .mean = 10, .scale = 4, .fill = 12, .scaling = scaling}; }

std::vector<Case> cases() {
  auto gaps = number(NumberScaling::standard);
  gaps.has_missing = true;
  auto steps = number(NumberScaling::standard);
  steps.edges = {0, 10, 20, 40};
  auto normal = number(NumberScaling::quantile_normal), uniform = number(NumberScaling::quantile_uniform);
  normal.knots = uniform.knots = {0, 1, 10};
  normal.levels = {-1.5, 0.25, 2};
  uniform.levels = {-1, 0, 1};
  const InputColumn two{.name = "c", .kind = ColumnKind::boolean, .categories = {"no", "yes"}};
  const InputColumn three{.name = "c", .kind = ColumnKind::category, .has_missing = true, .categories = {"a", "b", "c"}};
  auto table = three;
  table.embedding = 2;
  const InputColumn date{.name = "d", .mean = 100, .scale = 50, .kind = ColumnKind::date, .periods = {7}};
  return {{"standard", number(NumberScaling::standard), 16, {1.5}},
          {"robust", number(NumberScaling::robust), 18, {2 / std::sqrt(1 + 4.0 / 9)}},
          {"quantile_normal", normal, 5.5, {0.25 + 1.75 * 0.5}},
          {"quantile_uniform", uniform, 0.25, {-0.75}},
          {"piecewise linear", steps, 15, {1.25, 1, 0.5, 0}},
          {"there, of a column with gaps", gaps, 8, {-0.5, 0}},
          {"missing", gaps, kNone, {0.5, 1}},
          {"yes or no", two, 1, {1}},
          {"one-hot", three, 1, {0, 1, 0, 0}},
          {"one-hot, unknown", three, 3, {0, 0, 0, 0}},
          {"one-hot, missing", three, kNone, {0, 0, 0, 1}},
          {"row of a table", table, 1, {2, 3}},
          {"row of a table, unknown", table, 3, {6, 7}},
          {"row of a table, missing", table, kNone, {8, 9}},
          {"date", date, 150, {1, std::sin(2 * kPi * 150 / 7), std::cos(2 * kPi * 150 / 7)}}};
}

// One linear unit over the column, whose table has 0, 1, 2, … as its entries.
Model model_of(const InputColumn& column, std::size_t width) {
  NetworkSpec network;
  network.inputs = column.features();
  if (column.embedding > 0) {
    LayerSpec embedding;
    embedding.type = "embedding";
    embedding.tables = embedding_tables({column});
    const auto& table = embedding.tables[0];
    std::vector<double> entries;
    for (std::int64_t i = 0; i < table.rows * table.size; ++i) entries.push_back(static_cast<double>(i));
    embedding.tables[0].weight = Tensor::from(entries, {table.rows, table.size}, DType::f64);
    network.layers.push_back(embedding);
  }
  LayerSpec linear;
  linear.type = "linear";
  linear.out = 1;
  std::vector<double> weights;
  for (std::size_t i = 0; i < width; ++i) weights.push_back(0.5 - 0.75 * static_cast<double>(i));
  linear.weight = Tensor::from(weights, {1, static_cast<std::int64_t>(width)}, DType::f64);
  linear.bias = Tensor::from(std::vector{kBias}, {1}, DType::f64);
  network.layers.push_back(linear);
  network.loss.type = "mse";
  network.optimizer.learning_rate = kRate;
  validate(network, "network");
  auto model = Model::from_network(std::move(network), 0, DType::f64);
  model.inputs = {column};
  model.target = TargetColumn{.name = "y", .classes = {}, .mean = kMean, .scale = kScale};
  return model;
}

class ExplainColumns : public ::testing::TestWithParam<Case> {};

TEST_P(ExplainColumns, FromTheCellToThePredictionAndBack) {
  const auto& [name, column, raw, x] = GetParam();
  const auto model = model_of(column, x.size());
  const auto step = build_step(model, {.stable = false, .raw = true, .input_gradient = true, .loss_after = true});
  const SampleSpec sample{Tensor::from(std::vector{raw}, {1, 1}, DType::f64), Tensor::from(std::vector{kTarget}, {1, 1}, DType::f64)};
  const auto derivation = explain(step.graph, step_values(model, step.graph, sample), {.columns = {{.name = column.name, .cell = "cell", .rule = "rule"}}});
  std::map<std::string, const DerivationStep*> steps;
  for (const auto& worked : derivation.steps) steps[worked.id] = &worked;
  const auto expect = [&](const std::string& id, const std::vector<double>& expected) {
    ASSERT_TRUE(steps.contains(id)) << id;
    const auto found = steps.at(id)->value.to_doubles();
    ASSERT_EQ(found.size(), expected.size()) << id;
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (std::isnan(expected[i])) EXPECT_TRUE(std::isnan(found[i])) << id;
      else EXPECT_NEAR(found[i], expected[i], 1e-11) << id << " " << i;
    }
  };
  double z = kBias;
  for (std::size_t i = 0; i < x.size(); ++i) z += (0.5 - 0.75 * static_cast<double>(i)) * x[i];
  const double y = (kTarget - kMean) / kScale, slope = 2 * (z - y);
  std::vector<double> dw, dx, w_new;
  double z_new = kBias - kRate * slope;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double w = 0.5 - 0.75 * static_cast<double>(i);
    dw.push_back(slope * x[i]);
    dx.push_back(slope * w);
    w_new.push_back(w - kRate * slope * x[i]);
    z_new += w_new[i] * (x[i] - (column.embedding > 0 ? kRate * dx[i] : 0));
  }
  expect("raw", {raw});
  expect("x", x);
  expect("y_scaled", {y});
  expect("y_hat", {z});
  expect("prediction", {z * kScale + kMean});
  expect("L", {(z - y) * (z - y)});
  expect("dL/dW1", dw);
  expect("dL/dx", dx);
  expect("W1_new", w_new);
  expect("L_new", {(z_new - y) * (z_new - y)});
  for (const auto& worked : derivation.steps) {
    if (!worked.id.starts_with("dL/d")) continue;
    ASSERT_TRUE(worked.check) << worked.id;
    EXPECT_LT(worked.check->relative_error, 1e-6) << worked.id;
  }
  // It is what the model predicts.
  EXPECT_NEAR(Predictor(model).predict(sample.input).at(0), z * kScale + kMean, 1e-11);
}

INSTANTIATE_TEST_SUITE_P(Kinds, ExplainColumns, ::testing::ValuesIn(cases()), [](const auto& test) {
  std::string name;
  for (const char c : std::string(test.param.name)) name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
});

}  // namespace
}  // namespace longhand::testing
