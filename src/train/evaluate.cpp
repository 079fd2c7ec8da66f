// Predictions for a table, and how good they are.
#include <cmath>

#include "longhand/train.h"

namespace longhand {
Tensor predict(const Model& model, const Table& table, int threads, std::vector<CellNote>* notes) {
  Tensor predictions = Predictor(model, 256, threads).predict(raw_rows(model, table, notes));
  const auto outputs = predictions.shape()[1];
  const auto values = predictions.values<double>();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      throw DataError(table.where(static_cast<std::int64_t>(i) / outputs) +
                      ": the prediction is not finite: a value is too far from those that the model has seen");
    }
  }
  return predictions;
}

Outcomes outcomes_of(const Model& model, const Table& table, int threads, std::vector<CellNote>* notes) {
  if (!model.target) throw ModelError("the model does not say what it predicts");
  const auto& target = *model.target;
  Outcomes outcomes{target.task, static_cast<std::int32_t>(target.classes.size()), {}, {}, {}};
  if (target.task == Task::regression) {
    outcomes.values = table.numbers(target.name);
  } else {
    outcomes.codes = Classes(target.classes).encode(table, target.name);
  }
  outcomes.predictions = predict(model, table, threads, notes).to_doubles();
  return outcomes;
}

Metrics evaluate(const Model& model, const Table& table, int threads, double threshold) {
  return measure(outcomes_of(model, table, threads), threshold);
}

}  // namespace longhand
