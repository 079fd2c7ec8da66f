#include "report/normal.h"

#include <algorithm>
#include <cmath>

#include "base/quantile.h"

namespace longhand::report {

std::vector<Point> normal_plot(std::span<const double> values) {
  std::vector<double> ascending(values.begin(), values.end());
  std::ranges::sort(ascending);
  const auto n = static_cast<double>(ascending.size());
  double mean = 0, squares = 0;
  for (const double value : ascending) mean += value / n;
  for (const double value : ascending) squares += (value - mean) * (value - mean) / n;
  const double deviation = squares > 0 ? std::sqrt(squares) : 1;
  std::vector<Point> points;
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    points.push_back({normal_quantile((static_cast<double>(i) + 0.625) / (n + 0.25)), (ascending[i] - mean) / deviation});
  }
  return points;
}

}  // namespace longhand::report
