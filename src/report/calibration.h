// Whether what is given a probability comes true as often.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "longhand/train.h"

namespace longhand::report {

struct CalibrationBin {
  std::int64_t rows = 0;
  double predicted = 0;  ///< mean probability
  double observed = 0;   ///< the share that came true
  Bounds interval;       ///< of that share, 95% (Wilson 1927)
};

struct Calibration {
  std::vector<CalibrationBin> bins;  ///< those with rows, ascending
  double expected_error = 0;         ///< the mean over rows of their bin's |predicted - observed|
};

/// Bins of equal width on [0, 1], each without its upper end but for the last.
Calibration calibration_of(std::span<const double> p, const std::vector<bool>& came_true, int bins = 10);

/// The greatest share of wrong rows with which none is wrong among so many in 5% of all cases: 1 - 0.05^(1/rows)
/// (Clopper and Pearson 1934).
double most_wrong_after_none(std::int64_t rows);

/// The 95% interval of a share of which `successes` of `rows` were seen (Wilson 1927).
Bounds wilson_interval(std::int64_t successes, std::int64_t rows);

}  // namespace longhand::report
