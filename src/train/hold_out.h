// Which rows are held out.
#pragma once

#include "train/column_roles.h"

namespace longhand::train {

/// By groups, by time, or at random, classes in proportion, as the options say. Throws DataError where the
/// column that rows are held out by has one value or cells without one, or is neither numbers nor dates.
Split hold_out(const Table& table, const ColumnRoles& roles, Task task, const TrainOptions& options);

}  // namespace longhand::train
