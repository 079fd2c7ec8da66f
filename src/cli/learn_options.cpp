#include "cli/learn_options.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "cli/output.h"

namespace longhand::cli {
namespace {

std::int64_t at_least_one(const std::optional<std::int64_t>& number, const char* flag) {
  if (number && *number < 1) throw UsageError(fmt::format("{}: {} is not at least 1", flag, *number));
  return number.value_or(0);
}

std::vector<std::int64_t> whole_numbers(const std::string& text) {
  std::vector<std::int64_t> numbers;
  for (const auto& part : split_list(text, "--hidden")) {
    std::int64_t number = 0;
    const auto* end = part.data() + part.size();
    const auto [stop, error] = std::from_chars(part.data(), end, number);
    if (error != std::errc() || stop != end || number < 1) {
      throw UsageError("--hidden: '" + part + "' is not a number of units from 1");
    }
    numbers.push_back(number);
  }
  return numbers;
}

}  // namespace

void LearnOptions::read(std::uint64_t seed, int threads) {
  if (target_->count() == 0 && !data_.labels.empty()) options_.target = kLabelColumn;
  else if (target_->count() == 0) throw UsageError("--target is needed; --help says how");
  for (const auto scaling : {NumberScaling::standard, NumberScaling::robust, NumberScaling::quantile_normal, NumberScaling::quantile_uniform}) {
    if (number_scaling_ == name(scaling)) options_.number_scaling = scaling;
  }
  if (task_ == "binary") options_.task = Task::binary;
  if (task_ == "multiclass") options_.task = Task::multiclass;
  if (task_ == "regression") options_.task = Task::regression;
  if (!hidden_.empty()) options_.hidden = whole_numbers(hidden_);
  optimizer_for(1);
  options_.batch_size = at_least_one(batch_size_, "--batch-size");
  options_.epochs = at_least_one(epochs_, "--epochs");
  read_validation();
  options_.refit = !no_refit_;
  options_.balance_classes = !class_weight_.empty();
  options_.dtype = dtype_ == "f64" || (dtype_.empty() && optimizer_ == "lbfgs") ? DType::f64 : DType::f32;
  read_schedule();
  if (!from_path_.empty()) read_from();
  if (!network_path_.empty()) read_network();
  options_.seed = seed;
  options_.threads = threads;
}

Table LearnOptions::read_table(const std::string& path) {
  return data_.with_target(data_.read(path), options_.target, data_.missing_words(), warnings_);
}

const TrainOptions& LearnOptions::for_table(const Table& table, std::int64_t rows) {
  options_.optimizer = optimizer_for(rows);
  options_.columns = data_.kinds(table);
  if (!validation_path_.empty()) {
    auto held_out = data_;
    held_out.labels = validation_labels_;
    options_.validation_table =
        &held_out_.emplace(held_out.with_target(held_out.read(validation_path_), options_.target, held_out.missing_words(), warnings_));
  }
  return options_;
}

void LearnOptions::check_outputs(std::span<const std::pair<const char*, std::string>> outputs, const std::string& data_path) const {
  refuse_one_file_for_two(outputs);
  for (const auto& [flag, path] : outputs) {
    if (path.empty()) continue;
    require_folder(path);
    refuse_to_replace(path, {data_path, data_.labels, validation_path_, validation_labels_, network_path_});
  }
}

void LearnOptions::read_network() {
  if (!hidden_.empty()) throw UsageError("--hidden and --network: only one of them can say what the layers are");
  if (activation_->count() > 0) throw UsageError("--activation and --network: only one of them can say what the layers are");
  options_.network = longhand::read_network(network_path_);
}

void LearnOptions::read_schedule() {
  if (schedule_.empty() && !warmup_) return;
  auto& schedule = options_.schedule.emplace();
  if (!schedule_.empty()) schedule.type = schedule_;
  schedule.warmup = warmup_.value_or(0);
  if (!(schedule.warmup >= 0 && std::isfinite(schedule.warmup))) throw UsageError("--warmup must be a number of epochs from 0");
  if (schedule.warmup > 0 && schedule.type == "one_cycle") throw UsageError("--warmup is not for --schedule one_cycle, which rises by itself");
}

void LearnOptions::read_from() {
  const bool has_layers = !hidden_.empty() || activation_->count() > 0 || ensemble_->count() > 0 || options_.dropout.value_or(0) > 0;
  if (has_layers || !network_path_.empty()) throw UsageError("--from says what the layers are; leave out the flags of Network");
  if (dtype_.empty() && optimizer_ != "lbfgs") options_.dtype = from_.emplace(load_model(from_path_)).dtype;
  else from_.emplace(load_model(from_path_));
  options_.from = &*from_;
}

OptimizerSpec LearnOptions::optimizer_for(std::int64_t rows) const {
  auto optimizer = TrainOptions::default_optimizer(rows);
  if (optimizer_ != optimizer.type) optimizer = find_optimizer(optimizer_).value();
  if (learning_rate_) optimizer.learning_rate = *learning_rate_;
  optimizer.decay_biases = decay_biases_;
  optimizer.clip_norm = clip_norm_;
  optimizer.clip_value = clip_value_;
  if (clip_norm_ && clip_value_) throw UsageError("--clip-norm and --clip-value: only one of them can be given");
  if (clip_value_ && !(*clip_value_ > 0 && std::isfinite(*clip_value_))) {
    throw UsageError(fmt::format("--clip-value must be above 0, not {}", *clip_value_));
  }
  if (clip_norm_ && !(*clip_norm_ > 0 && std::isfinite(*clip_norm_))) {
    throw UsageError(fmt::format("--clip-norm must be above 0, not {}", *clip_norm_));
  }
  const auto refuse = [&](const char* flag) {
    throw UsageError(fmt::format("{} has no meaning for --optimizer {}", flag, optimizer_));
  };
  std::visit(
      [&](auto& rule) {
        if (weight_decay_) rule.weight_decay = *weight_decay_;
        if (optimizer_ == "lbfgs") {
          if (momentum_) refuse("--momentum");
          if (nesterov_) refuse("--nesterov");
          return;
        }
        if (momentum_) {
          if constexpr (requires { rule.momentum; }) rule.momentum = *momentum_;
          else refuse("--momentum");
        }
        if (nesterov_) {
          if constexpr (requires { rule.nesterov; }) rule.nesterov = true;
          else refuse("--nesterov");
        }
      },
      optimizer.rule);
  return optimizer;
}

void LearnOptions::read_validation() {
  const auto* end = validation_.data() + validation_.size();
  double share = 0;
  const auto [stop, error] = std::from_chars(validation_.data(), end, share);
  if (error == std::errc() && stop == end) {
    options_.validation = share;
  } else {
    validation_path_ = validation_;
  }
  if (validation_path_.empty() && !validation_labels_.empty()) throw UsageError("--validation-labels needs --validation FILE");
}

}  // namespace longhand::cli
