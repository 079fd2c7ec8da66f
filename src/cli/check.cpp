#include "explain/check.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "base/philox.h"
#include "base/thread_pool.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/sample_options.h"
#include "formats/json.h"
#include "model/step_values.h"

namespace longhand::cli {
namespace {

struct Checked {
  std::string name;
  Shape shape;
  GradientCheck check;
};

// Any targets that the loss takes will do for a gradient.
Tensor drawn_targets(const Model& model, std::int64_t rows, std::uint64_t seed) {
  PhiloxStream stream(seed, hash_name("check targets"));
  const auto kind = target_kind(model.network.loss);
  const bool is_class_number = kind == TargetKind::class_number;
  const auto outputs = model.network.outputs();
  Tensor targets({rows, target_width(model)}, DType::f64);
  for (std::int64_t i = 0; i < targets.count(); ++i) {
    const double normal = model.target ? model.target->mean + model.target->scale * stream.normal() : stream.normal();
    targets.set(i, is_class_number                   ? static_cast<double>(stream.below(static_cast<std::uint64_t>(outputs)))
                   : kind == TargetKind::probability ? static_cast<double>(stream.below(2))
                   : kind == TargetKind::rate        ? std::abs(normal)
                                                     : normal);
  }
  return targets;
}

class Check : public Command {
 public:
  const char* name() const override { return "check"; }
  const char* description() const override { return "Hold every gradient against finite differences. The exit code is 1 where one is wrong."; }
  const char* example() const override { return "longhand check examples/article.toml"; }

  void add_options(CLI::App& app) override {
    app.add_option("NETWORK", network_path_, "a description (.toml) or a trained model (.safetensors)")->required();
    app.add_option("--tolerance", tolerance_, "the largest relative error of a right gradient, away from kinks")
        ->capture_default_str();
    app.add_option("--entries", entries_, "of larger gradients so many, drawn by the seed (default: all)");
    sample_.add_to(app);
  }

  int run() override {
    if (entries_ == 0U) throw UsageError("--entries must be a whole number from 1");
    if (!(tolerance_ >= 0)) throw UsageError("--tolerance must be a number from 0");
    auto model = read_model(network_path_, seed_);
    const auto sample = read_sample(model);
    const auto step =
        build_step(model, {.raw = !model.inputs.empty(), .input_gradient = true, .seed = seed_});
    Inputs<double> inputs;
    for (const auto& [name, tensor] : step_values(model, step.graph, sample)) inputs[name] = to_array<double>(tensor);
    const auto values = evaluate<double>(step.graph, inputs);
    if (const double loss = values[static_cast<std::size_t>(step.loss)].real[0]; !std::isfinite(loss)) {
      throw ModelError(fmt::format("{}: its loss, {}, is {} for these rows: there is nothing to check", network_path_,
                                   model.network.loss.type, std::isnan(loss) ? "undefined" : "infinite"));
    }
    const auto checks = check_all(step, values);
    bool passed = true;
    for (const auto& checked : checks) passed = passed && !is_wrong(checked.check);
    const auto rows = sample.input.shape()[0];
    write_output(json_ ? to_text(json_of(model, rows, checks, passed)) : text_of(model, rows, checks, passed));
    return passed ? kDone : kFailed;
  }

 private:
  SampleSpec read_sample(Model& model) {
    if (!sample_.is_given() && !model.network.sample && model.self_test) {
      const auto& rows = model.self_test->inputs;
      rows_are_ = fmt::format("those of the model's self-test, with targets drawn by the seed {}", seed_);
      return {rows, drawn_targets(model, rows.shape()[0], seed_), true};
    }
    rows_are_ = sample_.is_given() ? "as given" : "the network's sample";
    return sample_.read(model, network_path_);
  }

  std::vector<Checked> check_all(const StepGraph& step, const std::vector<Array<double>>& values) const {
    ThreadPool pool(threads_);
    ProgressBar bar;
    NodeId last = std::max(step.loss, step.x_gradient);
    for (const auto& parameter : step.parameters) last = std::max(last, parameter.gradient);
    const Rounding rounding(step.graph, values, last);
    std::vector<Checked> checks;
    const auto check = [&](const std::string& name, NodeId of, NodeId gradient) {
      const auto& point = values[static_cast<std::size_t>(of)];
      const auto count = static_cast<double>(std::min(entries_.value_or(point.real.size()), point.real.size()));
      const CheckOptions options{
          .most_entries = entries_.value_or(0), .seed = seed_, .pool = &pool, .progress = [&](std::int64_t done) {
            bar.show(static_cast<double>(done) / count, fmt::format("{}: {} entries checked", name, with_commas(done)));
          }};
      checks.push_back({name, point.shape, check_gradient({step.graph, values, step.loss, of, gradient, &rounding}, options)});
    };
    for (const auto& parameter : step.parameters) check(parameter.name, parameter.value, parameter.gradient);
    check("x", step.x, step.x_gradient);
    return checks;
  }

  bool is_wrong(const GradientCheck& check) const {
    return check.entries > 0 && !(check.relative_error <= tolerance_);
  }

  std::string verdict(const GradientCheck& check) const {
    if (check.entries == 0) return check.kink ? "at a kink" : "lost in rounding";
    return is_wrong(check) ? "wrong" : "right";
  }

  Json json_of(const Model& model, std::int64_t rows, const std::vector<Checked>& checks, bool passed) const {
    auto json = document("check");
    json["network"] = network_path_;
    json["loss"] = model.network.loss.type;
    json["sample"] = rows_are_;
    json["rows"] = rows;
    json["method"] = "central difference";
    json["tolerance"] = tolerance_;
    json["passed"] = passed;
    json["parameters"] = Json::array();
    for (const auto& [name, shape, check] : checks) {
      json["parameters"].push_back(
          {{"name", name},
           {"shape", shape.extents()},
           {"entries", check.entries},
           {"relative_error", std::isfinite(check.relative_error) ? Json(check.relative_error) : Json()},
           {"left_out", check.left_out},
           {"kink", check.kink},
           {"verdict", verdict(check)}});
    }
    return json;
  }

  std::string text_of(const Model& model, std::int64_t rows, const std::vector<Checked>& checks, bool passed) const {
    auto text = fmt::format("Gradients of {}, the loss of {},\nagainst central differences in double precision.\n{}: {}.\n\n",
                            model.network.loss.type, network_path_, counted(rows, "row"),
                            rows_are_);
    std::vector<std::vector<std::string>> table{
        {"parameter", "shape", "entries", "worst relative error", "left out", "verdict"}};
    std::int64_t entries = 0, left_out = 0, wrong = 0;
    for (const auto& [name, shape, check] : checks) {
      table.push_back({name, to_string(shape), with_commas(check.entries),
                       check.entries == 0 ? "-" : fmt::format("{:.1e}", check.relative_error),
                       with_commas(check.left_out), verdict(check)});
      entries += check.entries;
      left_out += check.left_out;
      wrong += is_wrong(check);
    }
    text += aligned(table, {false, false, true, true, true, false});
    text += entries == 0 ? "\nNo entry could be checked.\n"
            : passed ? fmt::format("\nAll {} entries agree within {}.\n", with_commas(entries), tolerance_)
                   : fmt::format("\n{} of {} gradients are off by more than {}.\n", wrong, checks.size(), tolerance_);
    if (left_out > 0) text += fmt::format("Left out: {}, at a kink or where rounding hides how far they agree.\n", with_commas(left_out));
    return text;
  }

  SampleOptions sample_;
  std::string network_path_, rows_are_;
  double tolerance_ = kRightGradient;
  std::optional<std::size_t> entries_;
};

}  // namespace

std::unique_ptr<Command> make_check() { return std::make_unique<Check>(); }

}  // namespace longhand::cli
