#include "train/scored_rows.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace longhand::train {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

constexpr std::array kBinary{"accuracy", "auc", "log_loss", "f1", "brier"};
constexpr std::array kMulticlass{"accuracy", "log_loss", "f1_macro"};
constexpr std::array kRegression{"rmse", "mae", "r2"};

void require_rows(std::size_t predictions, std::size_t targets) {
  if (predictions != targets || targets == 0) {
    throw ArgumentError("metrics: " + std::to_string(predictions) + " predictions for " +
                        std::to_string(targets) + " targets");
  }
}

void require_finite(std::span<const double> p) {
  for (const double value : p) {
    if (!std::isfinite(value)) throw ArgumentError("metrics: a prediction is not finite");
  }
}

void require_codes(std::span<const std::int32_t> y, std::size_t classes) {
  for (const auto code : y) {
    if (code < 0 || static_cast<std::size_t>(code) >= classes) {
      throw ArgumentError("metrics: the class " + std::to_string(code) + " of " + std::to_string(classes));
    }
  }
}

double clip(double p) {
  constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
  return std::clamp(p, kEpsilon, 1 - kEpsilon);
}

}  // namespace

// 2 tp / (2 tp + fp + fn).
double ClassCounts::f1() const {
  return occurs + predicted == 0 ? 0 : 2 * static_cast<double>(right) / static_cast<double>(occurs + predicted);
}

double f1_macro(std::span<const ClassCounts> classes) {
  double f1 = 0, present = 0;
  for (const auto& one : classes) {
    if (one.occurs + one.predicted == 0) continue;
    f1 += one.f1();
    ++present;
  }
  return f1 / present;
}

bool is_higher_better(std::string_view metric) {
  return metric == "accuracy" || metric == "auc" || metric.starts_with("f1") || metric == "r2";
}

double unit_for(double largest) {
  constexpr double kSmall = 1e-100, kLarge = 1e100;
  return largest > 0 && (largest < kSmall || largest > kLarge) ? std::scalbn(1.0, std::ilogb(largest)) : 1;
}

ScoredRows::ScoredRows(const Outcomes& outcomes, double threshold) : task_(outcomes.task) {
  require_finite(outcomes.predictions);
  switch (task_) {
    case Task::binary: score_binary(outcomes, threshold); break;
    case Task::multiclass: score_multiclass(outcomes); break;
    case Task::regression: score_regression(outcomes); break;
  }
}

std::span<const char* const> metric_names(Task task) {
  switch (task) {
    case Task::binary: return kBinary;
    case Task::multiclass: return kMulticlass;
    case Task::regression: break;
  }
  return kRegression;
}

void ScoredRows::score_binary(const Outcomes& outcomes, double threshold) {
  const auto& p = outcomes.predictions;
  const auto& y = outcomes.codes;
  require_rows(p.size(), y.size());
  classes_ = 2;
  require_codes(y, classes_);
  order_.resize(p.size());
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  std::ranges::stable_sort(order_, {}, [&](std::size_t i) { return p[i]; });
  for (std::size_t at = 0; at < order_.size(); ++at) {
    const auto i = order_[at];
    y_.push_back(y[i]);
    predicted_.push_back(p[i] >= threshold ? 1 : 0);
    log_loss_.push_back(-std::log(y[i] == 1 ? clip(p[i]) : 1 - clip(p[i])));
    squares_.push_back((p[i] - y[i]) * (p[i] - y[i]));
    if (at + 1 == order_.size() || p[order_[at + 1]] != p[i]) tie_ends_.push_back(at + 1);
  }
}

void ScoredRows::score_multiclass(const Outcomes& outcomes) {
  classes_ = static_cast<std::size_t>(outcomes.classes);
  y_ = outcomes.codes;
  if (outcomes.classes < 1 || outcomes.predictions.size() % classes_ != 0) {
    throw ArgumentError("metrics: " + std::to_string(outcomes.predictions.size()) + " predictions for " +
                        std::to_string(outcomes.classes) + " classes");
  }
  require_rows(outcomes.predictions.size() / classes_, y_.size());
  require_codes(y_, classes_);
  for (std::size_t i = 0; i < y_.size(); ++i) {
    const auto row = std::span(outcomes.predictions).subspan(i * classes_, classes_);
    predicted_.push_back(static_cast<std::int32_t>(std::ranges::max_element(row) - row.begin()));
    const double total = std::accumulate(row.begin(), row.end(), 0.0);
    log_loss_.push_back(-std::log(clip(row[static_cast<std::size_t>(y_[i])] / total)));
  }
}

void ScoredRows::score_regression(const Outcomes& outcomes) {
  const auto& p = outcomes.predictions;
  const auto& y = outcomes.values;
  require_rows(p.size(), y.size());
  const auto rows = static_cast<double>(y.size());
  double mean = 0;  // from the first, so that it is exact where all are equal
  for (const double value : y) mean += (value - y.front()) / rows;
  mean += y.front();
  double largest = 0;
  for (std::size_t i = 0; i < y.size(); ++i) largest = std::max({largest, std::abs(p[i] - y[i]), std::abs(y[i] - mean)});
  unit_ = unit_for(largest);
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double error = (p[i] - y[i]) / unit_;
    squares_.push_back(error * error);
    absolute_.push_back(std::abs(p[i] - y[i]));
    target_.push_back((y[i] - mean) / unit_);
  }
}

void ScoredRows::measure(std::span<const std::int32_t> counts, std::span<double> values) const {
  switch (task_) {
    case Task::binary: return measure_binary(counts, values);
    case Task::multiclass: return measure_multiclass(counts, values);
    case Task::regression: return measure_regression(counts, values);
  }
}

void ScoredRows::measure_binary(std::span<const std::int32_t> counts, std::span<double> values) const {
  std::array<std::int64_t, 4> cells{};  // [2 y + predicted]
  double log_loss = 0, brier = 0;
  // The pairs of a row of class 1 and one of class 0 in which the former has the greater p, twice;
  // equal ones count half (Mann and Whitney 1947).
  std::int64_t pairs = 0, zeros = 0, ones = 0;
  std::size_t i = 0;
  for (const auto end : tie_ends_) {
    std::array<std::int64_t, 2> here{};
    for (; i < end; ++i) {
      here[static_cast<std::size_t>(y_[i])] += counts[i];
      cells[static_cast<std::size_t>(2 * y_[i] + predicted_[i])] += counts[i];
      log_loss += counts[i] * log_loss_[i];
      brier += counts[i] * squares_[i];
    }
    pairs += here[1] * (2 * zeros + here[0]);
    zeros += here[0];
    ones += here[1];
  }
  const auto rows = static_cast<double>(zeros + ones);
  values[0] = static_cast<double>(cells[0] + cells[3]) / rows;
  values[1] = zeros == 0 || ones == 0 ? kNaN : static_cast<double>(pairs) / 2 / (static_cast<double>(zeros) * static_cast<double>(ones));
  values[2] = log_loss / rows;
  values[3] = ClassCounts{cells[3], ones, cells[1] + cells[3]}.f1();
  values[4] = brier / rows;
}

void ScoredRows::measure_multiclass(std::span<const std::int32_t> counts, std::span<double> values) const {
  std::vector<ClassCounts> classes(classes_);
  std::int64_t rows = 0, right = 0;
  double log_loss = 0;
  for (std::size_t i = 0; i < y_.size(); ++i) {
    auto& is = classes[static_cast<std::size_t>(y_[i])];
    is.occurs += counts[i];
    classes[static_cast<std::size_t>(predicted_[i])].predicted += counts[i];
    if (y_[i] == predicted_[i]) {
      is.right += counts[i];
      right += counts[i];
    }
    log_loss += counts[i] * log_loss_[i];
    rows += counts[i];
  }
  values[0] = static_cast<double>(right) / static_cast<double>(rows);
  values[1] = log_loss / static_cast<double>(rows);
  values[2] = f1_macro(classes);
}

void ScoredRows::measure_regression(std::span<const std::int32_t> counts, std::span<double> values) const {
  std::int64_t count = 0;
  double squares = 0, absolute = 0, sum = 0, spread = 0;
  for (std::size_t i = 0; i < target_.size(); ++i) {
    count += counts[i];
    squares += counts[i] * squares_[i];
    absolute += counts[i] * absolute_[i];
    sum += counts[i] * target_[i];
    spread += counts[i] * target_[i] * target_[i];
  }
  const auto rows = static_cast<double>(count);
  // Where all rows drawn have one value, rounding alone is left of the difference.
  const double rounding = spread * 1e-14;
  spread -= sum * sum / rows;
  values[0] = std::sqrt(squares / rows) * unit_;
  values[1] = absolute / rows;
  values[2] = spread > rounding ? 1 - squares / spread : kNaN;
}

std::vector<std::vector<std::int64_t>> ScoredRows::confusion() const {
  std::vector<std::vector<std::int64_t>> confusion(classes_, std::vector<std::int64_t>(classes_));
  for (std::size_t i = 0; i < y_.size(); ++i) {
    ++confusion[static_cast<std::size_t>(y_[i])][static_cast<std::size_t>(predicted_[i])];
  }
  return confusion;
}

}  // namespace longhand::train
