// Intervals of metrics by the percentile bootstrap (Efron 1979).
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/philox.h"
#include "base/quantile.h"
#include "base/thread_pool.h"
#include "train/scored_rows.h"

namespace longhand {
namespace {

// Counting this many rows takes about a second of one core.
constexpr std::int64_t kRowsCounted = 100'000'000;
constexpr std::int64_t kMostResamples = 1000, kFewestResamples = 200;

// Of the resamples that have the metric; none where most do not.
Bounds bounds_of(std::vector<double> values) {
  const auto all = values.size();
  std::erase_if(values, [](double value) { return std::isnan(value); });
  if (2 * values.size() < all) return {};
  std::ranges::sort(values);
  constexpr double kTail = (1 - kConfidence) / 2;
  return {quantile(values, kTail), quantile(values, 1 - kTail)};
}

}  // namespace

Intervals bootstrap_intervals(const Outcomes& outcomes, const BootstrapOptions& options) {
  const train::ScoredRows rows(outcomes, options.threshold);
  const auto size = static_cast<std::int64_t>(rows.size());
  const auto resamples = options.resamples > 0 ? options.resamples
                                               : std::clamp(kRowsCounted / size, kFewestResamples, kMostResamples);
  const auto metrics = rows.names().size();
  std::vector<double> values(metrics * static_cast<std::size_t>(resamples));
  ThreadPool pool(options.threads);
  std::vector<std::vector<std::int32_t>> counts(static_cast<std::size_t>(options.threads));
  pool.run(static_cast<int>(resamples), [&](int thread, int resample) {
    auto& drawn = counts[static_cast<std::size_t>(thread)];
    drawn.assign(rows.size(), 0);
    PhiloxStream stream(options.seed, hash_name("bootstrap") + static_cast<std::uint64_t>(resample));
    for (std::size_t i = 0; i < rows.size(); ++i) ++drawn[stream.below(rows.size())];
    rows.measure(drawn, std::span(values).subspan(static_cast<std::size_t>(resample) * metrics, metrics));
  });
  Intervals intervals{{}, resamples};
  for (std::size_t metric = 0; metric < metrics; ++metric) {
    std::vector<double> of_metric;
    for (auto i = metric; i < values.size(); i += metrics) of_metric.push_back(values[i]);
    intervals.bounds.push_back(bounds_of(std::move(of_metric)));
  }
  return intervals;
}

}  // namespace longhand
