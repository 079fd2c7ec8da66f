#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <limits>

#include "base/files.h"
#include "cli/command.h"
#include "cli/member_option.h"
#include "cli/output.h"
#include "cli/sample_options.h"
#include "longhand/explain.h"
#include "model/friendly_network.h"
#include "model/step_values.h"
#include "model/write_toml.h"

namespace longhand::cli {
namespace {

// A trained model as a description that a person can work out: its inputs are those that the network
// sees, and numbers have few digits.
Model plain_description(const Model& model, const SampleSpec& sample, int digits) {
  const auto rounded = [&](const Tensor& tensor) {
    auto result = tensor.cast(DType::f64);
    for (std::int64_t i = 0; i < result.count(); ++i) {
      const double value = result.at(i);
      if (value == 0) continue;
      const double unit = std::pow(10, digits - 1 - std::floor(std::log10(std::abs(value))));
      result.set(i, std::round(value * unit) / unit);
    }
    return result;
  };
  Model plain{.network = model.network, .state = {}, .dtype = DType::f64};
  for (const auto& [name, spec] : make_network(model.network)->tensors()) plain.state.set(name, rounded(model.state.get(name)));
  SampleSpec spec{.input = preprocess(model, sample.input), .target = sample.target.clone(), .is_batch = sample.is_batch};
  spec.input = rounded(spec.input);
  if (model.target && model.target->task == Task::regression) {
    for (std::int64_t i = 0; i < spec.target.count(); ++i) {
      spec.target.set(i, (spec.target.at(i) - model.target->mean) / model.target->scale);
    }
    spec.target = rounded(spec.target);
  }
  plain.network.sample = std::move(spec);
  return plain;
}

// "sepal_length 4.7, sepal_width 3.2, as the model's preprocessing reads them"; of a batch the columns
// alone. Where a column becomes several numbers, what they are.
std::string meaning_of_input(const Model& model, const SampleSpec& sample) {
  if (model.inputs.empty()) return "";
  std::vector<std::string> cells;
  for (std::size_t i = 0; i < model.inputs.size(); ++i) {
    cells.push_back(model.inputs[i].name);
    if (!sample.is_batch) cells.back() += " " + cell_text(model.inputs[i], sample.input.at(static_cast<std::int64_t>(i)));
  }
  auto text = fmt::format("{}, as the model's preprocessing reads them", fmt::join(cells, ", "));
  const auto features = feature_names(model);
  return std::ranges::equal(features, model.inputs, {}, {}, &InputColumn::name) ? text : text + fmt::format(": {}", fmt::join(features, ", "));
}

bool has_all_weights(const NetworkSpec& network) {
  return std::ranges::all_of(network.layers, [](const LayerSpec& layer) {
    return layer.type != "linear" || (layer.weight && layer.bias);
  });
}

// Whether somebody has written a figure into the claims at `path`.
bool is_filled_in(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;
  // Its first line says how many blanks there were.
  const auto text = read_text(path);
  std::size_t asked = 0, blank = 0;
  if (std::sscanf(text.c_str(), "# %zu", &asked) != 1) return true;
  for (auto at = text.find("\"\""); at != std::string::npos; at = text.find("\"\"", at + 2)) ++blank;
  return blank < asked;
}

class WorksheetCommand : public Command {
 public:
  const char* name() const override { return "worksheet"; }
  const char* description() const override {
    return "Write an exercise, its answers and a claims file to fill in, which grade then marks.";
  }
  const char* example() const override { return "longhand worksheet --random 3-2-1 --level 2 -o exercise"; }

  void add_options(CLI::App& app) override {
    app.add_option("NETWORK", network_path_, "a description (.toml) or a trained model (.safetensors)");
    app.add_option("--random", random_, "in place of NETWORK a small one, drawn from --seed: its layers' sizes")->type_name("3-2-1");
    for_random_.push_back(app.add_option("--activation", drawn_.activation, "of its hidden units, as in train, or softplus")
                              ->capture_default_str()
                              ->check(CLI::IsMember({"relu", "tanh", "sigmoid", "gelu", "silu", "leaky_relu", "elu", "softplus", "identity"}).description("")));
    for_random_.push_back(app.add_option("--loss", drawn_.loss, "its loss, as a description names it, such as mse (default: bce for one output, else cross_entropy)")
                              ->check(CLI::IsMember({"bce", "bce_with_logits", "cross_entropy", "mse", "mae", "huber", "poisson"}).description("")));
    app.add_option("--level", level_, "1: some of forward; 2: to the last layer's gradients; 3: all")
        ->capture_default_str()
        ->check(CLI::Range(1, 3).description(""));
    app.add_option("--format", format_, "text, markdown, latex or html")
        ->capture_default_str()
        ->check(CLI::IsMember({"text", "markdown", "latex", "html"}).description(""));
    app.add_option("--digits", digits_, "significant digits of what is shown and asked for")
        ->capture_default_str()
        ->check(CLI::Range(1, 17).description(""));
    app.add_option("-o", output_, "a folder, or what the names of the files begin with")->capture_default_str()->type_name("STEM");
    const auto ours = app.get_options();
    member_.add_to(app);
    sample_.add_to(app);
    for (auto* option : app.get_options()) {
      if (std::ranges::find(ours, option) == ours.end()) for_network_.push_back(option);
    }
  }

  int run() override {
    if (network_path_.empty() == random_.empty()) throw UsageError("NETWORK or --random is needed, and only one of them");
    refuse_what_has_no_use();
    choose_stem();
    const auto model = read_network();
    const auto claims_path = stem_ + "_claims.toml";
    const auto exercise = exercise_of(model);
    const auto network = network_seen_from(claims_path);
    std::vector<std::pair<std::string, std::string>> files{
        {stem_ + extension(), page(exercise.sheet)},
        {stem_ + "_answers" + extension(), page(exercise.answers)},
        {claims_path, fmt::format("# {}, level {}, to {} significant digit{}: write each between its quotes, then run\n#   longhand grade {}\n",
                                  counted_blanks(exercise), level_, digits_, digits_ == 1 ? "" : "s",
                                  std::filesystem::path(claims_path).filename().string()) +
                          write_claims(exercise.sheet, exercise.asked, network, digits_)}};
    if (is_new_) files.emplace_back(new_network_path(), network_toml(model));
    for (const auto& [path, text] : files) refuse_to_replace(path, {network_path_, sample_.data_path, sample_.data.labels, config_});
    if (is_filled_in(claims_path)) throw UsageError(claims_path + " is filled in: remove it, or give another -o");
    write_files_atomically(files);
    if (json_) {
      auto json = document("worksheet");
      json["level"] = level_;
      json["figures"] = exercise.left_out;
      json["digits"] = digits_;
      json["exercise"] = stem_ + extension();
      json["answers"] = stem_ + "_answers" + extension();
      json["claims"] = claims_path;
      json["network"] = network;
      write_output(to_text(json));
    } else {
      write_output(fmt::format("Wrote {0}{1} with {2},\n{0}_answers{1},{3}\nand {4} to fill in for longhand grade\n", stem_, extension(),
                               counted_blanks(exercise), is_new_ ? "\n" + new_network_path() + ", the network of both," : "", claims_path));
    }
    return kDone;
  }

 private:
  static std::string counted_blanks(const Exercise& exercise) {
    return fmt::format("{} blank{}", exercise.left_out, exercise.left_out == 1 ? "" : "s");
  }

  void refuse_what_has_no_use() const {
    const bool is_random = !random_.empty();
    for (const auto* option : is_random ? for_network_ : for_random_) {
      if (option->count() == 0) continue;
      throw UsageError(option->get_name() + (is_random ? ": --random draws its own sample" : " is for a network that --random draws"));
    }
  }

  void choose_stem() {
    if (output_ == "-") throw UsageError("-o: a worksheet is several files; give a folder or what their names begin with");
    std::error_code error;
    const bool is_folder = output_.ends_with('/') || std::filesystem::is_directory(output_, error);
    stem_ = is_folder ? (std::filesystem::path(output_) / "worksheet").string() : output_;
    const auto folder = std::filesystem::path(stem_).parent_path();
    if (!folder.empty() && !std::filesystem::is_directory(folder, error)) {
      throw IoError("cannot write " + stem_ + ": " + folder.string() + " is no folder");
    }
  }

  std::vector<std::int64_t> sizes() const {
    std::vector<std::int64_t> sizes;
    const auto* at = random_.data();
    const auto* end = at + random_.size();
    for (;;) {
      std::int64_t size = 0;
      const auto [stop, error] = std::from_chars(at, end, size);
      if (error != std::errc() || size < 0) break;
      sizes.push_back(size);
      if (stop == end) return sizes;
      if (*stop != '-') break;
      at = stop + 1;
    }
    throw UsageError("--random: '" + random_ + "' is not like 3-2-1");
  }

  // The network to work out, with its sample.
  Model read_network() {
    if (!random_.empty()) {
      is_new_ = true;
      return member_.of(friendly_network(sizes(), seed_, drawn_));
    }
    const auto ensemble = read_model(network_path_, seed_);
    auto model = member_.of(ensemble);
    which_member_ = member_.which_of(ensemble);
    const auto sample = sample_.read(model, network_path_);
    is_new_ = sample_.is_given() || !network_path_.ends_with(".toml") || !has_all_weights(model.network) || ensemble.network.members > 1;
    if (!model.inputs.empty()) {
      input_meaning_ = meaning_of_input(model, sample);
      target_meaning_ = meaning_of_target(model);
      return plain_description(model, sample, digits_);
    }
    model.network.sample = sample;
    return model;
  }

  std::string new_network_path() const { return stem_ + "_network.toml"; }

  // The path of the network as the claims are to give it.
  std::string network_seen_from(const std::string& claims_path) const {
    namespace fs = std::filesystem;
    if (is_new_) return fs::path(new_network_path()).filename().string();
    return fs::relative(fs::absolute(network_path_), fs::absolute(claims_path).parent_path()).string();
  }

  Exercise exercise_of(const Model& model) const {
    const auto& sample = *model.network.sample;
    const auto step = build_step(model, {.stable = false, .input_gradient = true, .loss_after = true});
    const auto values = step_values(model, step.graph, sample);
    const auto derivation = explain(step.graph, values, {.batch = sample.is_batch, .digits = digits_, .seed = seed_,
                                                         .input = input_meaning_, .target = target_meaning_});
    return make_exercise(derivation, level_, seed_);
  }

  std::string page(const Derivation& derivation) const {
    // To be worked out by hand, every figure has to stand there.
    const WriteOptions options{.digits = digits_, .title = std::filesystem::path(stem_).filename().string() + which_member_,
                               .most_entries = std::numeric_limits<std::int64_t>::max()};
    if (format_ == "markdown") return write_markdown(derivation, options);
    if (format_ == "latex") return write_latex(derivation, options);
    if (format_ == "html") return write_html(derivation, options);
    return write_text(derivation, options);
  }

  std::string extension() const {
    if (format_ == "markdown") return ".md";
    if (format_ == "latex") return ".tex";
    return format_ == "html" ? ".html" : ".txt";
  }

  SampleOptions sample_;
  MemberOption member_;
  FriendlyOptions drawn_;
  std::vector<CLI::Option*> for_random_, for_network_;  // flags of use only with --random, only without
  std::string input_meaning_, target_meaning_;  // of a trained model
  std::string which_member_;                    // of an ensemble
  std::string network_path_, random_, format_ = "text", output_ = "worksheet", stem_;
  int level_ = 1, digits_ = 4;
  bool is_new_ = false;
};

}  // namespace

std::unique_ptr<Command> make_worksheet() { return std::make_unique<WorksheetCommand>(); }

}  // namespace longhand::cli
