// What is computed together with products, and one row through layers laid out for it.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <thread>

#include "backends/each_target.h"
#include "base/thread_pool.h"
#include "longhand/exec.h"
#include "support/expect_close.h"
#include "support/op_samples.h"

namespace longhand::testing {
namespace {

constexpr auto kRows = Shape::kBatch;

struct Sizes {
  std::int64_t in, hidden, out;
};

// in-hidden-hidden-out with ReLU and tanh, squared error, Adam with decay; gradients by hand.
Graph adam_step(const Sizes& sizes) {
  Graph graph(Mode::train);
  const auto x = graph.input("x", {kRows, sizes.in}), y = graph.input("y", {kRows, sizes.out});
  const auto rate = graph.input("rate", {});
  const auto t = to_real(graph.input("step", {}, Kind::index)) + 1.0;
  const auto w1 = graph.state("w1", {sizes.hidden, sizes.in}),
             b1 = graph.state("b1", {sizes.hidden});
  const auto w2 = graph.state("w2", {sizes.hidden, sizes.hidden}),
             b2 = graph.state("b2", {sizes.hidden});
  const auto w3 = graph.state("w3", {sizes.out, sizes.hidden}), b3 = graph.state("b3", {sizes.out});
  const auto z1 = linear(x, w1, b1);
  const auto h1 = relu(z1);
  const auto h2 = tanh(linear(h1, w2, b2));
  const auto error = linear(h2, w3, b3) - y;
  graph.output("loss", sum(error * error));
  const auto dz3 = 2.0 * error;
  const auto dz2 = matmul(dz3, w3) * (1.0 - h2 * h2);
  const auto dz1 = matmul(dz2, w2) *
                   where(less(graph.constant(0.0), z1), graph.constant(1.0), graph.constant(0.0));
  const auto unbias = [&](double beta) { return -expm1(t * std::log(beta)); };
  const auto update = [&](Var w, const std::string& name, Var g) {
    const auto m = graph.state("m_" + name, w.shape()), v = graph.state("v_" + name, w.shape());
    const auto m_new = 0.9 * m + 0.1 * g;
    const auto v_new = 0.999 * v + 0.001 * (g * g);
    graph.assign(m, m_new);
    graph.assign(v, v_new);
    const auto decayed = w - rate * 0.01 * w;
    graph.assign(w, decayed - rate * (m_new / unbias(0.9)) / (sqrt(v_new / unbias(0.999)) + 1e-8));
  };
  update(w3, "w3", matmul(dz3, h2, true));
  update(b3, "b3", sum(dz3, {0}));
  update(w2, "w2", matmul(dz2, h1, true));
  update(b2, "b2", sum(dz2, {0}));
  update(w1, "w1", matmul(dz1, x, true));
  update(b1, "b1", sum(dz1, {0}));
  return graph;
}

State step(const Sizes& sizes, std::int64_t rows, const std::string& backend, DType dtype,
           int threads = 1) {
  const Program program(adam_step(sizes), {dtype, rows, backend});
  State state;
  std::uint64_t salt = 1;
  for (const auto& slot : program.states()) {
    // Second moments are large, so that what is lost of a gradient stays lost of the weight.
    const bool is_second = slot.name[0] == 'v';
    state.set(
        slot.name,
        filled(slot.type.shape, salt++, is_second ? 1 : -0.2, is_second ? 2 : 0.2).cast(dtype));
  }
  Runner runner(program, state, make_thread_pool(threads));
  runner.bind("x", filled({rows, sizes.in}, 101, -1, 1).cast(dtype));
  runner.bind("y", filled({rows, sizes.out}, 102, -1, 1).cast(dtype));
  runner.bind("rate", Tensor::scalar(0.01, dtype));
  Tensor number(Shape{}, DType::i32);
  number.set(0, 3);
  runner.bind("step", number);
  runner.run(rows);
  runner.run(rows);
  return state;
}

constexpr Sizes kSizes[] = {{1, 1, 1},    {2, 3, 1},     {37, 70, 10},
                            {130, 67, 4}, {1030, 19, 3}, {16, 129, 33}};

TEST(Fused, AStepIsTheReference) {
  for (const auto& sizes : kSizes) {
    for (const std::int64_t rows : {1, 5, 33, 130, 1100}) {
      if (rows > 130 && sizes.hidden > 70) continue;  // the reference takes long
      for (const auto dtype : {DType::f32, DType::f64}) {
        SCOPED_TRACE(std::to_string(sizes.in) + "-" + std::to_string(sizes.hidden) + "-" +
                     std::to_string(sizes.out) + ", " + std::to_string(rows) + " rows");
        const auto expected = step(sizes, rows, "reference", dtype);
        each_target([&] {
          const auto found = step(sizes, rows, "cpu", dtype);
          const double tolerance = dtype == DType::f32 ? 2e-4 : 1e-11;
          for (const auto& [name, tensor] : expected.entries()) {
            EXPECT_TRUE(
                close(found.get(name).to_doubles(), tensor.to_doubles(), {tolerance, tolerance}))
                << name;
          }
        });
      }
    }
  }
}

// A layer with a ReLU and the adjoint of its input times the ReLU's slope. With `keeps` the
// products are outputs too, and so what follows them is computed from memory.
Graph relu_both_ways(std::int64_t in, std::int64_t out, bool keeps) {
  Graph graph;
  const auto x = graph.input("x", {kRows, in}), dz = graph.input("dz", {kRows, out});
  const auto w = graph.state("w", {out, in});
  const auto z = linear(x, w, graph.state("b", {out}));
  const auto dx = matmul(dz, w);
  graph.output("h", relu(z));
  graph.output("slope", dx * to_real(less(graph.constant(0.0), x)));
  if (keeps) {
    graph.output("z", z);
    graph.output("dx", dx);
  }
  return graph;
}

std::vector<std::vector<double>> both_ways(std::int64_t rows, std::int64_t in, std::int64_t out,
                                           DType dtype, bool keeps) {
  const Program program(relu_both_ways(in, out, keeps), {.dtype = dtype, .max_rows = rows});
  State state;
  state.set("w", filled({out, in}, 1, -1, 1).cast(dtype));
  state.set("b", filled({out}, 2, -1, 1).cast(dtype));
  auto x = filled({rows, in}, 3, -1, 1).cast(dtype), dz = filled({rows, out}, 4, -1, 1).cast(dtype);
  x.set(0, std::numeric_limits<double>::quiet_NaN());
  x.set(rows * in - 1, -0.0);
  dz.set(rows * out / 2, std::numeric_limits<double>::infinity());
  Runner runner(program, state);
  runner.bind("x", x);
  runner.bind("dz", dz);
  runner.run(rows);
  return {runner.output("h").to_doubles(), runner.output("slope").to_doubles()};
}

TEST(Fused, WhatEndsInRegistersHasTheBitsOfWhatGoesThroughMemory) {
  constexpr std::int64_t kWidths[] = {1, 2, 3, 5, 10, 17, 33, 50, 65, 130, 530};
  const auto same = [](double a, double b) {
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) ||
           (std::isnan(a) && std::isnan(b));
  };
  each_target([&] {
    for (const auto dtype : {DType::f32, DType::f64}) {
      for (const std::int64_t rows : {1, 2, 7, 40}) {
        for (const auto in : kWidths) {
          for (const auto out : kWidths) {
            const auto found = both_ways(rows, in, out, dtype, false);
            const auto expected = both_ways(rows, in, out, dtype, true);
            for (std::size_t i = 0; i < found.size(); ++i) {
              EXPECT_TRUE(std::ranges::equal(found[i], expected[i], same))
                  << (i == 0 ? "ReLU, " : "slope, ") << rows << " rows, " << in << "-" << out;
            }
          }
        }
      }
    }
  });
}

TEST(Fused, ThreadsChangeNoBit) {
  each_target([] {
    for (const auto& sizes : {Sizes{130, 260, 4}, Sizes{1030, 70, 3}}) {
      const auto alone = step(sizes, 300, "cpu", DType::f32);
      for (const int threads : {2, 3, 7, 16}) {
        const auto shared = step(sizes, 300, "cpu", DType::f32, threads);
        for (const auto& [name, tensor] : alone.entries()) {
          EXPECT_EQ(shared.get(name).to_doubles(), tensor.to_doubles())
              << name << ", " << threads << " threads";
        }
      }
    }
  });
}

TEST(Fused, AnUpdateKeepsNoGradient) {
  const Program program(adam_step({30, 64, 1}), {.max_rows = 32});
  // Three activations and three adjoints of them, and numbers: no [64, 64].
  EXPECT_LE(program.arena_bytes(), (5U * 64 * 32 + 2U * 32) * 4 + 2048);
  EXPECT_NE(program.plan_text().find("dense_backward_update"), std::string::npos);
}

template <class T>
void check_one_row(Op activation, std::int64_t in, std::int64_t hidden, std::int64_t out) {
  constexpr auto kType = std::is_same_v<T, float> ? DType::f32 : DType::f64;
  Graph graph;
  Var h = graph.input("x", {kRows, in});
  State state;
  const std::int64_t widths[] = {in, hidden, hidden, out};
  for (std::size_t layer = 1; layer < 4; ++layer) {
    const auto name = std::to_string(layer);
    const Shape shape{widths[layer], widths[layer - 1]};
    h = linear(h, graph.state("w" + name, shape), graph.state("b" + name, {widths[layer]}));
    if (layer < 3) h = graph.add(activation, {h.id});
    state.set("w" + name, filled(shape, layer, -0.5, 0.5).cast(kType));
    state.set("b" + name, filled({widths[layer]}, layer + 10, -0.5, 0.5).cast(kType));
  }
  graph.output("y", sigmoid(h));
  constexpr std::int64_t kCount = 5;
  const auto x = filled({kCount, in}, 77, -1, 1).cast(kType);
  Program program(graph, {.dtype = kType, .max_rows = kCount, .fixed_state = true});
  Runner runner(program, std::as_const(state));
  runner.bind("x", x);
  runner.run(kCount);
  const auto together = runner.output("y").clone();
  auto rows = x;
  for (std::int64_t row = 0; row < kCount; ++row) {
    // In memory of exactly its size, so that the address sanitizer sees a step beyond.
    Tensor alone({1, in}, kType);
    for (std::int64_t i = 0; i < in; ++i) alone.set(i, x.at(row * in + i));
    runner.bind("x", alone);
    runner.run(1);
    for (std::int64_t j = 0; j < out; ++j) {
      EXPECT_EQ(runner.output("y").at(j), together.at(row * out + j))
          << in << "-" << hidden << "-" << out << ", row " << row;
    }
  }
}

TEST(Fused, OneRowHasTheBitsOfManyRows) {
  each_target([] {
    for (const auto activation : {Op::relu, Op::tanh, Op::sigmoid, Op::sin}) {
      for (const std::int64_t in : {1, 2, 31, 33, 200}) {
        for (const std::int64_t hidden : {1, 3, 17, 64, 130}) {
          for (const std::int64_t out : {1, 4, 10}) {
            check_one_row<float>(activation, in, hidden, out);
            check_one_row<double>(activation, in, hidden, out);
          }
        }
      }
    }
  });
}

// A chain of a layer with enough inputs for dot products, and one without.
Graph small_prediction() {
  Graph graph;
  const auto x = graph.input("x", {kRows, 40});
  const auto h = relu(linear(x, graph.state("w1", {3, 40}), graph.state("b1", {3})));
  const auto g = matmul(h, graph.state("v", {3, 20})) *
                 to_real(less(graph.constant(0.0),
                              linear(x, graph.state("w2", {20, 40}), graph.state("b2", {20}))));
  graph.output("y", tanh(linear(g, graph.state("w3", {1, 20}), graph.state("b3", {1}))));
  graph.output("g", g);
  return graph;
}

TEST(Fused, NotANumberInfinityAndDenormalsAreAsTheReference) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const double edges[] = {
      std::numeric_limits<double>::quiet_NaN(), kInfinity, -kInfinity, 1e-40, -1e-40, -0.0, 3e38};
  each_target([&] {
    for (const double edge : edges) {
      std::vector<std::vector<double>> found;
      for (const std::string backend : {"reference", "cpu"}) {
        const Program program(small_prediction(), {.max_rows = 9, .backend = backend});
        State state;
        std::uint64_t salt = 1;
        for (const auto& slot : program.states())
          state.set(slot.name, filled(slot.type.shape, salt++, -1, 1).cast(DType::f32));
        state.get("w2").set(45, edge);
        auto x = filled({9, 40}, 50, -1, 1).cast(DType::f32);
        x.set(3 * 40 + 1, edge);
        x.set(5 * 40 + 39, edge);
        Runner runner(program, state);
        runner.bind("x", x);
        runner.run(9);
        for (const char* name : {"y", "g"}) found.push_back(runner.output(name).to_doubles());
      }
      EXPECT_TRUE(close(found[2], found[0], {1e-5, 1e-5})) << edge;
      EXPECT_TRUE(close(found[3], found[1], {1e-5, 1e-5})) << edge;
    }
  });
}

TEST(Fused, ManyThreadsPredictAtOnce) {
  Graph graph;
  Var h = graph.input("x", {kRows, 30});
  State state;
  for (const std::string layer : {"1", "2", "3"}) {
    h = relu(linear(h, graph.state("w" + layer, {30, 30}), graph.state("b" + layer, {30})));
    state.set("w" + layer, filled({30, 30}, 1, -0.3, 0.3).cast(DType::f32));
    state.set("b" + layer, filled({30}, 2, -0.3, 0.3).cast(DType::f32));
  }
  graph.output("y", h);
  const Program program(graph, {.fixed_state = true});
  const auto x = filled({1, 30}, 3, -1, 1).cast(DType::f32);
  Runner alone(program, std::as_const(state));
  alone.bind("x", x);
  alone.run(1);
  const auto expected = alone.output("y").to_doubles();
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      Runner runner(program, std::as_const(state));
      runner.bind("x", x);
      for (int run = 0; run < 1000; ++run) runner.run(1);
      EXPECT_EQ(runner.output("y").to_doubles(), expected);
    });
  }
}

// Where the step is not the gradient's, though its operations and operands are.
enum class Slip : std::uint8_t { none, weight_transposed, bias_summed_over_units };

// Plain descent on the binary cross-entropy, as build_step writes it, of layers of these widths.
Graph descent_step(Op activation, const std::vector<std::int64_t>& widths, Slip slip = Slip::none) {
  Graph graph(Mode::train);
  std::vector<Var> values{graph.input("x", {kRows, widths[0]})}, weights, biases;
  const auto y = graph.input("y", {kRows, 1});
  Var z;
  for (std::size_t layer = 1; layer < widths.size(); ++layer) {
    const auto number = std::to_string(layer);
    weights.push_back(graph.state("w" + number, {widths[layer], widths[layer - 1]}));
    biases.push_back(graph.state("b" + number, {widths[layer]}));
    z = linear(values.back(), weights.back(), biases.back());
    if (layer + 1 < widths.size()) values.push_back(graph.add(activation, {z.id}));
  }
  const auto losses = reshape(sigmoid_cross_entropy(z, y), {kRows});
  graph.output("L", mean(losses));
  const auto one = graph.constant(1.0);
  const auto rate = graph.input("learning_rate", {});
  const auto descend = [&](Var w, Var g) { graph.assign(w, w - rate * g); };
  auto dz = reshape(one / extent(losses, {0}), {1}) * (sigmoid(z) - y);
  for (auto i = weights.size(); i-- > 0;) {
    const auto h = values[i];
    descend(weights[i], matmul(dz, h, true));
    const bool is_hidden = i + 1 < weights.size();
    descend(biases[i], is_hidden && slip == Slip::bias_summed_over_units ? sum(dz) : sum(dz, {0}));
    if (i == 0) break;
    Var slope = h * (one - h);
    if (activation == Op::relu) slope = to_real(less(graph.constant(0.0), h));
    if (activation == Op::tanh) slope = one - h * h;
    dz = matmul(dz, weights[i], false, is_hidden && slip == Slip::weight_transposed) * slope;
  }
  return graph;
}

// Trains on single rows; a program for more rows than one computes its last, single row step by
// step.
State descend(const Graph& graph, std::int64_t max_rows, DType dtype, std::vector<double>& losses) {
  const Program program(graph, {.dtype = dtype, .max_rows = max_rows});
  State state;
  std::uint64_t salt = 1;
  for (const auto& slot : program.states()) {
    state.set(slot.name, filled(slot.type.shape, salt++, -0.8, 0.8).cast(dtype));
  }
  constexpr std::int64_t kCount = 40;
  Runner runner(program, state);
  runner.bind_table("x",
                    filled({kCount, program.inputs()[0].type.shape[1]}, 21, -2, 2).cast(dtype));
  Tensor y({kCount, 1}, dtype);
  for (std::int64_t i = 0; i < kCount; ++i) y.set(i, static_cast<double>(i % 3 == 0));
  runner.bind_table("y", y);
  std::vector<std::int32_t> order;
  for (std::int32_t i = 0; i < kCount; ++i)
    order.push_back(i * 7 % static_cast<std::int32_t>(kCount));
  const std::vector<double> rates(order.size(), 0.3);
  losses.resize(order.size());
  runner.run_steps({.order = order,
                    .batch_size = 1,
                    .scalars = {{"learning_rate", rates}},
                    .record = {{"L", losses}}});
  return state;
}

TEST(Fused, ATinyStepHasTheBitsOfItsParts) {
  each_target([] {
    for (const auto activation : {Op::relu, Op::tanh, Op::sigmoid, Op::sin}) {
      for (const std::int64_t in : {1, 2, 16, 17}) {
        for (const std::int64_t hidden : {1, 2, 5, 16}) {
          for (const auto dtype : {DType::f32, DType::f64}) {
            const auto graph = descent_step(activation, {in, hidden, 1});
            std::vector<double> expected_losses, losses;
            const auto expected = descend(graph, 2, dtype, expected_losses);
            const auto found = descend(graph, 1, dtype, losses);
            EXPECT_EQ(losses, expected_losses) << in << "-" << hidden << "-1";
            for (const auto& [name, tensor] : expected.entries()) {
              EXPECT_EQ(found.get(name).to_doubles(), tensor.to_doubles()) << name;
            }
          }
        }
      }
    }
  });
}

TEST(Fused, AStepThatOnlyResemblesDescentIsComputedAsWritten) {
  each_target([] {
    for (const auto slip : {Slip::none, Slip::weight_transposed, Slip::bias_summed_over_units}) {
      const auto graph = descent_step(Op::tanh, {4, 4, 4, 1}, slip);
      std::vector<double> expected_losses, losses;
      const auto expected = descend(graph, 2, DType::f64, expected_losses);
      const auto found = descend(graph, 1, DType::f64, losses);
      EXPECT_EQ(losses, expected_losses) << static_cast<int>(slip);
      for (const auto& [name, tensor] : expected.entries()) {
        EXPECT_EQ(found.get(name).to_doubles(), tensor.to_doubles())
            << name << ", " << static_cast<int>(slip);
      }
    }
  });
}

}  // namespace
}  // namespace longhand::testing
