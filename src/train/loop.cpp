#include "train/loop.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>

#include "train/held_out.h"
#include "train/learner.h"
#include "train/scored_rows.h"

namespace longhand::train {
namespace {

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

bool has(const State& state, const std::string& name, const Shape& shape, DType dtype) {
  return state.contains(name) && state.get(name).shape() == shape && state.get(name).dtype() == dtype;
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

class Loop {
 public:
  Loop(Model& model, ExampleSource& source, ExampleSource* validation,
       const LoopOptions& options, const std::shared_ptr<ThreadPool>& pool,
       const ProgressFunction& progress, const LoopState* from, const SaveFunction& save)
      : model_(model), options_(options), progress_(progress), save_(save), rows_(source.rows()), at_(begin(model, from)) {
    const Lesson lesson{model, source, options_, at_, pool, [this](double done, double loss) { report(done, loss); }};
    learner_ = model.network.optimizer.type == "lbfgs" ? make_lbfgs_learner(lesson) : make_minibatch_learner(lesson);
    if (validation != nullptr) held_out_.emplace(model, at_.state, *validation, options.row_weights, pool);
    stops_early_ = held_out_ && options_.patience > 0;
    if (from != nullptr) require_fits(*from);
    first_epoch_ = at_.epoch;
  }

  LoopResult run() {
    start_ = saved_ = Clock::now();
    while (!is_done()) {
      const auto loss = learner_->run_epoch();
      if (!loss) {  // no epoch to come would change anything
        save();
        break;
      }
      ++at_.epoch;
      const auto epoch = measured(*loss);
      at_.history.push_back(epoch);
      if (!stops_early_ || at_.best_epoch == 0 || is_better(epoch, best(), options_.stop_on)) {
        at_.best_epoch = at_.epoch;
        if (stops_early_) copy_values(at_.best, at_.state);
      }
      const bool goes_on = continues(1, epoch);
      if (!goes_on || is_done() || seconds_since(saved_) >= options_.seconds_between_saves) save();
      if (!goes_on) interrupted();
    }
    if (at_.best_epoch == 0) throw DataError("the network's loss cannot be made smaller: no step was taken");
    copy_values(model_.state, stops_early_ ? at_.best : at_.state);
    if (!is_finite(model_.state)) diverged("weights are not finite", at_.epoch);
    return {at_.epoch, at_.best_epoch, best().loss, best().validation_loss, learner_->rows(),
            seconds_since(start_) - seconds_saving_, at_.history};
  }

 private:
  static LoopState begin(const Model& model, const LoopState* from) {
    LoopState state = from == nullptr ? LoopState() : *from;
    state.state = from == nullptr ? model.state.clone() : from->state.clone();
    state.best = from == nullptr ? model.state.clone() : from->best.clone();
    for (const auto* read : {&state.state, &state.best}) {
      if (const auto name = missing_parameter(*read, model.state)) refuse_without(*name, state.file);
    }
    return state;
  }

  void require_fits(const LoopState& from) const {
    const bool is_within = from.epoch >= 0 && from.epoch <= options_.epochs && from.best_epoch >= (from.epoch > 0 ? 1 : 0) &&
                           from.best_epoch <= from.epoch && from.rows >= 0 && from.rows < rows_;
    const bool knows_all = static_cast<std::int64_t>(from.history.size()) == from.epoch;
    const auto is_measured = [&](const EpochLoss& epoch) {
      return epoch.validation_loss.has_value() == held_out_.has_value() && epoch.metric.has_value() == has_metric();
    };
    if (!is_within || !knows_all || !std::ranges::all_of(from.history, is_measured)) {
      refuse(from.file, "the checkpoint does not say where training was");
    }
  }

  bool has_metric() const { return held_out_ && options_.stop_on != kLoss; }

  EpochLoss measured(double loss) {
    EpochLoss epoch{loss, {}, {}};
    if (held_out_) epoch.validation_loss = held_out_->loss();
    if (!std::isfinite(epoch.validation_loss.value_or(0))) diverged("the validation loss is no longer a finite number", at_.epoch);
    if (has_metric()) epoch.metric = held_out_->metric(options_.stop_on);
    return epoch;
  }

  const EpochLoss& best() const { return at_.history[static_cast<std::size_t>(at_.best_epoch - 1)]; }

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

  void report(double done, double loss) {
    if (continues(done, {loss, {}, {}})) return;
    save();
    interrupted();
  }

  bool continues(double done, const EpochLoss& losses) const {
    if (!progress_) return true;
    const double seconds = seconds_since(start_) - seconds_saving_;
    const auto epochs = static_cast<double>(done < 1 ? at_.epoch - first_epoch_ : at_.epoch - first_epoch_ - 1) + done;
    const auto left = static_cast<double>(options_.epochs - first_epoch_) - epochs;
    return progress_({.refit = options_.refit, .epoch = done < 1 ? at_.epoch + 1 : at_.epoch, .epochs = options_.epochs,
                      .done = done, .loss = losses.loss, .validation_loss = losses.validation_loss,
                      .metric_name = has_metric() ? options_.stop_on : "", .metric = losses.metric,
                      .learning_rate = learner_->learning_rate(),
                      .seconds = seconds, .rows_per_second = seconds > 0 ? static_cast<double>(rows_) * epochs / seconds : 0,
                      .seconds_left = epochs > 0 ? left * seconds / epochs : 0});
  }

  [[noreturn]] void interrupted() const {
    const auto epoch = at_.rows > 0 ? at_.epoch + 1 : at_.epoch;
    throw Interrupted("interrupted in epoch " + std::to_string(epoch));
  }

  Model& model_;
  const LoopOptions options_;
  const ProgressFunction& progress_;
  const SaveFunction& save_;
  const std::int64_t rows_;
  LoopState at_;
  std::unique_ptr<Learner> learner_;
  std::optional<HeldOut> held_out_;
  bool stops_early_ = false;
  std::int64_t first_epoch_ = 0;
  Clock::time_point start_, saved_;
  double seconds_saving_ = 0;
};

}  // namespace

bool is_better(const EpochLoss& epoch, const EpochLoss& than, const std::string& metric) {
  if (epoch.metric && std::isnan(*epoch.metric) != std::isnan(*than.metric)) return std::isnan(*than.metric);
  if (epoch.metric && !std::isnan(*epoch.metric) && *epoch.metric != *than.metric) {
    return (*epoch.metric > *than.metric) == is_higher_better(metric);
  }
  return *epoch.validation_loss < *than.validation_loss;
}

void refuse(const std::string& file, const std::string& why) {
  throw ModelError(file.empty() ? why : file + ": " + why);
}

void diverged(const std::string& what, std::int64_t epoch) {
  throw DivergenceError("training diverged in epoch " + std::to_string(epoch) + ": " + what);
}

std::optional<std::string> missing_parameter(const State& read, const State& parameters) {
  for (const auto& [name, tensor] : parameters.entries()) {
    if (!has(read, name, tensor.shape(), tensor.dtype())) return name;
  }
  return std::nullopt;
}

void refuse_without(const std::string& parameter, const std::string& file) {
  refuse(file, "the checkpoint does not have the parameter " + parameter);
}

void require_memory(const LoopState& at, const std::string& name, const Shape& shape, DType dtype) {
  if (!has(at.state, name, shape, dtype)) refuse(at.file, "the checkpoint's " + name + " has another shape or dtype");
}

LoopResult run_loop(Model& model, ExampleSource& source, ExampleSource* validation,
                    const LoopOptions& options, const std::shared_ptr<ThreadPool>& pool,
                    const ProgressFunction& progress, const LoopState* from, const SaveFunction& save) {
  return Loop(model, source, validation, options, pool, progress, from, save).run();
}

}  // namespace longhand::train
