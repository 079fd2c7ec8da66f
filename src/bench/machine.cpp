#include "bench/machine.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <new>
#include <numeric>
#include <thread>
#include <vector>

#include "base/thread_pool.h"
#include "bench/clock.h"
#include "bench/machine_kernels.h"

namespace longhand::bench {
namespace {

constexpr double kSearchSeconds = 0.03;
constexpr std::size_t kAlignment = 64;
constexpr std::size_t kFloatsOfLine = kAlignment / sizeof(float);
constexpr std::size_t kLeastFloats = 256;  // fewer are a chain of dependent instructions

// One thread's floats, and a line of its own to write to. Touched, so that the pages are there.
struct Block {
  explicit Block(std::size_t floats)
      : count(std::max(floats, kLeastFloats) / kFloatsOfLine * kFloatsOfLine),
        values(static_cast<float*>(std::aligned_alloc(kAlignment, (count + kFloatsOfLine) * sizeof(float))), std::free) {
    if (values == nullptr) throw std::bad_alloc();
    std::fill_n(values.get(), count + kFloatsOfLine, 1.0F);
  }
  float* sink() { return values.get() + count; }

  std::size_t count;
  std::unique_ptr<float[], decltype(&std::free)> values;
};

std::vector<Block> make_blocks(int threads, std::size_t floats) {
  std::vector<Block> blocks;
  for (int i = 0; i < threads; ++i) blocks.emplace_back(floats);
  return blocks;
}

// The sum over the threads of the most of `amount` a second that each reached, in tries for as long
// as the others try too. Each times itself, or a thread that waits for a core would slow the others.
template <class Act>
double best_rate(int threads, double amount, Act&& act) {
  std::vector<double> best(static_cast<std::size_t>(threads));
  const auto search = [&](int index) {
    double least = std::numeric_limits<double>::infinity();
    for (double total = 0; total < kSearchSeconds;) {
      const double seconds = seconds_of([&] { act(index); });
      least = std::min(least, seconds);
      total += seconds;
    }
    best[static_cast<std::size_t>(index)] = least;
  };
  {
    std::vector<std::jthread> others;
    for (int index = 1; index < threads; ++index) others.emplace_back(search, index);
    search(0);
  }
  return std::accumulate(best.begin(), best.end(), 0.0,
                         [&](double sum, double seconds) { return sum + amount / seconds; });
}

}  // namespace

Machine::Machine(int threads) : threads_(std::min(threads, physical_cores())) {}

double Machine::flops() {
  constexpr std::int64_t kRounds = 30'000;  // a tenth of a millisecond or so
  auto blocks = make_blocks(threads_, 1);
  const auto sink = [&](int index) { return blocks[static_cast<std::size_t>(index)].sink(); };
  const double each = multiply_add_loop(kRounds, sink(0));
  const double found = best_rate(threads_, each, [&](int index) { multiply_add_loop(kRounds, sink(index)); });
  return flops_ = std::max(flops_, found);
}

double Machine::bytes(std::size_t held) {
  constexpr std::size_t kLeastRead = 1 << 22;  // of a try, for threads to be worth their start
  auto blocks = make_blocks(threads_, held / sizeof(float) / static_cast<std::size_t>(threads_));
  const auto block_bytes = blocks[0].count * sizeof(float);
  const auto rounds = static_cast<std::int64_t>(std::max(kLeastRead / block_bytes, std::size_t{1}));
  return best_rate(threads_, static_cast<double>(rounds) * static_cast<double>(block_bytes), [&](int index) {
    auto& block = blocks[static_cast<std::size_t>(index)];
    read_loop(block.values.get(), block.count, rounds, block.sink());
  });
}

}  // namespace longhand::bench
