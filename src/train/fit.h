// A fit to a part of a table: one of several, or to a sample of a file.
#pragma once

#include "longhand/train.h"

namespace longhand::train {

struct FitContext {
  /// The table that the rows to learn from are a part of: it tells what columns are taken for, the task and
  /// the classes. Null where they are all.
  const Table* whole = nullptr;
  /// Leaves out learning again from all rows, and is the same until then.
  bool stops_before_refit = false;
  /// The file that the table is a sample of; null where it is all.
  const StreamedTable* stream = nullptr;
  /// Rows whose inputs would take more memory are kept as raw cells, where that is less.
  std::int64_t most_input_bytes = std::int64_t{256} << 20;
};

TrainResult fit_in(const FitContext& context, const Table& table, const TrainOptions& options,
                   const ProgressFunction& progress);

/// What is learned of the target, where the options do not say.
Task task_of(const Table& table, const std::string& target, const TrainOptions& options);

}  // namespace longhand::train
