// Gradients of gradients, as Hessian-vector products.
#include <gtest/gtest.h>

#include <cmath>

#include "autodiff/scalar_function.h"
#include "support/expect_close.h"

namespace longhand::testing {
namespace {

// H v for a scalar and the direction v = (v0, v1, ...), one part for each variable.
std::vector<Var> hessian_vector_product(Var scalar, const std::vector<Var>& variables,
                                        const std::vector<Var>& direction) {
  const auto gradients = grad(scalar, variables);
  Var along = sum(gradients[0] * direction[0]);
  for (std::size_t i = 1; i < variables.size(); ++i)
    along = along + sum(gradients[i] * direction[i]);
  return grad(along, variables);
}

// One variable of a scalar: where it is, and where it is moved.
struct Moved {
  Var variable;
  std::string name;
  Tensor direction;
};

// Checks H v against (gradient at x + h v - gradient at x - h v) / 2h.
void expect_hessian(Var scalar, const std::vector<Moved>& moved, Inputs<double> inputs) {
  Graph& graph = *scalar.graph;
  std::vector<Var> variables, direction;
  for (const auto& part : moved) {
    variables.push_back(part.variable);
    direction.push_back(graph.input("direction of " + part.name, part.variable.shape()));
    inputs["direction of " + part.name] = to_array<double>(part.direction);
  }
  const auto gradients = grad(scalar, variables);
  const auto products = hessian_vector_product(scalar, variables, direction);
  verify(graph);

  const double step = 1e-5;
  const auto gradients_at = [&](double distance) {
    Evaluated at(graph, inputs);
    for (const auto& part : moved) {
      auto& entries = at.entries(part.name);
      const auto v = part.direction.values<double>();
      for (std::size_t i = 0; i < entries.size(); ++i) entries[i] += distance * v[i];
    }
    std::vector<Numbers> values;
    for (const auto gradient : gradients) values.push_back(at(gradient));
    return values;
  };
  const auto up = gradients_at(step), down = gradients_at(-step);
  const Evaluated at(graph, inputs);
  for (std::size_t k = 0; k < moved.size(); ++k) {
    Numbers expected(up[k].size());
    for (std::size_t i = 0; i < expected.size(); ++i)
      expected[i] = (up[k][i] - down[k][i]) / (2 * step);
    EXPECT_TRUE(close(at(products[k]), expected, {1e-6, 1e-7})) << "by " << moved[k].name;
  }
}

TEST(SecondDerivative, OfEveryOperationAgreesWithDifferencesOfTheGradient) {
  std::size_t checked = 0;
  for (const auto& sample : op_samples()) {
    const auto built = build(sample);
    if (!sample.differences || !is_differentiable(built)) continue;
    SCOPED_TRACE(describe(sample));
    Graph& graph = *built.graph;
    auto inputs = inputs_of<double>(sample);
    const auto shape = evaluate_sample<double>(sample).shape;
    inputs["weights"] = to_array<double>(filled(shape, 78, -1.5, 1.5));
    const Var scalar = sum(built.value * graph.input("weights", built.value.shape()));
    std::vector<Moved> moved;
    for (const auto i : real_operands(sample)) {
      moved.push_back({built.operands[i], operand_name(i),
                       filled(sample.operands[i].value.shape(), 79 + i, -1, 1)});
    }
    expect_hessian(scalar, moved, inputs);
    ++checked;
  }
  EXPECT_GT(checked, 250U);
}

// A network of two layers with a bend between them: x, W1, b1, W2, b2, y.
struct Network {
  Graph graph;
  Var x = graph.input("x", {Shape::kBatch, 3});
  Var w1 = graph.state("w1", {4, 3}), b1 = graph.state("b1", {4});
  Var w2 = graph.state("w2", {2, 4}), b2 = graph.state("b2", {2});
  Var y = graph.input("y", {Shape::kBatch, 2});
  std::vector<Moved> parameters = {{w1, "w1", filled({4, 3}, 11, -1, 1)},
                                   {b1, "b1", filled({4}, 12, -1, 1)},
                                   {w2, "w2", filled({2, 4}, 13, -1, 1)},
                                   {b2, "b2", filled({2}, 14, -1, 1)}};
  Inputs<double> inputs = {
      {"x", to_array<double>(filled({5, 3}, 1))},
      {"w1", to_array<double>(filled({4, 3}, 2, -1, 1))},
      {"b1", to_array<double>(filled({4}, 3, -1, 1))},
      {"w2", to_array<double>(filled({2, 4}, 4, -1, 1))},
      {"b2", to_array<double>(filled({2}, 5, -1, 1))},
      {"y", to_array<double>(Tensor{{1., 0.}, {0., 1.}, {1., 0.}, {.5, .5}, {0., 1.}})}};
};

TEST(SecondDerivative, OfANetworkAgreesWithDifferencesOfTheGradient) {
  using Activation = Var (*)(Var);
  const Activation activations[] = {[](Var z) { return tanh(z); }, [](Var z) { return gelu(z); },
                                    [](Var z) { return softplus(z); },
                                    [](Var z) { return elu(z); }};
  for (const auto activation : activations) {
    Network stable, composed;
    const auto logits = [&](Network& n) {
      return linear(activation(linear(n.x, n.w1, n.b1)), n.w2, n.b2);
    };
    expect_hessian(mean(softmax_cross_entropy(logits(stable), stable.y)), stable.parameters,
                   stable.inputs);
    const Var p = softmax(logits(composed));
    expect_hessian(-mean(sum(composed.y * log(p), {1})), composed.parameters, composed.inputs);
  }
}

TEST(SecondDerivative, OfANetworkIsSymmetric) {
  Network n;
  const Var loss =
      mean(softmax_cross_entropy(linear(tanh(linear(n.x, n.w1, n.b1)), n.w2, n.b2), n.y));
  std::vector<Var> variables, u, v;
  auto inputs = n.inputs;
  for (std::size_t i = 0; i < n.parameters.size(); ++i) {
    const auto& part = n.parameters[i];
    variables.push_back(part.variable);
    u.push_back(n.graph.constant(part.direction));
    v.push_back(n.graph.constant(filled(part.direction.shape(), 30 + i)));
  }
  const auto hu = hessian_vector_product(loss, variables, u),
             hv = hessian_vector_product(loss, variables, v);
  Var uhv = n.graph.constant(0.0), vhu = n.graph.constant(0.0);
  for (std::size_t i = 0; i < variables.size(); ++i) {
    uhv = uhv + sum(u[i] * hv[i]);
    vhu = vhu + sum(v[i] * hu[i]);
  }
  const Evaluated at(n.graph, inputs);
  EXPECT_NE(at(uhv)[0], 0);
  EXPECT_TRUE(close(at(uhv), at(vhu), {1e-12, 0}));
}

TEST(SecondDerivative, OfALossWithAPenaltyOnItsGradient) {
  Network n;
  const Var loss =
      mean(softmax_cross_entropy(linear(tanh(linear(n.x, n.w1, n.b1)), n.w2, n.b2), n.y));
  const Var by_x = grad(loss, {n.x})[0];
  expect_hessian(loss + sum(by_x * by_x), n.parameters, n.inputs);
}

TEST(ThirdDerivative, OfAPolynomialIsExact) {
  Graph graph;
  const Var x = graph.input("x", {});
  const Var first = grad(power(x, graph.constant(4.0)), {x})[0];
  const Var second = grad(first, {x})[0];
  const Var third = grad(second, {x})[0];
  const Evaluated at(graph, {{"x", to_array<double>(Tensor::scalar(1.5))}});
  EXPECT_EQ(at(first)[0], 13.5);
  EXPECT_EQ(at(second)[0], 27);
  EXPECT_EQ(at(third)[0], 36);
}

}  // namespace
}  // namespace longhand::testing
