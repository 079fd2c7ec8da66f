// Intervals of metrics by the percentile bootstrap (Efron 1979).
#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/philox.h"
#include "base/quantile.h"
#include "base/thread_pool.h"
#include "train/bootstrap_gain.h"
#include "train/scored_rows.h"

namespace longhand {
namespace {

// Counting this many rows takes about a second of one core.
constexpr std::int64_t kRowsCounted = 100'000'000;
constexpr std::int64_t kMostResamples = 1000, kFewestResamples = 200;
constexpr std::size_t kFewestGroups = 5;

// Of the resamples that have the metric; none where most do not.
Bounds bounds_of(std::vector<double> values) {
  const auto all = values.size();
  std::erase_if(values, [](double value) { return std::isnan(value); });
  if (2 * values.size() < all) return {};
  std::ranges::sort(values);
  constexpr double kTail = (1 - kConfidence) / 2;
  return {quantile(values, kTail), quantile(values, 1 - kTail)};
}

// Resamples of rows, or of whole groups where there are such.
class Resamples {
 public:
  Resamples(std::size_t rows, const BootstrapOptions& options) : groups_(options.groups.begin(), options.groups.end()), rows_(rows), units_(rows), options_(options) {
    const auto counted = static_cast<std::int64_t>(std::max<std::size_t>(rows, 1));
    count_ = options.resamples > 0 ? options.resamples : std::clamp(kRowsCounted / counted, kFewestResamples, kMostResamples);
    if (groups_.empty()) return;
    if (groups_.size() != rows) throw ArgumentError("there are " + std::to_string(groups_.size()) + " groups for " + std::to_string(rows) + " rows");
    number_groups();
  }

  std::int64_t count() const { return count_; }
  /// Of a few groups nearly all are in every resample, which tells little of others.
  bool can_tell() const { return groups_.empty() || units_ >= kFewestGroups; }
  /// The rows come in another order from here on: the i-th is the row(i)-th.
  void reorder(const auto& row) {
    const auto before = groups_;
    for (std::size_t i = 0; i < groups_.size(); ++i) groups_[i] = before[row(i)];
  }

  /// Calls measure(resample, counts), in any order: how often each row is in it.
  void for_each(const auto& measure) const {
    ThreadPool pool(options_.threads);
    std::vector<std::vector<std::int32_t>> counts(static_cast<std::size_t>(options_.threads)), units(counts.size());
    pool.run(static_cast<int>(count_), [&](int thread, int resample) {
      auto& rows = counts[static_cast<std::size_t>(thread)];
      auto& drawn = groups_.empty() ? rows : units[static_cast<std::size_t>(thread)];
      drawn.assign(units_, 0);
      PhiloxStream stream(options_.seed, hash_name("bootstrap") + static_cast<std::uint64_t>(resample));
      for (std::size_t i = 0; i < units_; ++i) ++drawn[stream.below(units_)];
      rows.resize(rows_);
      for (std::size_t row = 0; row < groups_.size(); ++row) rows[row] = drawn[static_cast<std::size_t>(groups_[row])];
      measure(static_cast<std::size_t>(resample), rows);
    });
  }

 private:
  // From 0, without gaps.
  void number_groups() {
    std::unordered_map<std::int32_t, std::int32_t> numbers;
    for (auto& group : groups_) group = numbers.try_emplace(group, static_cast<std::int32_t>(numbers.size())).first->second;
    units_ = numbers.size();
  }

  std::vector<std::int32_t> groups_;
  std::size_t rows_, units_;
  std::int64_t count_ = 0;
  const BootstrapOptions& options_;
};

}  // namespace

Intervals bootstrap_intervals(const Outcomes& outcomes, const BootstrapOptions& options) {
  const train::ScoredRows rows(outcomes, options.threshold);
  Resamples draws(rows.size(), options);
  draws.reorder([&](std::size_t i) { return rows.row(i); });
  const auto resamples = draws.count();
  const auto metrics = rows.names().size();
  if (!draws.can_tell()) return {std::vector<Bounds>(metrics), resamples};
  std::vector<double> values(metrics * static_cast<std::size_t>(resamples));
  draws.for_each([&](std::size_t resample, const std::vector<std::int32_t>& counts) {
    rows.measure(counts, std::span(values).subspan(resample * metrics, metrics));
  });
  Intervals intervals{{}, resamples};
  for (std::size_t metric = 0; metric < metrics; ++metric) {
    std::vector<double> of_metric;
    for (auto i = metric; i < values.size(); i += metrics) of_metric.push_back(values[i]);
    intervals.bounds.push_back(bounds_of(std::move(of_metric)));
  }
  return intervals;
}

Bounds train::bootstrap_gain(const Outcomes& outcomes, const Outcomes& other, const BootstrapOptions& options) {
  double largest = 0;
  for (const auto* each : {&outcomes, &other}) {
    for (std::size_t i = 0; i < each->values.size(); ++i) largest = std::max(largest, std::abs(each->predictions[i] - each->values[i]));
  }
  const double unit = unit_for(largest);
  const auto square_of = [unit](const Outcomes& of, std::size_t i) {
    const double error = (of.predictions[i] - of.values[i]) / unit;
    return error * error;
  };
  std::vector<double> gains;
  for (std::size_t i = 0; i < outcomes.values.size(); ++i) gains.push_back(square_of(other, i) - square_of(outcomes, i));
  const Resamples draws(gains.size(), options);
  if (!draws.can_tell()) return {};
  std::vector<double> means(static_cast<std::size_t>(draws.count()));
  draws.for_each([&](std::size_t resample, const std::vector<std::int32_t>& counts) {
    double sum = 0, rows = 0;
    for (std::size_t i = 0; i < gains.size(); ++i) {
      sum += counts[i] * gains[i];
      rows += counts[i];
    }
    means[resample] = sum / rows;
  });
  const auto [low, high] = bounds_of(std::move(means));
  return {low * unit * unit, high * unit * unit};
}

}  // namespace longhand
