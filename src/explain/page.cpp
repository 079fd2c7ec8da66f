#include "explain/page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "explain/numbers.h"

namespace longhand {
namespace {

constexpr std::size_t kLargestShown = 5;

std::string heading_of(const std::string& pass) {
  if (pass == "input") return "The input";
  if (pass == "forward") return "Forward";
  if (pass == "loss") return "Loss";
  if (pass == "backward") return "Backward";
  if (pass == "update") return "Update";
  if (pass == "ensemble") return "The ensemble";
  if (pass == "predicting") return "Predicting";
  return "After the step";
}

bool has_product(const Expression& e) {
  return e.kind == Expression::Kind::product || std::ranges::any_of(e.children, has_product);
}

// "2 inputs, fc1 with 2 units and relu, fc2 with 1 unit and sigmoid".
std::string summary(const Derivation& derivation, const Tensor* x) {
  std::string text;
  if (x != nullptr && x->shape().rank() > 0) {
    const auto inputs = x->shape()[x->shape().rank() - 1];
    text = counted(inputs, "input");
  }
  for (const auto& layer : derivation.layers) {
    text += fmt::format("{}{} with {}", text.empty() ? "" : ", ", layer.name, counted(layer.units, "unit"));
    for (const auto& function : layer.functions) text += " and " + function;
  }
  return text;
}

}  // namespace

std::map<std::string, Tensor> values_by_id(const Derivation& derivation) {
  std::map<std::string, Tensor> values;
  for (const auto& given : derivation.givens) values[given.id] = given.value;
  for (const auto& step : derivation.steps) values[step.id] = step.value;
  return values;
}

Page::Page(const Derivation& derivation, const WriteOptions& options)
    : derivation_(derivation), options_(options), values_(values_by_id(derivation)) {
  // The outcome is written with it, and a step of its own it is where gradients are clipped.
  values_.try_emplace("g_norm", Tensor::scalar(std::sqrt(derivation.outcome.squared_gradient_norm), DType::f64));
}

const Tensor* Page::find(const std::string& id) const {
  const auto found = values_.find(id);
  return found == values_.end() ? nullptr : &found->second;
}

Numbers Page::numbers() const {
  return {.find = [this](const std::string& id) { return find(id); },
          .digits = options_.digits,
          .is_batch = derivation_.is_batch,
          .most_entries = options_.most_entries};
}

std::string Page::largest_as_text(const Tensor& tensor) const {
  std::string text;
  for (const auto& entry : largest_entries(tensor, kLargestShown)) {
    if (is_blank(entry.value)) return "";
    if (entry.value == 0) break;
    text += fmt::format("{}[{}]\u00A0{}", text.empty() ? "largest: " : ", ", fmt::join(entry.index, ","),
                        display(entry.value, options_.digits));
  }
  return text.empty() ? "all 0" : text;
}

void Page::fill() {
  const auto what = std::string(derivation_.is_prediction ? "prediction " : "training step ") + (derivation_.is_exercise ? "to work out" : "worked out");
  title(options_.title.empty() ? "A " + what : options_.title + ": a " + what);
  if (const auto text = summary(derivation_, find("x")); !text.empty()) {
    paragraph(Tone::plain, (derivation_.is_prediction ? "A network's prediction: " : "One training step of a network: ") + text + ".");
  }
  if (derivation_.is_exercise) {
    paragraph(Tone::plain, fmt::format("Fill in what is blank, to {} significant digit{}; fewer will do where they are exact.",
                                       options_.digits, options_.digits == 1 ? "" : "s"));
  }
  if (!derivation_.focus.empty()) paragraph(Tone::plain, "Worked out is what " + derivation_.focus + " takes part in.");
  fill_notation();
  if (!derivation_.layers.empty()) {
    section(derivation_.is_batch ? "The network, with the values of row 1" : "The network");
    network();
  }
  std::string pass;
  for (const auto& step : derivation_.steps) {
    if (step.pass != pass) section(heading_of(step.pass));
    pass = step.pass;
    fill_step(step);
  }
  if (derivation_.is_exercise) return;
  fill_parameters();
  if (find("L_new") != nullptr) fill_outcome();
}

void Page::fill_step(const DerivationStep& step) {
  std::string shapes;
  if (step.value.shape().rank() > 0) shapes = "[" + extents(step.value) + "]";
  if (step.expression != nullptr && has_product(*step.expression) && !is_long(step.value, options_.most_entries)) {
    shapes = render_extents(*step.expression, numbers()) + " → " + (shapes.empty() ? "1" : shapes);
  }
  begin_step(step, shapes);
  fill_equation(step.id, step, step.value, !step.is_stable_value);
  if (step.pass == "after" && step.expression == nullptr && !derivation_.is_exercise) paragraph(Tone::note, step.substituted + ".");
  if (!step.note.empty()) paragraph(Tone::note, step.note);
  if (step.short_form) {
    const auto& shorter = *step.short_form;
    paragraph(Tone::plain, "The short form:");
    fill_equation(step.id, shorter, shorter.value, true);
    const auto agrees = step.is_stable_value ? std::string("The long way has no value here.")
                        : shorter.difference == 0 ? std::string("Long and short form agree in every digit.")
                                                : fmt::format("Long and short form agree to {:.1e}.", shorter.difference);
    paragraph(Tone::checked, shorter.why.empty() ? agrees : agrees + " " + shorter.why);
  }
  if (step.shares) fill_shares(step.id, *step.shares);
  if (step.id == "raw" && !derivation_.columns.empty()) fill_cells(step.value);
  if (step.id == "x" && step.expression == nullptr && !derivation_.columns.empty()) fill_rules(step.value);
  for (const auto& contributions : step.contributions) fill_contributions(contributions);
  if (step.check) fill_check(*step.check, step.value.count());
  uses(step.uses);
  end_step();
}

// The line with the numbers in is left out where it repeats the rule or the result.
void Page::fill_equation(const std::string& id, const WrittenFormula& formula, const Tensor& value, bool has_finite_numbers) {
  Equation written{.id = id, .rule = formula.expression.get(), .value = value};
  const auto right = [](const std::string& text) { return text.substr(std::min(text.find(" = ") + 3, text.size())); };
  if (written.rule == nullptr) {
    written.words = right(formula.formula);
    written.latex = right(formula.latex);
  } else {
    const auto with_numbers = render_text(*written.rule, numbers());
    written.has_numbers = has_finite_numbers && !derivation_.is_exercise && with_numbers != text_value(value, numbers()) &&
                          with_numbers != render_text(*written.rule, options_.digits);
  }
  equation(written);
  const bool is_listed = (id == "raw" || (id == "x" && formula.expression == nullptr)) && !derivation_.columns.empty();
  const auto largest = is_long(value, options_.most_entries) && !is_listed ? largest_as_text(value) : std::string();
  if (!largest.empty()) paragraph(Tone::plain, largest);
}

void Page::fill_check(const GradientCheck& check, std::int64_t all) {
  if (check.entries == 0) {
    return paragraph(Tone::caution, check.kink ? "not checked: every entry is at a kink" : "not checked: rounding hides every entry");
  }
  if (!std::isfinite(check.relative_error)) return paragraph(Tone::caution, "not confirmed: it is not finite");
  const bool is_sample = check.entries + check.left_out < all;
  const auto entries = is_sample ? fmt::format("{} of {} entries", check.entries, all)
                       : check.entries == 1 ? "1 entry" : fmt::format("{} entries", check.entries);
  const bool is_right = check.relative_error <= kRightGradient;
  auto text = fmt::format("{}: {} by central differences, relative error {:.1e}", is_right ? "checked" : "not confirmed", entries, check.relative_error);
  if (check.kink) text += "; others are at a kink";
  else if (check.left_out > 0) text += "; rounding hides " + counted(check.left_out, "other");
  paragraph(is_right ? Tone::checked : Tone::caution, text);
}

}  // namespace longhand
