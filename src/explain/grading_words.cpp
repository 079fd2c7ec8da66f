#include "explain/grading_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/nested_list.h"
#include "explain/digits.h"
#include "explain/notation.h"
#include "explain/numbers.h"
#include "explain/render.h"

namespace longhand {
namespace {

// "3", "3 and 5", "3, 5 and 8".
std::string listed(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
  }
  return text;
}

std::string named_figures(const std::vector<std::size_t>& claims) {
  std::vector<std::string> numbers;
  for (const auto claim : claims) numbers.push_back(std::to_string(claim + 1));
  return (claims.size() == 1 ? "figure " : "figures ") + listed(numbers);
}

int significant_digits(const Claim& claim) {
  int most = 0;
  for (const auto& figure : claim.figures) {
    int digits = 0;
    for (const char c : figure.substr(0, figure.find_first_of("eE"))) digits += (c > '0' && c <= '9') || (c == '0' && digits > 0);
    most = std::max(most, digits);
  }
  return most;
}

// "entry 1, 2" counts from 1.
std::string place(const Shape& shape, std::size_t entry) {
  std::vector<std::string> indices;
  auto rest = static_cast<std::int64_t>(entry);
  for (auto axis = shape.rank(); axis-- > 0;) {
    indices.insert(indices.begin(), std::to_string(rest % shape[axis] + 1));
    rest /= shape[axis];
  }
  return fmt::format("entry {}", fmt::join(indices, ", "));
}

// Where only some of a list are wrong, which.
std::string wrong_entries(const Grading& grading, const JudgedClaim& judged) {
  constexpr std::size_t kMostNamed = 6;
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < judged.entries.size(); ++i) {
    if (judged.entries[i] != Verdict::wrong) continue;
    const double expected = judged.from_claims.at(static_cast<std::int64_t>(i));
    parts.push_back(fmt::format("{} ({}, where {} is due)", place(judged.claim.shape, i), judged.claim.figures[i],
                                display(expected, digits_beside(grading, judged))));
  }
  const auto answered = judged.entries.size() - static_cast<std::size_t>(judged.claim.missing());
  if (parts.size() == answered) return "";
  if (parts.size() > kMostNamed) return fmt::format("Of its {} entries, {} are wrong.", answered, parts.size());
  return fmt::format("Wrong in it {} {} alone.", parts.size() == 1 ? "is" : "are", listed(parts));
}

std::string slip_behind(const Grading& grading, const JudgedClaim& judged) {
  std::vector<std::string> slips;
  for (const auto slip : judged.slips) slips.push_back(fmt::format("figure {}, {}", slip + 1, written_claim(grading.claims[slip].claim)));
  if (slips.empty()) return "Worked out rightly from figures that are not: it takes more than one of the slips before it.";
  return fmt::format("Worked out rightly from a figure that is not: the slip is in {}.", listed(slips));
}

bool is_cut_off(const JudgedClaim& judged) {
  for (std::size_t i = 0; i < judged.claim.figures.size(); ++i) {
    const auto figure = parse_figure(judged.claim.figures[i]);
    constexpr double kHalf = 0.5 + 1e-6;
    if (figure && std::abs(judged.true_value.at(static_cast<std::int64_t>(i)) - figure->value) > kHalf * figure->unit) return true;
  }
  return false;
}

}  // namespace

std::string title_of(const Worksheet& worksheet) { return worksheet.name.substr(worksheet.name.rfind('/') + 1); }

// Long lists are cut short as those of values are.
std::string written_figures(const Claim& claim) {
  return nested_list(claim.shape, [&](std::int64_t i) {
    const auto& figure = claim.figures[static_cast<std::size_t>(i)];
    return figure.empty() ? display(blank(), 1) : figure;
  }, shown_indices);
}

std::string written_claim(const Claim& claim) { return unicode_symbol(claim.quantity) + " = " + written_figures(claim); }

int digits_beside(const Grading& grading, const JudgedClaim& judged) {
  constexpr int kLeast = 4, kMost = 12;
  int digits = significant_digits(judged.claim) + 1;
  for (const auto source : judged.sources) digits = std::max(digits, significant_digits(grading.claims[source].claim));
  return std::clamp(digits, kLeast, kMost);
}

bool has_working(const JudgedClaim& judged) { return judged.verdict != Verdict::correct && !judged.formula.empty(); }

std::string sources_of(const JudgedClaim& judged) {
  return judged.sources.empty() ? "By the rule" : "By " + named_figures(judged.sources);
}

std::string working_of(const Grading& grading, const JudgedClaim& judged) {
  const int digits = digits_beside(grading, judged);
  const auto result = display(judged.from_claims, digits);
  auto text = judged.formula;
  if (judged.expression) {
    const auto numbers = render_numbers(*judged.expression, judged.operands, digits);
    if (numbers != result) text += " = " + numbers;
  }
  return text + " = " + result;
}

Equation equation_of(const Grading& grading, const JudgedClaim& judged) {
  const auto numbers = numbers_of(grading, judged);
  Equation equation{.id = judged.claim.quantity, .rule = judged.expression.get(), .value = judged.from_claims};
  if (equation.rule == nullptr) {
    equation.words = judged.formula.substr(judged.formula.find(" = ") + 3);
    equation.latex = "\\text{" + equation.words + "}";
  } else {
    const auto text = render_text(*equation.rule, numbers);
    equation.has_numbers = text != text_value(equation.value, numbers) && text != render_text(*equation.rule, numbers.digits);
  }
  return equation;
}

Numbers numbers_of(const Grading& grading, const JudgedClaim& judged) {
  const auto find = [&judged](const std::string& id) {
    const auto found = judged.operands.find(id);
    return found == judged.operands.end() ? nullptr : &found->second;
  };
  return {.find = find, .digits = digits_beside(grading, judged), .is_batch = grading.is_batch};
}

std::vector<std::string> remarks_on(const Grading& grading, std::size_t claim) {
  const auto& judged = grading.claims[claim];
  std::vector<std::string> remarks;
  switch (judged.verdict) {
    case Verdict::unanswered: break;
    case Verdict::correct:
      if (is_cut_off(judged)) {
        remarks.push_back(fmt::format("Cut off rather than rounded: it is {}.", display(judged.true_value, digits_beside(grading, judged))));
      }
      break;
    case Verdict::rounding:
      remarks.push_back("No slip: the figures before it were rounded, and it has drifted with them.");
      break;
    case Verdict::follows: remarks.push_back(slip_behind(grading, judged)); break;
    case Verdict::wrong: {
      if (judged.formula.empty()) remarks.push_back("It is given with the network, not worked out.");
      if (auto entries = wrong_entries(grading, judged); !entries.empty()) remarks.push_back(std::move(entries));
      const auto later = grading.spoiled_by(claim);
      remarks.push_back("The slip is here. " + (later.empty() ? "No later figure goes back to it." : "It spoiled " + named_figures(later) + "."));
      break;
    }
  }
  return remarks;
}

std::string correction_of(const Grading& grading, std::size_t claim) {
  const auto& judged = grading.claims[claim];
  return fmt::format("Figure {}, {}, should have been {}.", claim + 1, written_claim(judged.claim),
                     display(judged.from_claims, digits_beside(grading, judged)));
}

std::string counts_of(const Grading& grading) {
  auto text = fmt::format("{} correct, {} drifted by rounding, {} from a slip, {} wrong", grading.count(Verdict::correct),
                          grading.count(Verdict::rounding), grading.count(Verdict::follows), grading.count(Verdict::wrong));
  if (!grading.unanswered.empty()) text += fmt::format(", {} not answered in full", grading.unanswered.size());
  return text;
}

std::string unanswered_words(const Grading& grading) {
  std::vector<std::string> parts;
  for (const auto& claim : grading.unanswered) {
    const auto missing = claim.missing(), all = claim.shape.count();
    parts.push_back(unicode_symbol(claim.quantity) + (missing == all ? "" : fmt::format(" ({} of its {} figures)", missing, all)));
  }
  return parts.empty() ? "" : "Not answered yet: " + listed(parts) + ".";
}

}  // namespace longhand
