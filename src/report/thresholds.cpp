#include "report/thresholds.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace longhand::report {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double share(std::int64_t part, std::int64_t whole, double of_nothing) {
  return whole == 0 ? of_nothing : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

double Threshold::true_positive_rate() const { return share(true_positives, true_positives + false_negatives, kNaN); }
double Threshold::false_positive_rate() const { return share(false_positives, false_positives + true_negatives, kNaN); }
double Threshold::precision() const { return share(true_positives, true_positives + false_positives, kNaN); }
double Threshold::f1() const { return share(2 * true_positives, 2 * true_positives + false_positives + false_negatives, 0); }
double Threshold::accuracy() const {
  return share(true_positives + true_negatives, true_positives + true_negatives + false_positives + false_negatives, 0);
}

double Threshold::cost(const ErrorCosts& costs) const {
  return static_cast<double>(false_positives) * costs.false_positive + static_cast<double>(false_negatives) * costs.false_negative;
}

std::vector<Threshold> thresholds_of(std::span<const double> p, std::span<const std::int32_t> y) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, std::greater(), [&](std::size_t i) { return p[i]; });
  const auto ones = std::ranges::count(y, 1);
  Threshold now{std::numeric_limits<double>::infinity(), 0, 0, ones, static_cast<std::int64_t>(y.size()) - ones};
  std::vector<Threshold> thresholds{now};
  for (std::size_t at = 0; at < order.size(); ++at) {
    const auto i = order[at];
    if (y[i] == 1) {
      ++now.true_positives;
      --now.false_negatives;
    } else {
      ++now.false_positives;
      --now.true_negatives;
    }
    now.at = p[i];
    if (at + 1 == order.size() || p[order[at + 1]] != p[i]) thresholds.push_back(now);
  }
  return thresholds;
}

std::vector<Point> roc_curve(std::span<const Threshold> thresholds) {
  std::vector<Point> points;
  for (const auto& one : thresholds) points.push_back({one.false_positive_rate(), one.true_positive_rate()});
  return points;
}

std::vector<Point> precision_recall_curve(std::span<const Threshold> thresholds) {
  std::vector<Point> points;
  for (const auto& one : thresholds.subspan(1)) points.push_back({one.true_positive_rate(), one.precision()});
  return points;
}

double average_precision(std::span<const Threshold> thresholds) {
  double sum = 0, recall = 0;
  for (const auto& one : thresholds.subspan(1)) {
    sum += one.precision() * (one.true_positive_rate() - recall);
    recall = one.true_positive_rate();
  }
  return sum;
}

const Threshold& best_f1(std::span<const Threshold> thresholds) {
  return *std::ranges::max_element(thresholds, {}, &Threshold::f1);
}

const Threshold& cheapest(std::span<const Threshold> thresholds, const ErrorCosts& costs) {
  return *std::ranges::min_element(thresholds, {}, [&](const Threshold& one) { return one.cost(costs); });
}

double halfway(std::span<const Threshold> thresholds, const Threshold& one) {
  const auto next = static_cast<std::size_t>(&one - thresholds.data()) + 1;
  if (next == thresholds.size()) return 0;
  return std::isinf(one.at) ? 1 : one.at / 2 + thresholds[next].at / 2;
}

const Threshold& threshold_at(std::span<const Threshold> thresholds, double at) {
  const auto below = std::ranges::partition_point(thresholds, [&](const Threshold& one) { return one.at >= at; });
  return *std::prev(below);
}

}  // namespace longhand::report
