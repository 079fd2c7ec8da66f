#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "base/files.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/cost_options.h"
#include "cli/learn_options.h"
#include "cli/learned_text.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/training_log.h"
#include "longhand/report.h"
#include "train/hold_out.h"

namespace longhand::cli {
namespace {

class Train : public Command {
 public:
  const char* name() const override { return "train"; }
  const char* description() const override {
    return "Learn a network from a table and write a model.";
  }
  const char* example() const override {
    return "longhand train examples/data/breast_cancer.csv --target diagnosis";
  }

  void add_options(CLI::App& app) override {
    app.add_option("DATA", data_path_, "CSV, NPY or IDX file, gzipped or not; - is standard input")->required();
    app.add_option("-o", output_, "where to write the model; - is standard output")
        ->capture_default_str()
        ->type_name("FILE");
    app.add_option("--report", report_, "where to write a page about the data, the model and how good it is")->type_name("FILE.html");
    costs_.add_to(app, "what a false and a missed one of the --positive class cost: the report has the cheapest threshold");
    learn_.add_data_to(app);
    learn_.add_network_to(app);
    learn_.add_optimizer_to(app);
    learn_.add_hold_out_to(app);
    app.add_option("--folds", folds_, "cross-validation: parts of the rows, each predicted by what is learned from the others")
        ->check(CLI::Range(2, 1000).description(""))
        ->group("Learning");
    learn_.data().add_stream_to(app, "learn in little memory, from blocks of the file");
    app.add_option("--checkpoint", checkpoint_path_, "where to keep how far training is, about once a second and when interrupted")
        ->type_name("FILE")
        ->group("Learning");
    app.add_flag("--resume", resume_, "go on from the file of --checkpoint")->group("Learning");
    app.add_option("--log", log_path_, "a line of JSON for each epoch")->type_name("FILE.jsonl")->group("Learning");
    app.add_option("--tensorboard", tensorboard_, "a folder for TensorBoard's event files")->type_name("FOLDER")->group("Learning");
  }

  int run() override {
    read_options();
    catch_interrupts();
    const auto sample = read_rows();
    const auto& table = sample.table;
    learn_.for_table(table, sample.rows);
    check_costs(table);
    use_checkpoint();
    std::optional<CrossValidation> folds;
    if (folds_ > 0) folds = cross_validated(table);
    auto result = learn(sample);
    if (was_interrupted()) throw Interrupted("interrupted; " + how_to_go_on());
    record_columns(result.model, table, learn_.data());
    const auto model_path = output_ == "-" ? "/dev/stdout" : output_;
    save_model(result.model, model_path);  // what is said of it can be found again
    auto warnings = warnings_of_training(result, sample, folds);
    warn(warnings);
    if (!report_.empty()) write_file_atomically(report_, page_of(result, sample, folds));
    result.warnings = std::move(warnings);
    const auto text = json_ ? to_text(json_of(result, table, folds)) : text_of(result, table, folds);
    if (output_ == "-") tell(text);
    else write_output(text);
    return kDone;
  }

 private:
  void read_options() {
    learn_.read(seed_, threads_);
    costs_.read();
    if (costs_.costs() && report_.empty()) throw UsageError("--costs is for --report, which shows what comes of them");
    if (output_ == "-" && json_) throw UsageError("-o - and --json cannot both have standard output");
    if (report_ == "-") throw UsageError("--report needs a file");
    if (checkpoint_path_ == "-") throw UsageError("--checkpoint needs a file");
    if (folds_ > 0 && !checkpoint_path_.empty()) throw UsageError("--folds and --checkpoint: a cross-validation is not gone on with");
    if (folds_ > 0 && !learn_.from_path().empty()) throw UsageError("--folds and --from: the model may have seen the rows that it is to predict");
    if (resume_ && checkpoint_path_.empty()) throw UsageError("--resume needs --checkpoint FILE, which says where from");
    const std::pair<const char*, std::string> outputs[] = {{"-o", output_}, {"--checkpoint", checkpoint_path_}, {"--report", report_}, {"--log", log_path_}};
    learn_.check_outputs(outputs, data_path_);
    for (const auto& [flag, path] : outputs) {
      refuse_to_replace(path, {config_});
      if (path != output_) refuse_to_replace(path, {learn_.from_path()});
    }
  }

  std::vector<std::string> warnings_of_training(const TrainResult& result, const TableSample& sample, const std::optional<CrossValidation>& folds) const {
    auto warnings = learn_.warnings();
    append(warnings, result.warnings);
    append(warnings, warnings_about(sample.table, result, report_options(sample, folds)));
    if (folds) append(warnings, fold_warnings(*folds));
    append(warnings, warnings_of(result.notes));
    return warnings;
  }

  // Told before anything is learned.
  void check_costs(const Table& table) const {
    const auto& options = learn_.options();
    if (!costs_.costs() || !table.find(options.target)) return;
    costs_.require_two_classes(options.task ? *options.task : choose_task(table, options.target), options.target);
  }

  void use_checkpoint() {
    if (checkpoint_path_.empty()) return;
    if (resume_) learn_.options().resume = &resumed_.emplace(load_checkpoint(checkpoint_path_));
    learn_.options().checkpoint = [this](const Checkpoint& checkpoint) { save_checkpoint(checkpoint, checkpoint_path_); };
    learn_.options().seconds_between_checkpoints = 1;
  }

  std::string how_to_go_on() const {
    if (checkpoint_path_.empty()) return "no model was written";
    return "no model was written; " + checkpoint_path_ + " has how far it was, and --resume goes on from there";
  }

  // All rows; of a large file a sample of them.
  TableSample read_rows() {
    if (!learn_.data().streams(data_path_)) {
      auto table = learn_.read_table(data_path_);
      const auto rows = table.rows();
      return {std::move(table), rows, {}};
    }
    if (folds_ > 0) throw UsageError("--folds needs the table in memory, and this file is read in blocks");
    if (learn_.data().skip_missing_target) throw UsageError("--skip-missing-target needs the table in memory, and this file is read in blocks");
    blocks_ = learn_.data().open_blocks(data_path_);
    if (!learn_.data().stream) warn(data_path_ + " is large and is read in blocks, as by --stream");
    return sample_rows(*blocks_, {.target = learn_.options().target, .seed = seed_, .after_block = stop_if_interrupted});
  }

  static void stop_if_interrupted() {
    if (was_interrupted()) throw Interrupted("interrupted while reading; no model was written");
  }

  static std::string temporary_folder() {
    std::error_code error;
    const auto folder = std::filesystem::temp_directory_path(error);
    const char* named = std::getenv("TMPDIR");
    if (error) throw IoError(fmt::format("the folder for temporary files, {} (TMPDIR): {}", named == nullptr ? "/tmp" : named, error.message()));
    return folder.string();
  }

  TrainResult fit_to(const TableSample& sample, const ProgressFunction& progress) {
    if (!blocks_) return fit(sample.table, learn_.options(), progress);
    return fit(StreamedTable{.blocks = *blocks_, .sample = sample, .folder = temporary_folder(),
                             .after_block = stop_if_interrupted}, learn_.options(), progress);
  }

  // What a user can do about an end that came too early.
  auto told(const auto& learns) const {
    try {
      return learns();
    } catch (const Interrupted& interruption) {
      throw Interrupted(std::string(interruption.what()) + "; " + how_to_go_on());
    } catch (const DivergenceError& divergence) {
      throw DivergenceError(fmt::format("{}; no model was written; try a --learning-rate below {}", divergence.what(),
                                        learn_.options().optimizer->learning_rate));
    }
  }

  CrossValidation cross_validated(const Table& table) {
    ProgressBar bar;
    return told([&] {
      return cross_validate(table, learn_.options(), folds_, [&](const FoldProgress& progress) {
        bar.show(progress);
        return !was_interrupted();
      });
    });
  }

  TrainResult learn(const TableSample& sample) {
    TrainingLog log(log_path_, tensorboard_, resume_);
    ProgressBar bar;
    return told([&] {
      return fit_to(sample, [&](const TrainProgress& progress) {
        bar.show(progress);
        log.add(progress);
        return !was_interrupted();
      });
    });
  }

  ReportOptions report_options(const TableSample& sample, const std::optional<CrossValidation>& folds) const {
    const auto& learning = learn_.options();
    ReportOptions options{.model_file = output_ == "-" ? "" : output_, .validation_table = learning.validation_table,
                          .split_by = learning.split_by, .split_time = learning.split_time, .file_rows = sample.rows, .positive = {}, .progress = {},
                          .seed = seed_, .threads = threads_};
    if (folds) options.folds = &*folds;
    options.costs = costs_.costs();
    options.left_out = split_list(learn_.data().drop, "--drop");
    return options;
  }

  std::string page_of(const TrainResult& result, const TableSample& sample, const std::optional<CrossValidation>& folds) const {
    auto options = report_options(sample, folds);
    ProgressBar bar;
    options.progress = [&](double share) {
      if (was_interrupted()) throw Interrupted(fmt::format("interrupted; {} was written, {} was not", output_ == "-" ? "the model" : output_, report_));
      bar.show(share, fmt::format("report: {:.0f}% done", 100 * share));
    };
    return write_report(sample.table, result, options);
  }

  Intervals intervals_of(const CrossValidation& folds, const Table& table) const {
    const auto& group = learn_.options().split_by;
    const auto groups = group.empty() ? std::vector<std::int32_t>() : train::groups_of(table.column(group).select_rows(folds.rows));
    return bootstrap_intervals(folds.outcomes, {.seed = seed_, .threads = threads_, .groups = groups});
  }

  Json json_of(const TrainResult& result, const Table& table, const std::optional<CrossValidation>& folds) const {
    auto json = document("train");
    add_learned(json, result, output_);
    if (!report_.empty()) json["report"] = report_;
    if (folds) add_folds(json, *folds, intervals_of(*folds, table));
    return json;
  }

  std::string text_of(const TrainResult& result, const Table& table, const std::optional<CrossValidation>& folds) const {
    std::string text;
    if (folds) text = folds_text(*folds, intervals_of(*folds, table)) + "\nThe model that is written:\n";
    text += learned_text(result, table.name());
    if (output_ != "-") text += fmt::format("\nWrote {}\n", output_);
    if (!report_.empty()) text += fmt::format("{}Wrote {}\n", output_ == "-" ? "\n" : "", report_);
    return text;
  }

  LearnOptions learn_;
  CostOptions costs_;
  std::string data_path_, output_ = "model.safetensors", report_;
  std::string checkpoint_path_, log_path_, tensorboard_;
  bool resume_ = false;
  std::int64_t folds_ = 0;
  std::unique_ptr<TableBlocks> blocks_;  // of a file that is not read whole
  std::optional<Checkpoint> resumed_;
};

}  // namespace

std::unique_ptr<Command> make_train() { return std::make_unique<Train>(); }

}  // namespace longhand::cli
