// What each row adds to the metrics, found once, so that they can be taken again and again with rows
// counted several times or not at all.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "longhand/train.h"

namespace longhand::train {

/// The metrics of a task, in the order in which they are told.
std::span<const char* const> metric_names(Task task);
bool is_higher_better(std::string_view metric);

/// How many rows of each class there are, and of these, and of those that were taken for it, how many are both.
struct ClassCounts {
  std::int64_t right = 0, occurs = 0, predicted = 0;
  /// 2 right / (occurs + predicted); 0 where the class neither occurs nor is predicted.
  double f1() const;
};
/// The mean over the classes that occur or are predicted.
double f1_macro(std::span<const ClassCounts> classes);

/// What errors up to `largest` are divided by, so that their squares neither vanish nor overflow: mostly 1.
double unit_for(double largest);

class ScoredRows {
 public:
  /// Throws ArgumentError for outcomes that are empty, do not fit together or are not finite.
  ScoredRows(const Outcomes& outcomes, double threshold);

  std::size_t size() const { return y_.empty() ? target_.size() : y_.size(); }
  /// Which row of the outcomes is the i-th of the class's own order.
  std::size_t row(std::size_t i) const { return order_.empty() ? i : order_[i]; }
  /// The metrics' names, in the order of `measure`.
  std::span<const char* const> names() const { return metric_names(task_); }
  /// The metrics of the rows, the i-th of them counted counts[i] times; the order of the rows is the
  /// class's own. `values` has room for each name.
  void measure(std::span<const std::int32_t> counts, std::span<double> values) const;
  std::vector<std::vector<std::int64_t>> confusion() const;

 private:
  void score_binary(const Outcomes& outcomes, double threshold);
  void score_multiclass(const Outcomes& outcomes);
  void score_regression(const Outcomes& outcomes);
  void measure_binary(std::span<const std::int32_t> counts, std::span<double> values) const;
  void measure_multiclass(std::span<const std::int32_t> counts, std::span<double> values) const;
  void measure_regression(std::span<const std::int32_t> counts, std::span<double> values) const;

  Task task_;
  std::size_t classes_ = 0;
  std::vector<std::int32_t> y_, predicted_;
  std::vector<double> log_loss_, squares_, absolute_;
  std::vector<double> target_;        // regression: the value, from the mean of all
  double unit_ = 1;                   // regression: that of target_ and of the roots of squares_
  std::vector<std::size_t> order_;     // binary: ascending p
  std::vector<std::size_t> tie_ends_;  // binary, in ascending order of p: where a run of equal p ends
};

}  // namespace longhand::train
