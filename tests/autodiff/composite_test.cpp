// Composites are differentiated as one step where that is right, and rightly where it is not.
#include <gtest/gtest.h>

#include <functional>

#include "autodiff/scalar_function.h"
#include "ir/copy.h"
#include "support/expect_close.h"

namespace longhand::testing {
namespace {

using Vars = std::vector<Var>;
using Body = std::function<Var(const Vars&)>;

Var composite(const Vars& inputs, const Body& body) {
  inputs[0].graph->begin_composite("f", inputs, {}, true);
  return inputs[0].graph->end_composite(body(inputs));
}

// Entry-by-entry functions of up to two operands, the kind that losses and activations are made of.
const std::pair<const char*, Body> kBodies[] = {
    {"-a", [](const Vars& x) { return -x[0]; }},
    {"a + 1", [](const Vars& x) { return x[0] + 1.0; }},
    {"a - b", [](const Vars& x) { return x[0] - x[1]; }},
    {"a / 2", [](const Vars& x) { return x[0] / 2.0; }},
    {"log a", [](const Vars& x) { return log(x[0]); }},
    {"exp a", [](const Vars& x) { return exp(x[0]); }},
    {"-(b log a + (1 - b) log(1 - a))",
     [](const Vars& x) { return -(x[1] * log(x[0]) + (1.0 - x[1]) * log(1.0 - x[0])); }},
    {"(a - b)^2",
     [](const Vars& x) {
       const Var e = x[0] - x[1];
       return e * e;
     }},
    {"exp a - b a", [](const Vars& x) { return exp(x[0]) - x[1] * x[0]; }},
    {"where(a < b, a, b a)",
     [](const Vars& x) { return where(less(x[0], x[1]), x[0], x[1] * x[0]); }},
    {"maximum(a, 0.5) + b",
     [](const Vars& x) { return maximum(x[0], x[0].graph->constant(0.5)) + x[1]; }},
    {"silu(a) * b", [](const Vars& x) { return silu(x[0]) * x[1]; }},
    {"silu(a * b)", [](const Vars& x) { return silu(x[0] * x[1]); }},
    {"a, as it is", [](const Vars& x) { return x[0]; }},
};

// The gradients by both operands of a function of them, written as a composite or plainly.
std::vector<Numbers> gradients(const Body& function, const Shape& left, const Shape& right) {
  Graph graph;
  const Var a = graph.input("a", left), b = graph.input("b", right);
  const Var value = function({a, b});
  const auto found = grad(sum(value * value), {a, b});
  verify(graph);
  const Evaluated at(graph, {{"a", to_array<double>(filled(left.with_rows(3), 1, 0.1, 0.9))},
                             {"b", to_array<double>(filled(right.with_rows(3), 2, 0.1, 0.9))}});
  return {at(found[0]), at(found[1])};
}

TEST(Composite, HasTheGradientOfItsBody) {
  const std::pair<Shape, Shape> shapes[] = {
      {{}, {}},         {{Shape::kBatch, 2}, {Shape::kBatch, 2}},
      {{3, 2}, {2}},    {{2}, {3, 2}},
      {{3, 1}, {1, 2}}, {{}, {Shape::kBatch}}};
  for (const auto& [text, body] : kBodies) {
    for (const auto& [left, right] : shapes) {
      SCOPED_TRACE(std::string(text) + " of " + to_string(left) + " " + to_string(right));
      const auto plain = gradients(body, left, right);
      const auto stepped =
          gradients([&](const Vars& x) { return composite(x, body); }, left, right);
      for (int i : {0, 1}) {
        EXPECT_TRUE(close(stepped[static_cast<std::size_t>(i)], plain[static_cast<std::size_t>(i)],
                          {1e-14, 1e-15}));
      }
    }
  }
}

// What an operand was made by does not matter to the slope.
TEST(Composite, OfAReciprocalOrANegationHasItsGradient) {
  const std::pair<const char*, Body> functions[] = {
      {"silu", [](const Vars& x) { return silu(x[0]); }},
      {"gelu", [](const Vars& x) { return gelu(x[0]); }},
      {"leaky_relu", [](const Vars& x) { return leaky_relu(x[0]); }},
      {"-a",
       [](const Vars& x) {
         return composite({x[0]}, [](const Vars& y) { return -y[0] * sin(y[0]); });
       }},
  };
  for (const auto& [name, function] : functions) {
    SCOPED_TRACE(name);
    const auto of = [f = function](Var (*inner)(Var)) {
      return [=](const Vars& x) { return f({inner(x[0])}); };
    };
    // The same, with an operand that hides what it was made by.
    const auto hidden = [f = function](Var (*inner)(Var)) {
      return [=](const Vars& x) { return f({reshape(reshape(inner(x[0]), {2, 1}), {2})}); };
    };
    for (Var (*inner)(Var) : {+[](Var a) { return 1.0 / a; }, +[](Var a) { return -a; }}) {
      EXPECT_TRUE(close(gradients(of(inner), {2}, {})[0], gradients(hidden(inner), {2}, {})[0],
                        {1e-14, 0}));
    }
  }
}

TEST(Composite, OfOneOperandTwiceCountsItOnce) {
  const Body product = [](const Vars& x) {
    return composite({x[0], x[0]}, [](const Vars& y) { return y[0] * y[1]; });
  };
  const Body plain = [](const Vars& x) { return x[0] * x[0]; };
  EXPECT_EQ(gradients(product, {2}, {}), gradients(plain, {2}, {}));
}

TEST(Composite, ThatReadsMoreThanItsInputsIsWalkedThrough) {
  const Body hidden = [](const Vars& x) {
    const Var outside = sin(x[0]);
    return composite({x[0]}, [&](const Vars& y) { return y[0] * outside; });
  };
  const Body plain = [](const Vars& x) { return x[0] * sin(x[0]); };
  const auto found = gradients(hidden, {2}, {}), expected = gradients(plain, {2}, {});
  EXPECT_TRUE(close(found[0], expected[0], {1e-14, 0}));
}

// A pass that shares equal nodes takes sigmoid(x) out of silu's body.
TEST(Composite, WhoseBodyIsSharedByAPassHasItsGradient) {
  Graph graph;
  const Var x = graph.input("x", {2});
  const Var s = sigmoid(x), y = silu(x);
  graph.output("y", sum(s + y));
  Graph shared = rewrite(graph, [&](GraphCopier& copier, NodeId id) -> std::optional<Var> {
    if (graph.node(id).op == Op::sigmoid && id != s.id) return copier[s.id];
    return std::nullopt;
  });
  ASSERT_EQ(shared.size(), graph.size() - 1);
  const Var by_x =
      grad(shared.var(shared.find_output("y")), {shared.var(shared.find_input("x"))})[0];
  const Var expected = grad(graph.var(graph.find_output("y")), {x})[0];
  const Inputs<double> inputs = {{"x", to_array<double>(Tensor{0.5, -2.0})}};
  EXPECT_TRUE(
      close(Evaluated(shared, inputs)(by_x), Evaluated(graph, inputs)(expected), {1e-15, 0}));
}

}  // namespace
}  // namespace longhand::testing
