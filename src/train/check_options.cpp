#include "train/check_options.h"

#include <cmath>

#include "train/loop.h"
#include "train/scored_rows.h"

namespace longhand::train {
namespace {

void require(bool is_right, const std::string& what) {
  if (!is_right) throw ArgumentError(what);
}

void check_metric(const TrainOptions& options, Task task) {
  if (options.stop_on == kLoss) return;
  std::string names = kLoss;
  for (const char* name : metric_names(task)) {
    if (options.stop_on == name) return;
    names += std::string(", ") + name;
  }
  throw ArgumentError("there is no metric '" + options.stop_on + "' of a " + std::string(name(task)) + " to stop on: " + names);
}

}  // namespace

void check_for_stream(const TrainOptions& options) {
  const bool is_lbfgs = options.optimizer && options.optimizer->type == "lbfgs";
  require(!is_lbfgs, "lbfgs takes all rows at once, and a table that is read in blocks is not in memory");
  require(options.split_by.empty() && options.split_time.empty(),
          "rows of a table that is read in blocks cannot be held out by a column: give held-out rows of their own");
}

void check(const TrainOptions& options) {
  const bool names_layers = options.hidden != TrainOptions().hidden;
  for (const auto units : options.hidden) require(!names_layers || units >= 1, "a hidden layer needs at least 1 unit");
  const double dropout = options.dropout.value_or(0);
  require(dropout >= 0 && dropout < 1, "dropout must be from 0 to below 1");
  require(dropout == 0 || !options.network, "dropout belongs into the network's layers");
  require(options.batch_size >= 0, "the batch size must be at least 1");
  require(options.epochs >= 0, "the number of epochs must be at least 1");
  require(options.validation >= 0 && options.validation < 1, "the validation share must be from 0 to below 1");
  require(options.embedding.value_or(0) >= 0 && options.embedding.value_or(0) <= 1000, "the entries of an embedding must be from 0 to 1000");
  require(options.number_steps.value_or(0) >= 0 && options.number_steps.value_or(0) <= 1000, "the steps of a number's encoding must be from 0 to 1000");
  require(options.patience >= 0, "patience must be at least 0");
  require(options.threads >= 1, "the number of threads must be at least 1");
  require(options.dtype == DType::f32 || options.dtype == DType::f64, "the dtype must be f32 or f64");
  const double rate = options.optimizer->learning_rate;
  require(rate > 0 && std::isfinite(rate), "the learning rate must be a number above 0");
  optim::validate(options.optimizer->rule);
  require(options.members >= 0, "an ensemble needs at least 1 member");
  require(options.label_smoothing >= 0 && options.label_smoothing < 1, "label smoothing must be from 0 to below 1");
  require(options.from == nullptr || !options.network, "a model to go on from has its own layers");
  require(options.split_by.empty() || options.split_time.empty(), "rows are held out by groups or by time, not both");
  require((options.split_by.empty() && options.split_time.empty()) || options.validation_table == nullptr,
          "held-out rows of their own need no column to split by");
  require(options.optimizer->type != "lbfgs" || options.dtype == DType::f64, "lbfgs needs the dtype f64: its line search compares losses that differ by little");
}

void check_for_task(const TrainOptions& options, Task task, const std::string& target) {
  require(!options.balance_classes || task != Task::regression,
          "balanced weights are for classes, and '" + target + "' is learned as a number");
  check_metric(options, task);
}

void check_for_network(const NetworkSpec& network, std::int64_t rows, std::int64_t batch_size) {
  const auto refuse = [](const char* what) { throw ArgumentError(what); };
  if (network.has("batch_norm") && (rows < 2 || batch_size < 2)) refuse("batch_norm needs at least 2 rows in a batch");
  if (network.optimizer.type != "lbfgs") return;
  if (network.has("batch_norm")) refuse("lbfgs cannot train a network with batch_norm, whose loss depends on the batch");
  if (network.has("dropout")) refuse("lbfgs cannot train a network with dropout, whose loss is another in each step");
  if (network.schedule.type != "constant" || network.schedule.warmup > 0) refuse("lbfgs searches each step's length itself and takes no schedule");
  if (network.optimizer.clip_norm || network.optimizer.clip_value) refuse("lbfgs takes the gradient as it is and does not clip");
}

}  // namespace longhand::train
