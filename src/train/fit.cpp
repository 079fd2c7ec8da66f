// From a table and options to a trained model.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/text.h"
#include "train/defaults.h"
#include "train/make_model.h"
#include "train/resume.h"
#include "train/scored_rows.h"

namespace longhand {
namespace {

using train::Json;
using Named = std::pair<std::string, double>;

void require(bool is_right, const std::string& what) {
  if (!is_right) throw ArgumentError(what);
}

void check(const TrainOptions& options) {
  for (const auto units : options.hidden) require(units >= 1, "a hidden layer needs at least 1 unit");
  require(options.dropout >= 0 && options.dropout < 1, "dropout must be from 0 to below 1");
  require(options.dropout == 0 || !options.network, "dropout belongs into the network's layers");
  require(options.batch_size >= 0, "the batch size must be at least 1");
  require(options.epochs >= 0, "the number of epochs must be at least 1");
  require(options.validation >= 0 && options.validation < 1, "the validation share must be from 0 to below 1");
  require(options.number_steps.value_or(0) >= 0 && options.number_steps.value_or(0) <= 1000, "the steps of a number's encoding must be from 0 to 1000");
  require(options.patience >= 0, "patience must be at least 0");
  require(options.threads >= 1, "the number of threads must be at least 1");
  require(options.dtype == DType::f32 || options.dtype == DType::f64, "the dtype must be f32 or f64");
  const double rate = options.optimizer->learning_rate;
  require(rate > 0 && std::isfinite(rate), "the learning rate must be a number above 0");
  optim::validate(options.optimizer->rule);
  require(options.members >= 1, "an ensemble needs at least 1 member");
  require(options.label_smoothing >= 0 && options.label_smoothing < 1, "label smoothing must be from 0 to below 1");
  require(options.from == nullptr || !options.network, "a model to go on from has its own layers");
  require(options.optimizer->type != "lbfgs" || options.dtype == DType::f64, "lbfgs needs the dtype f64: its line search compares losses that differ by little");
}

std::string column_named(const Table& table, const std::string& name) {
  const auto found = table.find(name);
  if (found) return table.columns()[*found].name();
  try {
    table.column(name);  // throws, naming the columns that there are
  } catch (const DataError& error) {
    throw ArgumentError(error.what());
  }
  return {};
}

class Fit {
 public:
  Fit(const Table& table, const TrainOptions& options, const ProgressFunction& progress)
      : table_(table), options_(options), progress_(progress) {
    if (!options_.optimizer) options_.optimizer = TrainOptions::default_optimizer(table.rows());
    check(options_);
    target_ = column_named(table, options.target);
    if (!options.sample_weight.empty()) {
      weight_column_ = column_named(table, options.sample_weight);
      require(weight_column_ != target_, "the column '" + target_ + "' is the target, and cannot be the weight");
    }
    if (!options.split_by.empty()) {
      group_column_ = column_named(table, options.split_by);
      require(group_column_ != target_, "the column '" + target_ + "' is the target, and cannot be what rows are held out by");
      require(options.split_time.empty(), "rows are held out by groups or by time, not both");
    }
    require((options.split_by.empty() && options.split_time.empty()) || options.validation_table == nullptr,
            "held-out rows of their own need no column to split by");
    if (options.from == nullptr) choose_columns();
    require_utf8(target_, "the column name");
    const bool knows_task = options.from != nullptr && options.from->target;
    task_ = knows_task ? options.from->target->task
                       : train::task_for(options, options.task ? *options.task : choose_task(table, target_));
    require(!options.balance_classes || task_ != Task::regression,
            "balanced weights are for classes, and '" + target_ + "' is learned as a number");
    require_metric();
    if (options.threads > 1) pool_ = make_thread_pool(options.threads);
  }

  TrainResult run() {
    split();
    TrainResult result;
    const auto has_validation = validation_.rows() > 0;
    if (options_.resume != nullptr) before_ = train::from_checkpoint(*options_.resume);
    refits_ = train::refits(options_, training_.rows(), has_validation);
    if (before_ && before_->first && !refits_) {
      train::refuse(before_->loop.file, "the checkpoint is of learning again from all rows, which these options leave out");
    }
    if (before_ && before_->first && before_->first->result.epochs > train::epochs_for(options_, has_validation)) {
      train::refuse(before_->loop.file, "the checkpoint is of training for more epochs");
    }
    const auto best = before_ && before_->first ? first_part_again() : first_part(has_validation);
    result.validation = best.validation;
    result.history = best.result.history;
    auto found = best.result;
    result.epochs_run = best.result.epochs;
    if (refits_) {
      result.before_refit = model_;
      training_ = table_;
      fit_.first = best;
      found = learn(table_, nullptr, found.best_epoch);
      result.epochs_run += found.epochs;
    }
    result.train = metrics_on(training_);
    if (result.validation && !std::ranges::equal(result.validation->values, result.train.values, {},
                                                 &Named::first, &Named::first)) {
      train::refuse(options_.resume->name, "the checkpoint does not say how good the held-out rows were predicted");
    }
    result.epochs = found.best_epoch;
    finish(result, best.result, found);
    return result;
  }

 private:
  // A network that says how many inputs it takes may mean the constant columns too.
  void choose_columns() {
    profiles_ = profile_columns(table_, options_.columns);
    std::vector<ColumnProfile> constant, identifiers;
    for (const auto& profile : profiles_) {
      if (is_no_input(profile)) continue;
      if (profile.kind == ColumnKind::constant) constant.push_back(profile);
      else if (profile.kind == ColumnKind::identifier) identifiers.push_back(profile);
      else inputs_.push_back(profile);
    }
    const auto wanted = options_.network ? static_cast<std::size_t>(options_.network->inputs) : 0;
    if (wanted > inputs_.size() && wanted == inputs_.size() + constant.size()) {
      inputs_.clear();
      for (auto profile : profiles_) {
        if (is_no_input(profile) || profile.kind == ColumnKind::identifier) continue;
        if (profile.kind == ColumnKind::constant) profile.kind = ColumnKind::number;
        inputs_.push_back(std::move(profile));
      }
      constant.clear();
    }
    tell_left_out(constant, "have one value in all rows");
    tell_left_out(identifiers, "tell rows apart and nothing more");
    if (inputs_.empty()) throw DataError(table_.name() + ": no column to learn from beside '" + target_ + "'");
    for (const auto& profile : inputs_) {
      if (!profile.problem.empty()) throw DataError(profile.problem);
      require_utf8(profile.name, "the column name");
    }
  }

  bool is_no_input(const ColumnProfile& profile) const {
    return profile.name == target_ || profile.name == weight_column_ || profile.name == group_column_;
  }

  void tell_left_out(const std::vector<ColumnProfile>& columns, const char* why) {
    constexpr std::size_t kNamed = 5;
    if (columns.empty()) return;
    auto text = table_.name() + ": left out " + std::to_string(columns.size()) +
                (columns.size() == 1 ? " column: " : " columns that ");
    if (columns.size() == 1) {
      warnings_.push_back(text + "'" + printable(columns[0].name, 40) + "' (" + std::string(name(columns[0].kind)) + ": " +
                          columns[0].why + ")");
      return;
    }
    text += why;
    for (std::size_t i = 0; i < std::min(columns.size(), kNamed); ++i) {
      text += (i == 0 ? ": '" : ", '") + printable(columns[i].name, 40) + "'";
    }
    warnings_.push_back(text + (columns.size() > kNamed ? ", …" : ""));
  }

  void split() {
    if (options_.validation_table != nullptr) {
      training_ = table_;
      validation_ = *options_.validation_table;
      return;
    }
    auto& parts = split_;
    if (!group_column_.empty()) {
      parts = grouped_split(train::groups_of(table_, group_column_), options_.validation, options_.seed);
    } else if (!options_.split_time.empty()) {
      parts = latest_split(train::times_of(table_, column_named(table_, options_.split_time), options_.columns), options_.validation);
    } else if (task_ == Task::regression) {
      parts = random_split(table_.rows(), options_.validation, options_.seed);
    } else {
      parts = stratified_split(Classes::of(table_, target_).encode(table_, target_), options_.validation,
                               options_.seed);
    }
    training_ = parts.held_out.empty() ? table_ : table_.select_rows(parts.train);
    if (!parts.held_out.empty()) validation_ = table_.select_rows(parts.held_out);
  }

  train::FirstPart first_part(bool has_validation) {
    train::FirstPart part;
    part.result = learn(training_, has_validation ? &validation_ : nullptr, train::epochs_for(options_, has_validation));
    if (has_validation) part.validation = metrics_on(validation_);
    part.state = model_.state;
    return part;
  }

  // The same from a checkpoint of learning again from all rows.
  train::FirstPart first_part_again() {
    auto part = *before_->first;
    make_model(training_);
    model_.state = part.state;
    return part;
  }

  void require_metric() const {
    if (options_.stop_on == train::kLoss) return;
    std::string names = train::kLoss;
    for (const char* name : train::metric_names(task_)) {
      if (options_.stop_on == name) return;
      names += std::string(", ") + name;
    }
    throw ArgumentError("there is no metric '" + options_.stop_on + "' of a " + std::string(name(task_)) + " to stop on: " + names);
  }

  void make_model(const Table& rows) {
    if (options_.from != nullptr) {
      model_ = train::model_to_go_on_from(options_, target_);
      require_steps(rows);
      return;
    }
    auto target = train::describe_target(task_ == Task::regression ? rows : table_, target_, task_);
    for (const auto& name : target.classes) require_utf8(name, "the class");
    model_ = train::make_model(options_, train::describe_columns(rows, refits_ ? table_ : rows, inputs_, options_), std::move(target));
    for (const auto& column : model_.inputs) {
      for (const auto& category : column.categories) require_utf8(category, "the category");
    }
    require_rates(rows);
    require_steps(rows);
  }

  void require_steps(const Table& rows) const {
    const auto& network = model_.network;
    const bool is_lbfgs = network.optimizer.type == "lbfgs";
    const auto refuse = [](const char* what) { throw ArgumentError(what); };
    if (network.has("batch_norm") && (rows.rows() < 2 || batch_size() < 2)) refuse("batch_norm needs at least 2 rows in a batch");
    if (is_lbfgs && network.has("batch_norm")) refuse("lbfgs cannot train a network with batch_norm, whose loss depends on the batch");
    if (is_lbfgs && network.has("dropout")) refuse("lbfgs cannot train a network with dropout, whose loss is another in each step");
    if (is_lbfgs && (network.schedule.type != "constant" || network.schedule.warmup > 0)) refuse("lbfgs searches each step's length itself and takes no schedule");
    if (is_lbfgs && (network.optimizer.clip_norm || network.optimizer.clip_value)) refuse("lbfgs takes the gradient as it is and does not clip");
  }

  // Makes model_ anew and trains it, from where it was before where that is known.
  train::LoopResult learn(const Table& rows, const Table* held_out, std::int64_t epochs) {
    make_model(rows);
    const auto examples = train::make_examples(model_, rows, weights_of(rows));
    std::optional<train::Examples> validation;
    if (held_out != nullptr) validation = train::make_examples(model_, *held_out, weights_of(*held_out));
    const bool is_refit = fit_.first.has_value();
    const train::LoopOptions loop{.batch_size = batch_size(), .epochs = epochs, .patience = options_.patience,
                                  .row_weights = has_weights(), .stop_on = options_.stop_on,
                                  .horizon = train::epochs_for(options_, validation_.rows() > 0), .refit = is_refit,
                                  .history = is_refit ? fit_.first->result.history : std::vector<EpochLoss>(),
                                  .seconds_between_saves = options_.seconds_between_checkpoints, .seed = options_.seed};
    const auto* held_out_examples = validation ? &*validation : nullptr;
    if (options_.checkpoint || before_) fit_.settings = settings(loop, train::hash_of(examples, held_out_examples));
    if (before_) train::require_same(*before_, fit_.settings);
    const auto save = [&](const train::LoopState& state) {
      fit_.loop = state;
      options_.checkpoint(train::to_checkpoint(model_, fit_));
    };
    const auto result = train::run_loop(model_, examples, held_out_examples, loop, pool_, progress_,
                                        before_ ? &before_->loop : nullptr,
                                        options_.checkpoint ? train::SaveFunction(save) : train::SaveFunction());
    before_.reset();
    seconds_ += result.seconds;
    samples_ += static_cast<double>(result.rows);
    return result;
  }

  // All that the weights depend on; each part of the fit has its own rows.
  Json settings(const train::LoopOptions& loop, const std::string& data) const {
    return {{"version", LONGHAND_VERSION},
            {"target", target_},
            {"network", Json::parse(network_json(model_.network))},
            {"dtype", name(model_.dtype)},
            {"batch_size", loop.batch_size},
            {"epochs", options_.epochs},
            {"patience", loop.patience},
            {"validation", options_.validation},
            {"refit", options_.refit},
            {"seed", loop.seed},
            {"stop_on", loop.stop_on},
            {"from", options_.from == nullptr ? Json() : Json(train::hash_of(options_.from->state))},
            {"data", data}};
  }

  // All cells were read before: what can still be wrong is a prediction that is not finite.
  Metrics metrics_on(const Table& rows) const {
    try {
      return evaluate(model_, rows, options_.threads);
    } catch (const DataError& error) {
      throw DivergenceError("training diverged: " + std::string(error.what()));
    }
  }

  // The model's file holds names as JSON, which is UTF-8.
  void require_utf8(const std::string& text, const char* what) const {
    if (find_invalid_utf8(text) == std::string::npos) return;
    throw DataError(table_.name() + ": " + what + " '" + printable(text) + "' is not UTF-8; save the table as UTF-8");
  }

  std::int64_t batch_size() const { return train::batch_size_for(options_, table_.rows()); }

  void require_rates(const Table& rows) const {
    if (target_kind(model_.network.loss) != TargetKind::rate) return;
    const auto values = rows.numbers(target_);
    const auto bad = std::ranges::find_if(values, [](double value) { return value < 0; });
    if (bad == values.end()) return;
    throw DataError(rows.where(bad - values.begin(), target_) + ": the poisson loss needs values from 0");
  }

  bool has_weights() const { return options_.balance_classes || !weight_column_.empty(); }

  std::vector<double> weights_of(const Table& rows) const {
    if (!has_weights()) return {};
    std::vector<double> weights(static_cast<std::size_t>(rows.rows()), 1);
    if (!weight_column_.empty()) {
      weights = rows.numbers(weight_column_);
      for (std::size_t i = 0; i < weights.size(); ++i) {
        if (as_used(weights[i]) > 0) continue;
        throw DataError(rows.where(static_cast<std::int64_t>(i), weight_column_) + ": a weight must be above 0");
      }
    }
    if (options_.balance_classes) balance(rows, weights);
    return weights;
  }

  // What rounds to 0 in single precision weighs nothing.
  double as_used(double weight) const {
    return options_.dtype == DType::f64 ? weight : static_cast<double>(static_cast<float>(weight));
  }

  // The weights of the table that is learned from serve for held-out rows too.
  void balance(const Table& rows, std::vector<double>& weights) const {
    const Classes classes(model_.target->classes);
    std::vector<double> counts(classes.size());
    for (const auto code : classes.encode(table_, target_)) ++counts[static_cast<std::size_t>(code)];
    const auto codes = classes.encode(rows, target_);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      weights[i] *= static_cast<double>(table_.rows()) /
                    (static_cast<double>(classes.size()) * counts[static_cast<std::size_t>(codes[i])]);
    }
  }

  void finish(TrainResult& result, const train::LoopResult& best, const train::LoopResult& last) {
    model_.self_test = SelfTest{train::self_test_rows(model_), {}};
    result.parameters = model_.network.parameters();
    result.seconds = seconds_;
    result.samples_per_second = seconds_ > 0 ? samples_ / seconds_ : 0;
    const auto record = [&](const char* key, const Json& value) { model_.training.emplace_back(key, value.dump()); };
    record("version", LONGHAND_VERSION);
    record("rows", training_.rows());
    Json left_out = Json::object();
    for (const auto& profile : profiles_) {
      const bool is_input = std::ranges::find(model_.inputs, profile.name, &InputColumn::name) != model_.inputs.end();
      if (!is_input && !is_no_input(profile)) left_out[profile.name] = name(profile.kind);
    }
    if (!left_out.empty()) record("left_out", left_out);
    record("seed", options_.seed);
    record("batch_size", batch_size());
    record("epochs", result.epochs);
    record("loss", last.loss);
    if (result.validation) {
      record("validation_rows", result.validation->rows);
      record("validation_loss", *best.validation_loss);
      record("refit", training_.rows() == table_.rows() && options_.validation_table == nullptr);
    }
    const auto record_metrics = [&](const char* key, const Metrics& metrics) {
      Json json;
      for (const auto& [name, value] : metrics.values) json[name] = value;  // NaN becomes null
      record(key, json);
    };
    record_metrics("train_metrics", result.train);
    if (result.validation) record_metrics("validation_metrics", *result.validation);
    result.split = std::move(split_);
    result.columns = profiles_;
    result.warnings = std::move(warnings_);
    result.model = std::move(model_);
  }

  const Table& table_;
  TrainOptions options_;
  const ProgressFunction& progress_;
  std::string target_, weight_column_, group_column_;
  std::vector<ColumnProfile> profiles_, inputs_;  // all of the table's, and those that are learned from
  Task task_ = Task::regression;
  bool refits_ = false;
  std::shared_ptr<ThreadPool> pool_;
  Split split_;
  Table training_, validation_;
  Model model_;
  std::optional<train::FitState> before_;  // of the run that is gone on with, until it is reached
  train::FitState fit_;
  std::vector<std::string> warnings_;
  double seconds_ = 0, samples_ = 0;  // of this call
};

}  // namespace

TrainResult fit(const Table& table, const TrainOptions& options, const ProgressFunction& progress) {
  return Fit(table, options, progress).run();
}

}  // namespace longhand
