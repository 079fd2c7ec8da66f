// Intervals of metrics by the percentile bootstrap (Efron 1979).
#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>

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

// How often each row is in a resample.
class Draws {
 public:
  Draws(std::span<const std::int32_t> groups, std::size_t rows) : groups_(groups), units_(rows) {
    if (groups.empty()) return;
    if (groups.size() != rows) throw ArgumentError("there are " + std::to_string(groups.size()) + " groups for " + std::to_string(rows) + " rows");
    of_code_.assign(static_cast<std::size_t>(*std::ranges::max_element(groups)) + 1, kNone);
    units_ = 0;
    for (const auto code : groups) {
      auto& unit = of_code_[static_cast<std::size_t>(code)];
      if (unit == kNone) unit = units_++;
    }
  }

  void draw(std::uint64_t seed, std::uint64_t resample, std::vector<std::int32_t>& units, std::vector<std::int32_t>& rows) const {
    auto& drawn = groups_.empty() ? rows : units;
    drawn.assign(units_, 0);
    PhiloxStream stream(seed, hash_name("bootstrap") + resample);
    for (std::size_t i = 0; i < units_; ++i) ++drawn[stream.below(units_)];
    if (groups_.empty()) return;
    rows.resize(groups_.size());
    for (std::size_t row = 0; row < rows.size(); ++row) rows[row] = units[of_code_[static_cast<std::size_t>(groups_[row])]];
  }

 private:
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

  const std::span<const std::int32_t> groups_;
  std::size_t units_;                  // rows, or groups that occur
  std::vector<std::size_t> of_code_;
};

}  // namespace

Intervals bootstrap_intervals(const Outcomes& outcomes, const BootstrapOptions& options) {
  const train::ScoredRows rows(outcomes, options.threshold);
  const auto size = static_cast<std::int64_t>(rows.size());
  const auto resamples = options.resamples > 0 ? options.resamples
                                               : std::clamp(kRowsCounted / size, kFewestResamples, kMostResamples);
  const auto metrics = rows.names().size();
  std::vector<double> values(metrics * static_cast<std::size_t>(resamples));
  ThreadPool pool(options.threads);
  const Draws draws(options.groups, rows.size());
  std::vector<std::vector<std::int32_t>> counts(static_cast<std::size_t>(options.threads)), units(counts.size());
  pool.run(static_cast<int>(resamples), [&](int thread, int resample) {
    auto& drawn = counts[static_cast<std::size_t>(thread)];
    draws.draw(options.seed, static_cast<std::uint64_t>(resample), units[static_cast<std::size_t>(thread)], drawn);
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
