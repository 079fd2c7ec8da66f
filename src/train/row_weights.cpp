#include "train/row_weights.h"

namespace longhand::train {

std::vector<double> RowWeights::of(const Table& rows, const TargetColumn& target) {
  if (!exist()) return {};
  std::vector<double> weights(static_cast<std::size_t>(rows.rows()), 1);
  if (!column_.empty()) {
    weights = rows.numbers(column_);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (as_used(weights[i]) > 0) continue;
      throw DataError(rows.where(static_cast<std::int64_t>(i), column_) + ": a weight must be above 0");
    }
  }
  if (options_.balance_classes) balance(rows, target, weights);
  return weights;
}

// What rounds to 0 in single precision weighs nothing.
double RowWeights::as_used(double weight) const {
  return options_.dtype == DType::f64 ? weight : static_cast<double>(static_cast<float>(weight));
}

void RowWeights::balance(const Table& rows, const TargetColumn& target, std::vector<double>& weights) {
  const Classes classes(target.classes);
  if (counts_.empty()) {
    counts_.resize(classes.size());
    for (const auto code : classes.encode(table_, target.name)) ++counts_[static_cast<std::size_t>(code)];
  }
  const auto codes = classes.encode(rows, target.name);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] *= static_cast<double>(table_.rows()) /
                  (static_cast<double>(classes.size()) * counts_[static_cast<std::size_t>(codes[i])]);
  }
}

}  // namespace longhand::train
