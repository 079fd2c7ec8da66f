#include <algorithm>
#include <cmath>
#include <numeric>

#include "train/learner.h"
#include "train/schedule.h"

namespace longhand::train {
namespace {

class MinibatchLearner : public Learner {
 public:
  explicit MinibatchLearner(const Lesson& lesson)
      : lesson_(lesson), options_(lesson.options), at_(lesson.at), batch_(lesson.options.batch_size),
        program_(build_step(lesson.model, {.row_weights = options_.row_weights, .seed = options_.seed}).graph,
                 {.dtype = lesson.model.dtype, .max_rows = std::min(batch_, lesson.source.rows())}),
        runner_(program_, with_memory(), lesson.pool) {
    const auto& examples = lesson.source.examples();
    runner_.bind_table("x", examples.x);
    runner_.bind_table("y", examples.y);
    if (options_.row_weights) runner_.bind_table("weight", examples.weight);
    const auto& inputs = program_.inputs();
    if (std::ranges::find(inputs, "row", &Slot::name) != inputs.end()) runner_.bind_row_numbers("row");
  }

  std::optional<double> run_epoch() override {
    const auto epoch = at_.epoch + 1;
    const auto rows = rows_of_epoch();
    while (at_.rows < rows) {
      const auto order = lesson_.source.order(epoch, at_.rows);
      const auto count = std::min({rows_at_once(batch_), rows - at_.rows, static_cast<std::int64_t>(order.size())});
      at_.loss_sum += run_piece(order.first(static_cast<std::size_t>(count)));
      at_.rows += count;
      rows_run_ += count;
      if (at_.rows == rows) break;
      const auto done = static_cast<double>(at_.rows);
      lesson_.report(done / static_cast<double>(rows), at_.loss_sum / done);
    }
    const double loss = at_.loss_sum / static_cast<double>(rows);
    at_.rows = 0;
    at_.loss_sum = 0;
    return loss;
  }

  std::int64_t rows() const override { return rows_run_; }
  double learning_rate() const override { return rates_.empty() ? 0 : rates_.back(); }

 private:
  State& with_memory() {
    program_.add_missing_states(at_.state);
    for (const auto& [name, type] : program_.states()) require_memory(at_, name, type.shape, program_.dtype());
    return at_.state;
  }

  // A last batch of one row has no variance, and is left out where that is asked for.
  std::int64_t rows_of_epoch() const {
    const auto rows = lesson_.source.rows();
    return rows % batch_ == 1 && lesson_.model.network.has("batch_norm") ? rows - 1 : rows;
  }

  // Returns the sum of the rows' losses.
  double run_piece(std::span<const std::int32_t> order) {
    const auto batch = static_cast<std::size_t>(batch_);
    const auto steps = (order.size() + batch - 1) / batch;
    set_rates(steps);
    losses_.resize(steps);
    numbers_.resize(steps);
    std::iota(numbers_.begin(), numbers_.end(), static_cast<double>(at_.steps));
    runner_.run_steps({.order = order, .batch_size = batch_,
                       .scalars = {{"learning_rate", rates_}, {"step", numbers_}},
                       .record = {{"L", losses_}}});
    double sum = 0;
    for (std::size_t step = 0; step < steps; ++step) {
      if (!std::isfinite(losses_[step])) diverged("the loss is no longer a finite number", at_.epoch + 1);
      sum += losses_[step] * static_cast<double>(std::min(batch, order.size() - step * batch));
    }
    at_.steps += static_cast<std::int64_t>(steps);
    if (steps > 0) at_.learning_rate = rates_.back();
    return sum;
  }

  // Learning again from all rows takes the plateaus that it came to before.
  void set_rates(std::size_t steps) {
    const auto& network = lesson_.model.network;
    const auto per_epoch = (rows_of_epoch() + batch_ - 1) / batch_;
    const auto& losses = options_.refit ? options_.history : at_.history;
    const auto before = std::span(losses).first(std::min(losses.size(), static_cast<std::size_t>(at_.epoch)));
    rates_.resize(steps);
    for (std::size_t i = 0; i < steps; ++i) {
      rates_[i] = rate_at(at_.steps + static_cast<std::int64_t>(i), network.schedule, network.optimizer.learning_rate,
                          {options_.horizon, per_epoch}, before);
    }
  }

  const Lesson lesson_;
  const LoopOptions& options_;
  LoopState& at_;
  const std::int64_t batch_;
  Program program_;
  Runner runner_;
  std::int64_t rows_run_ = 0;
  std::vector<double> rates_, numbers_, losses_;
};

}  // namespace

std::unique_ptr<Learner> make_minibatch_learner(const Lesson& lesson) { return std::make_unique<MinibatchLearner>(lesson); }

}  // namespace longhand::train
