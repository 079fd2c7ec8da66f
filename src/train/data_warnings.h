// What may have been meant otherwise in a table that can be learned from.
#pragma once

#include <string>
#include <vector>

#include "train/column_roles.h"

namespace longhand::train {

/// A line for each thing that is suspicious: columns that were perhaps not to be categories, categories or classes
/// that differ in capitals or spaces alone, a class that is a word for no value, values far from all others.
/// `model` has learned from the table with these options.
std::vector<std::string> data_warnings(const Table& table, const ColumnRoles& roles, const Model& model,
                                       const TrainOptions& options);

}  // namespace longhand::train
