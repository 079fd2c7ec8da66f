// Exercises: a derivation with figures left out, and the claims to fill in.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "base/json.h"
#include "base/nested_list.h"
#include "base/philox.h"
#include "explain/numbers.h"
#include "longhand/explain.h"

namespace longhand {
namespace {

// How likely a step is asked for, or nothing for a pass that the level does not go to.
std::optional<double> chance_of_asking(const std::string& pass, int level) {
  constexpr double kAlways = 1, kNowAndThen = 0.5, kNever = 0;
  if (level >= 3) return kAlways;
  if (pass == "input") return kNever;
  if (pass == "forward") return level == 2 ? kAlways : kNowAndThen;
  if (pass == "loss") return level == 2 ? kAlways : kNever;
  if (pass == "backward" && level == 2) return kAlways;
  return std::nullopt;
}

bool is_gradient_of_parameter(const DerivationStep& step) {
  return step.id.starts_with("dL/dW") || step.id.starts_with("dL/db");
}

// What a learner is shown of a step: what to work out, by which rule, and the figures not left out.
DerivationStep without_working(const DerivationStep& step) {
  DerivationStep bare{.id = step.id, .pass = step.pass, .layer = step.layer, .title = step.title};
  bare.formula = step.formula;
  bare.latex = step.latex;
  bare.uses = step.uses;
  bare.expression = step.expression;
  bare.value = step.value.clone();
  return bare;
}

bool is_asked(const DerivationStep& step) { return step.value.count() > 0 && is_blank(step.value.at(0)); }

// Whole, so that what is written on a sheet of claims is the learner's alone.
void ask_for(DerivationStep& step) {
  for (std::int64_t i = 0; i < step.value.count(); ++i) step.value.set(i, blank());
}

// Asks for what would give a figure away: a step with the same number, as a ReLU or a bias's gradient
// hands it on.
void ask_for_copies(std::vector<DerivationStep>& sheet, const std::vector<DerivationStep>& answers) {
  std::set<double> asked;
  for (std::size_t before = 1; before != asked.size();) {
    before = asked.size();
    for (std::size_t s = 0; s < sheet.size(); ++s) {
      const auto figures = answers[s].value.to_doubles();
      const auto is_told = [&](double figure) { return asked.contains(figure); };
      if (sheet[s].pass != "input" && !is_asked(sheet[s]) && std::ranges::any_of(figures, is_told)) ask_for(sheet[s]);
      if (!is_asked(sheet[s])) continue;
      std::ranges::copy_if(figures, std::inserter(asked, asked.end()), [](double figure) { return figure != 0 && figure != 1; });
    }
  }
}

// Between quotes there is room to write in.
std::string figures(const Tensor& value, int digits) {
  return nested_list(value.shape(), [&](std::int64_t i) { return is_blank(value.at(i)) ? "\"\"" : display(value.at(i), digits); });
}

// JSON's text is TOML's too.
std::string quoted(const std::string& text) { return json_text(Json(text)); }

// The reader works out entry by entry what the page shows whole.
void require_small(const Derivation& derivation) {
  constexpr const char* kRemedy =
      "an exercise asks for every figure, and has at most 10 inputs, units and rows; take a smaller network, or the worked example of a part of this one";
  for (const auto& layer : derivation.layers) {
    if (is_long(layer.units)) {
      throw ArgumentError(fmt::format("{} has {} units: {}", layer.name, layer.units, kRemedy));
    }
  }
  for (const auto& given : derivation.givens) {
    if (is_long(given.value)) throw ArgumentError(fmt::format("{} has {} entries: {}", given.id, extents(given.value), kRemedy));
  }
}

}  // namespace

Exercise make_exercise(const Derivation& derivation, int level, std::uint64_t seed) {
  require_small(derivation);
  PhiloxStream stream(seed, hash_name("exercise"));
  Exercise exercise{.sheet = derivation, .answers = derivation, .asked = {}, .left_out = 0};
  exercise.sheet.steps.clear();
  exercise.answers.steps.clear();
  exercise.sheet.is_exercise = true;
  exercise.sheet.outcome = {};
  bool met_last_layer = false;
  for (const auto& step : derivation.steps) {
    const auto chance = chance_of_asking(step.pass, level);
    if (!chance) continue;
    // Level 2 ends with the last layer's gradients: what follows hands them on.
    if (level == 2 && met_last_layer && !is_gradient_of_parameter(step)) break;
    met_last_layer = met_last_layer || is_gradient_of_parameter(step);
    exercise.answers.steps.push_back(step);
    auto& bare = exercise.sheet.steps.emplace_back(without_working(step));
    if (step.id != "raw" && stream.uniform() < *chance) ask_for(bare);
  }
  auto& steps = exercise.sheet.steps;
  if (std::ranges::none_of(steps, is_asked)) {
    const auto output = std::ranges::find(steps, "y_hat", &DerivationStep::id);
    if (output != steps.end()) ask_for(*output);
  }
  ask_for_copies(steps, exercise.answers.steps);
  for (const auto& step : steps) {
    if (!is_asked(step)) continue;
    exercise.asked.push_back(step.id);
    exercise.left_out += step.value.count();
  }
  return exercise;
}

std::string write_claims(const Derivation& derivation, const std::vector<std::string>& asked,
                         const std::string& network, int digits) {
  auto text = fmt::format("network = {}\ndigits = {}\n", quoted(network), digits);
  for (const auto& step : derivation.steps) {
    if (std::ranges::find(asked, step.id) == asked.end()) continue;
    text += fmt::format("\n[[claim]]\nquantity = {}\nvalue = {}\nwhere = {}\n", quoted(step.id),
                        figures(step.value, digits), quoted(step.title));
  }
  return text;
}

}  // namespace longhand
