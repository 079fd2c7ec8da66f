#include "bench/machine.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <new>
#include <numeric>
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

// The sum over the threads of the most of `amount` a second that each reached, in tries that they begin
// together. Each times itself, or a thread that waits for a core would slow the others.
template <class Act>
double best_rate(ThreadPool& pool, double amount, Act&& act) {
  std::vector<double> best(static_cast<std::size_t>(pool.size()), std::numeric_limits<double>::infinity());
  for (double total = 0; total < kSearchSeconds;) {
    total += seconds_of([&] {
      pool.run([&](int index) {
        double& seconds = best[static_cast<std::size_t>(index)];
        seconds = std::min(seconds, seconds_of([&] { act(index); }));
      });
    });
  }
  return std::accumulate(best.begin(), best.end(), 0.0,
                         [&](double sum, double seconds) { return sum + amount / seconds; });
}

}  // namespace

Machine::Machine(int threads) : pool_(std::make_unique<ThreadPool>(std::min(threads, physical_cores()))) {}
Machine::~Machine() = default;

int Machine::threads() const { return pool_->size(); }

double Machine::flops() {
  constexpr std::int64_t kRounds = 30'000;  // a tenth of a millisecond or so
  auto blocks = make_blocks(pool_->size(), 1);
  const auto sink = [&](int index) { return blocks[static_cast<std::size_t>(index)].sink(); };
  const double each = multiply_add_loop(kRounds, sink(0));
  const double found = best_rate(*pool_, each, [&](int index) { multiply_add_loop(kRounds, sink(index)); });
  return flops_ = std::max(flops_, found);
}

double Machine::bytes(std::size_t held) {
  constexpr std::size_t kLeastRead = 1 << 22;  // of a try, for threads to be worth their start
  auto blocks = make_blocks(pool_->size(), held / sizeof(float) / static_cast<std::size_t>(pool_->size()));
  const auto block_bytes = blocks[0].count * sizeof(float);
  const auto rounds = static_cast<std::int64_t>(std::max(kLeastRead / block_bytes, std::size_t{1}));
  return best_rate(*pool_, static_cast<double>(rounds) * static_cast<double>(block_bytes), [&](int index) {
    auto& block = blocks[static_cast<std::size_t>(index)];
    read_loop(block.values.get(), block.count, rounds, block.sink());
  });
}

}  // namespace longhand::bench
