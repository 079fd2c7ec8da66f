#include "train/loop.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <numeric>

#include "base/philox.h"

namespace longhand::train {
namespace {

// So much work between two looks at progress and at the loss.
constexpr std::int64_t kRowsAtOnce = 16384;
constexpr std::int64_t kStepsAtOnce = 256;

constexpr std::int64_t kValidationBlock = 256;

using Clock = std::chrono::steady_clock;

// The entries that `to` has, which are among those of `from`.
void copy_values(State& to, const State& from) {
  for (const auto& [name, tensor] : to.entries()) {
    std::memcpy(to.get(name).data(), from.get(name).data(), tensor.bytes());
  }
}

bool is_finite(const State& state) {
  return std::ranges::all_of(state.entries(), [](const auto& entry) {
    const Tensor& tensor = entry.second;
    double zero = 0;  // stays zero unless an entry is not finite
    for (std::int64_t i = 0; i < tensor.count(); ++i) zero += tensor.at(i) * 0;
    return zero == 0;
  });
}

// The loss on rows that are not learned from, by a program of its own.
class Validation {
 public:
  Validation(const Model& model, const State& state, const Examples& examples, bool row_weights,
             const std::shared_ptr<ThreadPool>& pool)
      : examples_(examples), row_weights_(row_weights),
        program_(build_loss(model, {.row_weights = row_weights}),
                 {.dtype = model.dtype, .max_rows = std::min(kValidationBlock, examples.rows())}),
        runner_(program_, state, pool) {
    runner_.bind_table("x", examples.x);
    runner_.bind_table("y", examples.y);
    if (row_weights) runner_.bind_table("weight", examples.weight);
    order_.resize(static_cast<std::size_t>(examples.rows()));
    std::iota(order_.begin(), order_.end(), 0);
    losses_.resize((order_.size() + kValidationBlock - 1) / kValidationBlock);
  }

  double loss() {
    runner_.run_steps({.order = order_, .batch_size = kValidationBlock, .scalars = {},
                       .record = {{"L", losses_}}});
    double sum = 0, total = 0;
    for (std::size_t block = 0; block < losses_.size(); ++block) {
      const double weight = weight_of(block);
      sum += weight * losses_[block];
      total += weight;
    }
    return sum / total;
  }

 private:
  double weight_of(std::size_t block) const {
    const auto begin = static_cast<std::int64_t>(block) * kValidationBlock;
    const auto end = std::min(begin + kValidationBlock, examples_.rows());
    if (!row_weights_) return static_cast<double>(end - begin);
    double sum = 0;
    for (auto i = begin; i < end; ++i) sum += examples_.weight.at(i);
    return sum;
  }

  const Examples& examples_;
  const bool row_weights_;
  Program program_;
  Runner runner_;
  std::vector<std::int32_t> order_;
  std::vector<double> losses_;
};

class Loop {
 public:
  Loop(Model& model, const Examples& examples, const Examples* validation,
       const LoopOptions& options, const std::shared_ptr<ThreadPool>& pool,
       const ProgressFunction& progress, const LoopState* from, const SaveFunction& save)
      : model_(model), options_(options), progress_(progress), save_(save), at_(begin(model, from)),
        program_(compile(model, examples, options)),
        runner_(program_, with_memory(), pool) {
    runner_.bind_table("x", examples.x);
    runner_.bind_table("y", examples.y);
    if (options.row_weights) runner_.bind_table("weight", examples.weight);
    const auto& inputs = program_.inputs();
    if (std::ranges::find(inputs, "row", &Slot::name) != inputs.end()) runner_.bind_row_numbers("row");
    if (validation != nullptr) validation_.emplace(model, at_.state, *validation, options.row_weights, pool);
    stops_early_ = validation_ && options_.patience > 0;
    order_.resize(static_cast<std::size_t>(examples.rows()));
    if (from != nullptr) require_fits(*from);
  }

  LoopResult run() {
    const auto start = Clock::now();
    saved_ = start;
    while (!is_done()) {
      const double loss = run_epoch();
      TrainProgress progress{options_.refit, at_.epoch, options_.epochs, 1, loss, {}};
      if (validation_) progress.validation_loss = validation_->loss();
      require_finite(progress.validation_loss.value_or(0), at_.epoch, "validation loss");
      at_.history.push_back({loss, progress.validation_loss});
      if (!stops_early_ || at_.best_epoch == 0 || *progress.validation_loss < *at_.validation_loss) {
        at_.best_epoch = at_.epoch;
        at_.loss = loss;
        at_.validation_loss = progress.validation_loss;
        if (stops_early_) copy_values(at_.best, at_.state);
      }
      const bool goes_on = continues(progress);
      if (!goes_on || is_done() || seconds_since(saved_) >= options_.seconds_between_saves) save();
      if (!goes_on) interrupted(at_.epoch);
    }
    const State& best = stops_early_ ? at_.best : at_.state;
    copy_values(model_.state, best);
    if (!is_finite(model_.state)) diverged("weights are not finite", at_.epoch);
    return {at_.epoch, at_.best_epoch, at_.loss, at_.validation_loss, rows_run_, seconds_since(start) - seconds_saving_, at_.history};
  }

 private:
  static Program compile(const Model& model, const Examples& examples, const LoopOptions& options) {
    return Program(build_step(model, {.row_weights = options.row_weights, .seed = options.seed}).graph,
                   {.dtype = model.dtype, .max_rows = std::min(options.batch_size, examples.rows())});
  }

  static LoopState begin(const Model& model, const LoopState* from) {
    LoopState state = from == nullptr ? LoopState() : *from;
    state.state = from == nullptr ? model.state.clone() : from->state.clone();
    state.best = from == nullptr ? model.state.clone() : from->best.clone();
    for (const auto& [name, tensor] : model.state.entries()) {
      if (!has(state.state, name, tensor.shape(), tensor.dtype()) ||
          !has(state.best, name, tensor.shape(), tensor.dtype())) {
        refuse(state.file, "the checkpoint does not have the parameter " + name);
      }
    }
    return state;
  }

  static bool has(const State& state, const std::string& name, const Shape& shape, DType dtype) {
    return state.contains(name) && state.get(name).shape() == shape && state.get(name).dtype() == dtype;
  }

  State& with_memory() {
    program_.add_missing_states(at_.state);
    for (const auto& [name, type] : program_.states()) {
      if (!has(at_.state, name, type.shape, program_.dtype())) {
        refuse(at_.file, "the checkpoint's " + name + " has another shape or dtype");
      }
    }
    return at_.state;
  }

  void require_fits(const LoopState& from) const {
    const bool is_within = from.epoch >= 0 && from.epoch <= options_.epochs && from.best_epoch >= 0 &&
                           from.best_epoch <= from.epoch && from.rows >= 0 &&
                           from.rows < static_cast<std::int64_t>(order_.size());
    const bool knows_best = !stops_early_ || from.best_epoch == 0 || from.validation_loss;
    const bool knows_all = static_cast<std::int64_t>(from.history.size()) == from.epoch;
    if (!is_within || !knows_best || !knows_all) refuse(from.file, "the checkpoint does not say where training was");
  }

  static double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
  }

  void save() {
    if (!save_) return;
    const auto start = Clock::now();
    save_(at_);
    saved_ = Clock::now();
    seconds_saving_ += seconds_since(start);
  }

  bool is_done() const {
    return at_.epoch >= options_.epochs || (stops_early_ && at_.epoch - at_.best_epoch >= options_.patience);
  }

  // Runs what is left of an epoch. Returns the mean loss over all its rows.
  double run_epoch() {
    const auto epoch = at_.epoch + 1;
    // From the same order each time, so that an epoch's order depends on its number alone.
    std::iota(order_.begin(), order_.end(), 0);
    PhiloxStream stream(options_.seed, hash_name("order") + static_cast<std::uint64_t>(epoch));
    shuffle(order_, stream);
    const auto batch = options_.batch_size;
    const auto rows = static_cast<std::int64_t>(order_.size());
    const auto steps_at_once = std::clamp<std::int64_t>(kRowsAtOnce / batch, 1, kStepsAtOnce);
    while (at_.rows < rows) {
      const auto count = std::min(steps_at_once * batch, rows - at_.rows);
      at_.loss_sum += run_piece(std::span(order_).subspan(static_cast<std::size_t>(at_.rows),
                                                          static_cast<std::size_t>(count)), epoch);
      at_.rows += count;
      rows_run_ += count;
      if (at_.rows == rows) break;
      const auto done = static_cast<double>(at_.rows);
      if (!continues({options_.refit, epoch, options_.epochs, done / static_cast<double>(rows), at_.loss_sum / done, {}})) {
        save();
        interrupted(epoch);
      }
    }
    const double loss = at_.loss_sum / static_cast<double>(rows);
    at_.epoch = epoch;
    at_.rows = 0;
    at_.loss_sum = 0;
    return loss;
  }

  // Returns the sum of the rows' losses.
  double run_piece(std::span<const std::int32_t> order, std::int64_t epoch) {
    const auto batch = static_cast<std::size_t>(options_.batch_size);
    const auto steps = (order.size() + batch - 1) / batch;
    learning_rates_.assign(steps, model_.network.optimizer.learning_rate);
    losses_.resize(steps);
    numbers_.resize(steps);
    std::iota(numbers_.begin(), numbers_.end(), static_cast<double>(at_.steps));
    runner_.run_steps({.order = order, .batch_size = options_.batch_size,
                       .scalars = {{"learning_rate", learning_rates_}, {"step", numbers_}},
                       .record = {{"L", losses_}}});
    double sum = 0;
    for (std::size_t step = 0; step < steps; ++step) {
      require_finite(losses_[step], epoch, "loss");
      sum += losses_[step] * static_cast<double>(std::min(batch, order.size() - step * batch));
    }
    at_.steps += static_cast<std::int64_t>(steps);
    return sum;
  }

  void require_finite(double loss, std::int64_t epoch, const std::string& what) const {
    if (!std::isfinite(loss)) diverged("the " + what + " is no longer a finite number", epoch);
  }
  [[noreturn]] void diverged(const std::string& what, std::int64_t epoch) const {
    throw DivergenceError("training diverged in epoch " + std::to_string(epoch) + ": " + what);
  }

  bool continues(const TrainProgress& progress) const { return !progress_ || progress_(progress); }
  [[noreturn]] static void interrupted(std::int64_t epoch) {
    throw Interrupted("interrupted in epoch " + std::to_string(epoch));
  }

  Model& model_;
  const LoopOptions options_;
  const ProgressFunction& progress_;
  const SaveFunction& save_;
  LoopState at_;
  Program program_;
  Runner runner_;
  std::optional<Validation> validation_;
  bool stops_early_ = false;
  Clock::time_point saved_;
  double seconds_saving_ = 0;
  std::int64_t rows_run_ = 0;
  std::vector<std::int32_t> order_;
  std::vector<double> learning_rates_, numbers_, losses_;
};

}  // namespace

void refuse(const std::string& file, const std::string& why) {
  throw ModelError(file.empty() ? why : file + ": " + why);
}

LoopResult run_loop(Model& model, const Examples& examples, const Examples* validation,
                    const LoopOptions& options, const std::shared_ptr<ThreadPool>& pool,
                    const ProgressFunction& progress, const LoopState* from, const SaveFunction& save) {
  return Loop(model, examples, validation, options, pool, progress, from, save).run();
}

}  // namespace longhand::train
