#include <fmt/format.h>

#include "base/files.h"
#include "cli/command.h"
#include "cli/learn_options.h"
#include "cli/learned_text.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/trials_text.h"
#include "longhand/report.h"

namespace longhand::cli {
namespace {

class Tune : public Command {
 public:
  const char* name() const override { return "tune"; }
  const char* description() const override { return "Search settings within a budget and write the best model; what a flag says stays."; }
  const char* example() const override {
    return "longhand tune examples/data/breast_cancer.csv --target diagnosis --trials 20";
  }

  void add_options(CLI::App& app) override {
    app.add_option("DATA", data_path_, "CSV, NPY or IDX file, gzipped or not; - is standard input")->required();
    app.add_option("-o", output_, "where to write the best model; - is standard output")->capture_default_str()->type_name("FILE");
    trials_ = app.add_option("--trials", options_.trials, "settings to try, the defaults first")->check(CLI::Range(1, 1'000'000).description(""));
    seconds_ = app.add_option("--seconds", options_.seconds, "time to search in; then the best are compared and learned again");
    app.add_option("--checkpoint", checkpoint_path_, "where to keep the trials so far")->type_name("FILE");
    app.add_flag("--resume", resume_, "go on from the file of --checkpoint");
    learn_.add_data_to(app);
    learn_.add_network_to(app);
    learn_.add_optimizer_to(app);
    learn_.add_hold_out_to(app);
  }

  int run() override {
    read_options();
    const auto table = learn_.read_table(data_path_);
    options_.training = learn_.for_table(table);
    leave_what_is_given();
    if (!checkpoint_path_.empty()) {
      options_.save = [this](const std::string& trials) { write_file_atomically(checkpoint_path_, trials); };
      if (resume_) options_.resume = read_text(checkpoint_path_);
      options_.resume_name = checkpoint_path_;
    }
    auto found = search(table);
    auto& warnings = found.result.warnings;
    warnings.insert(warnings.begin(), learn_.warnings().begin(), learn_.warnings().end());
    const ReportOptions about{.validation_table = options_.training.validation_table, .seed = seed_, .threads = threads_};
    append(warnings, warnings_about(table, found.result, about));
    record_columns(found.result.model, table, learn_.data());
    save_model(found.result.model, output_ == "-" ? "/dev/stdout" : output_);
    warn(warnings);
    const auto text = json_ ? to_text(json_of(found)) : text_of(found, table);
    if (output_ == "-") tell(text);
    else write_output(text);
    return kDone;
  }

 private:
  void read_options() {
    learn_.read(seed_, threads_);
    if (trials_->count() == 0 && seconds_->count() == 0) throw UsageError("tune needs a budget: --trials N or --seconds S");
    if (seconds_->count() > 0 && !(options_.seconds > 0 && options_.seconds < 1e9)) throw UsageError("--seconds must be a number above 0");
    if (output_ == "-" && json_) throw UsageError("-o - and --json cannot both have standard output");
    if (checkpoint_path_ == "-") throw UsageError("--checkpoint needs a file");
    if (resume_ && checkpoint_path_.empty()) throw UsageError("--resume needs --checkpoint FILE, which says where from");
    const auto& training = learn_.options();
    if (training.validation == 0 && learn_.validation_path().empty()) throw UsageError("--validation 0: trials are compared on held-out rows");
    if (training.patience == 0) throw UsageError("--patience 0: a trial ends where it gets no better");
    const std::pair<const char*, std::string> outputs[] = {{"-o", output_}, {"--checkpoint", checkpoint_path_}};
    learn_.check_outputs(outputs, data_path_);
    for (const auto& [flag, path] : outputs) refuse_to_replace(path, {learn_.from_path(), config_});
  }

  void leave_what_is_given() {
    options_.learning_rate = !learn_.is_given("--learning-rate");
    options_.weight_decay = !learn_.is_given("--weight-decay");
    options_.hidden = !learn_.is_given("--hidden");
    options_.dropout = !learn_.is_given("--dropout");
    options_.number_steps = !learn_.is_given("--number-steps");
    options_.batch_size = !learn_.is_given("--batch-size");
  }

  TuneResult search(const Table& table) {
    catch_interrupts();
    ProgressBar bar;
    try {
      return tune(table, options_, [&](const TuneProgress& progress) {
        bar.show(progress);
        return !was_interrupted();
      });
    } catch (const Interrupted& interruption) {
      const auto kept = checkpoint_path_.empty() ? "" : "; " + checkpoint_path_ + " has the trials so far, and --resume goes on from there";
      throw Interrupted(interruption.what() + std::string("; no model was written") + kept);
    }
  }

  Json json_of(const TuneResult& found) const {
    auto json = document("tune");
    add_learned(json, found.result, output_);
    json["search_seconds"] = found.seconds;
    json["best"] = found.ranking.front() + 1;
    json["trials"] = trials_json(found);
    if (!found.finalists.empty()) json["finalists"] = finalists_json(found);
    return json;
  }

  std::string text_of(const TuneResult& found, const Table& table) const {
    auto text = trials_text(found, options_.training.stop_on) + finalists_text(found) + "\n" + learned_text(found.result, table.name());
    const bool has_chosen = found.finalists.empty() || found.ranking.front() != 0;
    if (has_chosen) text += "\nThe validation rows have chosen the settings, so other rows may be predicted a\nlittle less well than they.\n";
    if (output_ != "-") text += fmt::format("\nWrote {}\n", output_);
    return text;
  }

  LearnOptions learn_;
  TuneOptions options_;
  CLI::Option *trials_ = nullptr, *seconds_ = nullptr;
  std::string data_path_, output_ = "model.safetensors", checkpoint_path_;
  bool resume_ = false;
};

}  // namespace

std::unique_ptr<Command> make_tune() { return std::make_unique<Tune>(); }

}  // namespace longhand::cli
