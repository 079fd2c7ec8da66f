// Building a graph: leaves, outputs, state, composites, and what the operators leave out.
#include <gtest/gtest.h>

#include "longhand/ir.h"

namespace longhand {
namespace {

constexpr auto kBatch = Shape::kBatch;

TEST(State, KeepsTheOrderOfInsertionAndReplaces) {
  State state;
  state.set("b", Tensor{1.0});
  state.set("a", Tensor{2.0});
  state.set("b", Tensor{3.0});
  ASSERT_EQ(state.size(), 2U);
  EXPECT_EQ(state.entries()[0].first, "b");
  EXPECT_EQ(state.entries()[1].first, "a");
  EXPECT_EQ(state.get("b").item(), 3.0);
  EXPECT_TRUE(state.contains("a"));
  EXPECT_FALSE(state.contains("c"));
}

TEST(State, NamesTheTensorThatIsMissing) {
  const State state;
  try {
    state.get("fc1.weight");
    FAIL();
  } catch (const ModelError& error) {
    EXPECT_NE(std::string(error.what()).find("'fc1.weight'"), std::string::npos);
  }
}

TEST(State, ACloneHasItsOwnMemory) {
  State state;
  state.set("a", Tensor{1.0});
  const State shallow = state, deep = state.clone();
  state.get("a").set(0, 5.0);
  EXPECT_EQ(shallow.get("a").item(), 5.0);
  EXPECT_EQ(deep.get("a").item(), 1.0);
}

TEST(State, CastsEveryTensor) {
  State state;
  state.set("b", Tensor{0.1});
  state.set("a", Tensor({2}, DType::f64));
  const State single = state.cast(DType::f32);
  ASSERT_EQ(single.size(), 2U);
  EXPECT_EQ(single.entries()[0].first, "b");
  EXPECT_EQ(single.get("a").dtype(), DType::f32);
  EXPECT_EQ(single.get("b").item(), static_cast<double>(0.1F));
}

TEST(Graph, FindsWhatItIsAskedFor) {
  Graph graph(Mode::train);
  const Var x = graph.input("x", {kBatch, 2});
  const Var w = graph.state("w", {2});
  graph.output("y", x * w);
  EXPECT_EQ(graph.mode(), Mode::train);
  EXPECT_EQ(graph.find_input("x"), x.id);
  EXPECT_EQ(graph.find_state("w"), w.id);
  EXPECT_EQ(graph.find_output("y"), 2);
  EXPECT_EQ(graph.find_input("w"), kNoNode);
  EXPECT_EQ(graph.find_state("x"), kNoNode);
  EXPECT_EQ(graph.find_output("x"), kNoNode);
}

TEST(Graph, AStateIsOneNodeHoweverOftenItIsAskedFor) {
  Graph graph;
  const Var w = graph.state("w", {2, 3});
  EXPECT_EQ(graph.state("w", {2, 3}).id, w.id);
  EXPECT_THROW(graph.state("w", {3, 2}), ShapeError);
  EXPECT_EQ(graph.size(), 1U);
}

TEST(Graph, RefusesASecondInputOrOutputOfAName) {
  Graph graph;
  const Var x = graph.input("x", {});
  EXPECT_THROW(graph.input("x", {}), ArgumentError);
  graph.output("y", x);
  EXPECT_THROW(graph.output("y", x), ArgumentError);
}

TEST(Graph, RecordsWritesToStateThatFit) {
  Graph graph;
  const Var w = graph.state("w", {2}), x = graph.input("x", {2});
  EXPECT_THROW(graph.assign(w, graph.input("y", {3})), ShapeError);
  EXPECT_THROW(graph.assign(w, graph.input("i", {2}, Kind::index)), ShapeError);
  EXPECT_THROW(graph.assign(x, w), ArgumentError);
  graph.assign(w, x);
  EXPECT_EQ(graph.writes(), (std::vector<std::pair<NodeId, NodeId>>{{w.id, x.id}}));
  EXPECT_THROW(graph.assign(w, x), ArgumentError);
}

TEST(Graph, RefusesNodesOfAnotherGraph) {
  Graph graph, other;
  const Var x = graph.input("x", {2}), w = graph.state("w", {2});
  other.input("a", {2});
  const Var y = other.input("y", {2});
  const Var mask = greater(y, y), index = other.input("i", {2}, Kind::index);
  EXPECT_THROW(x + y, ArgumentError);
  EXPECT_THROW(x + other.constant(0.0), ArgumentError);
  EXPECT_THROW(graph.constant(1.0) * y, ArgumentError);
  EXPECT_THROW(graph.constant(1.0) - other.constant(1.0), ArgumentError);
  EXPECT_THROW(power(x, other.constant(1.0)), ArgumentError);
  EXPECT_THROW(where(mask, x, x), ArgumentError);
  EXPECT_THROW(concatenate({x, y}), ArgumentError);
  EXPECT_THROW(gather(x, index), ArgumentError);
  EXPECT_THROW(graph.assign(w, y), ArgumentError);
  EXPECT_THROW(graph.output("y", y), ArgumentError);
  EXPECT_THROW(graph.add(Op::exp, {17}), ArgumentError);
  EXPECT_THROW(graph.add(Op::exp, {kNoNode}), ArgumentError);
}

TEST(Graph, RefusesAVarOfNoGraph) {
  const Var none;
  EXPECT_THROW(exp(none), ArgumentError);
  EXPECT_THROW(-none, ArgumentError);
  EXPECT_THROW(none + none, ArgumentError);
  EXPECT_THROW(gelu(none), ArgumentError);
  EXPECT_THROW(softmax(none), ArgumentError);
  EXPECT_THROW(sum(none), ArgumentError);
  EXPECT_THROW(reshape(none, {}), ArgumentError);
  EXPECT_THROW(concatenate({none}), ArgumentError);
  EXPECT_THROW(concatenate({}), ArgumentError);
}

TEST(Graph, AConstantIsKeptInDoubleAndApartFromItsSource) {
  Graph graph;
  Tensor tensor{1.0, 2.0};
  const Var real = graph.constant(tensor);
  const Var index = graph.constant(tensor, Kind::index);
  tensor.set(0, 9);
  EXPECT_EQ(real.node().attributes.value.dtype(), DType::f64);
  EXPECT_EQ(real.node().attributes.value.at(0), 1.0);
  EXPECT_EQ(index.node().attributes.value.dtype(), DType::i32);
  EXPECT_EQ(index.kind(), Kind::index);
}

TEST(Graph, ALabelIsKept) {
  Graph graph;
  const Var x = graph.input("x", {2}).labelled("fc1", "z");
  EXPECT_EQ(x.node().label.layer, "fc1");
  EXPECT_EQ(x.node().label.role, "z");
  EXPECT_FALSE(x.node().label.empty());
  EXPECT_TRUE(graph.constant(0.0).node().label.empty());
}

TEST(Operators, LeaveOutWhatChangesNothing) {
  Graph graph;
  const Var x = graph.input("x", {2});
  for (const Var same :
       {x + 0.0, 0.0 + x, x - 0.0, x * 1.0, 1.0 * x, x / 1.0, power(x, graph.constant(1.0)),
        reshape(x, {2}), broadcast(x, {2}), sum_to(x, {2})}) {
    EXPECT_EQ(same.id, x.id);
  }
  for (const Var negated : {0.0 - x, x * -1.0, -1.0 * x}) {
    EXPECT_EQ(negated.node().op, Op::negate);
    EXPECT_EQ(negated.node().inputs, std::vector{x.id});
  }
}

TEST(Operators, ComputeWhatIsConstant) {
  Graph graph;
  const Var two = graph.constant(2.0), three = graph.constant(3.0);
  const std::pair<Var, double> cases[] = {
      {two + three, 5}, {two - three, -1}, {two * three, 6}, {two / three, 2.0 / 3}, {-two, -2}};
  for (const auto& [value, expected] : cases) {
    EXPECT_EQ(value.node().op, Op::constant);
    EXPECT_EQ(value.node().attributes.value.item(), expected);
  }
}

TEST(Operators, KeepEveryOperandAPersonMayDifferentiateBy) {
  Graph graph;
  const Var x = graph.input("x", {2}), y = graph.input("y", {2});
  const Var negated = -x, inverse = 1.0 / x;
  EXPECT_EQ((-negated).node().inputs, std::vector{negated.id});
  EXPECT_EQ((y * inverse).node().inputs, (std::vector{y.id, inverse.id}));
  EXPECT_EQ((inverse * y).node().inputs, (std::vector{inverse.id, y.id}));
}

TEST(Composite, IsRecordedWithItsParametersAndBody) {
  Graph graph;
  const Var x = graph.input("x", {kBatch, 2});
  const Var y = elu(x, 0.5);
  ASSERT_EQ(graph.composites().size(), 1U);
  const auto& composite = graph.composites()[0];
  EXPECT_EQ(composite.name, "elu");
  EXPECT_EQ(composite.inputs, std::vector{x.id});
  EXPECT_EQ(composite.output, y.id);
  EXPECT_EQ(composite.parameters, (std::vector<std::pair<std::string, double>>{{"alpha", 0.5}}));
  EXPECT_TRUE(composite.elementwise);
  EXPECT_EQ(composite.parent, -1);
  EXPECT_EQ(x.node().composite, -1);
  for (NodeId id = x.id + 1; id <= y.id; ++id) EXPECT_EQ(graph.node(id).composite, 0) << id;
  EXPECT_EQ((y + 1.0).node().composite, -1);
  EXPECT_FALSE((softmax(x), graph).composites()[1].elementwise);
}

TEST(Composite, MayHoldAnother) {
  Graph graph;
  const Var x = graph.input("x", {2});
  graph.begin_composite("outer", {x}, {}, true);
  const Var before = exp(x);
  const Var inner = silu(before);
  const Var y = graph.end_composite(inner * 2.0);
  EXPECT_EQ(graph.composites()[0].name, "outer");
  EXPECT_EQ(graph.composites()[1].name, "silu");
  EXPECT_EQ(graph.composites()[1].parent, 0);
  EXPECT_EQ(before.node().composite, 0);
  EXPECT_EQ(inner.node().composite, 1);
  EXPECT_EQ(y.node().composite, 0);
}

TEST(SumTo, UndoesABroadcast) {
  Graph graph;
  const Var x = graph.input("x", {kBatch, 3, 4});
  for (const auto& shape :
       {Shape{4}, Shape{3, 1}, Shape{1, 4}, Shape{}, Shape{1, 3, 1}, Shape{kBatch, 1, 4}}) {
    const Var y = sum_to(x, shape);
    EXPECT_EQ(to_string(y.shape()), to_string(shape));
    EXPECT_EQ(to_string(broadcast(y, x.shape()).shape()), to_string(x.shape()));
  }
}

}  // namespace
}  // namespace longhand
