// What a run writes to its state: the values of the graph, all computed from the old state.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "exec/plan.h"
#include "longhand/exec.h"
#include "support/expect_close.h"
#include "support/random_graph.h"

namespace longhand::testing {
namespace {

struct Case {
  const char* name;
  std::function<void(Graph&, Var a, Var b, Var x)> build;  // states a, b [3, 3]; input x [3, 3]
  int copies;  ///< how many of its writes cannot be in place
};

const std::vector<Case>& cases() {
  static const std::vector<Case> kCases{
      {"entry by entry", [](Graph& g, Var a, Var, Var x) { g.assign(a, a - 0.1 * x); }, 0},
      {"not reading itself", [](Graph& g, Var a, Var, Var x) { g.assign(a, matmul(x, x)); }, 0},
      {"a reduction of itself, entry by entry",
       [](Graph& g, Var a, Var, Var) { g.assign(a, a / sum(a, {0}, true)); }, 0},
      {"a product with itself", [](Graph& g, Var a, Var, Var x) { g.assign(a, matmul(a, x)); }, 1},
      {"itself transposed", [](Graph& g, Var a, Var, Var) { g.assign(a, transpose(a)); }, 1},
      {"read before, for an output",
       [](Graph& g, Var a, Var, Var x) {
         g.output("y", matmul(a, x));
         g.assign(a, a * 2.0);
       }, 0},
      {"read before, built after",
       [](Graph& g, Var a, Var, Var x) {
         g.assign(a, a * 2.0);
         g.output("y", matmul(a, x));
       }, 0},
      {"read after the new value is known",
       [](Graph& g, Var a, Var, Var) {
         const Var next = tanh(a);
         g.assign(a, next);
         g.output("y", matmul(next, a));
       }, 1},
      {"read by entry after the new value is known",
       [](Graph& g, Var a, Var, Var) {
         const Var next = tanh(a);
         g.assign(a, next);
         g.output("y", next - a);
       }, 1},
      {"the new value is an output",
       [](Graph& g, Var a, Var, Var x) {
         const Var next = a + x;
         g.assign(a, next);
         g.output("y", next);
       }, 1},
      {"the old value is an output",
       [](Graph& g, Var a, Var, Var x) {
         g.output("y", a);
         g.assign(a, a + x);
       }, 0},
      {"the old value in another shape is an output",
       [](Graph& g, Var a, Var, Var x) {
         g.output("y", reshape(a, {9}));
         g.assign(a, a + x);
       }, 1},
      {"two that read each other",
       [](Graph& g, Var a, Var b, Var) {
         g.assign(a, a + b);
         g.assign(b, a - b);
       }, 1},
      {"two that take each other's place, changed",
       [](Graph& g, Var a, Var b, Var) {
         g.assign(a, sin(b));
         g.assign(b, exp(a));
       }, 1},
      {"one value for two",
       [](Graph& g, Var a, Var b, Var x) {
         const Var next = a * b + x;
         g.assign(a, next);
         g.assign(b, next);
       }, 1},
      {"a value and its copy in another shape",
       [](Graph& g, Var a, Var b, Var x) {
         const Var next = a + x;
         g.assign(a, next);
         g.assign(b, reshape(reshape(next, {9}), {3, 3}));
       }, 1},
      {"an input", [](Graph& g, Var a, Var, Var x) { g.assign(a, x); }, 1},
      {"a constant",
       [](Graph& g, Var a, Var, Var) { g.assign(a, g.constant(Tensor::full({3, 3}, 7, DType::f64))); }, 1},
      {"another state", [](Graph& g, Var a, Var b, Var) { g.assign(a, b); }, 1},
      {"itself",
       [](Graph& g, Var a, Var b, Var) {
         g.assign(a, a);
         g.assign(b, a + b);
       }, 0},
      {"a row of itself beside itself",
       [](Graph& g, Var a, Var, Var) { g.assign(a, a - slice(a, 0, 0, 1)); }, 0},
      {"two that change places",
       [](Graph& g, Var a, Var b, Var) {
         g.assign(a, b);
         g.assign(b, a);
       }, 1},
      {"a chain", [](Graph& g, Var a, Var b, Var x) {
         const Var m = 0.9 * b + 0.1 * x;
         g.assign(b, m);
         g.assign(a, a - m / (sqrt(m * m) + 1.0));
       }, 0},
  };
  return kCases;
}

Graph graph_of(const Case& test) {
  Graph graph(Mode::train);
  const Var a = graph.state("a", {3, 3}), b = graph.state("b", {3, 3}), x = graph.input("x", {3, 3});
  test.build(graph, a, b, x);
  return graph;
}

TEST(Writes, AreInPlaceWhereThatIsSafe) {
  for (const auto& test : cases()) {
    const auto plan = lower(graph_of(test), DType::f64, 1);
    EXPECT_EQ(std::ranges::count(plan.steps, Step::Kind::copy, &Step::kind), test.copies)
        << test.name << "\n" << to_string(plan);
  }
}

TEST(Writes, GoToAStateThatWasNamedAfterItsValue) {
  for (const std::string backend : {"reference", "cpu"}) {
    Graph graph;
    const Var x = graph.input("x", {2, 2});
    const Var twice = x * 2.0, square = matmul(x, x);
    graph.assign(graph.state("twice", {2, 2}), twice);
    graph.assign(graph.state("square", {2, 2}), square);
    State state;
    for (const auto& name : {"twice", "square"}) state.set(name, Tensor(Shape{2, 2}));
    const Program program(graph, {.backend = backend});
    Runner runner(program, state);
    runner.bind("x", Tensor{{1, 2}, {3, 4}});
    runner.run(1);
    EXPECT_EQ(to_string(state.get("twice")), "[[2, 4], [6, 8]]") << backend;
    EXPECT_EQ(to_string(state.get("square")), "[[7, 10], [15, 22]]") << backend;
  }
}

TEST(Writes, AreTheValuesOfTheGraph) {
  for (const auto& test : cases()) {
    for (const std::string backend : {"reference", "cpu"}) {
      const auto graph = graph_of(test);
      auto values = random_values(graph, 1, DType::f64, 3);
      State state;
      for (const auto& name : {"a", "b"}) state.set(name, values.at(name).clone());
      const Program program(graph, {DType::f64, 1, backend});
      Runner runner(program, state);
      for (const auto& slot : program.inputs()) runner.bind(slot.name, values.at(slot.name));
      for (int run = 0; run < 3; ++run) {
        const auto expected = evaluated<double>(graph, values, 1);
        runner.run(1);
        const auto what = std::string(test.name) + ", " + backend + ", run " + std::to_string(run);
        for (const auto& [name, tensor] : expected) {
          const bool written = state.contains(name);
          const auto found = written ? state.get(name) : runner.output(name);
          EXPECT_TRUE(close(found.to_doubles(), tensor.to_doubles(), {1e-14, 1e-15})) << what << ": " << name;
          if (written) values[name] = found.clone();
        }
      }
    }
  }
}

}  // namespace
}  // namespace longhand::testing
