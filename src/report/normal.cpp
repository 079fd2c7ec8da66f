#include "report/normal.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace longhand::report {

// A first guess within 4.5e-4 (Abramowitz and Stegun 1964, 26.2.23), then Halley's method on erfc.
double normal_quantile(double p) {
  if (p > 0.5) return -normal_quantile(1 - p);
  const double t = std::sqrt(-2 * std::log(p));
  double z = -(t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
  for (int i = 0; i < 3; ++i) {
    const double error = 0.5 * std::erfc(-z / std::numbers::sqrt2) - p;
    const double step = error * std::sqrt(2 * std::numbers::pi) * std::exp(z * z / 2);
    z -= step / (1 + z * step / 2);
  }
  return z;
}

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
