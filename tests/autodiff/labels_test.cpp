// The labels by which the worked example finds its steps.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "longhand/autodiff.h"
#include "support/op_samples.h"

namespace longhand::testing {
namespace {

constexpr auto kBatch = Shape::kBatch;

// The node labelled as the adjoint of `var`; kNoNode if none or several.
NodeId adjoint_of(Var var) {
  NodeId found = kNoNode;
  for (std::size_t id = 0; id < var.graph->size(); ++id) {
    if (var.graph->nodes()[id].label.adjoint_of != var.id) continue;
    if (found != kNoNode) return kNoNode;
    found = static_cast<NodeId>(id);
  }
  return found;
}

// The nodes labelled as the slope of `value` by `operand`.
std::vector<NodeId> slopes_of(Var value, Var operand) {
  std::vector<NodeId> found;
  for (std::size_t id = 0; id < value.graph->size(); ++id) {
    const auto& label = value.graph->nodes()[id].label;
    if (label.derivative_of == value.id && label.with_respect_to == operand.id) {
      found.push_back(static_cast<NodeId>(id));
    }
  }
  return found;
}

TEST(Labels, EveryNodeBetweenHasItsAdjoint) {
  Graph graph;
  const Var x = graph.input("x", {kBatch, 3}), y = graph.input("y", {kBatch, 2});
  const Var w1 = graph.state("w1", {4, 3}), b1 = graph.state("b1", {4});
  const Var w2 = graph.state("w2", {2, 4}), b2 = graph.state("b2", {2});
  const Var z1 = linear(x, w1, b1), a1 = tanh(z1), z2 = linear(a1, w2, b2), p = sigmoid(z2);
  const Var error = p - y, squares = error * error, loss = mean(squares);
  const std::vector<Var> parameters = {w1, b1, w2, b2};
  const auto gradients = grad(loss, parameters);
  verify(graph);
  for (std::size_t i = 0; i < parameters.size(); ++i)
    EXPECT_EQ(adjoint_of(parameters[i]), gradients[i].id);
  for (const Var var : {z1, a1, z2, p, error, squares, loss}) {
    const NodeId adjoint = adjoint_of(var);
    // p - y passes its adjoint on unchanged: the node has the name that it had first.
    if (var.id == p.id) {
      EXPECT_EQ(adjoint, kNoNode);
      continue;
    }
    ASSERT_NE(adjoint, kNoNode) << var.id;
    EXPECT_EQ(graph.node(adjoint).type, var.node().type);
  }
  EXPECT_EQ(adjoint_of(x), kNoNode);
}

TEST(Labels, TheAdjointOfAnOperandIsThatOfTheValueTimesTheSlope) {
  for (const auto& sample : op_samples()) {
    const auto built = build(sample);
    Graph& graph = *built.graph;
    const bool elementwise_composite =
        !graph.composites().empty() && graph.composites()[0].elementwise;
    const bool plain = sample.operation == "tanh" || sample.operation == "log" ||
                       sample.operation == "cos" || sample.operation == "relu";
    if (!elementwise_composite && !plain) continue;
    SCOPED_TRACE(describe(sample));
    const Var x = built.operands[0], value = built.value;
    const auto size = graph.size();
    const Var adjoint = graph.input("adjoint", value.shape());
    const Var by_x = vector_jacobian_product(value, adjoint, {x})[0];
    const auto slopes = slopes_of(value, x);
    ASSERT_EQ(slopes.size(), 1U);
    EXPECT_EQ(by_x.node().op, Op::multiply);
    EXPECT_EQ(by_x.node().inputs, (std::vector{adjoint.id, slopes[0]}));
    EXPECT_EQ(adjoint_of(x), by_x.id);
    EXPECT_EQ(adjoint_of(value), adjoint.id);
    // Nothing else is labelled, in the body or in what its slope is made of.
    const std::set<NodeId> labelled = {adjoint.id, by_x.id, slopes[0]};
    for (std::size_t id = 0; id < graph.size(); ++id) {
      EXPECT_EQ(!graph.nodes()[id].label.empty(), labelled.contains(static_cast<NodeId>(id))) << id;
    }
    EXPECT_GT(graph.size(), size);
  }
}

TEST(Labels, BothSlopesOfAQuotient) {
  Graph graph;
  const Var a = graph.input("a", {2}), b = graph.input("b", {2});
  const Var y = a / b;
  grad(sum(y), {a, b});
  ASSERT_EQ(slopes_of(y, a).size(), 1U);
  ASSERT_EQ(slopes_of(y, b).size(), 1U);
  EXPECT_EQ(graph.node(slopes_of(y, a)[0]).op, Op::divide);
  EXPECT_EQ(graph.node(slopes_of(y, b)[0]).op, Op::negate);
}

TEST(Labels, ASlopeThatIsAnotherQuantityKeepsItsName) {
  Graph graph;
  const Var a = graph.input("a", {2}).labelled("", "a"), b = graph.input("b", {2});
  const Var product = a * b, e = exp(product).labelled("", "e");
  grad(sum(e), {a, b});
  EXPECT_TRUE(slopes_of(product, a).empty());
  EXPECT_TRUE(slopes_of(e, product).empty());
  EXPECT_EQ(a.node().label.derivative_of, kNoNode);
  EXPECT_EQ(e.node().label.role, "e");
}

TEST(Labels, WhereTheAdjointIsOneTheSlopeIsTheAdjointToo) {
  Graph graph;
  const Var x = graph.input("x", {});
  const Var y = tanh(x);
  const Var by_x = grad(y, {x})[0];
  EXPECT_EQ(slopes_of(y, x), std::vector{by_x.id});
  EXPECT_EQ(adjoint_of(x), by_x.id);
}

TEST(Labels, ASecondGradientNamesItsOwnNodes) {
  Graph graph;
  const Var x = graph.input("x", {2});
  const Var loss = sum(tanh(x));
  const Var first = grad(loss, {x})[0];
  const auto before = graph.size();
  const Var second = grad(sum(first * first), {x})[0];
  EXPECT_EQ(first.node().label.adjoint_of, x.id);
  EXPECT_EQ(second.node().label.adjoint_of, x.id);
  EXPECT_GE(static_cast<std::size_t>(second.id), before);
  EXPECT_NO_THROW(verify(graph));
}

}  // namespace
}  // namespace longhand::testing
