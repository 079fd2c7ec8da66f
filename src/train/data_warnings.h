// What may have been meant otherwise in a table that can be learned from.
#pragma once

#include <string>
#include <vector>

#include "train/column_roles.h"

namespace longhand::train {

/// A line for each number and date that is far from all others and may stand for no value. `inputs` are columns of the
/// table as learned from with these options.
std::vector<std::string> far_values(const Table& table, const std::vector<InputColumn>& inputs, const TrainOptions& options);

/// A line where there are held-out rows, but none of some class; else empty.
std::string untested_classes(const Table& held_out, const TargetColumn& target);

/// A line for each thing that is suspicious: rows that are none of data, columns that were perhaps not to be
/// categories, categories or classes that differ in capitals, spaces or dashes alone, a class that is a word for no
/// value, rare classes, whole numbers taken for classes, far values.
/// `model` has learned from the table with these options.
std::vector<std::string> data_warnings(const Table& table, const ColumnRoles& roles, const Model& model,
                                       const TrainOptions& options);

}  // namespace longhand::train
