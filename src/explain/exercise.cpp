// Exercises: a derivation with figures left out, and the claims to fill in.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/nested_list.h"
#include "base/philox.h"
#include "explain/numbers.h"
#include "longhand/explain.h"

namespace longhand {
namespace {

// How likely a figure is left out, or nothing for a pass that the level does not go to.
std::optional<double> share_left_out(const std::string& pass, int level) {
  constexpr double kAll = 1, kHereAndThere = 0.5, kNone = 0;
  if (level >= 3) return kAll;
  if (pass == "input") return kNone;
  if (pass == "forward") return level == 2 ? kAll : kHereAndThere;
  if (pass == "loss") return level == 2 ? kAll : kNone;
  if (pass == "backward" && level == 2) return kHereAndThere;
  return std::nullopt;
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

std::int64_t leave_out(Tensor& value, double share, PhiloxStream& stream) {
  std::int64_t left_out = 0;
  for (std::int64_t i = 0; i < value.count(); ++i) {
    if (stream.uniform() >= share) continue;
    value.set(i, blank());
    ++left_out;
  }
  return left_out;
}

// Leaves out what would give a figure away: the same number elsewhere on the page, as a ReLU or a
// bias's gradient hands it on.
std::int64_t leave_out_copies(std::vector<DerivationStep>& sheet, const std::vector<DerivationStep>& answers) {
  std::set<double> asked;
  for (std::size_t s = 0; s < sheet.size(); ++s) {
    for (std::int64_t i = 0; i < sheet[s].value.count(); ++i) {
      const double answer = answers[s].value.at(i);
      if (is_blank(sheet[s].value.at(i)) && answer != 0 && answer != 1) asked.insert(answer);
    }
  }
  std::int64_t left_out = 0;
  for (std::size_t s = 0; s < sheet.size(); ++s) {
    if (sheet[s].pass == "input") continue;
    for (std::int64_t i = 0; i < sheet[s].value.count(); ++i) {
      if (is_blank(sheet[s].value.at(i)) || !asked.contains(answers[s].value.at(i))) continue;
      sheet[s].value.set(i, blank());
      ++left_out;
    }
  }
  return left_out;
}

// Between quotes there is room to write in.
std::string figures(const Tensor& value, int digits) {
  return nested_list(value.shape(), [&](std::int64_t i) { return is_blank(value.at(i)) ? "\"\"" : display(value.at(i), digits); });
}

// JSON's text is TOML's too.
std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }

// The reader works out entry by entry what the page shows whole.
void require_small(const Derivation& derivation) {
  constexpr const char* kRemedy =
      "an exercise asks for every figure, and has at most 10 inputs, units and rows; take a smaller network, or read this one with explain --focus";
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
  for (const auto& step : derivation.steps) {
    const auto share = share_left_out(step.pass, level);
    if (!share) continue;
    exercise.answers.steps.push_back(step);
    auto& bare = exercise.sheet.steps.emplace_back(without_working(step));
    if (step.id == "raw") continue;
    exercise.left_out += leave_out(bare.value, *share, stream);
  }
  // By chance everything stayed: then the network's output is what is asked for.
  for (auto& step : exercise.sheet.steps) {
    if (exercise.left_out == 0 && step.id == "y_hat") exercise.left_out = leave_out(step.value, 1, stream);
  }
  exercise.left_out += leave_out_copies(exercise.sheet.steps, exercise.answers.steps);
  for (const auto& step : exercise.sheet.steps) {
    const auto entries = step.value.to_doubles();
    if (std::ranges::any_of(entries, is_blank)) exercise.asked.push_back(step.id);
  }
  return exercise;
}

std::string write_claims(const Derivation& derivation, const std::vector<std::string>& asked,
                         const std::string& network, int digits) {
  auto text = fmt::format("network = {}\n", quoted(network));
  for (const auto& step : derivation.steps) {
    if (std::ranges::find(asked, step.id) == asked.end()) continue;
    text += fmt::format("\n[[claim]]\nquantity = {}\nvalue = {}\nwhere = {}\n", quoted(step.id),
                        figures(step.value, digits), quoted(step.title));
  }
  return text;
}

}  // namespace longhand
