// Whole training steps on each backend: equal results, equal bits, no allocation.
#include <gtest/gtest.h>

#include "backends/allocations.h"
#include "backends/each_target.h"
#include "base/thread_pool.h"
#include "longhand/exec.h"
#include "support/expect_close.h"
#include "support/op_samples.h"

namespace longhand::testing {
namespace {

constexpr std::int64_t kIn = 37, kHidden = 70, kClasses = 10;

// in-hidden-classes with tanh, cross-entropy over the mean, momentum; gradients by hand.
Graph classifier_step() {
  constexpr auto kRows = Shape::kBatch;
  Graph graph(Mode::train);
  const auto x = graph.input("x", {kRows, kIn});
  const auto y = one_hot(graph.input("y", {kRows}, Kind::index), kClasses);
  const auto rate = graph.input("rate", {});
  const auto w1 = graph.state("w1", {kHidden, kIn}), b1 = graph.state("b1", {kHidden});
  const auto w2 = graph.state("w2", {kClasses, kHidden}), b2 = graph.state("b2", {kClasses});
  const auto h = tanh(linear(x, w1, b1));
  const auto z = linear(h, w2, b2);
  const auto losses = softmax_cross_entropy(z, y);
  graph.output("loss", mean(losses));
  const auto dz = (softmax(z) - y) / extent(losses, {0});
  const auto dh = matmul(dz, w2) * (1.0 - h * h);
  const auto update = [&](Var parameter, const std::string& name, Var gradient) {
    const auto velocity = graph.state("v_" + name, parameter.shape());
    const auto moved = 0.9 * velocity + gradient;
    graph.assign(velocity, moved);
    graph.assign(parameter, parameter - rate * moved);
  };
  update(w2, "w2", matmul(dz, h, true));
  update(b2, "b2", sum(dz, {0}));
  update(w1, "w1", matmul(dh, x, true));
  update(b1, "b1", sum(dh, {0}));
  return graph;
}

State initial_state(DType dtype) {
  State state;
  const auto add = [&](const std::string& name, Shape shape, std::uint64_t salt) {
    state.set(name, filled(shape, salt, -0.3, 0.3).cast(dtype));
    state.set("v_" + name, Tensor(shape, dtype));
  };
  add("w1", {kHidden, kIn}, 1);
  add("b1", {kHidden}, 2);
  add("w2", {kClasses, kHidden}, 3);
  add("b2", {kClasses}, 4);
  return state;
}

struct Table {
  Tensor x, y;
};

Table table(std::int64_t rows, DType dtype) {
  Table made{filled({rows, kIn}, 9).cast(dtype), Tensor({rows}, DType::i32)};
  for (std::int64_t i = 0; i < rows; ++i)
    made.y.set(i, static_cast<double>((i * 7 + i / 3) % kClasses));
  return made;
}

// A few batches, the last a smaller one; the state afterwards and the losses.
struct Trained {
  State state;
  std::vector<double> losses;
};

Trained train(const std::string& backend, DType dtype, int threads, std::int64_t batch = 96) {
  const auto graph = classifier_step();
  const auto data = table(batch * 2 + batch / 3, dtype);
  Trained trained{initial_state(dtype), std::vector<double>(3)};
  const Program program(graph, {dtype, batch, backend});
  Runner runner(program, trained.state, make_thread_pool(threads));
  runner.bind_table("x", data.x);
  runner.bind_table("y", data.y);
  std::vector<std::int32_t> order(static_cast<std::size_t>(data.y.count()));
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::int32_t>(i);
  const std::vector<double> rates = {0.5, 0.25, 0.125};
  runner.run_steps({order, batch, {{"rate", rates}}, {{"loss", trained.losses}}});
  return trained;
}

TEST(Step, CpuAndReferenceAgree) {
  each_target([] {
    for (const auto dtype : {DType::f32, DType::f64}) {
      const auto expected = train("reference", dtype, 1), found = train("cpu", dtype, 1);
      const double tolerance = dtype == DType::f32 ? 1e-5 : 1e-13;
      EXPECT_TRUE(close(found.losses, expected.losses, {tolerance, 0}));
      for (const auto& [name, tensor] : expected.state.entries()) {
        EXPECT_TRUE(
            close(found.state.get(name).to_doubles(), tensor.to_doubles(), {tolerance, tolerance}))
            << name;
      }
    }
  });
}

TEST(Step, ThreadsChangeNoBit) {
  each_target([] {
    for (const auto dtype : {DType::f32, DType::f64}) {
      const auto alone = train("cpu", dtype, 1, 1024);
      for (const int threads : {2, 3, 7, 16}) {
        const auto shared = train("cpu", dtype, threads, 1024);
        EXPECT_EQ(shared.losses, alone.losses);
        for (const auto& [name, tensor] : alone.state.entries()) {
          EXPECT_TRUE(identical(shared.state.get(name), tensor))
              << name << ", " << threads << " threads";
        }
      }
    }
  });
}

// Prediction for some rows is the same bits in any company.
TEST(Step, ARowDoesNotDependOnTheRowsBesideIt) {
  each_target([] {
    Graph graph;
    const auto x = graph.input("x", {Shape::kBatch, kIn});
    const auto w1 = graph.state("w1", {kHidden, kIn}), b1 = graph.state("b1", {kHidden});
    const auto w2 = graph.state("w2", {kClasses, kHidden}), b2 = graph.state("b2", {kClasses});
    const auto p = softmax(linear(sin(tanh(linear(x, w1, b1)) * 90.0), w2, b2));
    graph.output("p", p);
    graph.output("sure", reduce_max(p, {1}));
    graph.output("entropy", -sum(p * log(p), {1}));
    const auto state = initial_state(DType::f32);
    const auto data = table(300, DType::f32);
    const Program program(graph, {DType::f32, 300, "cpu"});
    Runner runner(program, state, make_thread_pool(3));
    runner.bind("x", data.x);
    runner.run(300);
    const auto p_together = runner.output("p").clone(),
               entropy_together = runner.output("entropy").clone();
    for (const std::int64_t rows : {1, 2, 3, 7, 100}) {
      const auto first = 300 - rows;
      const auto* values = data.x.values<float>().data() + first * kIn;
      runner.bind("x", Tensor::borrow(const_cast<float*>(values), {rows, kIn}, DType::f32));
      runner.run(rows);
      for (std::int64_t i = 0; i < rows; ++i) {
        EXPECT_EQ(runner.output("entropy").at(i), entropy_together.at(first + i));
        for (std::int64_t j = 0; j < kClasses; ++j) {
          EXPECT_EQ(runner.output("p").at(i * kClasses + j),
                    p_together.at((first + i) * kClasses + j));
        }
      }
    }
  });
}

TEST(Step, RunningAllocatesNothing) {
  const auto graph = classifier_step();
  const auto data = table(64, DType::f32);
  auto state = initial_state(DType::f32);
  const Program program(graph, {DType::f32, 64, "cpu"});
  Runner runner(program, state, make_thread_pool(2));
  runner.bind("x", data.x);
  runner.bind("y", data.y);
  runner.bind("rate", Tensor::scalar(0.1));
  runner.run(64);
  const auto before = allocations();
  for (const std::int64_t rows : {64, 1, 33}) runner.run(rows);
  EXPECT_EQ(allocations() - before, 0);
}

// What a run leaves does not depend on the order in which writes were recorded.
TEST(Step, WritesSeeTheOldState) {
  for (const std::string backend : {"reference", "cpu"}) {
    Graph graph(Mode::train);
    const auto a = graph.state("a", {3}), b = graph.state("b", {3});
    graph.assign(a, a + b);
    graph.assign(b, b * b);
    graph.output("difference", a - b);
    State state;
    state.set("a", Tensor::from(std::vector<double>{1, 2, 3}, {3}));
    state.set("b", Tensor::from(std::vector<double>{4, 5, 6}, {3}));
    const Program program(graph, {DType::f32, 1, backend});
    Runner runner(program, state);
    runner.run(1);
    EXPECT_EQ(state.get("a").to_doubles(), (std::vector<double>{5, 7, 9})) << backend;
    EXPECT_EQ(state.get("b").to_doubles(), (std::vector<double>{16, 25, 36})) << backend;
    EXPECT_EQ(runner.output("difference").to_doubles(), (std::vector<double>{-3, -3, -3}))
        << backend;
  }
}

TEST(Step, NoRowsAreNoWork) {
  for (const std::string backend : {"reference", "cpu"}) {
    Graph graph;
    const auto x = graph.input("x", {Shape::kBatch, kIn});
    const auto w = graph.state("w1", {kHidden, kIn}), b = graph.state("b1", {kHidden});
    graph.output("y", sum(relu(linear(x, w, b))));
    const auto state = initial_state(DType::f32);
    const Program program(graph, {DType::f32, 4, backend});
    Runner runner(program, state);
    runner.bind("x", Tensor(Shape{0, kIn}));
    runner.run(0);
    EXPECT_EQ(runner.output("y").item(), 0) << backend;
  }
}

}  // namespace
}  // namespace longhand::testing
