#include "train/held_out.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace longhand::train {
namespace {

constexpr std::int64_t kBlock = 256;

}  // namespace

HeldOut::HeldOut(const Model& model, const State& state, const Examples& examples, bool row_weights,
                 const std::shared_ptr<ThreadPool>& pool)
    : model_(model), state_(state), examples_(examples), pool_(pool),
      program_(build_loss(model, {.row_weights = row_weights}),
               {.dtype = model.dtype, .max_rows = std::min(kBlock, examples.rows())}),
      runner_(program_, state, pool) {
  runner_.bind_table("x", examples.x);
  runner_.bind_table("y", examples.y);
  if (row_weights) runner_.bind_table("weight", examples.weight);
  order_.resize(static_cast<std::size_t>(examples.rows()));
  std::iota(order_.begin(), order_.end(), 0);
  losses_.resize((order_.size() + kBlock - 1) / kBlock);
}

double HeldOut::loss() {
  runner_.run_steps({.order = order_, .batch_size = kBlock, .scalars = {}, .record = {{"L", losses_}}});
  double sum = 0, total = 0;
  for (std::size_t block = 0; block < losses_.size(); ++block) {
    const auto begin = static_cast<std::int64_t>(block) * kBlock;
    const double weight = examples_.weight_of(begin, std::min(begin + kBlock, examples_.rows()));
    sum += weight * losses_[block];
    total += weight;
  }
  return sum / total;
}

double HeldOut::metric(const std::string& name) {
  const auto rows = examples_.rows();
  if (!prediction_) {
    prediction_.emplace(build_output(model_), CompileOptions{.dtype = model_.dtype, .max_rows = std::min(kBlock, rows)});
    predict_.emplace(*prediction_, state_, pool_);
    predict_->bind_table("x", examples_.x);
  }
  auto outcomes = targets();
  auto& p = outcomes.predictions;
  for (std::int64_t first = 0; first < rows; first += kBlock) {
    const auto count = std::min(kBlock, rows - first);
    predict_->run_steps({.order = std::span(order_).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count)),
                         .batch_size = count, .scalars = {}, .record = {}});
    for (const double value : predict_->output("y_hat").to_doubles()) p.push_back(outcomes.task == Task::regression ? model_.target->in_units(value) : value);
  }
  if (!std::ranges::all_of(p, [](double value) { return std::isfinite(value); })) {
    throw DivergenceError("training diverged: a prediction is no longer a finite number");
  }
  return measure(outcomes).value(name);
}

// In the target's own units.
Outcomes HeldOut::targets() const {
  const auto& target = *model_.target;
  Outcomes outcomes{target.task, static_cast<std::int32_t>(target.classes.size()), {}, {}, {}};
  for (const double y : examples_.y.to_doubles()) {
    if (target.task == Task::regression) outcomes.values.push_back(target.in_units(y));
    else outcomes.codes.push_back(static_cast<std::int32_t>(y));
  }
  return outcomes;
}

}  // namespace longhand::train
