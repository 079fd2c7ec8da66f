// Functions composed of the operations. Each keeps its name in the graph, so that it is written
// `GELU(z)`, differentiated as one step where it works entry by entry, and found by passes.
#include <cmath>
#include <numbers>

#include "ir/op_table.h"

namespace longhand {
namespace {

// The operand is checked first, so that a refusal names the composite and leaves none half-built.
template <class Body>
Var elementwise(const char* name, Var x, std::vector<std::pair<std::string, double>> parameters,
                Body body) {
  require_real(name, x);
  x.graph->begin_composite(name, {x}, std::move(parameters), true);
  return x.graph->end_composite(body());
}

// The axis from 0.
std::int64_t begin_along_axis(const char* name, Var x, std::int64_t axis) {
  require_real(name, x);
  axis = normalised_axes(name, {axis}, x.shape())[0];
  x.graph->begin_composite(name, {x}, {{"axis", static_cast<double>(axis)}}, false);
  return axis;
}

Var positive(Var x) { return greater(x, x.graph->constant(0.0)); }

}  // namespace

Var leaky_relu(Var x, double negative_slope) {
  return elementwise("leaky_relu", x, {{"negative_slope", negative_slope}},
                     [&] { return where(positive(x), x, negative_slope * x); });
}

Var elu(Var x, double alpha) {
  // The inner choice keeps the branch that is not taken finite, and with it the gradient through it.
  return elementwise("elu", x, {{"alpha", alpha}}, [&] {
    const auto up = positive(x);
    return where(up, x, alpha * expm1(where(up, x.graph->constant(0.0), x)));
  });
}

Var gelu(Var x) {
  return elementwise("gelu", x, {}, [&] {
    return 0.5 * x * (1.0 + erf(x * (1.0 / std::numbers::sqrt2)));
  });
}

Var gelu_tanh(Var x) {
  return elementwise("gelu_tanh", x, {}, [&] {
    const double scale = std::sqrt(2.0 / std::numbers::pi);
    return 0.5 * x * (1.0 + tanh(scale * (x + 0.044715 * (x * x * x))));
  });
}

Var silu(Var x) {
  return elementwise("silu", x, {}, [&] { return x * sigmoid(x); });
}

Var softplus(Var x) {
  // max(x, 0) + log(1 + e^-|x|) is this function of z with y = 0, and its slope is sigmoid(x).
  return elementwise("softplus", x, {},
                     [&] { return sigmoid_cross_entropy(x, x.graph->constant(0.0)); });
}

Var hard_sigmoid(Var x) {
  return elementwise("hard_sigmoid", x, {}, [&] {
    Graph& g = *x.graph;
    const auto below = less_equal(x, g.constant(-3.0)), above = greater_equal(x, g.constant(3.0));
    return where(below, g.constant(0.0), where(above, g.constant(1.0), x / 6.0 + 0.5));
  });
}

Var hard_tanh(Var x) {
  return elementwise("hard_tanh", x, {}, [&] {
    Graph& g = *x.graph;
    const auto below = less_equal(x, g.constant(-1.0)), above = greater_equal(x, g.constant(1.0));
    return where(below, g.constant(-1.0), where(above, g.constant(1.0), x));
  });
}

// The largest entry is taken out of the sum first, so that no exponential overflows. It moves the
// result by nothing, hence no gradient passes through it.
Var logsumexp(Var x, std::int64_t axis, bool keep_dims) {
  axis = begin_along_axis("logsumexp", x, axis);
  const auto largest = stop_gradient(reduce_max(x, {axis}, true));
  const auto result = log(sum(exp(x - largest), {axis}, true)) + largest;
  return x.graph->end_composite(keep_dims ? result : sum(result, {axis}, false));
}

Var softmax(Var x, std::int64_t axis) {
  axis = begin_along_axis("softmax", x, axis);
  const auto power = exp(x - stop_gradient(reduce_max(x, {axis}, true)));
  return x.graph->end_composite(power / sum(power, {axis}, true));
}

Var log_softmax(Var x, std::int64_t axis) {
  axis = begin_along_axis("log_softmax", x, axis);
  const auto shifted = x - stop_gradient(reduce_max(x, {axis}, true));
  return x.graph->end_composite(shifted - log(sum(exp(shifted), {axis}, true)));
}

}  // namespace longhand
