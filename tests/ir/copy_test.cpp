// Copying a graph while changing it.
#include "ir/copy.h"

#include <gtest/gtest.h>

#include "ir/evaluate.h"

namespace longhand {
namespace {

constexpr auto kBatch = Shape::kBatch;

std::optional<Var> keep(GraphCopier&, NodeId) { return std::nullopt; }

TEST(Rewrite, ThatReplacesNothingIsACopy) {
  Graph graph(Mode::train);
  const Var x = graph.input("x", {kBatch, 2});
  const Var w = graph.state("w", {2});
  const Var z = (x * w).labelled("fc1", "z");
  const Var y = gelu(z).labelled("fc1", "a");
  graph.output("y", y);
  graph.assign(w, sum(y, {0}));
  const Graph copy = rewrite(graph, keep);
  EXPECT_EQ(to_string(copy), to_string(graph));
  EXPECT_EQ(copy.mode(), Mode::train);
  EXPECT_NO_THROW(verify(copy));
  ASSERT_EQ(copy.composites().size(), 1U);
  EXPECT_EQ(copy.composites()[0].inputs, std::vector{z.id});
  EXPECT_EQ(copy.composites()[0].output, y.id);
}

TEST(Rewrite, DropsWhatNothingNeedsButEveryInputStays) {
  Graph graph;
  const Var x = graph.input("x", {2});
  graph.input("unused", {3});
  graph.state("w", {2});
  exp(x);
  graph.output("y", sin(x));
  const Graph copy = rewrite(graph, keep);
  EXPECT_EQ(to_string(copy),
            "%0: [2] = input(x)\n"
            "%1: [3] = input(unused)\n"
            "%2: [2] = sin(%0)\n"
            "output y = %2\n");
}

TEST(Rewrite, ReadersOfAReplacedNodeReadItsReplacement) {
  Graph graph;
  const Var x = graph.input("x", {2});
  const Var e = exp(x);
  const Var y = sin(e);
  graph.label(y.id).adjoint_of = e.id;
  graph.output("y", y);
  const Graph copy = rewrite(graph, [&](GraphCopier& copier, NodeId id) -> std::optional<Var> {
    if (id != e.id) return std::nullopt;
    return cos(copier[x.id]) * 3.0;
  });
  EXPECT_EQ(to_string(copy),
            "%0: [2] = input(x)\n"
            "%1: [2] = cos(%0)\n"
            "%2: [] = constant(3)\n"
            "%3: [2] = multiply(%1, %2)\n"
            "%4: [2] = sin(%3)  # adjoint of %3\n"
            "output y = %4\n");
}

TEST(Rewrite, NestedCompositesKeepTheirOrder) {
  Graph graph;
  const Var x = graph.input("x", {2});
  graph.begin_composite("outer", {x}, {{"a", 1}}, true);
  graph.output("y", graph.end_composite(silu(x) * 2.0));
  const Graph copy = rewrite(graph, keep);
  EXPECT_EQ(to_string(copy), to_string(graph));
  ASSERT_EQ(copy.composites().size(), 2U);
  EXPECT_EQ(copy.composites()[0].name, "outer");
  EXPECT_EQ(copy.composites()[1].parent, 0);
  EXPECT_NO_THROW(verify(copy));
}

TEST(Substitute, RecomputesWhatDependsOnTheReplaced) {
  Graph graph;
  const Var x = graph.input("x", {2});
  const Var w = graph.state("w", {2});
  const Var other = exp(x);
  const Var loss = sum(w * other);
  const Var w_new = w - 0.5;
  const auto size = graph.size();
  const Var after = substitute(loss, {{w.id, w_new}});
  EXPECT_EQ(graph.size(), size + 2);
  const auto values = evaluate<double>(graph, {{"x", to_array<double>(Tensor{0.0, 0.0})},
                                               {"w", to_array<double>(Tensor{2.0, 3.0})}});
  EXPECT_EQ(values[static_cast<std::size_t>(loss.id)].real, std::vector{5.0});
  EXPECT_EQ(values[static_cast<std::size_t>(after.id)].real, std::vector{4.0});
}

TEST(Substitute, OfWhatTheValueDoesNotDependOnIsTheValue) {
  Graph graph;
  const Var x = graph.input("x", {2});
  const Var w = graph.state("w", {2});
  const Var y = exp(x);
  const auto size = graph.size();
  EXPECT_EQ(substitute(y, {{w.id, w * 2.0}}).id, y.id);
  EXPECT_EQ(graph.size(), size + 2);
  EXPECT_EQ(substitute(w, {{w.id, x}}).id, x.id);
}

}  // namespace
}  // namespace longhand
