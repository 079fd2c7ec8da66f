// What the columns of a table are for: which is learned, which weigh or hold out rows, and which are
// learned from.
#pragma once

#include <string>
#include <vector>

#include "longhand/train.h"

namespace longhand::train {

struct ColumnRoles {
  std::string target, weight, group, time;  ///< the table's own names, but for the target empty where there is none
  bool learns_time = false;  ///< the time is an input too
  std::vector<ColumnProfile> profiles;  ///< of all columns
  std::vector<ColumnProfile> inputs;    ///< those that are learned from
  std::vector<std::string> warnings;    ///< of columns that are left out

  bool is_input_or_left_out(const std::string& column) const {
    return column != target && column != weight && column != group && (column != time || learns_time);
  }
};

/// The roles that the options give. Inputs are chosen unless there is a model to go on from, which has its
/// own. Throws ArgumentError for a column that is not there or has two roles, DataError where no column is
/// left to learn from or one cannot be read.
ColumnRoles column_roles(const Table& table, const TrainOptions& options);

/// Throws DataError where the target's cells are taken for classes and are plainly something else: dates, numbers with a
/// sign or a unit, or a text of its own in nearly every row.
void require_classes(const Table& table, const ColumnRoles& roles);

/// Throws DataError for a cell of the target without a value. In a target that is mostly numbers a word for no value is
/// none either; in others it may be a class.
void require_target(const Table& table, const std::string& name, const KindOptions& options);

/// The model's file holds names as JSON, which is UTF-8: throws DataError for others, with row and line where
/// it is a cell of a column.
void require_utf8(const Table& table, const std::string& text, const char* what, const std::string& column = "");

}  // namespace longhand::train
