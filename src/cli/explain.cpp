#include "longhand/explain.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "cli/command.h"
#include "cli/explain_values.h"
#include "cli/output.h"
#include "formats/json.h"

namespace longhand::cli {
namespace {

class Explain : public Command {
 public:
  const char* name() const override { return "explain"; }
  const char* description() const override {
    return "Work one training step out in full: forward, loss, backward, update.";
  }
  const char* example() const override { return "longhand explain examples/article.toml"; }

  void add_options(CLI::App& app) override {
    app.add_option("NETWORK", network_path_, "a description (.toml) or a trained model (.safetensors)")->required();
    app.add_option("--format", format_, "text or json")
        ->capture_default_str()
        ->check(CLI::IsMember({"text", "json"}).description(""));
    app.add_option("-o", output_, "where to write; - is standard output")->capture_default_str()->type_name("FILE");
    app.add_option("--digits", digits_, "significant digits of what is shown")
        ->capture_default_str()
        ->check(CLI::Range(1, 17).description(""));
    app.add_option("--focus", focus_, "only one neuron, fc1[3], or one weight, fc1[3,7], counted from 1")->type_name("fc1[3]");
    app.add_option("--learning-rate", learning_rate_, "in place of the network's");
    app.add_option("--input", input_, "a row: the network's inputs, or a model's raw columns")->type_name("1,2")->group("Sample");
    app.add_option("--label", label_, "its target: a number, or a model's class")->type_name("1")->group("Sample");
    app.add_option("--data", data_path_, "a CSV file to take rows from")->type_name("FILE")->group("Sample");
    app.add_option("--row", row_, "the row, from 1")->group("Sample");
    app.add_option("--rows", rows_, "rows of a batch, both included")->type_name("A:B")->group("Sample");
    app.add_option("--target", target_, "the target's column; a model knows its own")->type_name("COL")->group("Sample");
    data_.add_to(app);
  }

  int run() override {
    auto model = read_model(network_path_, seed_);
    if (learning_rate_) {
      if (!(*learning_rate_ >= 0) || !std::isfinite(*learning_rate_)) {
        throw UsageError("--learning-rate must be a number from 0");
      }
      model.network.optimizer.learning_rate = *learning_rate_;
    }
    const auto sample = read_sample(model);
    const auto step = build_step(model, {.stable = false,
                                         .raw = !model.inputs.empty(),
                                         .input_gradient = true,
                                         .loss_after = true});
    const auto derivation = explain(step.graph, values_for(model, step, sample),
                                    {.batch = sample.is_batch, .digits = digits_, .seed = seed_, .focus = focus_,
                                     .columns = column_names(model), .target = meaning_of_target(model)});
    if (json_ || format_ == "json") {
      write_output(json_of(derivation), output_);
    } else {
      write_output(write_text(derivation, {.digits = digits_}), output_);
    }
    return kDone;
  }

 private:
  Sample read_sample(Model& model) const {
    if (!input_.empty() || !label_.empty()) {
      if (input_.empty() || label_.empty()) throw UsageError("--input and --label are needed together");
      if (!data_path_.empty()) throw UsageError("--input and --data: only one of them can give the sample");
      return sample_from_flags(model, input_, label_);
    }
    if (!data_path_.empty()) return sample_from_data(model);
    const auto& sample = model.network.sample;
    if (!sample) {
      throw UsageError(network_path_ + " has no sample: give --input and --label, or --data and --row");
    }
    return {sample->input, sample->target, sample->is_batch};
  }

  Sample sample_from_data(Model& model) const {
    if (row_ && !rows_.empty()) throw UsageError("--row and --rows: only one of them can be given");
    const auto [first, last] = rows_.empty() ? std::pair(row_.value_or(1), row_.value_or(1)) : range();
    const auto table = read_for(model, data_, data_path_, Target::required);
    auto target = model.target ? model.target->name : std::string();
    if (!target_.empty()) target = target_;
    if (target.empty()) throw UsageError("--target is needed: a description does not know the target's column");
    const auto found = table.find(target);
    if (!found && !target_.empty()) throw UsageError(fmt::format("--target: {} has no column '{}'", table.name(), target));
    if (found) target = table.columns()[*found].name();
    return sample_from_table(model, table, first, last, !rows_.empty(), target);
  }

  std::pair<std::int64_t, std::int64_t> range() const {
    std::int64_t first = 0, last = 0;
    const auto* end = rows_.data() + rows_.size();
    const auto [middle, error] = std::from_chars(rows_.data(), end, first);
    if (error == std::errc() && middle != end && *middle == ':') {
      const auto [stop, second_error] = std::from_chars(middle + 1, end, last);
      if (second_error == std::errc() && stop == end) return {first, last};
    }
    throw UsageError("--rows: '" + rows_ + "' is not like 3:7");
  }

  static Json finite(double value) { return std::isfinite(value) ? Json(value) : Json(); }

  std::string json_of(const Derivation& derivation) const {
    auto json = document("explain");
    json["network"] = network_path_;
    for (const auto& given : derivation.givens) {
      json["givens"].push_back({{"id", given.id}, {"meaning", given.meaning}, {"value", to_json(given.value)}});
    }
    json["steps"] = Json::parse(write_json(derivation));
    const auto& outcome = derivation.outcome;
    json["outcome"] = {{"loss_before", finite(outcome.loss_before)},
                       {"loss_after", finite(outcome.loss_after)},
                       {"foretold_change", finite(outcome.foretold_change)},
                       {"squared_gradient_norm", finite(outcome.squared_gradient_norm)}};
    return to_text(json);
  }

  DataOptions data_;
  std::string network_path_, format_ = "text", output_ = "-", input_, label_, data_path_, rows_, target_, focus_;
  std::optional<double> learning_rate_;
  std::optional<std::int64_t> row_;
  int digits_ = 4;
};

}  // namespace

std::unique_ptr<Command> make_explain() { return std::make_unique<Explain>(); }

}  // namespace longhand::cli
