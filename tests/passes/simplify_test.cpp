// simplify: what it shares, computes and drops, what it must keep, and that no value changes.
#include <gtest/gtest.h>
#ifdef LONGHAND_HAVE_RAPIDCHECK
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#endif

#include <functional>

#include "passes/passes.h"
#include "support/expect_close.h"
#include "support/op_samples.h"
#include "support/random_graph.h"

namespace longhand::testing {
namespace {

constexpr auto kBatch = Shape::kBatch;

struct Case {
  const char* name;
  std::function<void(Graph&)> build;
  const char* expected;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> kCases{
      {"equal nodes are one",
       [](Graph& g) {
         const Var x = g.input("x", {2});
         g.output("y", exp(x) + exp(x));
       },
       "%0: [2] = input(x)\n%1: [2] = exp(%0)\n%2: [2] = add(%1, %1)\noutput y = %2\n"},
      {"the order of operands counts",
       [](Graph& g) {
         const Var a = g.input("a", {}), b = g.input("b", {});
         const Var forth = a - b, back = b - a;
         g.output("y", forth * back);
       },
       "%0: [] = input(a)\n%1: [] = input(b)\n%2: [] = subtract(%0, %1)\n%3: [] = subtract(%1, %0)\n"
       "%4: [] = multiply(%2, %3)\noutput y = %4\n"},
      {"attributes count",
       [](Graph& g) {
         const Var x = g.input("x", {2, 2});
         g.output("a", sum(x, {0}));
         g.output("b", sum(x, {1}));
         g.output("c", sum(x, {-1}));
       },
       "%0: [2, 2] = input(x)\n%1: [2] = sum(%0, axes=[0])\n%2: [2] = sum(%0, axes=[1])\n"
       "output a = %1\noutput b = %2\noutput c = %2\n"},
      {"what is constant is computed",
       [](Graph& g) {
         const Var x = g.input("x", {2});
         g.output("y", x * (exp(g.constant(0.0)) + 2.0));
       },
       "%0: [2] = input(x)\n%1: [] = constant(3)\n%2: [2] = multiply(%0, %1)\noutput y = %2\n"},
      {"also where it is not finite",
       [](Graph& g) { g.output("y", g.constant(1.0) / 0.0); }, "%0: [] = constant(inf)\noutput y = %0\n"},
      {"a minus zero is not a zero",
       [](Graph& g) {
         const Var x = g.input("x", {});
         const Var up = x / 0.0, down = x / -0.0;
         g.output("y", up + down);
       },
       "%0: [] = input(x)\n%1: [] = constant(0)\n%2: [] = divide(%0, %1)\n%3: [] = constant(-0)\n"
       "%4: [] = divide(%0, %3)\n%5: [] = add(%2, %4)\noutput y = %5\n"},
      {"what nothing needs is dropped, but inputs stay",
       [](Graph& g) {
         const Var x = g.input("x", {});
         g.input("unused", {});
         g.state("w", {2});
         exp(x);
         g.output("y", sin(x));
       },
       "%0: [] = input(x)\n%1: [] = input(unused)\n%2: [] = sin(%0)\noutput y = %2\n"},
      {"stop_gradient is its operand",
       [](Graph& g) { g.output("y", exp(stop_gradient(stop_gradient(g.input("x", {}))))); },
       "%0: [] = input(x)\n%1: [] = exp(%0)\noutput y = %1\n"},
      {"a broadcast that its reader does anyway goes",
       [](Graph& g) {
         const Var x = g.input("x", {3, 2}), b = g.input("b", {2});
         g.output("y", x + broadcast(b, {3, 2}));
         g.output("z", where(greater(x, broadcast(b, {3, 2})), broadcast(b, {3, 2}), x));
       },
       "%0: [3, 2] = input(x)\n%1: [2] = input(b)\n%2: [3, 2] = add(%0, %1)\n"
       "%3: [3, 2] boolean = greater(%0, %1)\n%4: [3, 2] = where(%3, %1, %0)\noutput y = %2\noutput z = %4\n"},
      {"one that makes the shape stays",
       [](Graph& g) {
         const Var b = g.input("b", {2}), s = g.input("s", {});
         g.output("y", broadcast(b, {3, 2}) * s);
         g.output("z", sum(broadcast(s, {4}), {0}));
       },
       "%0: [2] = input(b)\n%1: [] = input(s)\n%2: [3, 2] = broadcast(%0)\n%3: [3, 2] = multiply(%2, %1)\n"
       "%4: [4] = broadcast(%1)\n%5: [] = sum(%4, axes=[0])\noutput y = %3\noutput z = %5\n"},
      {"one of two that make the shape stays",
       [](Graph& g) {
         const Var b = g.input("b", {2}), s = g.input("s", {});
         g.output("y", broadcast(b, {3, 2}) + broadcast(s, {3, 2}));
       },
       "%0: [2] = input(b)\n%1: [] = input(s)\n%2: [3, 2] = broadcast(%1)\n%3: [3, 2] = add(%0, %2)\n"
       "output y = %3\n"},
      {"labels and composites stay",
       [](Graph& g) {
         const Var x = g.input("x", {kBatch, 2});
         const Var z = (x * (g.constant(2.0) * 1.5)).labelled("fc1", "z");
         g.output("y", silu(z).labelled("silu1", "a"));
       },
       "%0: [B, 2] = input(x)\n%1: [] = constant(3)\n%2: [B, 2] = multiply(%0, %1)  # fc1 z\n"
       "%3: [B, 2] = sigmoid(%2)  in silu\n%4: [B, 2] = multiply(%2, %3)  in silu  # silu1 a\noutput y = %4\n"},
  };
  return kCases;
}

TEST(Simplify, DoesWhatItSays) {
  for (const auto& test : cases()) {
    Graph graph;
    test.build(graph);
    const auto result = optimised(graph);
    EXPECT_EQ(to_string(result), test.expected) << test.name;
    EXPECT_NO_THROW(verify(result)) << test.name;
    EXPECT_EQ(to_string(optimised(result)), to_string(result)) << test.name << ": twice is once";
  }
}

TEST(Simplify, AMaskAndNumbersOfTheSameBytesAreTwo) {
  Graph graph;
  const auto ones = Tensor::from(std::vector{1.0, 0.0}, {2}, DType::f64);
  const Var mask = graph.constant(ones, Kind::boolean), numbers = graph.constant(ones);
  graph.output("y", where(mask, numbers, numbers * 2.0));
  const auto result = optimised(graph);
  EXPECT_NO_THROW(verify(result));
  EXPECT_EQ(evaluated<double>(result, {}, 1).at("y").to_doubles(), (std::vector{1.0, 0.0}));
}

TEST(Simplify, RandomNumbersOfTwoStreamsAreTwoAndOfOneAreOne) {
  Graph graph;
  const Var step = graph.input("step", {}, Kind::index), rows = graph.input("rows", {kBatch}, Kind::index);
  graph.output("a", random_uniform(step, rows, 2, 1, 1));
  graph.output("b", random_uniform(step, rows, 2, 1, 2));
  graph.output("c", random_uniform(step, rows, 2, 2, 1));
  graph.output("d", random_uniform(step, rows, 2, 1, 1));
  const auto result = optimised(graph);
  const auto id = [&](const char* name) { return result.find_output(name); };
  EXPECT_EQ(id("a"), id("d"));
  EXPECT_NE(id("a"), id("b"));
  EXPECT_NE(id("a"), id("c"));
  EXPECT_NE(id("b"), id("c"));
}

TEST(Simplify, WritesStay) {
  Graph graph(Mode::train);
  const Var w = graph.state("w", {2});
  graph.assign(w, stop_gradient(w) * 2.0);
  const auto result = optimised(graph);
  EXPECT_EQ(to_string(result),
            "%0: [2] = state(w)\n%1: [] = constant(2)\n%2: [2] = multiply(%0, %1)\nassign w = %2\n");
  EXPECT_EQ(result.mode(), Mode::train);
}

std::vector<double> value_of(const Graph& graph, const OpSample& sample, const char* output) {
  const auto values = evaluate<double>(graph, inputs_of<double>(sample));
  return to_doubles(values[static_cast<std::size_t>(graph.find_output(output))]);
}

// Each sample twice in one graph, and beside every other of its operation that takes its operands:
// what is shared must be equal.
TEST(Simplify, ChangesNoValueOfAnyOperation) {
  const auto& samples = op_samples();
  for (const auto& sample : samples) {
    for (const auto& other : samples) {
      if (other.operation != sample.operation || other.operands.size() != sample.operands.size()) continue;
      auto built = build(sample);
      Var second;
      try {
        second = other.build(built.operands);
      } catch (const Error&) {
        continue;  // the other does not take these operands
      }
      built.graph->output("first", built.value);
      built.graph->output("second", second);
      const auto result = optimised(*built.graph);
      ASSERT_NO_THROW(verify(result)) << describe(sample);
      for (const char* output : {"first", "second"}) {
        EXPECT_TRUE(close(value_of(result, sample, output), value_of(*built.graph, sample, output), {0, 0}))
            << describe(sample) << " beside " << describe(other) << ": " << output;
      }
    }
  }
}

#ifdef LONGHAND_HAVE_RAPIDCHECK
RC_GTEST_PROP(Simplify, ChangesNoValueOfRandomGraphs, (const std::vector<unsigned>& choices)) {
  const auto graph = random_graph(choices, true);
  const auto result = optimised(graph);
  verify(result);
  RC_ASSERT(result.size() <= graph.size());
  RC_ASSERT(result.writes().size() == graph.writes().size());
  const auto values = random_values(graph, 3, DType::f64, 5);
  auto kept = values;
  for (const auto& name : {"w0", "w1", "w2"}) {
    if (result.find_state(name) == kNoNode) kept.erase(name);
  }
  const auto expected = evaluated<double>(graph, values, 3), found = evaluated<double>(result, kept, 3);
  for (const auto& [name, tensor] : expected) RC_ASSERT(identical(found.at(name), tensor));
}
#endif

}  // namespace
}  // namespace longhand::testing
