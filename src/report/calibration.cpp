#include "report/calibration.h"

#include <algorithm>
#include <cmath>

namespace longhand::report {

Bounds wilson_interval(std::int64_t successes, std::int64_t rows) {
  constexpr double kZ = 1.959963984540054;
  const auto n = static_cast<double>(rows);
  const double share = static_cast<double>(successes) / n;
  const double middle = (share + kZ * kZ / (2 * n)) / (1 + kZ * kZ / n);
  const double half = kZ / (1 + kZ * kZ / n) * std::sqrt(share * (1 - share) / n + kZ * kZ / (4 * n * n));
  return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

double most_wrong_after_none(std::int64_t rows) { return -std::expm1(std::log(0.05) / static_cast<double>(rows)); }

Calibration calibration_of(std::span<const double> p, const std::vector<bool>& came_true, int bins) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(bins)), hits(rows.size());
  std::vector<double> sums(rows.size());
  for (std::size_t i = 0; i < p.size(); ++i) {
    const auto bin = static_cast<std::size_t>(std::clamp(static_cast<int>(p[i] * bins), 0, bins - 1));
    ++rows[bin];
    hits[bin] += came_true[i] ? 1 : 0;
    sums[bin] += p[i];
  }
  Calibration calibration;
  for (std::size_t bin = 0; bin < rows.size(); ++bin) {
    if (rows[bin] == 0) continue;
    const auto count = static_cast<double>(rows[bin]);
    const double predicted = sums[bin] / count, observed = static_cast<double>(hits[bin]) / count;
    calibration.bins.push_back({rows[bin], predicted, observed, wilson_interval(hits[bin], rows[bin])});
    calibration.expected_error += count / static_cast<double>(p.size()) * std::abs(predicted - observed);
  }
  return calibration;
}

}  // namespace longhand::report
