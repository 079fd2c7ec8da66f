#include <fmt/format.h>

#include <filesystem>

#include "base/files.h"
#include "cli/command.h"
#include "cli/learn_options.h"
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
    app.add_option("DATA", data_path_, "CSV, NPY or IDX file, gzipped or not; - is standard input")->required();
    app.add_option("-o", output_, "where to write the model; - is standard output")
        ->capture_default_str()
        ->type_name("FILE");
    app.add_option("--report", report_, "where to write a page about the data, the model and how good it is")->type_name("FILE.html");
    learn_.add_data_to(app);
    learn_.add_network_to(app);
    learn_.add_optimizer_to(app);
    learn_.add_hold_out_to(app);
    app.add_option("--checkpoint", checkpoint_path_, "where to keep how far training is, about once a second and when interrupted")
        ->type_name("FILE")
        ->group("Learning");
    app.add_flag("--resume", resume_, "go on from the file of --checkpoint")->group("Learning");
    app.add_option("--log", log_path_, "a line of JSON for each epoch")->type_name("FILE.jsonl")->group("Learning");
    app.add_option("--tensorboard", tensorboard_, "a folder for TensorBoard's event files")->type_name("FOLDER")->group("Learning");
  }

  int run() override {
    read_options();
    const auto table = learn_.data().read(data_path_);
    learn_.for_table(table);
    use_checkpoint();
    auto result = learn(table);
    if (was_interrupted()) throw Interrupted("interrupted; " + how_to_go_on());
    for (const auto& warning : result.warnings) warn(warning);
    record_columns(result.model, table, learn_.data());
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
  void read_options() {
    learn_.read(seed_, threads_);
    if (output_ == "-" && json_) throw UsageError("-o - and --json cannot both have standard output");
    if (report_ == "-") throw UsageError("--report needs a file");
    if (checkpoint_path_ == "-") throw UsageError("--checkpoint needs a file");
    if (resume_ && checkpoint_path_.empty()) throw UsageError("--resume needs --checkpoint FILE, which says where from");
    const std::pair<const char*, std::string> outputs[] = {{"-o", output_}, {"--checkpoint", checkpoint_path_}, {"--report", report_}, {"--log", log_path_}};
    refuse_one_file_for_two(outputs);
    for (const auto& [flag, path] : outputs) {
      if (path.empty()) continue;
      require_folder(path);
      refuse_to_replace(path, {data_path_, learn_.data().labels, learn_.validation_path(), learn_.network_path()});
      if (path != output_) refuse_to_replace(path, {learn_.from_path()});
    }
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

  TrainResult learn(const Table& table) {
    catch_interrupts();
    TrainingLog log(log_path_, tensorboard_, resume_);
    ProgressBar bar;
    try {
      return fit(table, learn_.options(), [&](const TrainProgress& progress) {
        bar.show(progress);
        log.add(progress);
        return !was_interrupted();
      });
    } catch (const Interrupted& interruption) {
      throw Interrupted(std::string(interruption.what()) + "; " + how_to_go_on());
    } catch (const DivergenceError& divergence) {
      throw DivergenceError(fmt::format("{}; no model was written; try a --learning-rate below {}", divergence.what(),
                                        learn_.options().optimizer->learning_rate));
    }
  }

  std::string page_of(const TrainResult& result, const Table& table) const {
    const auto& learning = learn_.options();
    ReportOptions options{.model_file = output_ == "-" ? "" : output_, .validation_table = learning.validation_table,
                          .split_by = learning.split_by, .split_time = learning.split_time, .seed = seed_, .threads = threads_};
    options.left_out = split_list(learn_.data().drop, "--drop");
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

  LearnOptions learn_;
  std::string data_path_, output_ = "model.safetensors", report_;
  std::string checkpoint_path_, log_path_, tensorboard_;
  bool resume_ = false;
  std::optional<Checkpoint> resumed_;
};

}  // namespace

std::unique_ptr<Command> make_train() { return std::make_unique<Train>(); }

}  // namespace longhand::cli
