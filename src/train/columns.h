// From a table to what a network is given: which columns, how they are scaled, the target as
// numbers.
#pragma once

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

/// The columns to learn from: all but `except` (names).
std::vector<std::string> input_names(const Table& table, const std::vector<std::string>& except);

/// Those columns with their scaling; a constant one is told of in `warnings`.
std::vector<InputColumn> scale_columns(const Table& table, const std::vector<std::string>& names,
                                       std::vector<std::string>& warnings);

/// The target as the network learns it. Throws DataError for a single class, ArgumentError for a
/// task that the column cannot have.
TargetColumn describe_target(const Table& table, const std::string& column, Task task);

/// Rows as numbers, in the model's element type.
struct Examples {
  Tensor x;       ///< [rows, inputs], scaled
  Tensor y;       ///< [rows, 1], or class numbers [rows]
  Tensor weight;  ///< [rows]
  std::int64_t rows() const { return x.shape()[0]; }
};
Examples make_examples(const Model& model, const Table& table, std::span<const double> weights);

/// Made-up rows to test a model by: the columns' medians, and those one scale up and down.
Tensor self_test_rows(const Model& model, const Table& table);

}  // namespace longhand::train
