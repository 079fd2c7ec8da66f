// From a table and options to a trained model.
#include "train/fit.h"

#include <algorithm>

#include "base/text.h"
#include "data/parse_number.h"
#include "train/check_options.h"
#include "train/data_warnings.h"
#include "train/defaults.h"
#include "train/embeddings.h"
#include "train/held_out.h"
#include "train/hold_out.h"
#include "train/known_rows.h"
#include "train/make_model.h"
#include "train/positive_class.h"
#include "train/raw_examples.h"
#include "train/resume.h"
#include "train/row_weights.h"
#include "train/store_examples.h"

namespace longhand {
namespace {

using Named = std::pair<std::string, double>;

class Fit {
 public:
  Fit(const Table& table, const TrainOptions& options, const train::FitContext& context, const ProgressFunction& progress)
      : table_(table), whole_(context.whole != nullptr ? *context.whole : table), context_(context), options_(options), progress_(progress) {
    if (!options_.optimizer) options_.optimizer = TrainOptions::default_optimizer(all_rows());
    train::check(options_);
    roles_ = train::column_roles(whole_, options_);
    options_ = train::with_network_for(options_, context_.stream == nullptr ? whole_.rows() : all_rows(), roles_.inputs);
    task_ = train::task_of(whole_, roles_.target, options_);
    train::check_for_task(options_, task_, roles_.target);
    if (!options_.task && task_ != Task::regression && options_.from == nullptr) train::require_classes(whole_, roles_);
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
    if (refits_ && !context_.stops_before_refit) {
      result.before_refit = model_;
      training_ = table_;
      fit_.first = best;
      found = learn(table_, nullptr, found.best_epoch);
      if (lost_) train::refuse_without(*lost_, options_.resume->name);  // and no other setting is another one, or learn() had said so
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
  void split() {
    if (options_.validation_table != nullptr) {
      training_ = table_;
      validation_ = *options_.validation_table;
      return;
    }
    const auto& parts = split_ = train::hold_out(table_, roles_, task_, options_);
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
    lost_ = train::missing_parameter(part.state, model_.state);
    model_.state = part.state;
    return part;
  }

  void make_model(const Table& rows) {
    if (options_.from != nullptr) {
      model_ = train::model_to_go_on_from(options_, roles_.target);
      auto target = *model_.target;
      train::order_classes(target, options_.positive);
      if (target.classes != model_.target->classes) throw ArgumentError("the model to go on from tells '" + target.classes[0] + "' from '" + target.classes[1] + "' by the probability of the former");
      train::check_for_network(model_.network, rows.rows(), batch_size());
      return;
    }
    auto target = train::describe_target(task_ == Task::regression ? rows : whole_, roles_.target, task_);
    train::order_classes(target, options_.positive);
    for (const auto& name : target.classes) train::require_utf8(table_, name, "the class", roles_.target);
    model_ = train::make_model(options_, train::describe_columns(rows, refits_ ? table_ : rows, roles_.inputs, options_), std::move(target));
    for (const auto& column : model_.inputs) {
      for (const auto& category : column.categories) train::require_utf8(table_, category, "the category", column.name);
    }
    train::check_for_network(model_.network, rows.rows(), batch_size());
  }

  // Makes model_ anew and trains it, from where it was before where that is known.
  train::LoopResult learn(const Table& rows, const Table* held_out, std::int64_t epochs) {
    make_model(rows);
    const auto source = source_of(rows);
    std::unique_ptr<train::ExampleSource> validation;
    if (held_out != nullptr) validation = in_memory(*held_out, train::kHeldOutBatch);
    const bool is_refit = fit_.first.has_value();
    const train::LoopOptions loop{.batch_size = batch_size(), .epochs = epochs, .patience = options_.patience,
                                  .row_weights = weights_.exist(), .stop_on = options_.stop_on,
                                  .horizon = train::epochs_for(options_, validation_.rows() > 0), .refit = is_refit,
                                  .history = is_refit ? fit_.first->result.history : std::vector<EpochLoss>(),
                                  .seconds_between_saves = options_.seconds_between_checkpoints, .seed = options_.seed};
    // Of a stream the categories are those of its sample.
    const bool has_new_tables = options_.from == nullptr && !model_.network.tables().empty();
    std::optional<train::Examples> sampled;
    if (has_new_tables && context_.stream != nullptr) sampled = train::make_examples(model_, rows, {});
    const auto& known = sampled ? *sampled : source->examples();
    if (has_new_tables) train::clear_unseen(model_, known);
    if (options_.checkpoint || before_) fit_.settings = settings(loop, source->hash() + (validation ? " " + validation->hash() : ""));
    if (before_) train::require_same(before_->settings, fit_.settings, before_->loop.file);
    const auto save = [&](const train::LoopState& state) {
      fit_.loop = state;
      options_.checkpoint(train::to_checkpoint(model_, fit_));
    };
    const auto result = train::run_loop(model_, *source, validation.get(), loop, pool_, progress_,
                                        before_ ? &before_->loop : nullptr,
                                        options_.checkpoint ? train::SaveFunction(save) : train::SaveFunction());
    if (has_new_tables) train::average_unseen(model_, known);
    before_.reset();
    seconds_ += result.seconds;
    samples_ += static_cast<double>(result.rows);
    learned_rows_ = source->rows();
    return result;
  }

  // Of a stream, all rows of the file but those that are held out of the sample.
  std::unique_ptr<train::ExampleSource> source_of(const Table& rows) {
    if (context_.stream == nullptr) return in_memory(rows, batch_size());
    const auto held_out = options_.validation_table == nullptr ? validation_ : Table();
    return train::store_examples(*context_.stream, model_, weights_, held_out, batch_size(), options_.seed, notes_, known_rows_, pool_);
  }

  // Raw where inputs would take much memory, unless all are needed at once.
  std::unique_ptr<train::ExampleSource> in_memory(const Table& rows, std::int64_t batch_size) {
    const auto& network = model_.network;
    const auto input_bytes = rows.rows() * network.inputs * static_cast<std::int64_t>(size_of(model_.dtype));
    const bool needs_all = network.optimizer.type == "lbfgs" || !network.tables().empty();
    const bool is_raw = !needs_all && input_bytes > context_.most_input_bytes && train::is_smaller_raw(model_);
    auto examples = train::make_examples(model_, rows, weights_.of(rows, *model_.target), nullptr, is_raw);
    if (is_raw) return std::make_unique<train::RawExamples>(std::move(examples), model_, batch_size, options_.seed, pool_);
    return std::make_unique<train::ResidentExamples>(std::move(examples), options_.seed);
  }

  // All that the weights depend on; each part of the fit has its own rows.
  Json settings(const train::LoopOptions& loop, const std::string& data) const {
    return {{"version", LONGHAND_VERSION},
            {"target", roles_.target},
            {"network", parse_json(network_json(model_.network)).value()},
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

  std::int64_t batch_size() const { return train::batch_size_for(options_, all_rows()); }
  std::int64_t all_rows() const { return context_.stream == nullptr ? table_.rows() : context_.stream->sample.rows; }

  void finish(TrainResult& result, const train::LoopResult& best, const train::LoopResult& last) {
    model_.self_test = SelfTest{train::self_test_rows(model_), {}};
    result.parameters = model_.network.parameters();
    result.seconds = seconds_;
    result.samples_per_second = seconds_ > 0 ? samples_ / seconds_ : 0;
    const auto record = [&](const char* key, const Json& value) { model_.training.emplace_back(key, json_text(value)); };
    record("version", LONGHAND_VERSION);
    record("rows", learned_rows_);
    Json left_out = Json::object();
    for (const auto& profile : roles_.profiles) {
      const bool is_input = std::ranges::find(model_.inputs, profile.name, &InputColumn::name) != model_.inputs.end();
      if (!is_input && roles_.is_input_or_left_out(profile.name)) left_out[profile.name] = name(profile.kind);
    }
    if (!left_out.empty()) record("left_out", left_out);
    const auto record_column = [&](const char* key, const std::string& column) {
      if (!column.empty()) record(key, column);
    };
    record_column("sample_weight", roles_.weight);
    record_column("split_by", roles_.group);
    record_column("split_time", roles_.time);
    if (options_.balance_classes) record("class_weight", "balanced");
    if (context_.whole == nullptr && !context_.stops_before_refit) record_rows();  // folds and trials are not kept
    record("seed", options_.seed);
    record("batch_size", batch_size());
    record("epochs", result.epochs);
    record("loss", last.loss);
    if (result.validation) {
      record("validation_rows", result.validation->rows);
      record("validation_loss", *best.validation_loss);
      record("refit", refits_ && !context_.stops_before_refit);
    }
    const auto record_metrics = [&](const char* key, const Metrics& metrics) {
      Json json;
      for (const auto& [name, value] : metrics.values) json[name] = value;  // NaN becomes null
      record(key, json);
    };
    record_metrics("train_metrics", result.train);
    if (result.validation) record_metrics("validation_metrics", *result.validation);
    result.split = std::move(split_);
    result.warnings = std::move(roles_.warnings);
    add_warnings(result.warnings);
    result.columns = std::move(roles_.profiles);
    result.notes = std::move(notes_);
    result.rows = learned_rows_;
    result.model = std::move(model_);
  }

  // Of a stream, all rows of the file were added while it was read.
  void record_rows() {
    if (context_.stream == nullptr) known_rows_.add(model_, table_);
    auto learned = known_rows_;
    const bool is_part = learned_rows_ < all_rows();
    if (is_part) learned.take_away(model_, validation_);
    train::record_rows(model_, learned, known_rows_);
  }

  // Once for a table: folds and trials are parts of one.
  void add_warnings(std::vector<std::string>& warnings) const {
    if (context_.whole != nullptr || context_.stops_before_refit) return;
    const bool is_share = options_.validation > 0 && options_.validation_table == nullptr;
    if (is_share && validation_.rows() == 0) {
      warnings.push_back(table_.name() + ": " + data::shortest_decimal(options_.validation) + " of " + with_commas(table_.rows()) +
                         " rows is none, so no row is held out");
    }
    const auto more = train::data_warnings(table_, roles_, model_, options_);
    warnings.insert(warnings.end(), more.begin(), more.end());
    if (const auto untested = train::untested_classes(validation_, *model_.target); !untested.empty()) warnings.push_back(untested);
  }

  const Table &table_, &whole_;
  const train::FitContext context_;
  TrainOptions options_;
  const ProgressFunction& progress_;
  train::ColumnRoles roles_;
  Task task_ = Task::regression;
  bool refits_ = false;
  std::shared_ptr<ThreadPool> pool_;
  Split split_;
  Table training_, validation_;
  Model model_;
  std::optional<train::FitState> before_;  // of the run that is gone on with, until it is reached
  std::optional<std::string> lost_;        // a parameter that its first part does not have
  train::FitState fit_;
  train::RowWeights weights_{table_, roles_.weight, options_};
  std::vector<CellNote> notes_;
  train::RowSum known_rows_;
  std::int64_t learned_rows_ = 0;
  double seconds_ = 0, samples_ = 0;  // of this call
};

}  // namespace

TrainResult fit(const Table& table, const TrainOptions& options, const ProgressFunction& progress) {
  return train::fit_in({}, table, options, progress);
}

TrainResult fit(const StreamedTable& table, const TrainOptions& options, const ProgressFunction& progress) {
  train::check_for_stream(options);
  auto known = options;
  known.refit = false;
  known.columns.row_counters = table.sample.row_counters;
  const auto& sample = table.sample;
  auto result = train::fit_in({.stream = &table}, sample.table, known, progress);
  if (sample.table.rows() < sample.rows && !result.warnings.empty()) {
    result.warnings.push_back(sample.table.name() + ": what columns are taken for is by " + with_commas(sample.table.rows()) + " rows drawn at random");
  }
  return result;
}

namespace train {

TrainResult fit_in(const FitContext& context, const Table& table, const TrainOptions& options, const ProgressFunction& progress) {
  return Fit(table, options, context, progress).run();
}

Task task_of(const Table& table, const std::string& target, const TrainOptions& options) {
  if (options.from != nullptr && options.from->target) return options.from->target->task;
  return task_for(options, options.task ? *options.task : choose_task(table, target));
}

}  // namespace train

}  // namespace longhand
