// First derivatives of every operation, against central differences and against PyTorch.
#include <gtest/gtest.h>

#include <cmath>

#include "autodiff/scalar_function.h"
#include "support/expect_close.h"
#include "support/op_goldens.h"

namespace longhand::testing {
namespace {

// The gradients of sum(value * cotangent) by operands, evaluated.
struct Gradients {
  BuiltSample built;
  std::vector<Var> gradients;
  Inputs<double> inputs;
};

Gradients gradients_of(const OpSample& sample, const std::vector<std::size_t>& operands,
                       const Numbers* cotangent) {
  Gradients result{build(sample), {}, inputs_of<double>(sample)};
  Graph& graph = *result.built.graph;
  const auto shape = evaluate_sample<double>(sample).shape;
  const Tensor weights = cotangent != nullptr ? Tensor::from(*cotangent, shape, DType::f64)
                                              : filled(shape, 77, -1.5, 1.5);
  const Var adjoint = graph.input("cotangent", result.built.value.shape());
  result.inputs["cotangent"] = to_array<double>(weights);
  std::vector<Var> variables;
  for (const auto operand : operands) variables.push_back(result.built.operands[operand]);
  result.gradients = vector_jacobian_product(result.built.value, adjoint, variables);
  verify(graph);
  return result;
}

// sum((value at x + h) - (value at x - h)) * cotangent) / 2h for each entry of the operand.
Numbers differences(const Gradients& found, std::size_t operand) {
  Evaluated at(*found.built.graph, found.inputs);
  const Numbers weights = found.inputs.at("cotangent").real;
  auto& entries = at.entries(operand_name(operand));
  Numbers slopes;
  for (auto& entry : entries) {
    const double here = entry, step = 1e-5 * std::max(1.0, std::abs(here));
    entry = here + step;
    const Numbers up = at(found.built.value);
    entry = here - step;
    const Numbers down = at(found.built.value);
    entry = here;
    double slope = 0;
    for (std::size_t i = 0; i < up.size(); ++i)
      slope += weights[i] * (up[i] - down[i]) / (2 * step);
    slopes.push_back(slope);
  }
  return slopes;
}

TEST(Gradient, AgreesWithCentralDifferences) {
  std::size_t checked = 0;
  for (const auto& sample : op_samples()) {
    if (!sample.differences || !is_differentiable(build(sample))) continue;
    SCOPED_TRACE(describe(sample));
    const auto operands = real_operands(sample);
    const auto found = gradients_of(sample, operands, nullptr);
    const Evaluated at(*found.built.graph, found.inputs);
    for (std::size_t k = 0; k < operands.size(); ++k) {
      EXPECT_EQ(found.gradients[k].shape(), found.built.operands[operands[k]].shape());
      EXPECT_TRUE(close(at(found.gradients[k]), differences(found, operands[k]), {1e-6, 1e-8}))
          << "by operand " << operands[k];
      ++checked;
    }
  }
  EXPECT_GT(checked, 300U);
}

TEST(Gradient, IsThatOfPyTorchAtKinksToo) {
  std::size_t checked = 0;
  for (const auto& golden : op_goldens()) {
    if (golden.cotangent.empty()) continue;
    SCOPED_TRACE(describe(golden.sample));
    std::vector<std::size_t> operands;
    for (std::size_t i = 0; i < golden.gradients.size(); ++i) {
      if (golden.gradients[i]) operands.push_back(i);
    }
    const auto found = gradients_of(golden.sample, operands, &golden.cotangent);
    const Evaluated at(*found.built.graph, found.inputs);
    for (std::size_t k = 0; k < operands.size(); ++k) {
      EXPECT_TRUE(close(at(found.gradients[k]), *golden.gradients[operands[k]], {1e-12, 1e-14}))
          << "by operand " << operands[k];
      ++checked;
    }
  }
  EXPECT_GT(checked, 200U);
}

TEST(Gradient, OfWhatIsNotDifferentiableIsZero) {
  for (const auto& sample : op_samples()) {
    const auto built = build(sample);
    if (built.value.kind() != Kind::real || is_differentiable(built)) continue;
    const auto operands = real_operands(sample);
    const auto found = gradients_of(sample, operands, nullptr);
    const Evaluated at(*found.built.graph, found.inputs);
    for (std::size_t k = 0; k < operands.size(); ++k) {
      const auto gradient = at(found.gradients[k]);
      EXPECT_EQ(gradient, Numbers(gradient.size(), 0)) << describe(sample);
    }
  }
}

TEST(Gradient, IsFiniteFarOut) {
  for (const auto& sample : op_samples()) {
    if (sample.differences || sample.expected.empty()) continue;
    const auto operands = real_operands(sample);
    const auto found = gradients_of(sample, operands, nullptr);
    const Evaluated at(*found.built.graph, found.inputs);
    for (const auto gradient : found.gradients) {
      for (const double entry : at(gradient)) EXPECT_TRUE(std::isfinite(entry)) << describe(sample);
    }
  }
}

TEST(Gradient, OfAnActivationFarOutIsItsLimit) {
  struct Case {
    const char* name;
    Var (*function)(Var);
    double below, above;
  };
  const Case cases[] = {{"relu", [](Var x) { return relu(x); }, 0, 1},
                        {"leaky_relu", [](Var x) { return leaky_relu(x); }, 0.01, 1},
                        {"elu", [](Var x) { return elu(x); }, 0, 1},
                        {"gelu", [](Var x) { return gelu(x); }, 0, 1},
                        {"gelu_tanh", [](Var x) { return gelu_tanh(x); }, 0, 1},
                        {"silu", [](Var x) { return silu(x); }, 0, 1},
                        {"softplus", [](Var x) { return softplus(x); }, 0, 1},
                        {"sigmoid", [](Var x) { return sigmoid(x); }, 0, 0},
                        {"tanh", [](Var x) { return tanh(x); }, 0, 0},
                        {"hard_sigmoid", [](Var x) { return hard_sigmoid(x); }, 0, 0},
                        {"hard_tanh", [](Var x) { return hard_tanh(x); }, 0, 0}};
  for (const auto& [name, function, below, above] : cases) {
    Graph graph;
    const Var x = graph.input("x", {4});
    const Var by_x = grad(sum(function(x)), {x})[0];
    const Evaluated at(graph, {{"x", to_array<double>(Tensor{-1e30, -1000.0, 1000.0, 1e30})}});
    EXPECT_TRUE(close(at(by_x), {below, below, above, above}, {1e-15, 0})) << name;
  }
}

TEST(Gradient, OfPowerIsFlatWhereItIsOneOrZeroEverywhere) {
  Graph graph;
  const Var base = graph.input("base", {4}), exponent = graph.input("exponent", {4});
  const auto gradients = grad(sum(power(base, exponent)), {base, exponent});
  const Evaluated at(graph, {{"base", to_array<double>(Tensor{0.0, 0.0, -2.0, 0.0})},
                             {"exponent", to_array<double>(Tensor{0.0, 2.0, 0.0, 1.0})}});
  EXPECT_EQ(at(gradients[0]), (Numbers{0, 0, 0, 1}));
  EXPECT_EQ(at(gradients[1])[0], 0);
  EXPECT_EQ(at(gradients[1])[1], 0);
}

}  // namespace
}  // namespace longhand::testing
