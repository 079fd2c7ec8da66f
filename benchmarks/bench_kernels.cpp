// Kernels of the CPU backend: products in the shapes of training, and sweeps.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <memory>

#include "backends/cpu/gemm.h"
#include "base/thread_pool.h"
#include "longhand/exec.h"

namespace longhand {
namespace {

// Where the operands lie: forward is x W^T, backward dz W, weights dz^T x.
enum Use : std::int64_t { kForward, kBackward, kWeights };

template <class T>
void product(benchmark::State& state) {
  const auto use = state.range(0), m = state.range(1), n = state.range(2), k = state.range(3);
  const auto threads = static_cast<int>(state.range(4));
  const auto fill = [](std::int64_t count) {
    std::vector<T> values(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = static_cast<T>(static_cast<int>(i * 7 % 13) - 6);
    return values;
  };
  const auto a = fill(m * k), b = fill(k * n), bias = fill(n);
  std::vector<T> c(static_cast<std::size_t>(m * n));
  Product<T> p{m, n, k, a.data(), k, 1, b.data(), n, 1, nullptr, c.data()};
  if (use == kForward) {
    p.b_inner = 1;
    p.b_column = k;
    p.bias = bias.data();
  }
  if (use == kWeights) {
    p.a_row = 1;
    p.a_inner = m;
  }
  const auto needed = product_scratch(m, n, k, sizeof(T), use == kWeights, 0);
  std::unique_ptr<std::byte, decltype(&std::free)> scratch(
      static_cast<std::byte*>(
          std::aligned_alloc(64, needed.bytes * static_cast<std::size_t>(threads))),
      std::free);
  ThreadPool pool(threads);
  const auto function = product_function<T>();
  for (auto _ : state) {
    function(p, {}, needed, scratch.get(), &pool);
    benchmark::ClobberMemory();
  }
  // Small integers: the last entry must be exact.
  double exact = p.bias == nullptr ? 0 : static_cast<double>(p.bias[n - 1]);
  for (std::int64_t l = 0; l < k; ++l) {
    exact += static_cast<double>(a[static_cast<std::size_t>((m - 1) * p.a_row + l * p.a_inner)]) *
             static_cast<double>(b[static_cast<std::size_t>(l * p.b_inner + (n - 1) * p.b_column)]);
  }
  if (static_cast<double>(c.back()) != exact) state.SkipWithError("wrong result");
  state.counters["GFLOP/s"] =
      benchmark::Counter(2e-9 * static_cast<double>(m * n) * static_cast<double>(k),
                         benchmark::Counter::kIsIterationInvariantRate);
}

// The layers of a few networks in each use, and one row.
void shapes(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"use", "m", "n", "k", "threads"});
  const auto layer = [&](std::int64_t rows, std::int64_t out, std::int64_t in) {
    bench->Args({kForward, rows, out, in, 1});
    bench->Args({kBackward, rows, in, out, 1});
    bench->Args({kWeights, out, in, rows, 1});
  };
  layer(64, 128, 784);
  layer(64, 10, 128);
  layer(128, 512, 512);
  layer(1024, 1024, 1024);
  layer(32, 64, 64);
  layer(32, 1, 64);
  layer(1, 128, 784);
  layer(1, 64, 64);
  layer(1, 10, 128);
  layer(1, 2, 2);
}

BENCHMARK(product<float>)->Apply(shapes);
BENCHMARK(product<double>)->Apply(shapes);

// Wall-clock time where more than one thread works.
void shared_shapes(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"use", "m", "n", "k", "threads"});
  for (const std::int64_t threads : {1, 2}) {
    bench->Args({kForward, 64, 128, 784, threads});
    bench->Args({kWeights, 128, 784, 64, threads});
    bench->Args({kForward, 1024, 1024, 1024, threads});
  }
  bench->UseRealTime();
}
BENCHMARK(product<float>)->Apply(shared_shapes);

// Adam's update of so many parameters with given gradients: one sweep, in place.
void adam_sweep(benchmark::State& state) {
  const auto n = state.range(0);
  Graph graph(Mode::train);
  const auto g = graph.input("g", {n}), rate = graph.input("rate", {}),
             root = graph.input("root", {});
  const auto w = graph.state("w", {n}), m = graph.state("m", {n}), v = graph.state("v", {n});
  const auto m_new = 0.9 * m + 0.1 * g;
  const auto v_new = 0.999 * v + 0.001 * (g * g);
  graph.assign(m, m_new);
  graph.assign(v, v_new);
  graph.assign(w, w - rate * m_new / (sqrt(v_new) * root + 1e-8));
  const Program program(graph, {});
  State memory;
  for (const auto* name : {"w", "m", "v"}) memory.set(name, Tensor::full({n}, 0.5));
  Runner runner(program, memory, make_thread_pool(static_cast<int>(state.range(1))));
  runner.bind("g", Tensor::full({n}, 0.25));
  runner.bind("rate", Tensor::scalar(1e-3));
  runner.bind("root", Tensor::scalar(1));
  for (auto _ : state) runner.run(1);
  state.counters["ns/entry"] =
      benchmark::Counter(static_cast<double>(n), benchmark::Counter::kIsIterationInvariantRate |
                                                     benchmark::Counter::kInvert);
}
BENCHMARK(adam_sweep)
    ->ArgNames({"n", "threads"})
    ->Args({4, 1})
    ->Args({1000, 1})
    ->Args({100'000, 1})
    ->Args({1'000'000, 1});

// A whole step of a classifier with one hidden layer: cross-entropy, Adam; gradients by hand.
Graph classifier_step(std::int64_t in, std::int64_t hidden, std::int64_t classes) {
  Graph graph(Mode::train);
  const auto x = graph.input("x", {Shape::kBatch, in});
  const auto y = one_hot(graph.input("y", {Shape::kBatch}, Kind::index), classes);
  const auto rate = graph.input("rate", {}), root = graph.input("root", {});
  const auto w1 = graph.state("w1", {hidden, in}), b1 = graph.state("b1", {hidden});
  const auto w2 = graph.state("w2", {classes, hidden}), b2 = graph.state("b2", {classes});
  const auto h = relu(linear(x, w1, b1));
  const auto z = linear(h, w2, b2);
  const auto losses = softmax_cross_entropy(z, y);
  graph.output("loss", mean(losses));
  const auto dz = (softmax(z) - y) / extent(losses, {0});
  const auto dh = matmul(dz, w2) * to_real(less(graph.constant(0), h));
  const auto update = [&](Var w, const std::string& name, Var g) {
    const auto m = graph.state("m_" + name, w.shape()), v = graph.state("v_" + name, w.shape());
    const auto m_new = 0.9 * m + 0.1 * g;
    const auto v_new = 0.999 * v + 0.001 * (g * g);
    graph.assign(m, m_new);
    graph.assign(v, v_new);
    graph.assign(w, w - rate * m_new / (sqrt(v_new) * root + 1e-8));
  };
  update(w2, "w2", matmul(dz, h, true));
  update(b2, "b2", sum(dz, {0}));
  update(w1, "w1", matmul(dh, x, true));
  update(b1, "b1", sum(dh, {0}));
  return graph;
}

void classifier(benchmark::State& state) {
  const auto rows = state.range(0), in = state.range(1), hidden = state.range(2),
             classes = state.range(3);
  const auto graph = classifier_step(in, hidden, classes);
  const Program program(graph, {DType::f32, rows});
  State memory;
  for (const auto& slot : program.states()) {
    Tensor tensor(slot.type.shape);
    const bool is_second_moment = slot.name[0] == 'v';
    for (std::int64_t i = 0; i < tensor.count(); ++i) {
      tensor.set(i, is_second_moment ? 1 : static_cast<double>(i * 7919 % 199 - 99) / 2000);
    }
    memory.set(slot.name, tensor);
  }
  Tensor x(Shape{rows, in}), y(Shape{rows}, DType::i32);
  for (std::int64_t i = 0; i < x.count(); ++i)
    x.set(i, static_cast<double>(i * 104729 % 201 - 100) / 100);
  for (std::int64_t i = 0; i < rows; ++i) y.set(i, static_cast<double>(i % classes));
  Runner runner(program, memory, make_thread_pool(static_cast<int>(state.range(4))));
  runner.bind("x", x);
  runner.bind("y", y);
  runner.bind("rate", Tensor::scalar(1e-3));
  runner.bind("root", Tensor::scalar(1));
  for (auto _ : state) runner.run(rows);
}
BENCHMARK(classifier)
    ->ArgNames({"rows", "in", "hidden", "classes", "threads"})
    ->Args({64, 784, 128, 10, 1})
    ->Args({64, 784, 128, 10, 2})
    ->Args({32, 30, 64, 2, 1})
    ->Args({128, 512, 512, 10, 1})
    ->Args({128, 512, 512, 10, 2})
    ->UseRealTime();

// The article's network: 2-2-1 with sigmoids, one row, cross-entropy, plain descent.
Graph small_step() {
  Graph graph(Mode::train);
  const auto x = graph.input("x", {Shape::kBatch, 2}), y = graph.input("y", {Shape::kBatch, 1});
  const auto rate = graph.input("rate", {});
  const auto w1 = graph.state("w1", {2, 2}), b1 = graph.state("b1", {2});
  const auto w2 = graph.state("w2", {1, 2}), b2 = graph.state("b2", {1});
  const auto h = sigmoid(linear(x, w1, b1));
  const auto z = linear(h, w2, b2);
  graph.output("loss", sum(sigmoid_cross_entropy(z, y)));
  const auto dz = sigmoid(z) - y;
  const auto dh = matmul(dz, w2) * (h * (1.0 - h));
  graph.assign(w2, w2 - rate * matmul(dz, h, true));
  graph.assign(b2, b2 - rate * sum(dz, {0}));
  graph.assign(w1, w1 - rate * matmul(dh, x, true));
  graph.assign(b1, b1 - rate * sum(dh, {0}));
  return graph;
}

void tiny_step(benchmark::State& state) {
  const auto graph = small_step();
  const Program program(graph, {});
  State memory;
  memory.set("w1", Tensor{{0.1, -0.2}, {0.3, 0.4}});
  memory.set("b1", Tensor(Shape{2}));
  memory.set("w2", Tensor{{0.5, -0.6}});
  memory.set("b2", Tensor(Shape{1}));
  Runner runner(program, memory);
  runner.bind("x", Tensor{{1.0, 2.0}});
  runner.bind("y", Tensor::full({1, 1}, 1));
  runner.bind("rate", Tensor::scalar(1e-3));
  for (auto _ : state) runner.run(1);
}
BENCHMARK(tiny_step);

}  // namespace
}  // namespace longhand

BENCHMARK_MAIN();
