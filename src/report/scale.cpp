#include "report/scale.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace longhand::report {
namespace {

double round_step(double span, int wanted) {
  const double rough = span / wanted;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

void widen(double& low, double& high) {
  if (high - low > 1e-12 * std::max(std::abs(low), std::abs(high))) return;
  const double by = low == 0 ? 1 : std::abs(low) / 10;
  low -= by;
  high += by;
}

void add_ticks(Scale& scale) {
  const double first = std::ceil(scale.low / scale.step - 1e-9);
  const double last = std::floor(scale.high / scale.step + 1e-9);
  for (double at = first; at <= last; ++at) scale.ticks.push_back(at == 0 ? 0 : at * scale.step);
}

}  // namespace

Scale round_scale(double low, double high, int wanted) {
  widen(low, high);
  Scale scale{.low = low, .high = high, .step = round_step(high - low, wanted), .ticks = {}};
  scale.low = std::floor(low / scale.step + 1e-9) * scale.step;
  scale.high = std::ceil(high / scale.step - 1e-9) * scale.step;
  add_ticks(scale);
  return scale;
}

Scale close_scale(double low, double high, int wanted) {
  widen(low, high);
  constexpr double kNear = 0.25;  // of the span
  if (low > 0 && low < kNear * (high - low)) low = 0;
  Scale scale{.low = low, .high = high, .step = round_step(high - low, wanted), .ticks = {}};
  const double unit = scale.step / 5;
  scale.low = std::floor(low / unit + 1e-9) * unit;
  scale.high = std::ceil(high / unit - 1e-9) * unit;
  add_ticks(scale);
  return scale;
}

Scale exact_scale(double low, double high, int wanted) {
  widen(low, high);
  Scale scale{.low = low, .high = high, .step = round_step(high - low, wanted), .ticks = {}};
  add_ticks(scale);
  return scale;
}

std::vector<std::string> tick_labels(const Scale& scale, bool as_percent) {
  if (!scale.labels.empty()) return scale.labels;
  const double factor = as_percent ? 100 : 1;
  const double step = scale.step * factor;
  const double largest = std::max(std::abs(scale.low), std::abs(scale.high)) * factor;
  std::vector<std::string> labels;
  for (const double tick : scale.ticks) {
    const double value = tick * factor;
    std::string text;
    if (largest >= 1e7 || largest < 1e-4) {
      text = fmt::format("{:.3g}", value);
    } else if (step >= 1) {
      text = with_commas(std::llround(value));
    } else {
      const auto decimals = static_cast<int>(std::ceil(-std::log10(step) - 1e-9));
      text = fmt::format("{:.{}f}", value, decimals);
    }
    if (text.starts_with('-')) text.replace(0, 1, "−");
    labels.push_back(text + (as_percent ? "%" : ""));
  }
  return labels;
}

Histogram histogram(std::span<const double> values, int most) {
  const auto [least, greatest] = std::ranges::minmax(values);
  const auto wanted = std::clamp(static_cast<int>(3 * std::cbrt(static_cast<double>(values.size()))), 5, most);
  const bool are_whole = std::ranges::all_of(values, [](double value) { return value == std::floor(value); });
  Histogram bins;
  if (are_whole && greatest - least < wanted) {  // one bin for each
    bins = {least - 0.5, 1, {}};
  } else {
    const auto scale = round_scale(least, greatest, wanted);
    bins = {scale.low, scale.step, {}};
  }
  const auto place = [&](double value) { return static_cast<std::size_t>(std::max(0.0, (value - bins.low) / bins.width)); };
  bins.counts.resize(std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil((greatest - bins.low) / bins.width - 1e-9))));
  for (const double value : values) ++bins.counts[std::min(place(value), bins.counts.size() - 1)];
  return bins;
}

}  // namespace longhand::report
