#include "bench/measure.h"

#include <algorithm>
#include <cmath>

#include "bench/demand.h"
#include "bench/work.h"

namespace longhand::bench {
namespace {

constexpr double kNanoseconds = 1e9;
// Short beside a turn of the scheduler, so that some samples have the cores to themselves.
constexpr double kSampleSeconds = 2e-3;

// How many times fill a sample.
std::int64_t find_count(Work& work) {
  constexpr std::int64_t kMost = 1 << 17;
  std::int64_t count = 1;
  for (double seconds = work.run(1); count < kMost && seconds < kSampleSeconds; seconds = work.run(count)) {
    const double wanted = static_cast<double>(count) * kSampleSeconds / std::max(seconds, 1e-9);
    count = std::clamp(static_cast<std::int64_t>(wanted) + 1, count + 1, std::min(kMost, 8 * count));
  }
  return count;
}

}  // namespace

Timing measure(const Case& what, Machine& machine, const MeasureOptions& options) {
  constexpr std::size_t kLeastSamples = 3;
  const auto work = make_work(what, options.threads, options.seed);
  if (options.check) work->check();
  const auto count = find_count(*work);
  std::vector<double> samples;
  for (double total = 0; total < options.seconds || samples.size() < kLeastSamples; total += samples.back()) {
    samples.push_back(work->run(count));
  }
  std::ranges::sort(samples);
  const auto each_ns = [&](double sample) { return kNanoseconds * sample / static_cast<double>(count); };
  const auto demand = demand_of(what);
  const double arithmetic = kNanoseconds * demand.flops / machine.flops();
  const double traffic = kNanoseconds * demand.bytes_moved / machine.bytes(demand.bytes_held);
  return {each_ns(samples.front()), each_ns(samples[samples.size() / 2]), std::max(arithmetic, traffic),
          traffic > arithmetic};
}

}  // namespace longhand::bench
