// What comes of taking rows for class 1 from each probability on: ROC, precision and recall, costs.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "longhand/report.h"
#include "report/plot.h"

namespace longhand::report {

/// The rows with p >= `at` are taken for class 1.
struct Threshold {
  double at = 0;
  std::int64_t true_positives = 0, false_positives = 0, false_negatives = 0, true_negatives = 0;

  double true_positive_rate() const;   ///< recall; NaN where no row is of class 1
  double false_positive_rate() const;  ///< NaN where no row is of class 0
  double precision() const;            ///< NaN where no row is taken for class 1
  double f1() const;
  double accuracy() const;
  double cost(const ErrorCosts& costs) const;  ///< of all rows together
};

/// From infinity (no row) down over each p that occurs, to the least (all rows).
std::vector<Threshold> thresholds_of(std::span<const double> p, std::span<const std::int32_t> y);

/// False positive rate and true positive rate, from (0, 0) to (1, 1).
std::vector<Point> roc_curve(std::span<const Threshold> thresholds);
/// Recall and precision, without the threshold that takes no row. Both classes must be there, as for roc_curve.
std::vector<Point> precision_recall_curve(std::span<const Threshold> thresholds);
/// The sum over thresholds of precision times what recall gains there.
double average_precision(std::span<const Threshold> thresholds);

/// The first of the best: with the greatest F1; with the least cost.
const Threshold& best_f1(std::span<const Threshold> thresholds);
const Threshold& cheapest(std::span<const Threshold> thresholds, const ErrorCosts& costs);
/// A threshold with the same counts, but between the probabilities that occur; 0 where all rows are taken,
/// 1 where none is.
double halfway(std::span<const Threshold> thresholds, const Threshold& one);
/// The counts at any threshold.
const Threshold& threshold_at(std::span<const Threshold> thresholds, double at);

}  // namespace longhand::report
