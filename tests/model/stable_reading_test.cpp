// The stable reading of a loss (passes/stable): which losses have one, and that it is the same function.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "ir/evaluate.h"
#include "longhand/autodiff.h"
#include "longhand/nn.h"
#include "passes/passes.h"
#include "support/expect_close.h"

namespace longhand::testing {
namespace {

using Build = std::function<Var(Var z, Var y)>;
using nn::bce;
using nn::cross_entropy;

struct Loss {
  Graph graph;
  Var z, y, loss;
};

Loss build(const Build& rows, std::int64_t columns) {
  Loss built;
  built.z = built.graph.input("z", {Shape::kBatch, columns});
  built.y = built.graph.input("y", {Shape::kBatch, columns});
  built.graph.output("L", mean(rows(built.z, built.y)));
  return built;
}

bool has(const Graph& graph, Op op) {
  return std::ranges::any_of(graph.nodes(), [&](const Node& node) { return node.op == op; });
}

struct Row {
  const char* name;
  Build loss;
  bool sigmoid, softmax;  // which stable operation it becomes
};

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows{
      {"bce of sigmoid", [](Var z, Var y) { return bce(sigmoid(z), y); }, true, false},
      {"bce of sigmoid of a function", [](Var z, Var y) { return bce(sigmoid(2.0 * tanh(z)), y); }, true, false},
      {"bce of a sigmoid read twice",
       [](Var z, Var y) { const Var p = sigmoid(z); return bce(p, y) + mean(0.1 * p * p, {1}); }, true, false},
      {"cross-entropy of softmax", [](Var z, Var y) { return cross_entropy(softmax(z), y); }, false, true},
      {"bce of tanh", [](Var z, Var y) { return bce(0.5 + 0.5 * tanh(z), y); }, false, false},
      {"bce of half a sigmoid", [](Var z, Var y) { return bce(0.5 * sigmoid(z), y); }, false, false},
      {"cross-entropy of sigmoid", [](Var z, Var y) { return cross_entropy(sigmoid(z), y); }, false, false},
      {"cross-entropy of softmax over the rows",
       [](Var z, Var y) { return cross_entropy(softmax(z, 0), y); }, false, false},
      {"squares of sigmoid", [](Var z, Var y) { const Var e = sigmoid(z) - y; return e * e; }, false, false},
      {"the formula of bce without its name",
       [](Var z, Var y) { const Var p = sigmoid(z); return -(y * log(p) + (1.0 - y) * log(1.0 - p)); }, false, false},
  };
  return kRows;
}

TEST(Stable, TurnsTheLossesOfLogitsIntoOneOperationAndLeavesOthers) {
  for (const auto& row : rows()) {
    const auto built = build(row.loss, 3);
    const auto result = stable(built.graph);
    EXPECT_EQ(has(result, Op::sigmoid_cross_entropy), row.sigmoid) << row.name;
    EXPECT_EQ(has(result, Op::softmax_cross_entropy), row.softmax) << row.name;
    if (row.sigmoid || row.softmax) {
      EXPECT_FALSE(has(result, Op::log)) << row.name;
    }
    EXPECT_NO_THROW(verify(result)) << row.name;
  }
}

struct Result {
  double loss;
  std::vector<double> gradient;
};

template <class T>
Result gradient_of(Graph graph, const Tensor& z, const Tensor& y) {
  const Var loss = graph.var(graph.find_output("L")), by = graph.var(graph.find_input("z"));
  const Var gradient = grad(loss, {by})[0];
  const auto values = evaluate<T>(graph, {{"z", to_array<T>(z)}, {"y", to_array<T>(y)}});
  const auto& entries = values[static_cast<std::size_t>(gradient.id)].real;
  return {static_cast<double>(values[static_cast<std::size_t>(loss.id)].real[0]), {entries.begin(), entries.end()}};
}

Tensor one_hot_rows(std::int64_t count, std::int64_t classes) {
  Tensor y({count, classes}, DType::f64);
  for (std::int64_t i = 0; i < count; ++i) y.set(i * classes + (i * 7 + 1) % classes, 1);
  return y;
}

TEST(Stable, HasTheGradientsOfTheLongReading) {
  for (const auto& row : rows()) {
    for (const double size : {0.5, 5.0, 30.0}) {
      std::vector<double> z;
      for (int i = 0; i < 30; ++i) z.push_back(size * std::sin(3.7 * i));
      const auto logits = Tensor::from(z, {10, 3}, DType::f64), y = one_hot_rows(10, 3);
      const auto expected = gradient_of<double>(build(row.loss, 3).graph, logits, y);
      const auto found = gradient_of<double>(stable(build(row.loss, 3).graph), logits, y);
      if (size > 10 && !std::isfinite(expected.loss)) continue;
      EXPECT_TRUE(close(found.gradient, expected.gradient, {0, 1e-12})) << row.name << ", size " << size;
      if (size > 10) continue;  // 1 - p has lost its digits in the long reading
      EXPECT_NEAR(found.loss, expected.loss, 1e-11 * std::abs(expected.loss)) << row.name;
    }
  }
}

TEST(Stable, IsFiniteWhereTheLongReadingIsNot) {
  for (const double z : {40.0, 1000.0, -1000.0, 1e30, -1e30}) {
    for (const double y : {0.0, 1.0}) {
      const auto binary = build(rows()[0].loss, 1);
      const auto found = gradient_of<double>(stable(binary.graph), Tensor::full({1, 1}, z, DType::f64),
                                             Tensor::full({1, 1}, y, DType::f64));
      const bool wrong = (z > 0) != (y == 1);
      EXPECT_DOUBLE_EQ(found.loss, wrong ? std::abs(z) : std::exp(-std::abs(z))) << z << " " << y;
      EXPECT_DOUBLE_EQ(found.gradient[0], (z > 0 ? 1 : std::exp(z)) - y) << z << " " << y;
      if (y == 0 && z > 0) {
        Graph long_reading = build(rows()[0].loss, 1).graph;
        EXPECT_FALSE(std::isfinite(gradient_of<double>(std::move(long_reading), Tensor::full({1, 1}, z, DType::f64),
                                                       Tensor::full({1, 1}, y, DType::f64)).loss));
      }
    }
    const auto classes = build(rows()[3].loss, 3);
    const auto logits = Tensor::from(std::vector{z, 0.0, -z}, {1, 3}, DType::f64);
    const auto label = Tensor::from(std::vector{0.0, 1.0, 0.0}, {1, 3}, DType::f64);
    const auto found = gradient_of<double>(stable(classes.graph), logits, label);
    EXPECT_DOUBLE_EQ(found.loss, std::abs(z)) << z;
    EXPECT_TRUE(close(found.gradient, z > 0 ? std::vector{1.0, -1.0, 0.0} : std::vector{0.0, -1.0, 1.0}, {0, 1e-15})) << z;
    const auto single = gradient_of<float>(stable(classes.graph), logits, label);
    EXPECT_TRUE(std::isfinite(single.loss)) << z;
  }
}

// The pass runs before the differentiator, for whom this is the whole difference.
TEST(Stable, KeepsWhatIsTakenAsConstant) {
  const auto built = build([](Var z, Var y) { return bce(sigmoid(z * stop_gradient(z)), y); }, 1);
  const auto z = Tensor::full({1, 1}, 0.7, DType::f64), y = Tensor::full({1, 1}, 1, DType::f64);
  const double p = 1 / (1 + std::exp(-0.49));
  EXPECT_NEAR(gradient_of<double>(stable(built.graph), z, y).gradient[0], (p - 1) * 0.7, 1e-14);
}

TEST(Stable, KeepsLabelsModeInputsAndWrites) {
  Graph graph(Mode::train);
  const Var z = graph.input("z", {Shape::kBatch, 1}), y = graph.input("y", {Shape::kBatch, 1});
  graph.input("unused", {2});
  const Var count = graph.state("count", {});
  graph.assign(count, count + 1.0);
  const Var loss = mean(bce(sigmoid(z.labelled("fc1", "z")), y)).labelled("", "L");
  graph.output("L", loss);
  const auto result = stable(graph);
  EXPECT_EQ(result.mode(), Mode::train);
  EXPECT_NE(result.find_input("unused"), kNoNode);
  EXPECT_EQ(result.writes().size(), 1U);
  EXPECT_EQ(result.node(result.find_output("L")).label.role, "L");
  EXPECT_EQ(result.node(result.find_input("z")).label.layer, "fc1");
}

}  // namespace
}  // namespace longhand::testing
