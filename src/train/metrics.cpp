#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "longhand/train.h"

namespace longhand {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

void require_rows(std::size_t predictions, std::size_t targets) {
  if (predictions != targets || targets == 0) {
    throw ArgumentError("metrics: " + std::to_string(predictions) + " predictions for " +
                        std::to_string(targets) + " targets");
  }
}

// Written so that NaN is refused too.
void require_finite(std::span<const double> p) {
  for (const double value : p) {
    if (!std::isfinite(value)) throw ArgumentError("metrics: a prediction is not finite");
  }
}

void require_codes(std::span<const std::int32_t> y, std::int32_t classes) {
  for (const auto code : y) {
    if (code < 0 || code >= classes) {
      throw ArgumentError("metrics: the class " + std::to_string(code) + " of " + std::to_string(classes));
    }
  }
}

double clip(double p) {
  constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
  return std::clamp(p, kEpsilon, 1 - kEpsilon);
}

double ratio(double a, double b) { return b == 0 ? 0 : a / b; }

// The share of pairs of a row of class 1 and one of class 0 in which the former has the greater p,
// equal ones counting half (Mann and Whitney 1947).
double area_under_roc(std::span<const double> p, std::span<const std::int32_t> y) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return p[i]; });
  double ranks = 0, ones = 0;
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    double ones_here = 0;
    for (; end < order.size() && p[order[end]] == p[order[begin]]; ++end) ones_here += y[order[end]];
    ranks += ones_here * (static_cast<double>(begin + end + 1) / 2);
    ones += ones_here;
    begin = end;
  }
  const double zeros = static_cast<double>(p.size()) - ones;
  return ones == 0 || zeros == 0 ? kNaN : (ranks - ones * (ones + 1) / 2) / (ones * zeros);
}

std::vector<std::vector<std::int64_t>> count_confusion(std::span<const std::int32_t> predicted,
                                                       std::span<const std::int32_t> y,
                                                       std::size_t classes) {
  std::vector<std::vector<std::int64_t>> confusion(classes, std::vector<std::int64_t>(classes));
  for (std::size_t i = 0; i < y.size(); ++i) {
    ++confusion[static_cast<std::size_t>(y[i])][static_cast<std::size_t>(predicted[i])];
  }
  return confusion;
}

// 2 tp / (2 tp + fp + fn); nothing where the class neither occurs nor is predicted.
std::optional<double> f1_of(const std::vector<std::vector<std::int64_t>>& confusion, std::size_t k) {
  std::int64_t occurs = 0, predicted = 0;
  for (std::size_t j = 0; j < confusion.size(); ++j) {
    occurs += confusion[k][j];
    predicted += confusion[j][k];
  }
  if (occurs + predicted == 0) return std::nullopt;
  return 2 * static_cast<double>(confusion[k][k]) / static_cast<double>(occurs + predicted);
}

double accuracy_of(const std::vector<std::vector<std::int64_t>>& confusion, double rows) {
  std::int64_t right = 0;
  for (std::size_t k = 0; k < confusion.size(); ++k) right += confusion[k][k];
  return static_cast<double>(right) / rows;
}

}  // namespace

double Metrics::value(const std::string& name) const {
  for (const auto& [key, number] : values) {
    if (key == name) return number;
  }
  throw ArgumentError("no metric '" + name + "' for " + std::string(longhand::name(task)));
}

Metrics binary_metrics(std::span<const double> p, std::span<const std::int32_t> y,
                       double threshold) {
  require_rows(p.size(), y.size());
  require_finite(p);
  require_codes(y, 2);
  std::vector<std::int32_t> predicted;
  double log_loss = 0, brier = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    predicted.push_back(p[i] >= threshold ? 1 : 0);
    log_loss -= std::log(y[i] == 1 ? clip(p[i]) : 1 - clip(p[i]));
    brier += (p[i] - y[i]) * (p[i] - y[i]);
  }
  const auto rows = static_cast<double>(y.size());
  Metrics metrics{Task::binary, static_cast<std::int64_t>(y.size()), {}, {}};
  metrics.confusion = count_confusion(predicted, y, 2);
  metrics.values = {{"accuracy", accuracy_of(metrics.confusion, rows)},
                    {"auc", area_under_roc(p, y)},
                    {"log_loss", log_loss / rows},
                    {"f1", f1_of(metrics.confusion, 1).value_or(0)},
                    {"brier", brier / rows}};
  return metrics;
}

Metrics multiclass_metrics(std::span<const double> p, std::span<const std::int32_t> y,
                           std::int32_t classes) {
  const auto width = static_cast<std::size_t>(classes);
  require_rows(p.size() / width, y.size());
  require_finite(p);
  require_codes(y, classes);
  std::vector<std::int32_t> predicted;
  double log_loss = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const auto row = p.subspan(i * width, width);
    predicted.push_back(static_cast<std::int32_t>(std::ranges::max_element(row) - row.begin()));
    const double total = std::accumulate(row.begin(), row.end(), 0.0);
    log_loss -= std::log(clip(row[static_cast<std::size_t>(y[i])] / total));
  }
  const auto rows = static_cast<double>(y.size());
  Metrics metrics{Task::multiclass, static_cast<std::int64_t>(y.size()), {}, {}};
  metrics.confusion = count_confusion(predicted, y, width);
  double f1 = 0, present = 0;
  for (std::size_t k = 0; k < width; ++k) {
    if (const auto of_class = f1_of(metrics.confusion, k)) {
      f1 += *of_class;
      ++present;
    }
  }
  metrics.values = {{"accuracy", accuracy_of(metrics.confusion, rows)},
                    {"log_loss", log_loss / rows},
                    {"f1_macro", ratio(f1, present)}};
  return metrics;
}

Metrics regression_metrics(std::span<const double> p, std::span<const double> y) {
  require_rows(p.size(), y.size());
  require_finite(p);
  const auto rows = static_cast<double>(y.size());
  double mean = 0;
  for (const double value : y) mean += value / rows;
  double squares = 0, absolute = 0, spread = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    squares += (p[i] - y[i]) * (p[i] - y[i]);
    absolute += std::abs(p[i] - y[i]);
    spread += (y[i] - mean) * (y[i] - mean);
  }
  return {Task::regression,
          static_cast<std::int64_t>(y.size()),
          {{"rmse", std::sqrt(squares / rows)},
           {"mae", absolute / rows},
           {"r2", spread > 0 ? 1 - squares / spread : kNaN}},
          {}};
}

}  // namespace longhand
