// What came of learning, as text and JSON, for each command that learns.
#pragma once

#include <string>

#include "cli/output.h"
#include "longhand/tune.h"

namespace longhand::cli {

/// "model", "task", "metrics" with "train" and "validation", "rows", "epochs", "samples_per_second", "seconds",
/// "parameters", "warnings".
void add_learned(Json& json, const TrainResult& result, const std::string& model_path);
/// "Learned diagnosis (binary) from 30 columns of …", and the metrics as a table.
std::string learned_text(const TrainResult& result, const std::string& table);

/// "folds", "mean", "standard_deviation" and "out_of_fold" of "metrics", and "intervals" of the last.
void add_folds(Json& json, const CrossValidation& folds, const Intervals& intervals);
/// Metrics that some fold does not have, so that their mean is that of the others.
std::vector<std::string> fold_warnings(const CrossValidation& folds);
/// A row for each fold, then their mean and spread, then all rows together with their intervals.
std::string folds_text(const CrossValidation& folds, const Intervals& intervals);

}  // namespace longhand::cli
