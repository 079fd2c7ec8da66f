// Plans: what is fused, what is written in place, where values lie, and what verify refuses.
#include "exec/plan.h"

#include <gtest/gtest.h>
#ifdef LONGHAND_HAVE_RAPIDCHECK
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#endif

#include <algorithm>

#include "ir/op_table.h"
#include "support/random_graph.h"

namespace longhand::testing {
namespace {

constexpr auto kBatch = Shape::kBatch;

std::vector<std::size_t> sizes(const Plan& plan) {
  std::vector<std::size_t> result;
  for (const auto& step : plan.steps) result.push_back(step.nodes.size());
  return result;
}

TEST(Plan, EntryByEntryWorkOfOneShapeIsOneStep) {
  Graph graph;
  const Var x = graph.input("x", {kBatch, 4}), row = graph.input("row", {4});
  graph.output("y", tanh(x * row + 1.0) / (1.0 + abs(x)));
  const auto plan = lower(graph, DType::f32, 8);
  ASSERT_EQ(sizes(plan), std::vector<std::size_t>{6});
  EXPECT_EQ(plan.steps[0].kind, Step::Kind::elementwise);
  EXPECT_EQ(plan.arena_bytes, 0U);  // nothing is read outside the step but the output
}

TEST(Plan, ShapesProductsAndReductionsPartSteps) {
  Graph graph;
  const Var x = graph.input("x", {kBatch, 4});
  const Var w = graph.state("w", {3, 4}), b = graph.state("b", {3});
  const Var h = relu(linear(sin(x), w, b)) * 2.0;
  graph.output("y", exp(sum(h, {1})));
  const auto plan = lower(graph, DType::f32, 8);
  EXPECT_EQ(sizes(plan), (std::vector<std::size_t>{1, 3, 1, 1}));
}

TEST(Plan, AStepHasAnEnd) {
  Graph graph;
  Var x = graph.input("x", {kBatch, 4});
  for (int i = 0; i < 100; ++i) x = sin(x);
  graph.output("y", x);
  const auto plan = lower(graph, DType::f32, 8);
  EXPECT_EQ(sizes(plan), (std::vector<std::size_t>{48, 48, 4}));
}

TEST(Plan, TemporariesShareTheArena) {
  Graph graph;
  Var x = graph.input("x", {kBatch, 64});
  const Var w = graph.state("w", {64, 64}), b = graph.state("b", {64});
  for (int layer = 0; layer < 20; ++layer) x = relu(linear(x, w, b));
  graph.output("y", x);
  const auto plan = lower(graph, DType::f32, 100);
  std::size_t all = 0;
  for (std::size_t id = 0; id < plan.buffers.size(); ++id) {
    if (plan.buffers[id].space != Buffer::Space::arena) continue;
    EXPECT_EQ(plan.buffers[id].offset % 64, 0U);
    all += static_cast<std::size_t>(plan.graph.node(static_cast<NodeId>(id)).type.shape.count(100)) * 4;
  }
  EXPECT_GE(all, 19U * 64 * 100 * 4);
  EXPECT_LE(plan.arena_bytes, 2U * 64 * 100 * 4);
}

TEST(Plan, TakesTimeInProportionToTheGraph) {
  // Two paths at each of many layers between the state's first and second reader.
  Graph graph(Mode::train);
  const Var w = graph.state("w", {4, 4}), b = graph.state("b", {4});
  graph.assign(w, w * 0.5);
  Var h = graph.input("x", {kBatch, 4});
  for (int layer = 0; layer < 80; ++layer) h = h + tanh(h);
  graph.output("y", linear(h, w, b));
  const auto plan = lower(graph, DType::f32, 8);
  EXPECT_EQ(std::ranges::count(plan.steps, Step::Kind::copy, &Step::kind), 0);
}

TEST(Plan, RefusesWhatItCannotRun) {
  Graph graph;
  graph.output("y", sin(graph.input("x", {kBatch})));
  EXPECT_THROW(lower(graph, DType::i32, 1), ArgumentError);
  EXPECT_THROW(lower(graph, DType::f32, 0), ArgumentError);
}

// A chain of products whose values must all be kept until the sum at the end.
Graph long_lived() {
  Graph graph;
  const Var x = graph.input("x", {kBatch, 8});
  const Var w = graph.state("w", {8, 8});
  Var h = x;
  std::vector<Var> kept;
  for (int i = 0; i < 5; ++i) kept.push_back(h = matmul(h, w));
  graph.output("y", concatenate(kept));
  return graph;
}

std::vector<NodeId> in_arena(const Plan& plan) {
  std::vector<NodeId> ids;
  for (std::size_t id = 0; id < plan.buffers.size(); ++id) {
    if (plan.buffers[id].space == Buffer::Space::arena) ids.push_back(static_cast<NodeId>(id));
  }
  return ids;
}

TEST(VerifyPlan, FindsTwoLiveValuesInOnePlace) {
  auto plan = lower(long_lived(), DType::f32, 4);
  const auto ids = in_arena(plan);
  ASSERT_EQ(ids.size(), 5U);
  for (const auto id : ids) {
    for (const auto other : ids) {
      if (id == other) continue;
      auto& buffer = plan.buffers[static_cast<std::size_t>(id)];
      const auto right = buffer.offset;
      for (const std::size_t shift : {0, 64}) {  // exactly there, or overlapping its end
        buffer.offset = plan.buffers[static_cast<std::size_t>(other)].offset + shift;
        EXPECT_THROW(verify(plan), ArgumentError) << id << " over " << other << " + " << shift;
      }
      buffer.offset = right;
    }
  }
  EXPECT_NO_THROW(verify(plan));
}

TEST(VerifyPlan, FindsStepsInAWrongOrder) {
  auto plan = lower(long_lived(), DType::f32, 4);
  for (std::size_t i = 0; i + 1 < plan.steps.size(); ++i) {
    std::swap(plan.steps[i], plan.steps[i + 1]);
    EXPECT_THROW(verify(plan), ArgumentError) << i;
    std::swap(plan.steps[i], plan.steps[i + 1]);
  }
}

TEST(VerifyPlan, FindsAReadOfAStateThatIsWritten) {
  Graph graph(Mode::train);
  const Var x = graph.input("x", {kBatch, 4});
  const Var w = graph.state("w", {4, 4}), b = graph.state("b", {4});
  graph.output("y", sum(linear(x, w, b)));
  graph.assign(w, matmul(x, x, true));
  auto plan = lower(graph, DType::f32, 4);
  const auto writer = std::ranges::find_if(plan.steps, [&](const Step& step) {
    return plan.buffers[static_cast<std::size_t>(step.nodes[0])].space == Buffer::Space::state;
  });
  ASSERT_NE(writer, plan.steps.end()) << to_string(plan);
  std::rotate(plan.steps.begin(), writer, writer + 1);
  try {
    verify(plan);
    FAIL();
  } catch (const ArgumentError& error) {
    EXPECT_NE(std::string(error.what()).find("'w'"), std::string::npos) << error.what();
  }
}

#ifdef LONGHAND_HAVE_RAPIDCHECK
// An oracle apart from verify: values that are both still to be read do not overlap.
RC_GTEST_PROP(Plan, LiveValuesDoNotOverlap, (const std::vector<unsigned>& choices)) {
  const auto plan = lower(random_graph(choices, true), DType::f64, 5);
  const auto root = [&](NodeId id) {
    while (plan.graph.node(id).op == Op::reshape) id = plan.graph.node(id).inputs[0];
    return id;
  };
  std::map<NodeId, std::pair<std::size_t, std::size_t>> lives;  // node -> first and last step
  for (std::size_t step = 0; step < plan.steps.size(); ++step) {
    const bool copies = plan.steps[step].kind == Step::Kind::copy;
    for (const auto id : plan.steps[step].nodes) {
      if (!copies) lives[id] = {step, step};
      for (const auto input : plan.graph.node(id).inputs) {
        if (const auto found = lives.find(root(input)); found != lives.end()) found->second.second = step;
      }
      if (const auto found = lives.find(root(id)); copies && found != lives.end()) found->second.second = step;
    }
  }
  for (const auto& [name, id] : plan.graph.outputs()) {
    if (const auto found = lives.find(root(id)); found != lives.end()) found->second.second = plan.steps.size();
  }
  const auto ids = in_arena(plan);
  for (const auto a : ids) {
    for (const auto b : ids) {
      if (a >= b || root(a) == root(b)) continue;
      const auto life_a = lives.at(root(a)), life_b = lives.at(root(b));
      if (life_a.second < life_b.first || life_b.second < life_a.first) continue;
      const auto end = [&](NodeId id) {
        return plan.buffers[static_cast<std::size_t>(id)].offset +
               static_cast<std::size_t>(plan.graph.node(id).type.shape.count(5)) * 8;
      };
      RC_ASSERT(end(a) <= plan.buffers[static_cast<std::size_t>(b)].offset ||
                end(b) <= plan.buffers[static_cast<std::size_t>(a)].offset);
      RC_ASSERT(end(a) <= plan.arena_bytes);
    }
  }
}
#endif

}  // namespace
}  // namespace longhand::testing
