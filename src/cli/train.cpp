#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <filesystem>

#include "base/files.h"
#include "cli/command.h"
#include "cli/data_options.h"
#include "cli/metrics_text.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/training_log.h"
#include "longhand/report.h"

namespace longhand::cli {
namespace {

class Train : public Command {
 public:
  const char* name() const override { return "train"; }
  const char* description() const override {
    return "Learn a network from a table and write a model.";
  }
  const char* example() const override {
    return "longhand train examples/data/breast_cancer.csv --target diagnosis -o model.safetensors";
  }

  void add_options(CLI::App& app) override {
    app.add_option("DATA", data_path_, "CSV file; - is standard input")->required();
    target_ = app.add_option("--target", options_.target, "the column to predict; -1 is the last")->type_name("COL");
    app.add_option("-o", output_, "where to write the model; - is standard output")
        ->capture_default_str()
        ->type_name("FILE");
    app.add_option("--report", report_, "where to write a page about the data, the model and how good it is")->type_name("FILE.html");
    app.add_option("--task", task_, "binary, multiclass, regression, or auto: by the target's cells")
        ->capture_default_str()
        ->check(one_of({"auto", "binary", "multiclass", "regression"}));
    data_.add_to(app);
    data_.add_kinds_to(app);
    app.add_option("--number-scaling", number_scaling_, "standard, robust, quantile_normal or quantile_uniform (default: standard)")
        ->check(one_of({"standard", "robust", "quantile_normal", "quantile_uniform"}))
        ->group("DATA");
    app.add_option("--number-steps", options_.number_steps, "steps of a piecewise linear encoding beside each number (default: 0, none)")
        ->group("DATA");
    app.add_option("--sample-weight", options_.sample_weight, "a column of weights above 0 for the loss")
        ->type_name("COL")
        ->group("DATA");
    add_network_options(app);
    add_learning_options(app);
  }

  int run() override {
    read_options();
    const auto table = data_.read(data_path_);
    options_.optimizer = read_optimizer(table.rows());
    options_.columns = data_.kinds(table);
    std::optional<Table> held_out;
    if (!validation_path_.empty()) options_.validation_table = &held_out.emplace(data_.read(validation_path_));
    use_checkpoint();
    auto result = learn(table);
    if (was_interrupted()) throw Interrupted("interrupted; " + how_to_go_on());
    for (const auto& warning : result.warnings) warn(warning);
    record_columns(result.model, table, data_);
    const auto model_path = output_ == "-" ? "/dev/stdout" : output_;
    if (report_.empty()) {
      save_model(result.model, model_path);
    } else {
      // Where the model goes to a device, it is written before the page gets its name.
      write_files_atomically(std::vector<std::pair<std::string, std::string>>{{model_path, serialize_model(result.model)},
                                                                              {report_, page_of(result, table)}});
    }
    if (json_) {
      write_output(to_text(json_of(result)));
    } else if (output_ == "-") {
      tell(text_of(result, table));
    } else {
      write_output(text_of(result, table));
    }
    return kDone;
  }

 private:
  static CLI::Validator one_of(const std::vector<std::string>& names) {
    return CLI::IsMember(names).description("");
  }

  void add_network_options(CLI::App& app) {
    constexpr const char* kGroup = "Network";
    app.add_option("--hidden", hidden_, "units of each hidden layer (default: 100)")->type_name("64,64")->group(kGroup);
    activation_ = app.add_option("--activation", options_.activation,
                   "relu, tanh, sigmoid, gelu, silu, leaky_relu, elu or identity")
        ->capture_default_str()
        ->check(one_of({"relu", "tanh", "sigmoid", "gelu", "silu", "leaky_relu", "elu", "identity"}))
        ->group(kGroup);
    app.add_option("--dropout", options_.dropout, "the share of hidden units left out in each step")->group(kGroup);
    ensemble_ = app.add_option("--ensemble", options_.members, "networks that learn beside each other; the prediction is their mean")
                    ->capture_default_str()
                    ->check(CLI::Range(1, 1000).description(""))
                    ->group(kGroup);
    app.add_option("--from", from_path_, "a model whose columns, layers and weights training goes on from")
        ->type_name("MODEL")
        ->group(kGroup);
    app.add_option("--network", network_path_, "a description whose layers and loss are taken instead")
        ->type_name("FILE.toml")
        ->group(kGroup);
    app.add_option("--dtype", dtype_, "f32 or f64 (default: f32; f64 for lbfgs)")->check(one_of({"f32", "f64"}))->group(kGroup);
  }

  void add_learning_options(CLI::App& app) {
    constexpr const char* kGroup = "Learning";
    app.add_option("--optimizer", optimizer_, "sgd, adam, adamw, rmsprop, adagrad, or lbfgs: all rows at once")
        ->capture_default_str()
        ->check(one_of({"sgd", "adam", "adamw", "rmsprop", "adagrad", "lbfgs"}))
        ->group(kGroup);
    app.add_option("--learning-rate", learning_rate_, "the step size (default: by the optimizer)")->group(kGroup);
    app.add_option("--momentum", momentum_, "of sgd and rmsprop")->group(kGroup);
    app.add_flag("--nesterov", nesterov_, "Nesterov's momentum, of sgd")->group(kGroup);
    app.add_option("--weight-decay", weight_decay_, "how much weights shrink (default of adamw: by the number of rows)")->group(kGroup);
    app.add_option("--clip-norm", clip_norm_, "the most that the gradients of a step may measure together")->group(kGroup);
    app.add_option("--clip-value", clip_value_, "the most that an entry of a gradient may be")->group(kGroup);
    app.add_flag("--decay-biases", decay_biases_, "weight decay for biases and norms too")->group(kGroup);
    app.add_option("--label-smoothing", options_.label_smoothing, "the share of each class's target that is spread over all classes")
        ->group(kGroup);
    app.add_option("--schedule", schedule_, "how the learning rate goes on: constant, step, cosine, one_cycle or plateau")
        ->check(one_of({"constant", "step", "cosine", "one_cycle", "plateau"}))
        ->group(kGroup);
    app.add_option("--warmup", warmup_, "epochs in which the learning rate rises at the start")->group(kGroup);
    app.add_option("--batch-size", batch_size_, "rows of a step (default: by the number of rows)")->group(kGroup);
    app.add_option("--epochs", epochs_, "passes over the rows, at most (default: 1000; 100 with cosine or one_cycle; 200 if it cannot stop early)")
        ->group(kGroup);
    app.add_option("--validation", validation_, "the share of rows held out, 0 for none, or a file")
        ->capture_default_str()
        ->group(kGroup);
    app.add_option("--split-by", options_.split_by, "rows with equal cells in this column are held out together; it is no input")
        ->type_name("COL")
        ->group(kGroup);
    app.add_option("--split-time", options_.split_time, "the latest rows by this column, of dates or numbers, are held out")
        ->type_name("COL")
        ->group(kGroup);
    app.add_option("--patience", options_.patience,
                   "epochs without a better validation loss before it stops; 0: never stop early")
        ->capture_default_str()
        ->group(kGroup);
    app.add_option("--stop-on", options_.stop_on, "what an epoch is better by: loss, or a metric such as accuracy, auc or rmse")
        ->capture_default_str()
        ->group(kGroup);
    app.add_flag("--no-refit", no_refit_, "do not learn again from all rows after stopping early")->group(kGroup);
    app.add_option("--checkpoint", checkpoint_path_, "where to keep how far training is, about once a second and when interrupted")
        ->type_name("FILE")
        ->group(kGroup);
    app.add_flag("--resume", resume_, "go on from the file of --checkpoint")->group(kGroup);
    app.add_option("--log", log_path_, "a line of JSON for each epoch")->type_name("FILE.jsonl")->group(kGroup);
    app.add_option("--tensorboard", tensorboard_, "a folder for TensorBoard's event files")->type_name("FOLDER")->group(kGroup);
    app.add_option("--class-weight", class_weight_, "balanced: each class counts the same in the loss")
        ->check(one_of({"balanced"}))
        ->group(kGroup);
  }

  void read_options() {
    if (target_->count() == 0) throw UsageError("--target is needed (see longhand train --help)");
    if (output_ == "-" && json_) throw UsageError("-o - and --json cannot both have standard output");
    require_folder(output_);
    if (!report_.empty()) check_report();
    if (checkpoint_path_ == "-") throw UsageError("--checkpoint needs a file");
    if (!checkpoint_path_.empty()) require_folder(checkpoint_path_);
    if (resume_ && checkpoint_path_.empty()) throw UsageError("--resume needs --checkpoint FILE, which says where from");
    for (const auto scaling : {NumberScaling::standard, NumberScaling::robust, NumberScaling::quantile_normal, NumberScaling::quantile_uniform}) {
      if (number_scaling_ == longhand::name(scaling)) options_.number_scaling = scaling;
    }
    if (task_ == "binary") options_.task = Task::binary;
    if (task_ == "multiclass") options_.task = Task::multiclass;
    if (task_ == "regression") options_.task = Task::regression;
    if (!hidden_.empty()) options_.hidden = whole_numbers(hidden_);
    read_optimizer(1);  // what is wrong is told before a long table is read
    options_.batch_size = at_least_one(batch_size_, "--batch-size");
    options_.epochs = at_least_one(epochs_, "--epochs");
    read_validation();
    const std::pair<const char*, std::string> outputs[] = {{"-o", output_}, {"--checkpoint", checkpoint_path_}, {"--report", report_}, {"--log", log_path_}};
    refuse_one_file_for_two(outputs);
    refuse_to_replace(output_, {data_path_, validation_path_, network_path_, checkpoint_path_});
    refuse_to_replace(checkpoint_path_, {data_path_, validation_path_, network_path_, from_path_});
    options_.refit = !no_refit_;
    options_.balance_classes = !class_weight_.empty();
    options_.dtype = dtype_ == "f64" || (dtype_.empty() && optimizer_ == "lbfgs") ? DType::f64 : DType::f32;
    read_schedule();
    if (!log_path_.empty()) require_folder(log_path_);
    refuse_to_replace(log_path_, {data_path_, validation_path_, network_path_, from_path_});
    if (!from_path_.empty()) read_from();
    options_.seed = seed_;
    options_.threads = threads_;
    if (!network_path_.empty()) {
      if (!hidden_.empty()) throw UsageError("--hidden and --network: only one of them can say what the layers are");
      if (activation_->count() > 0) {
        throw UsageError("--activation and --network: only one of them can say what the layers are");
      }
      options_.network = read_network(network_path_);
    }
  }

  void read_schedule() {
    if (schedule_.empty() && !warmup_) return;
    auto& schedule = options_.schedule.emplace();
    if (!schedule_.empty()) schedule.type = schedule_;
    schedule.warmup = warmup_.value_or(0);
    if (!(schedule.warmup >= 0 && std::isfinite(schedule.warmup))) throw UsageError("--warmup must be a number of epochs from 0");
    if (schedule.warmup > 0 && schedule.type == "one_cycle") throw UsageError("--warmup is not for --schedule one_cycle, which rises by itself");
  }

  void read_from() {
    const bool has_layers = !hidden_.empty() || activation_->count() > 0 || ensemble_->count() > 0 || options_.dropout > 0;
    if (has_layers || !network_path_.empty()) throw UsageError("--from says what the layers are; leave out the flags of Network");
    if (dtype_.empty() && optimizer_ != "lbfgs") options_.dtype = from_.emplace(load_model(from_path_)).dtype;
    else from_.emplace(load_model(from_path_));
    options_.from = &*from_;
  }

  // An hour of training should not end at a folder that was never there.
  static void require_folder(const std::string& output) {
    const auto folder = std::filesystem::path(output).parent_path();
    std::error_code error;
    if (output != "-" && !folder.empty() && !std::filesystem::is_directory(folder, error)) {
      throw IoError("cannot write " + output + ": " + folder.string() + " is no folder");
    }
    if (std::filesystem::is_directory(output, error)) throw IoError("cannot write " + output + ": it is a folder");
  }

  static std::int64_t at_least_one(const std::optional<std::int64_t>& number, const char* flag) {
    if (number && *number < 1) throw UsageError(fmt::format("{}: {} is not at least 1", flag, *number));
    return number.value_or(0);
  }

  static std::vector<std::int64_t> whole_numbers(const std::string& text) {
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

  OptimizerSpec read_optimizer(std::int64_t rows) const {
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

  void read_validation() {
    const auto* end = validation_.data() + validation_.size();
    double share = 0;
    const auto [stop, error] = std::from_chars(validation_.data(), end, share);
    if (error == std::errc() && stop == end) {
      options_.validation = share;
    } else {
      validation_path_ = validation_;
    }
  }

  void use_checkpoint() {
    if (checkpoint_path_.empty()) return;
    if (resume_) options_.resume = &resumed_.emplace(load_checkpoint(checkpoint_path_));
    options_.checkpoint = [this](const Checkpoint& checkpoint) { save_checkpoint(checkpoint, checkpoint_path_); };
    options_.seconds_between_checkpoints = 1;
  }

  std::string how_to_go_on() const {
    if (checkpoint_path_.empty()) return "no model was written";
    return "no model was written; " + checkpoint_path_ + " has how far it was, and --resume goes on from there";
  }

  TrainResult learn(const Table& table) {
    catch_interrupts();
    TrainingLog log(log_path_, tensorboard_, resume_);
    ProgressBar bar;
    try {
      return fit(table, options_, [&](const TrainProgress& progress) {
        bar.show(progress);
        log.add(progress);
        return !was_interrupted();
      });
    } catch (const Interrupted& interruption) {
      throw Interrupted(std::string(interruption.what()) + "; " + how_to_go_on());
    } catch (const DivergenceError& divergence) {
      throw DivergenceError(fmt::format("{}; no model was written; try a --learning-rate below {}", divergence.what(),
                                        options_.optimizer->learning_rate));
    }
  }

  void check_report() const {
    if (report_ == "-") throw UsageError("--report needs a file");
    require_folder(report_);
    refuse_to_replace(report_, {data_path_, validation_path_, network_path_, from_path_});
  }

  std::string page_of(const TrainResult& result, const Table& table) const {
    ReportOptions options{.model_file = output_ == "-" ? "" : output_, .validation_table = options_.validation_table,
                          .split_by = options_.split_by, .split_time = options_.split_time, .seed = seed_, .threads = threads_};
    options.left_out = split_list(data_.drop, "--drop");
    return write_report(table, result, options);
  }

  Json json_of(const TrainResult& result) const {
    auto json = document("train");
    json["model"] = output_;
    if (!report_.empty()) json["report"] = report_;
    json["task"] = longhand::name(result.model.target->task);
    json["metrics"]["train"] = to_json(result.train);
    json["metrics"]["validation"] = result.validation ? to_json(*result.validation) : Json();
    json["epochs"] = result.epochs;
    json["samples_per_second"] = result.samples_per_second;
    json["seconds"] = result.seconds;
    json["parameters"] = result.parameters;
    json["warnings"] = result.warnings;
    return json;
  }

  std::string text_of(const TrainResult& result, const Table& table) const {
    const auto& model = result.model;
    auto text = fmt::format("Learned {} ({}) from {} columns of {}: {} epochs, {} parameters, {:.2g} s.\n\n",
                            model.target->name, longhand::name(model.target->task), model.inputs.size(), table.name(),
                            result.epochs, with_commas(result.parameters), result.seconds);
    std::vector<std::pair<std::string, const Metrics*>> columns{{"train", &result.train}};
    if (result.validation) columns.emplace_back("validation", &*result.validation);
    text += to_text(columns);
    if (output_ != "-") text += fmt::format("\nWrote {}\n", output_);
    if (!report_.empty()) text += fmt::format("{}Wrote {}\n", output_ == "-" ? "\n" : "", report_);
    return text;
  }

  TrainOptions options_;
  DataOptions data_;
  CLI::Option *target_ = nullptr, *activation_ = nullptr, *ensemble_ = nullptr;
  std::string data_path_, output_ = "model.safetensors", task_ = "auto", hidden_, network_path_, dtype_, from_path_;
  std::string optimizer_ = "adamw", validation_ = "0.2", validation_path_, class_weight_, number_scaling_;
  std::optional<double> learning_rate_, momentum_, weight_decay_, clip_norm_, clip_value_, warmup_;
  std::optional<std::int64_t> batch_size_, epochs_;
  std::string schedule_, log_path_, tensorboard_, report_;
  bool decay_biases_ = false, nesterov_ = false, no_refit_ = false, resume_ = false;
  std::string checkpoint_path_;
  std::optional<Checkpoint> resumed_;
  std::optional<Model> from_;
};

}  // namespace

std::unique_ptr<Command> make_train() { return std::make_unique<Train>(); }

}  // namespace longhand::cli
