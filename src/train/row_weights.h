// How much each row counts in the loss.
#pragma once

#include <span>
#include <vector>

#include "longhand/train.h"

namespace longhand::train {

/// Of a fit to `table`, whose classes weigh the same for held-out rows too.
class RowWeights {
 public:
  /// Borrows them all. `weight_column` is empty where there is none.
  RowWeights(const Table& table, const std::string& weight_column, const TrainOptions& options)
      : table_(table), column_(weight_column), options_(options) {}

  /// Whether any row weighs another than 1.
  bool exist() const { return options_.balance_classes || !column_.empty(); }
  /// Of rows for this target; empty where there are none. Throws DataError for a weight that is not above 0.
  std::vector<double> of(const Table& rows, const TargetColumn& target);

 private:
  double as_used(double weight) const;
  void balance(const Table& rows, const TargetColumn& target, std::vector<double>& weights);

  const Table& table_;
  const std::string& column_;
  const TrainOptions& options_;
  std::vector<double> counts_;  // the table's rows of each class
};

}  // namespace longhand::train
