// From a table to what a network is given: which columns, how they are scaled, the target as
// numbers.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "longhand/train.h"

namespace longhand::train {

/// Mean and standard deviation (the root of the mean square) of values; a scale of 1 where all are
/// equal. Throws DataError that starts with `what` where they are too large to be scaled.
struct Scaling {
  double mean = 0;
  double scale = 1;
  bool is_constant = false;
};
Scaling scaling_of(std::span<const double> values, const std::string& what);

/// What the rows tell of columns that are taken for what `profiles` say: their scaling. The categories
/// there are, and whether cells may be missing, is told by the rows of `known`, which may be more: on
/// them depends how many features there are. Of a column with over 20 categories those of one row are
/// left to the unknown, and all but the 1,000 most frequent.
std::vector<InputColumn> describe_columns(const Table& rows, const Table& known,
                                          const std::vector<ColumnProfile>& profiles, const TrainOptions& options);

/// The target as the network learns it. Throws DataError for a single class, ArgumentError for a
/// task that the column cannot have.
TargetColumn describe_target(const Table& table, const std::string& column, Task task);

/// Rows as numbers, in the model's element type.
struct Examples {
  Tensor x;       ///< [rows, inputs], scaled
  Tensor y;       ///< [rows, 1], or class numbers [rows]
  Tensor weight;  ///< [rows], or a scalar where rows have none
  std::int64_t rows() const { return x.shape()[0]; }
  /// The weights of the rows from begin to before end added up, each 1 where there are none.
  double weight_of(std::int64_t begin, std::int64_t end) const;
};
/// `notes` are raw_rows'. With `is_raw`, x is the raw cells, f64 [rows, columns], from which an InputMaker
/// makes the rest.
Examples make_examples(const Model& model, const Table& table, std::span<const double> weights,
                       std::vector<CellNote>* notes = nullptr, bool is_raw = false);

/// Made-up rows to test a model by: the columns' medians and first categories, those one scale up
/// and down with other categories, and where cells may be missing or unknown a row of such.
Tensor self_test_rows(const Model& model);

}  // namespace longhand::train
