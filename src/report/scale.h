// The scale of an axis: round limits and a few round ticks.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace longhand::report {

struct Scale {
  double low = 0, high = 1;  ///< low < high
  double step = 0.5;         ///< between ticks: 1, 2 or 5 times a power of ten
  std::vector<double> ticks;  ///< multiples of the step within [low, high]
  std::vector<std::string> labels = {};  ///< of the ticks, where they are not numbers

  /// From 0 to 1 of a plot's width.
  double place(double value) const { return (value - low) / (high - low); }
};

/// The least scale with limits on ticks that holds `low` and `high`, of about `wanted` ticks. Where
/// they are equal, it is made wider on both sides.
Scale round_scale(double low, double high, int wanted = 5);
/// The same with limits that are nearer to the data, on fifths of a step: at 0 where the data begin not far above it.
Scale close_scale(double low, double high, int wanted = 5);
/// The same with these very limits, ticks within them.
Scale exact_scale(double low, double high, int wanted = 5);

/// With these very limits, of days since 1970, and a few ticks where years, months, days or hours begin.
/// `is_time`: of times of day, parts of a day.
Scale date_scale(double low, double high, bool is_time);

/// The ticks as they are written, all with as many decimals as the step needs: "0.25", "12,000", "1.5e6".
std::vector<std::string> tick_labels(const Scale& scale, bool as_percent = false);

/// How many rows have a value in each of equally wide bins; the last has its upper end too.
struct Histogram {
  double low = 0, width = 1;
  std::vector<std::int64_t> counts;
};
/// Bins with round limits, at most about `most` and fewer for few values. At least one value, all finite.
Histogram histogram(std::span<const double> values, int most = 24);

}  // namespace longhand::report
