// Shape inference: what fits and what is refused.
#include <gtest/gtest.h>

#include "ir/op_table.h"
#include "support/op_samples.h"

namespace longhand::testing {
namespace {

constexpr auto kBatch = Shape::kBatch;

TEST(Infer, RefusesBadOperandsNamingTheOperationAndTheirShapes) {
  for (const auto& sample : bad_samples()) {
    Graph graph;
    std::vector<Var> operands;
    std::string text = sample.operation;
    for (const auto& type : sample.operands) {
      operands.push_back(graph.input("x" + std::to_string(operands.size()), type.shape, type.kind));
      text += " " + to_string(type.shape);
    }
    SCOPED_TRACE(text);
    try {
      sample.build(operands);
      ADD_FAILURE() << "accepted";
    } catch (const ShapeError& error) {
      const std::string message = error.what();
      EXPECT_EQ(message.substr(0, sample.operation.size() + 1), sample.operation + ":") << message;
      for (const auto& type : sample.operands) {
        EXPECT_NE(message.find(to_string(type.shape)), std::string::npos) << message;
      }
    } catch (const std::exception& error) {
      ADD_FAILURE() << "not a ShapeError: " << error.what();
    }
  }
}

TEST(Infer, ARefusalLeavesTheGraphAsItWas) {
  for (const auto& sample : bad_samples()) {
    Graph graph;
    std::vector<Var> operands;
    for (const auto& type : sample.operands) {
      operands.push_back(graph.input("x" + std::to_string(operands.size()), type.shape, type.kind));
    }
    EXPECT_THROW(sample.build(operands), ShapeError);
    EXPECT_TRUE(graph.composites().empty()) << sample.operation;
    EXPECT_EQ(graph.constant(1.0).node().composite, -1) << sample.operation;
  }
}

TEST(Infer, BroadcastsAsNumPyDoes) {
  struct Case {
    Shape a, b, result;
  };
  const Case cases[] = {{{}, {}, {}},
                        {{3}, {}, {3}},
                        {{2, 3}, {3}, {2, 3}},
                        {{2, 1}, {1, 3}, {2, 3}},
                        {{4, 1, 3}, {2, 1}, {4, 2, 3}},
                        {{kBatch, 3}, {3}, {kBatch, 3}},
                        {{kBatch, 1}, {kBatch, 4}, {kBatch, 4}},
                        {{kBatch, 3}, {1, 3}, {kBatch, 3}},
                        {{0, 3}, {1, 3}, {0, 3}}};
  for (const auto& [a, b, result] : cases) {
    EXPECT_EQ(to_string(broadcast_shape(a, b)), to_string(result));
    EXPECT_EQ(to_string(broadcast_shape(b, a)), to_string(result));
  }
  for (const auto& [a, b] :
       {std::pair<Shape, Shape>{{2}, {3}}, {{2, 3}, {2}}, {{kBatch}, {4}}, {{0}, {2}}}) {
    EXPECT_THROW(broadcast_shape(a, b), ShapeError);
  }
}

TEST(Infer, TheBatchIsCarriedThrough) {
  Graph graph;
  const Var x = graph.input("x", {kBatch, 4});
  const Var w = graph.state("w", {3, 4});
  const Var b = graph.state("b", {3});
  const Var labels = graph.input("labels", {kBatch}, Kind::index);
  const std::pair<Var, Type> cases[] = {
      {linear(x, w, b), {Kind::real, {kBatch, 3}}},
      {matmul(x, w, false, true), {Kind::real, {kBatch, 3}}},
      {matmul(x, x, true), {Kind::real, {4, 4}}},
      {matmul(x, x, false, true), {Kind::real, {kBatch, kBatch}}},
      {sum(x, {0}), {Kind::real, {4}}},
      {sum(x, {0}, true), {Kind::real, {1, 4}}},
      {mean(x, {1}), {Kind::real, {kBatch}}},
      {mean(x), {Kind::real, {}}},
      {argmax(x), {Kind::index, {kBatch}}},
      {less(x, x), {Kind::boolean, {kBatch, 4}}},
      {reshape(x, {2, kBatch, 2}), {Kind::real, {2, kBatch, 2}}},
      {transpose(x), {Kind::real, {4, kBatch}}},
      {slice(x, 1, 1, 3), {Kind::real, {kBatch, 2}}},
      {pad(x, -1, 1, 3), {Kind::real, {kBatch, 8}}},
      {concatenate({x, x}), {Kind::real, {kBatch, 8}}},
      {gather(w, labels), {Kind::real, {kBatch, 4}}},
      {one_hot(labels, 3), {Kind::real, {kBatch, 3}}},
      {scatter_add(labels, x, 3), {Kind::real, {3, 4}}},
      {softmax_cross_entropy(x, x), {Kind::real, {kBatch}}},
      {logsumexp(x), {Kind::real, {kBatch}}},
  };
  for (const auto& [value, type] : cases) {
    EXPECT_EQ(to_string(value.shape()), to_string(type.shape)) << name(value.node().op);
    EXPECT_EQ(value.kind(), type.kind) << name(value.node().op);
  }
  EXPECT_EQ(extent(x, {1}).node().op, Op::constant);
  EXPECT_EQ(extent(x, {0}).node().op, Op::extent);
}

TEST(Infer, AxesBecomeRisingNumbersFromZero) {
  Graph graph;
  const Var x = graph.input("x", {2, 3, 4});
  EXPECT_EQ(sum(x, {-1, 0}).node().attributes.axes, (std::vector<std::int64_t>{0, 2}));
  EXPECT_EQ(sum(x).node().attributes.axes, (std::vector<std::int64_t>{0, 1, 2}));
  EXPECT_EQ(transpose(x, {-1, 0, -2}).node().attributes.axes, (std::vector<std::int64_t>{2, 0, 1}));
  EXPECT_EQ(slice(x, -1, 0, 1).node().attributes.axis, 2);
  for (const auto& composite : (softmax(x), log_softmax(x), logsumexp(x), graph).composites()) {
    EXPECT_EQ(composite.parameters.at(0), (std::pair<std::string, double>{"axis", 2.0}))
        << composite.name;
  }
}

}  // namespace
}  // namespace longhand::testing
