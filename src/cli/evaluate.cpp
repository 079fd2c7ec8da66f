#include "cli/command.h"
#include "cli/data_options.h"
#include "cli/metrics_text.h"
#include "cli/output.h"
#include "longhand/train.h"

namespace longhand::cli {
namespace {

class Evaluate : public Command {
 public:
  const char* name() const override { return "evaluate"; }
  const char* description() const override { return "Say how well a model predicts rows whose target is known."; }
  const char* example() const override { return "longhand evaluate model.safetensors examples/data/breast_cancer.csv"; }

  void add_options(CLI::App& app) override {
    app.add_option("MODEL", model_path_, "a trained model (.safetensors)")->required();
    app.add_option("DATA", data_path_, "CSV, NPY or IDX file with the model's columns and its target; - is standard input")->required();
    data_.add_to(app);
  }

  int run() override {
    if (model_path_ == "-" && data_path_ == "-") throw UsageError("MODEL and DATA cannot both be standard input");
    auto model = read_model(model_path_);
    if (!model.target) throw ModelError(model_path_ + ": a network description, not a trained model");
    const auto table = read_for(model, data_, data_path_, Target::required);
    std::vector<CellNote> notes;
    const auto outcomes = outcomes_of(model, table, threads_, &notes);
    warn_of(notes);
    const auto metrics = measure(outcomes);
    const auto intervals = bootstrap_intervals(outcomes, {.seed = seed_, .threads = threads_});
    if (!json_) {
      write_output(to_text({{model.target->name, &metrics}}, &intervals) + confusion_text(metrics, model.target->classes));
      return kDone;
    }
    auto json = document("evaluate");
    json["model"] = model_path_;
    json["data"] = data_path_;
    json["task"] = longhand::name(metrics.task);
    json["target"] = model.target->name;
    json["rows"] = metrics.rows;
    if (!model.target->classes.empty()) json["classes"] = model.target->classes;
    json["metrics"] = to_json(metrics);
    json["intervals"] = to_json(intervals, metrics);
    write_output(to_text(json));
    return kDone;
  }

 private:
  DataOptions data_;
  std::string model_path_, data_path_;
};

}  // namespace

std::unique_ptr<Command> make_evaluate() { return std::make_unique<Evaluate>(); }

}  // namespace longhand::cli
