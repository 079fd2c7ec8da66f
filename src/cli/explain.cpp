#include "longhand/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/files.h"
#include "cli/command.h"
#include "cli/member_option.h"
#include "cli/output.h"
#include "cli/sample_options.h"
#include "formats/json.h"
#include "model/step_values.h"
#include "train/resume.h"

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
    app.add_option("--format", format_, "text, markdown, latex, html or json")
        ->capture_default_str()
        ->check(CLI::IsMember({"text", "markdown", "latex", "html", "json"}).description(""));
    app.add_flag("--ascii", ascii_, "text, and the drawing in Markdown, without Unicode");
    app.add_option("-o", output_, "where to write; - is standard output")->capture_default_str()->type_name("FILE");
    app.add_option("--digits", digits_, "significant digits of what is shown")
        ->capture_default_str()
        ->check(CLI::Range(1, 17).description(""));
    app.add_option("--focus", focus_, "only one neuron, fc1[3], or one weight, fc1[3,7], counted from 1")->type_name("fc1[3]");
    member_.add_to(app);
    app.add_option("--learning-rate", learning_rate_, "in place of the network's");
    app.add_option("--checkpoint", checkpoint_path_,
                   "parameters, optimiser's memory and step from one of train")
        ->type_name("FILE");
    sample_.add_to(app);
  }

  int run() override {
    refuse_to_replace(output_, {network_path_, sample_.data_path, sample_.data.labels, checkpoint_path_, config_});
    auto ensemble = read_model(network_path_, seed_);
    if (!checkpoint_path_.empty()) take_checkpoint(ensemble);
    auto model = member_.of(ensemble);
    if (learning_rate_) {
      if (!(*learning_rate_ >= 0) || !std::isfinite(*learning_rate_)) {
        throw UsageError("--learning-rate must be a number from 0");
      }
      model.network.optimizer.learning_rate = *learning_rate_;
    }
    auto sample = sample_.read(model, network_path_, Target::optional);
    const bool prediction_only = sample.target.shape().rank() == 0;
    if (prediction_only) {
      sample.target = Tensor({sample.input.shape()[0], target_width(model)}, DType::f64);
      // Nothing is dropped in predicting.
      std::erase_if(model.network.layers, [](const LayerSpec& layer) { return layer.type == "dropout"; });
    }
    const auto step = build_step(model, {.stable = false,
                                         .raw = !model.inputs.empty(),
                                         .input_gradient = true,
                                         .loss_after = true,
                                         .seed = seed_});
    auto derivation = explain(step.graph, step_values(model, step.graph, sample),
                                    {.batch = sample.is_batch, .digits = digits_, .seed = seed_, .focus = focus_, .prediction_only = prediction_only,
                                     .columns = table_columns(model, sample.input, digits_), .rate = remark_on_rate(model),
                                     .step_number = remark_on_memory(model, step.graph), .target = meaning_of_target(model)});
    const auto difference = difference_in_predicting(model);
    if (focus_.empty() && (ensemble.network.members > 1 || !difference.empty())) add_prediction_to(derivation, ensemble, sample, difference);
    const WriteOptions options{.digits = digits_, .ascii = ascii_, .title = std::filesystem::path(network_path_).stem().string() + member_.which_of(ensemble)};
    members_ = ensemble.network.members;
    if (!json_ && format_ == "markdown" && output_ != "-") {
      write_with_drawing(derivation, options);
    } else {
      write_output(written(derivation, options), output_);
    }
    return kDone;
  }

 private:
  std::string written(const Derivation& derivation, const WriteOptions& options) const {
    if (json_ || format_ == "json") return json_of(derivation);
    if (format_ == "latex") return write_latex(derivation, options);
    if (format_ == "html") return write_html(derivation, options);
    if (format_ == "markdown") return write_markdown(derivation, options);
    return write_text(derivation, options);
  }

  // What a person could not tell from the learning rate alone.
  std::string remark_on_rate(const Model& model) const {
    const auto& schedule = model.network.schedule.type;
    if (model.network.optimizer.type == "lbfgs") return "of a plain step along the gradient; L-BFGS searches its own direction and length";
    if (schedule == "constant" || learning_rate_) return "";
    return schedule_rate_ > 0 ? "as the schedule, " + schedule + ", had it in the step before" : "which the schedule, " + schedule + ", changes while training";
  }

  // A trained model has its parameters alone.
  static std::string remark_on_memory(const Model& model, const Graph& graph) {
    const bool keeps_all = std::ranges::all_of(graph.nodes(), [&](const Node& node) {
      return node.op != Op::state || model.state.contains(node.attributes.name);
    });
    return keeps_all || model.training.empty() ? "" : "the first: a model does not keep the optimiser's memory, which --checkpoint has";
  }

  static std::string difference_in_predicting(const Model& model) {
    const bool drops = model.network.has("dropout"), norms = model.network.has("batch_norm");
    return std::string(drops ? "dropout off" : "") + (drops && norms ? " and " : "") + (norms ? "the running mean and variance in batch norm" : "");
  }

  void add_prediction_to(Derivation& derivation, const Model& ensemble, const SampleSpec& sample, const std::string& difference) const {
    std::map<std::string, Tensor> values{{"x", preprocess(ensemble, sample.input)}};
    for (const auto& [name, tensor] : ensemble.state.entries()) values[name] = tensor;
    add_prediction(derivation, build_prediction(ensemble), values, {.member = member_.number(), .difference = difference, .digits = digits_});
  }

  // GitHub shows a drawing only as a file of its own: beside FILE.md stands FILE.svg.
  void write_with_drawing(const Derivation& derivation, const WriteOptions& options) const {
    const auto drawing = std::filesystem::path(output_).replace_extension(".svg");
    if (drawing == output_) throw UsageError("-o " + output_ + ": the drawing is to have this name; give the page another");
    refuse_to_replace(drawing.string(), {network_path_, sample_.data_path, sample_.data.labels, checkpoint_path_, config_});
    write_files_atomically(std::vector<std::pair<std::string, std::string>>{
        {drawing.string(), draw_svg(derivation, options)},
        {output_, write_markdown(derivation, options, drawing.filename().string())}});
  }

  void take_checkpoint(Model& model) {
    auto checkpoint = load_checkpoint(checkpoint_path_ == "-" ? "/dev/stdin" : checkpoint_path_);
    const auto& state = checkpoint.model.state;
    for (const auto& [name, tensor] : model.state.entries()) {
      if (state.contains(name) && state.get(name).shape() == tensor.shape()) continue;
      throw ModelError(fmt::format("{}: a checkpoint of another network: {} has {} {}", checkpoint_path_, network_path_,
                                   name, to_string(tensor.shape())));
    }
    if (checkpoint.model.network.optimizer.type != model.network.optimizer.type) {
      throw ModelError(fmt::format("{}: a checkpoint of {}, the optimizer of {} is {}", checkpoint_path_,
                                   checkpoint.model.network.optimizer.type, network_path_, model.network.optimizer.type));
    }
    model.state = checkpoint.model.state;
    model.steps = checkpoint.model.steps;
    schedule_rate_ = model.network.schedule.type == "constant" ? 0 : train::last_learning_rate(checkpoint);
    if (schedule_rate_ > 0) model.network.optimizer.learning_rate = schedule_rate_;
  }

  static Json finite(double value) { return std::isfinite(value) ? Json(value) : Json(); }

  std::string json_of(const Derivation& derivation) const {
    auto json = document("explain");
    json["network"] = network_path_;
    if (members_ > 1) json.update({{"members", members_}, {"member", member_.number()}});
    for (const auto& given : derivation.givens) {
      json["givens"].push_back({{"id", given.id}, {"meaning", given.meaning}, {"value", to_json(given.value)}});
    }
    json["steps"] = parse_json(write_json(derivation)).value();
    for (const auto& column : derivation.columns) {
      if (column.rule.empty()) continue;
      json["columns"].push_back({{"name", column.name}, {"cell", column.cell}, {"rule", column.rule}, {"features", column.features}});
    }
    const auto& outcome = derivation.outcome;
    json["outcome"] = {{"loss_before", finite(outcome.loss_before)},
                       {"loss_after", finite(outcome.loss_after)},
                       {"foretold_change", finite(outcome.foretold_change)},
                       {"squared_gradient_norm", finite(outcome.squared_gradient_norm)}};
    return to_text(json);
  }

  SampleOptions sample_;
  std::string network_path_, format_ = "text", output_ = "-", checkpoint_path_, focus_;
  std::optional<double> learning_rate_;
  double schedule_rate_ = 0;  // of a checkpoint
  int digits_ = 4;
  MemberOption member_;
  std::int64_t members_ = 1;
  bool ascii_ = false;
};

}  // namespace

std::unique_ptr<Command> make_explain() { return std::make_unique<Explain>(); }

}  // namespace longhand::cli
