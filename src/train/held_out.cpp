#include "train/held_out.h"

#include <algorithm>
#include <cmath>

namespace longhand::train {
HeldOut::HeldOut(const Model& model, const State& state, ExampleSource& rows, bool row_weights,
                 const std::shared_ptr<ThreadPool>& pool)
    : model_(model), state_(state), rows_(rows), pool_(pool),
      program_(build_loss(model, {.row_weights = row_weights}),
               {.dtype = model.dtype, .max_rows = std::min(kHeldOutBatch, rows.rows())}),
      runner_(program_, state, pool) {
  const auto& examples = rows.examples();
  runner_.bind_table("x", examples.x);
  runner_.bind_table("y", examples.y);
  if (row_weights) runner_.bind_table("weight", examples.weight);
}

double HeldOut::loss() {
  double sum = 0, total = 0;
  for (std::int64_t first = 0; first < rows_.rows();) {
    const auto order = rows_.order(kOwnOrder, first);
    const auto count = static_cast<std::int64_t>(order.size());
    losses_.resize(static_cast<std::size_t>((count + kHeldOutBatch - 1) / kHeldOutBatch));
    runner_.run_steps({.order = order, .batch_size = kHeldOutBatch, .scalars = {}, .record = {{"L", losses_}}});
    for (std::size_t block = 0; block < losses_.size(); ++block) {
      const auto begin = static_cast<std::int64_t>(block) * kHeldOutBatch;
      const double weight = rows_.examples().weight_of(begin, std::min(begin + kHeldOutBatch, count));
      sum += weight * losses_[block];
      total += weight;
    }
    first += count;
  }
  return sum / total;
}

double HeldOut::metric(const std::string& name) {
  const auto& target = *model_.target;
  const auto& examples = rows_.examples();
  if (!prediction_) {
    prediction_.emplace(build_output(model_), CompileOptions{.dtype = model_.dtype, .max_rows = std::min(kHeldOutBatch, rows_.rows())});
    predict_.emplace(*prediction_, state_, pool_);
    predict_->bind_table("x", examples.x);
  }
  Outcomes outcomes{target.task, static_cast<std::int32_t>(target.classes.size()), {}, {}, {}};
  const bool is_regression = target.task == Task::regression;
  for (std::int64_t first = 0; first < rows_.rows();) {
    auto order = rows_.order(kOwnOrder, first);
    order = order.first(std::min(order.size(), static_cast<std::size_t>(kHeldOutBatch)));
    const auto count = static_cast<std::int64_t>(order.size());
    predict_->run_steps({.order = order, .batch_size = count, .scalars = {}, .record = {}});
    for (const double value : predict_->output("y_hat").to_doubles()) {
      outcomes.predictions.push_back(is_regression ? target.in_units(value) : value);
    }
    for (const auto place : order) {
      const double y = examples.y.at(place);
      if (is_regression) outcomes.values.push_back(target.in_units(y));
      else outcomes.codes.push_back(static_cast<std::int32_t>(y));
    }
    first += count;
  }
  if (!std::ranges::all_of(outcomes.predictions, [](double value) { return std::isfinite(value); })) {
    throw DivergenceError("training diverged: a prediction is no longer a finite number");
  }
  return measure(outcomes).value(name);
}

}  // namespace longhand::train
