// Kernels of the CPU backend: products in the shapes of training, and sweeps. Whole steps are timed
// by bench_cases and `longhand bench`.
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
    p.is_dots = is_dot_product(n, k);
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
  layer(4096, 512, 512);
  layer(4096, 512, 64);
  layer(256, 100, 10);
  layer(256, 1, 100);
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

}  // namespace
}  // namespace longhand

BENCHMARK_MAIN();
