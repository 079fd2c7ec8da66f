// What grad promises beside the rules of the operations.
#include <gtest/gtest.h>

#include "autodiff/scalar_function.h"
#include "support/expect_close.h"

namespace longhand::testing {
namespace {

constexpr auto kBatch = Shape::kBatch;

Array<double> numbers(std::initializer_list<double> values) {
  return to_array<double>(
      Tensor::from(values, {static_cast<std::int64_t>(values.size())}, DType::f64));
}

TEST(Grad, OfWhatTheLossDoesNotDependOnIsZeros) {
  Graph graph;
  const Var x = graph.input("x", {kBatch, 2});
  const Var w = graph.state("w", {3});
  const Var later = exp(x);
  const Var loss = sum(sin(x));
  const auto gradients = grad(loss, {w, later, graph.input("z", {2, 2})});
  const Evaluated at(graph, {{"x", to_array<double>(Tensor{{1., 2.}, {3., 4.}, {5., 6.}})},
                             {"w", numbers({1, 2, 3})},
                             {"z", to_array<double>(Tensor(Shape{2, 2}))}});
  EXPECT_EQ(at(gradients[0]), Numbers(3, 0));
  EXPECT_EQ(at(gradients[1]), Numbers(6, 0));
  EXPECT_EQ(at(gradients[2]), Numbers(4, 0));
}

TEST(Grad, OfTheLossByItselfIsOne) {
  Graph graph;
  const Var loss = sum(graph.input("x", {2}));
  const Var one = grad(loss, {loss})[0];
  EXPECT_EQ(Evaluated(graph, {{"x", numbers({1, 2})}})(one), Numbers{1});
}

TEST(Grad, AddsUpOverSeveralUses) {
  Graph graph;
  const Var x = graph.input("x", {2});
  const Var loss = sum(x * x + 3.0 * x + exp(x) - sin(x) / x);
  const Var by_x = grad(loss, {x})[0];
  const Evaluated at(graph, {{"x", numbers({0.5, -2})}});
  Numbers expected;
  for (const double v : {0.5, -2.0}) {
    expected.push_back(2 * v + 3 + std::exp(v) - (std::cos(v) * v - std::sin(v)) / (v * v));
  }
  EXPECT_TRUE(close(at(by_x), expected, {1e-14, 1e-14}));
}

TEST(Grad, ByANodeBetweenCountsEveryPathFromThere) {
  Graph graph;
  const Var x = graph.input("x", {2});
  const Var negated = -x, inverse = 1.0 / x;
  // Written plainly these are x and y / x, which would no longer depend on what they were made of.
  const auto gradients = grad(sum(-negated) + sum(x * inverse), {negated, inverse, x});
  const Evaluated at(graph, {{"x", numbers({2, -4})}});
  EXPECT_EQ(at(gradients[0]), (Numbers{-1, -1}));
  EXPECT_EQ(at(gradients[1]), (Numbers{2, -4}));
  EXPECT_TRUE(close(at(gradients[2]), {1, 1}, {1e-15, 1e-15}));
}

TEST(Grad, StopsWhereItIsToldTo) {
  Graph graph;
  const Var x = graph.input("x", {2});
  const Var by_x = grad(sum(x * stop_gradient(x)), {x})[0];
  EXPECT_EQ(Evaluated(graph, {{"x", numbers({2, 5})}})(by_x), (Numbers{2, 5}));
}

TEST(Grad, OfABatchOfAnySize) {
  Graph graph;
  const Var x = graph.input("x", {kBatch, 2});
  const Var w = graph.state("w", {2});
  const auto gradients = grad(mean(x * w), {w, x});
  EXPECT_EQ(to_string(gradients[1].shape()), "[B, 2]");
  for (const std::int64_t rows : {1, 3}) {
    const Evaluated at(
        graph, {{"x", to_array<double>(Tensor::full({rows, 2}, 6))}, {"w", numbers({1, 2})}});
    EXPECT_EQ(at(gradients[0]), (Numbers{3, 3}));
    EXPECT_EQ(at(gradients[1]).size(), static_cast<std::size_t>(2 * rows));
  }
}

TEST(Grad, RefusesALossThatIsNoScalarNamingItsShape) {
  Graph graph;
  const Var x = graph.input("x", {kBatch, 2});
  try {
    grad(x, {x});
    FAIL();
  } catch (const ShapeError& error) {
    EXPECT_NE(std::string(error.what()).find("[B, 2]"), std::string::npos) << error.what();
  }
  EXPECT_THROW(grad(sum(x, {0}, true), {x}), ShapeError);
}

TEST(Grad, RefusesVariablesOfAnotherGraph) {
  Graph graph, other;
  const Var x = graph.input("x", {2}), y = other.input("y", {2});
  EXPECT_THROW(grad(sum(x), {y}), ArgumentError);
  EXPECT_THROW(grad(sum(x), {x, Var{}}), ArgumentError);
  EXPECT_THROW(grad(Var{}, {x}), ArgumentError);
  EXPECT_THROW(vector_jacobian_product(x, y, {x}), ArgumentError);
}

TEST(VectorJacobianProduct, StartsFromTheAdjointItIsGiven) {
  Graph graph;
  const Var x = graph.input("x", {2}), adjoint = graph.input("adjoint", {2});
  const Var by_x = vector_jacobian_product(x * x, adjoint, {x})[0];
  const Evaluated at(graph, {{"x", numbers({2, 3})}, {"adjoint", numbers({1, -10})}});
  EXPECT_EQ(at(by_x), (Numbers{4, -60}));
  EXPECT_THROW(vector_jacobian_product(x * x, graph.input("wrong", {3}), {x}), ShapeError);
}

TEST(Jacobian, OfSoftmaxIsDiagonalLessOuterProduct) {
  Graph graph;
  const Var z = graph.input("z", {kBatch, 3});
  const Var p = softmax(z);
  const Var matrix = jacobian(p, z);
  EXPECT_EQ(to_string(matrix.shape()), "[B, 3, 3]");
  for (const auto& node : graph.nodes()) EXPECT_TRUE(node.label.empty());
  const Evaluated at(graph, {{"z", to_array<double>(filled({2, 3}, 1))}});
  const Numbers y = at(p), found = at(matrix);
  for (std::size_t row = 0; row < 2; ++row) {
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) {
        const double expected = (i == j ? y[row * 3 + i] : 0) - y[row * 3 + i] * y[row * 3 + j];
        EXPECT_NEAR(found[row * 9 + i * 3 + j], expected, 1e-15);
      }
    }
  }
  EXPECT_THROW(jacobian(sum(z), z), ShapeError);
  EXPECT_THROW(jacobian(z, graph.state("w", {2, 3})), ShapeError);
}

}  // namespace
}  // namespace longhand::testing
