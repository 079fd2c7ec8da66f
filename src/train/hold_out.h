// Which rows are held out.
#pragma once

#include "train/column_roles.h"

namespace longhand::train {

/// A code for each distinct cell: rows with the same cell are one group.
std::vector<std::int32_t> groups_of(const Column& column);

/// By groups, by time, or at random, classes in proportion, as the options say. Throws DataError where the
/// column that rows are held out by has one value or cells without one, or is neither numbers nor dates.
Split hold_out(const Table& table, const ColumnRoles& roles, Task task, const TrainOptions& options);

/// The rows of each fold of a cross-validation, which are held out in the same way. By time, the rows that are
/// learned from are those before the fold's, and the first rows are in none. Throws as `hold_out` does, and
/// ArgumentError where there cannot be as many folds.
std::vector<Split> folds_of(const Table& table, const ColumnRoles& roles, Task task, const TrainOptions& options, std::int64_t folds);

}  // namespace longhand::train
