// bench_latency [SECONDS]: how long one call with one row takes, each timed on its own, while two
// threads predict at once through the same program, as a Markdown table. The clock's own cost stands
// in the last line, and is in every figure.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "bench/case.h"
#include "bench/rows.h"
#include "longhand/exec.h"

using namespace longhand;

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kThreads = 2;
constexpr std::size_t kMostCalls = 5'000'000;

template <class Act>
std::vector<float> call_times(double seconds, Act&& act) {
  std::vector<float> nanoseconds;
  nanoseconds.reserve(kMostCalls);
  const auto start = Clock::now();
  auto last = start;
  while (nanoseconds.size() < kMostCalls && std::chrono::duration<double>(last - start).count() < seconds) {
    const auto begin = Clock::now();
    act();
    last = Clock::now();
    nanoseconds.push_back(std::chrono::duration<float, std::nano>(last - begin).count());
  }
  return nanoseconds;
}

// The value below which that share of the sorted times lies.
double quantile(const std::vector<float>& sorted, double share) {
  return static_cast<double>(sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))]);
}

std::vector<float> measure(const bench::Case& what, double seconds) {
  const Model model = Model::from_network(what.network, 0, DType::f32);
  const Program program(build_prediction(model), {.fixed_state = true});
  std::vector<std::vector<float>> times(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      const Tensor x = bench::make_rows(what.network, 1, static_cast<std::uint64_t>(i)).x;
      Runner runner(program, model.state);
      runner.bind("x", x);
      runner.run(1);
      times[static_cast<std::size_t>(i)] = call_times(seconds, [&] { runner.run(1); });
    });
  }
  for (auto& thread : threads) thread.join();
  std::vector<float> all;
  for (const auto& some : times) all.insert(all.end(), some.begin(), some.end());
  std::ranges::sort(all);
  return all;
}

}  // namespace

int main(int count, char** arguments) {
  const double seconds = count > 1 ? std::atof(arguments[1]) : 2;
  std::printf("| one row, two threads at once | calls | p50, ns | p99, ns | p99.9, ns | p99.99, ns |\n");
  std::printf("|---|---:|---:|---:|---:|---:|\n");
  for (const auto& what : bench::standard_cases()) {
    if (what.trains) continue;
    const auto times = measure(what, seconds);
    std::printf("| %s | %zu | %.0f | %.0f | %.0f | %.0f |\n", what.name.c_str(), times.size(), quantile(times, 0.5),
                quantile(times, 0.99), quantile(times, 0.999), quantile(times, 0.9999));
  }
  auto empty = call_times(0.1, [] {});
  std::ranges::sort(empty);
  std::printf("\nThe clock alone takes %.0f ns.\n", quantile(empty, 0.5));
}
