// Metrics as JSON and as a short table.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/output.h"
#include "longhand/train.h"

namespace longhand::cli {

Json to_json(const Metrics& metrics);

/// As it stands in tables; "-" for NaN.
std::string metric_text(const std::string& metric, double value);

/// {"confidence": 0.95, "resamples": 1000, "accuracy": [low, high], ...}.
Json to_json(const Intervals& intervals, const Metrics& metrics);

/// A column of values for each of the named metrics, which are of one task; behind them the intervals
/// of the last, where they are given.
std::string to_text(const std::vector<std::pair<std::string, const Metrics*>>& columns,
                    const Intervals* intervals = nullptr);

/// Rows are true classes, columns predicted ones; empty for regression and for many classes.
std::string confusion_text(const Metrics& metrics, const std::vector<std::string>& classes);

}  // namespace longhand::cli
