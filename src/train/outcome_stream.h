// How good predictions are that come a part at a time, in memory that does not grow with them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/philox.h"
#include "longhand/train.h"

namespace longhand::train {

/// Adds the metrics of all rows up as they come. What cannot be added up, auc and the bootstrap, is of rows that are
/// drawn at random: all, where they are no more than `most_rows`. A row's chance does not depend on the parts.
class OutcomeStream {
 public:
  /// So many rows are what bootstrap_intervals has the time for.
  static constexpr std::int64_t kMostRows = 500'000;

  explicit OutcomeStream(std::uint64_t seed = 0, double threshold = 0.5, std::int64_t most_rows = kMostRows);

  /// Keeps every row.
  static OutcomeStream of_all(std::uint64_t seed);

  /// The next rows. Throws as `measure`, where they have to be added up.
  void add(Outcomes more);

  std::int64_t rows() const { return rows_; }
  /// All rows, or those that were drawn.
  const Outcomes& kept() const { return kept_; }
  std::int64_t kept_rows() const { return rows_of(kept_); }
  bool is_sampled() const { return kept_rows() < rows_; }
  static bool is_of_sample(std::string_view metric) { return metric == "auc"; }

  /// Of all rows; auc of those kept. Where these are all, as `measure` gives them.
  Metrics metrics() const;
  /// By bootstrap_intervals of the rows kept. Where these are a sample of n of N rows, the intervals of the other
  /// metrics are as far from theirs as the sample's, times sqrt(n / N).
  /// `groups` are of all rows, where these are kept; else empty.
  Intervals intervals(int threads, std::span<const std::int32_t> groups = {}) const;

 private:
  static std::int64_t rows_of(const Outcomes& outcomes);
  void append(Outcomes more);
  void add_up(const Outcomes& more);
  void draw(const Outcomes& from);
  double whole(std::string_view metric, double total) const;

  const std::uint64_t seed_;
  const double threshold_;
  const std::int64_t most_rows_;
  PhiloxStream draws_;
  Outcomes kept_;
  std::int64_t rows_ = 0;
  std::vector<std::vector<std::int64_t>> confusion_;
  std::vector<double> totals_;             // of what each metric is the mean of, in their order
  double targets_ = 0, target_mean_ = 0, spread_ = 0;  // of a regression's values y: sum((y - mean)^2)
};

}  // namespace longhand::train
