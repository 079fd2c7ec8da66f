// Residuals beside the normal distribution.
#pragma once

#include <span>
#include <vector>

#include "report/plot.h"

namespace longhand::report {

/// For each value, ascending: the quantile that it would have if the values were normal, at
/// (i - 3/8) / (n + 1/4) (Blom 1958), and the value in standard deviations from the mean.
std::vector<Point> normal_plot(std::span<const double> values);

}  // namespace longhand::report
