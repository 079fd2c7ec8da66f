#include <fmt/format.h>

#include "base/files.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/cost_options.h"
#include "cli/data_options.h"
#include "cli/metrics_text.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "longhand/report.h"
#include "model/cell_notes.h"
#include "model/training_record.h"
#include "train/column_roles.h"
#include "train/hold_out.h"
#include "train/known_rows.h"
#include "train/outcome_stream.h"
#include "train/positive_class.h"

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
    app.add_option("--report", report_, "where to write a page about these rows and how well they are predicted")->type_name("FILE.html");
    costs_.add_to(app, "what a false and a missed one of the --positive class cost: tells the cheapest threshold");
    app.add_option("--positive", positive_, "of two classes that which F1 and costs are about (default: the model's, its second)")->type_name("CLASS");
    data_.add_to(app);
    data_.add_skip_to(app);
    data_.add_stream_to(app, "read in blocks, in little memory");
  }

  int run() override {
    if (model_path_ == "-" && data_path_ == "-") throw UsageError("MODEL and DATA cannot both be standard input");
    costs_.read();
    if (!report_.empty()) check_report();
    auto model = read_model(model_path_);
    if (!model.target) throw ModelError(model_path_ + ": a network description, not a trained model");
    costs_.require_two_classes(model.target->task, model.target->name);
    auto target = *model.target;  // as it is asked for
    train::order_classes(target, positive_);
    RowsFor rows(model, data_, data_path_, Target::required);
    if (rows.are_streamed() && !report_.empty()) throw UsageError("--report needs the table in memory, and this file is read in blocks");
    std::vector<CellNote> notes;
    auto outcomes = rows.are_streamed() ? train::OutcomeStream(seed_) : train::OutcomeStream::of_all(seed_);
    train::RowSum row_sum;
    const bool is_other_way_round = target.classes != model.target->classes;
    Table table;  // of a file in blocks the last of them
    while (auto block = rows.next()) {
      table = std::move(*block);
      train::require_target(table, model.target->name, {.missing = model.missing_words});
      std::vector<CellNote> more;
      auto scored = outcomes_of(model, table, threads_, &more);
      outcomes.add(is_other_way_round ? train::swapped(std::move(scored)) : std::move(scored));
      add_notes(notes, std::move(more));
      row_sum.add(model, table);
    }
    auto warnings = rows.warnings();
    const auto which = train::seen(model, row_sum);
    // Among the rows that it was trained with an unknown category is one of a single row.
    if (which != train::Seen::no) std::erase_if(notes, [](const CellNote& note) { return note.kind == CellNote::Kind::unknown; });
    append(warnings, warnings_of(notes, outcomes.rows()));
    warn(warnings);
    const auto of_rows = warnings;
    const auto seen = train::words(which, table.name());
    if (!seen.empty()) warnings.push_back(seen);
    const auto metrics = outcomes.metrics();
    const auto group = record_of(model, "split_by").value_or("");
    const bool has_groups = !group.empty() && !rows.are_streamed() && table.find(group);
    const auto intervals = outcomes.intervals(threads_, has_groups ? train::groups_of(table.column(group)) : std::vector<std::int32_t>());
    if (!report_.empty()) {
      catch_interrupts();
      write_file_atomically(report_, page_of(model, table, of_rows));
    }
    if (!json_) {
      auto text = to_text({{model.target->name, &metrics}}, &intervals) + confusion_text(metrics, target.classes);
      if (costs_.costs()) text += costs_text(outcomes.kept(), *costs_.costs(), target.classes[1]);
      if (outcomes.is_sampled()) text += sample_text(outcomes, metrics);
      if (!report_.empty()) text += fmt::format("\nWrote {}\n", report_);
      return finish(text, seen);
    }
    auto json = document("evaluate");
    if (!report_.empty()) json["report"] = report_;
    json["model"] = model_path_;
    json["data"] = data_path_;
    json["task"] = longhand::name(metrics.task);
    json["target"] = model.target->name;
    json["rows"] = metrics.rows;
    json["warnings"] = warnings;
    if (!target.classes.empty()) json["classes"] = target.classes;
    if (target.task == Task::binary) json["positive"] = target.classes[1];
    json["metrics"] = to_json(metrics);
    json["intervals"] = to_json(intervals, metrics);
    if (costs_.costs()) json["costs"] = costs_json(outcomes.kept(), *costs_.costs());
    if (outcomes.is_sampled()) json["sample_rows"] = outcomes.kept_rows();
    return finish(to_text(json), seen);
  }

 private:
  static int finish(const std::string& text, const std::string& warning) {
    write_output(text);
    if (!warning.empty()) warn(warning);
    return kDone;
  }

  void check_report() const {
    if (report_ == "-") throw UsageError("--report needs a file");
    require_folder(report_);
    refuse_to_replace(report_, {model_path_, data_path_, data_.labels, config_});
  }

  std::string page_of(const Model& model, const Table& table, const std::vector<std::string>& told) const {
    ReportOptions options{.model_file = model_path_ == "-" ? "" : model_path_, .left_out = {}, .told = told, .validation_table = nullptr, .split_by = record_of(model, "split_by").value_or(""), .split_time = {}, .positive = {}, .progress = {}};
    options.costs = costs_.costs();
    options.seed = seed_;
    options.threads = threads_;
    options.positive = positive_;
    ProgressBar bar;
    options.progress = [&](double share) {
      if (was_interrupted()) throw Interrupted("interrupted; " + report_ + " was not written");
      bar.show(share, fmt::format("report: {:.0f}% done", 100 * share));
    };
    return write_report(model, table, options);
  }

  std::string sample_text(const train::OutcomeStream& outcomes, const Metrics& metrics) const {
    std::string what = "The intervals";
    if (metrics.task == Task::binary) what = costs_.costs() ? "auc, the intervals and the costs" : "auc and the intervals";
    return fmt::format("\n{} are of {} of these rows, drawn at random.\n", what, with_commas(outcomes.kept_rows()));
  }

  DataOptions data_;
  CostOptions costs_;
  std::string model_path_, data_path_, report_, positive_;
};

}  // namespace

std::unique_ptr<Command> make_evaluate() { return std::make_unique<Evaluate>(); }

}  // namespace longhand::cli
