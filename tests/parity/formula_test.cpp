// Every formula that explain prints, worked out from its text and the values of what it uses: what a
// person reads is true.
#include "parity/formula.h"

#include <gtest/gtest.h>

#include <cmath>
#include <regex>
#include <set>

#include "explain/notation.h"
#include "longhand/explain.h"
#include "parity/goldens.h"

namespace longhand::testing {
namespace {

// Biases, what is remembered of them, and what is known of columns lie along a row; in a batch other vectors
// have an entry a row.
bool lies_along_a_row(const std::string& id) {
  static const std::regex kBias("((dL/d)?|.*_)b[0-9]+(_new|_old)?");
  return id == "mean" || id == "scale" || std::regex_match(id, kBias);
}

Matrix matrix_of(const std::string& id, const Tensor& value, bool batch) {
  const auto& shape = value.shape();
  const auto extent = [&](std::size_t axis) { return static_cast<std::size_t>(shape[axis]); };
  Matrix matrix{.rows = 1, .columns = 1, .entries = value.to_doubles()};
  if (shape.rank() == 1) (batch && lies_along_a_row(id) ? matrix.columns : matrix.rows) = extent(0);
  if (shape.rank() == 2) matrix.rows = extent(0), matrix.columns = extent(1);
  if (shape.rank() > 2) throw FormulaError(id + " has more than two axes");
  return matrix;
}

// One row of a batch's quantity, as one sample's.
Tensor row_of(const Tensor& value, std::int64_t row) {
  const auto rest = value.shape().without_axis(0);
  Tensor result(rest, DType::f64);
  for (std::int64_t i = 0; i < rest.count(); ++i) result.set(i, value.at(row * rest.count() + i));
  return result;
}

class Reader {
 public:
  Reader(const Derivation& derivation, bool batch) : batch_(batch) {
    for (const auto& given : derivation.givens) values_[given.id] = given.value;
    for (const auto& step : derivation.steps) values_[step.id] = step.value;
    if (batch) rows_ = static_cast<std::int64_t>(values_.at("y").shape()[0]);
  }

  void expect_true(const DerivationStep& step) const {
    bool matrices_of_rows = batch_ && step.value.shape().rank() == 3;
    for (const auto& use : step.uses) matrices_of_rows |= values_.at(use).shape().rank() == 3;
    // The matrix of a softmax is one for each row, and so is what is written with it.
    if (matrices_of_rows) {
      for (std::int64_t row = 0; row < rows_; ++row) expect_true(step, row);
    } else {
      expect_true(step, {});
    }
  }

 private:
  void expect_true(const DerivationStep& step, std::optional<std::int64_t> row) const {
    const bool batch = batch_ && !row;
    const auto value = [&](const std::string& id) {
      return matrix_of(id, row ? row_of(values_.at(id), *row) : values_.at(id), batch);
    };
    std::map<std::string, Matrix> symbols;
    for (const auto& use : step.uses) symbols[unicode_symbol(use)] = value(use);
    if (batch_) symbols["N"] = {1, 1, {static_cast<double>(rows_)}};
    Matrix found;
    try {
      found = value_of_formula(step.formula, symbols, batch);
    } catch (const FormulaError& error) {
      ADD_FAILURE() << step.id << ": " << error.what();
      return;
    }
    const auto expected = value(step.id);
    EXPECT_EQ(step.formula.find(unicode_symbol(step.id) + " = "), 0U) << step.formula;
    ASSERT_EQ(std::pair(found.rows, found.columns), std::pair(expected.rows, expected.columns)) << step.formula;
    double largest = 0;
    for (const double entry : expected.entries) largest = std::max(largest, std::abs(entry));
    for (std::size_t i = 0; i < expected.entries.size(); ++i) {
      ASSERT_NEAR(found.entries[i], expected.entries[i], 1e-9 * largest) << step.id << ": " << step.formula;
    }
  }

  bool batch_;
  std::int64_t rows_ = 1;
  std::map<std::string, Tensor> values_;
};

class Formulas : public ::testing::TestWithParam<GoldenCase> {};

TEST_P(Formulas, AreTrue) {
  const auto derivation = explained(GetParam());
  const Reader reader(derivation, GetParam().json["network"]["sample"]["input"][0].is_array());
  std::string new_parameters;
  for (const auto& step : derivation.steps) {
    if (step.id == "L_new") {  // the forward pass again, by name
      EXPECT_EQ(step.formula, "L′ = L(" + new_parameters + ")");
      continue;
    }
    reader.expect_true(step);
    if (step.id.ends_with("_new")) new_parameters += (new_parameters.empty() ? "" : ", ") + unicode_symbol(step.id);
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, Formulas, ::testing::ValuesIn(read_goldens("explain.json")),
                         [](const auto& test) { return test_name(test.param.name, test.index); });

// From a table's cells to the network and back to the target's own units.
TEST(FormulasOfColumns, AreTrue) {
  auto model = Model::from_network(parse_network(R"({"network": {"inputs": 2},
      "layer": [{"type": "linear", "out": 2, "weight": [[0.4, -0.7], [0.3, 0.9]], "bias": [0.1, -0.2]}, {"type": "tanh"},
                {"type": "linear", "out": 1, "weight": [[0.8, -0.5]], "bias": [0.3]}],
      "loss": {"type": "mse"}})", "columns"), 0, DType::f64);
  model.inputs = {{.name = "a", .mean = 3.7, .scale = 2.25}, {.name = "b", .mean = -41.5, .scale = 0.3}};
  model.target = TargetColumn{.name = "y", .task = Task::regression, .classes = {}, .mean = 152.125, .scale = 77.0625};
  const auto step = build_step(model, {.stable = false, .raw = true, .input_gradient = true, .loss_after = true});
  for (const std::int64_t rows : {1, 3}) {
    const std::vector<double> cells{5.5, -41.25, 1.0, -42.0, 3.5, -41.4}, targets{171, 90, 233.5};
    const auto n = static_cast<std::size_t>(rows);
    auto values = step_values(model, step, Tensor::from({cells.begin(), cells.begin() + 2 * rows}, {rows, 2}, DType::f64),
                              Tensor::from({targets.begin(), targets.begin() + rows}, {rows, 1}, DType::f64));
    values["raw"] = values.extract("x").mapped();
    const auto derivation = explain(step.graph, values, {.batch = n > 1});
    const Reader reader(derivation, n > 1);
    std::set<std::string> read;
    for (const auto& each : derivation.steps) {
      if (each.id == "L_new" || each.id == "raw") continue;
      reader.expect_true(each);
      read.insert(each.id);
    }
    for (const char* id : {"x", "y_scaled", "prediction"}) EXPECT_TRUE(read.contains(id)) << id;
  }
}

// The reader of formulas is itself held to what mathematics says.
TEST(FormulaReader, ReadsAsAPersonDoes) {
  const std::map<std::string, Matrix> symbols{{"a", {1, 1, {2}}},          {"b", {1, 1, {3}}},
                                              {"v", {2, 1, {1, 4}}},       {"W", {2, 2, {1, 2, 3, 4}}},
                                              {"m(W)", {1, 1, {7}}},       {"W′", {1, 1, {9}}},
                                              {"∂L/∂a", {1, 1, {5}}}};
  const std::pair<const char*, std::vector<double>> kCases[] = {
      {"1 + 2 × 3", {7}},      {"-a^2", {-4}},           {"(-a)^2", {4}},          {"a - b - 1", {-2}},
      {"a b / (2 b)", {1}},    {"W v", {9, 19}},         {"vᵀ W", {13, 18}},       {"v vᵀ", {1, 4, 4, 16}},
      {"v ⊙ v", {1, 16}},      {"1 / (1 + e^(-0))", {0.5}}, {"a (∂L/∂a)^2", {50}}, {"m(W) + W′", {16}},
      {"Σⱼ v ⊙ v / 2", {8.5}}, {"Σᵢⱼ W^2", {30}},   {"max(0, v - 2)", {0, 2}}, {"|1 - v|", {0, 3}},     {"√(v)", {1, 2}},
      {"1e-08 × 1e+08", {1}},  {"diag(v) W", {1, 2, 12, 16}}, {"1 if v > 2, else 0", {0, 1}},
      {"a (1 if v > 2, else -1)", {-2, 2}}};
  for (const auto& [formula, expected] : kCases) {
    const auto found = value_of_formula("q = " + std::string(formula), symbols, false).entries;
    ASSERT_EQ(found.size(), expected.size()) << formula;
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-15) << formula;
  }
  for (const char* wrong : {"v v", "W + v", "a +", "c", "(a", "a if b", "f(a)", "v ⊙ W", "a / b a", "a / b / a", "∂L/∂a^2"}) {
    EXPECT_THROW(value_of_formula("q = " + std::string(wrong), symbols, false), FormulaError) << wrong;
  }
}

}  // namespace
}  // namespace longhand::testing
