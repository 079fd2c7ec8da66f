// Predictions for a table, and how good they are.
#include <algorithm>
#include <cmath>

#include "longhand/train.h"
#include "model/cell_notes.h"
#include "model/raw_rows.h"

namespace longhand {
namespace {

// Some rows at a time, as the raw cells of all may be many.
Tensor predict_rows(const Model& model, RawRows& raw, int threads) {
  constexpr std::int64_t kRows = 8192;
  Predictor predictor(model, 256, threads);
  if (raw.rows() <= kRows) return predictor.predict(raw.read(0, raw.rows()));
  Tensor all;
  for (std::int64_t first = 0; first < raw.rows(); first += kRows) {
    const auto some = predictor.predict(raw.read(first, std::min(kRows, raw.rows() - first)));
    if (first == 0) all = Tensor({raw.rows(), some.shape()[1]}, DType::f64);
    std::ranges::copy(some.values<double>(), all.values<double>().begin() + first * some.shape()[1]);
  }
  return all;
}

}  // namespace

Tensor predict(const Model& model, const Table& table, int threads, std::vector<CellNote>* notes) {
  RawRows raw(model, table);
  Tensor predictions = predict_rows(model, raw, threads);
  if (notes != nullptr) add_notes(*notes, raw.notes());
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
