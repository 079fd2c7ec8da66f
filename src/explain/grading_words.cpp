#include "explain/grading_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/nested_list.h"
#include "explain/digits.h"
#include "explain/notation.h"
#include "explain/numbers.h"
#include "explain/precision.h"
#include "explain/render.h"

namespace longhand {
namespace {

constexpr std::size_t kMostNamed = 6;

// "3", "3 and 5", "3, 5 and 8".
std::string listed(const std::vector<std::string>& parts, const std::string& last = " and ") {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == parts.size() ? last : ", ") + parts[i];
  }
  return text;
}

std::string named_claims(const std::vector<std::size_t>& claims) {
  std::vector<std::string> numbers;
  for (const auto claim : claims) numbers.push_back(std::to_string(claim + 1));
  return (claims.size() == 1 ? "claim " : "claims ") + listed(numbers);
}

int most_digits(const Claim& claim) {
  int most = 0;
  for (const auto& figure : claim.figures) most = std::max(most, significant_digits(figure));
  return most;
}

// "2" or "[1,2]", from 1.
std::string place(const Shape& shape, std::size_t entry) {
  std::vector<std::string> indices;
  auto rest = static_cast<std::int64_t>(entry);
  for (auto axis = shape.rank(); axis-- > 0;) {
    indices.insert(indices.begin(), std::to_string(rest % shape[axis] + 1));
    rest /= shape[axis];
  }
  const auto text = fmt::format("{}", fmt::join(indices, ","));
  return indices.size() == 1 ? text : "[" + text + "]";
}

// "Entries 1 and 3"; nothing where the claim is one figure.
std::string named_entries(const Claim& claim, const std::vector<std::size_t>& entries) {
  if (claim.figures.size() == 1) return "";
  if (entries.size() > kMostNamed) return fmt::format("{} of its {} entries", entries.size(), claim.figures.size());
  std::vector<std::string> places;
  for (const auto entry : entries) places.push_back(place(claim.shape, entry));
  return (entries.size() == 1 ? "Entry " : "Entries ") + listed(places);
}

std::string counted_digits(int digits) { return fmt::format("{} significant digit{}", digits, digits == 1 ? "" : "s"); }

// Whether each answered entry is a number; what is left open does not count.
bool is_finite(const Tensor& values) {
  for (std::int64_t i = 0; i < values.count(); ++i) {
    if (!std::isfinite(values.at(i)) && !is_blank(values.at(i))) return false;
  }
  return true;
}

// Whether the claims behind it, as they are written, give the rule a value.
bool has_value(const JudgedClaim& judged) {
  return is_finite(judged.from_claims) && std::ranges::all_of(judged.operands, [](const auto& operand) { return is_finite(operand.second); });
}

// Where only some of a list are wrong, which.
std::string wrong_entries(const Grading& grading, const JudgedClaim& judged) {
  const int digits = digits_beside(grading, judged);
  std::vector<std::string> wrong;
  for (std::size_t i = 0; i < judged.entries.size(); ++i) {
    if (judged.entries[i] != Verdict::wrong) continue;
    const auto at = static_cast<std::int64_t>(i);
    const auto truth = display(judged.true_value.at(at), digits);
    const auto due = has_value(judged) ? display(judged.from_claims.at(at), digits) : truth;
    wrong.push_back(fmt::format("entry {} ({}, where {})", place(judged.claim.shape, i), judged.claim.figures[i],
                                due == truth ? due + " is due" : "the claims before it give " + due));
  }
  const auto answered = judged.entries.size() - static_cast<std::size_t>(judged.claim.missing());
  if (wrong.size() == answered) return "";
  const auto right = fmt::format("{} of {} entries right", answered - wrong.size(), answered);
  return wrong.size() > kMostNamed ? right + "." : right + "; wrong: " + listed(wrong) + ".";
}

std::string slip_behind(const Grading& grading, const JudgedClaim& judged) {
  std::vector<std::string> slips;
  for (const auto slip : judged.slips) slips.push_back(fmt::format("claim {}, {}", slip + 1, written_claim(grading.claims[slip].claim)));
  const bool is_certain = has_value(judged);
  if (slips.empty()) return is_certain ? "Worked out rightly from earlier claims that are wrong; none of them explains it alone." : "It may come from earlier claims that are wrong.";
  return (is_certain ? "Worked out rightly from an earlier claim that is wrong: " : "It may come from an earlier claim that is wrong: ") + listed(slips, " or ") + ".";
}

// Whether what the claims before it give is among the numbers that it stands for.
bool is_met(const JudgedClaim& judged) {
  for (std::size_t i = 0; i < judged.entries.size(); ++i) {
    const auto figure = parse_figure(judged.claim.figures[i]);
    if (judged.entries[i] == Verdict::rounding && !stands_for(*figure).contains(judged.worked_out.at(static_cast<std::int64_t>(i)))) return false;
  }
  return true;
}

std::string drift_of(const JudgedClaim& judged) {
  if (has_value(judged) && is_met(judged)) return "No slip: the claims before it were rounded, and it has drifted with them.";
  return "No slip that can be told: the claims before it have so few digits that this may come of them too.";
}

bool is_cut_off(const JudgedClaim& judged) {
  for (std::size_t i = 0; i < judged.claim.figures.size(); ++i) {
    const auto figure = parse_figure(judged.claim.figures[i]);
    constexpr double kHalf = 0.5 + 1e-6;
    if (figure && std::abs(judged.true_value.at(static_cast<std::int64_t>(i)) - figure->value) > kHalf * figure->unit) return true;
  }
  return false;
}

std::string coarse_words(const JudgedClaim& judged) {
  std::vector<std::size_t> entries;
  std::set<std::string> others;
  int digits = 0;
  const bool is_one = judged.coarse.size() == 1;
  const std::string before = is_one ? "its value before the step" : "their values before the step";
  for (const auto& coarse : judged.coarse) {
    entries.push_back(coarse.entry);
    others.insert(coarse.before.empty() ? display(coarse.number, 1) : before);
    digits = std::max(digits, coarse.digits);
  }
  const auto which = named_entries(judged.claim, entries);
  const auto what = listed({others.begin(), others.end()}, " or ");
  return fmt::format("{} too coarse to be told from {}: write {} to {} or more.",
                     which.empty() ? "The figure is" : which + (is_one ? " is" : " are"), what, is_one ? "it" : "them", counted_digits(digits));
}

std::string short_words(const Grading& grading, const JudgedClaim& judged) {
  const auto which = named_entries(judged.claim, judged.short_entries);
  return fmt::format("{} fewer digits than asked for: write {} to {}.",
                     which.empty() ? "It has" : which + (judged.short_entries.size() == 1 ? " has" : " have"),
                     judged.short_entries.size() == 1 ? "it" : "them", counted_digits(grading.digits));
}

}  // namespace

std::string title_of(const Worksheet& worksheet) { return worksheet.name.substr(worksheet.name.rfind('/') + 1); }

std::string checked_against(const Worksheet& worksheet) {
  return worksheet.network + (worksheet.digits == 0 ? "" : ", to " + counted_digits(worksheet.digits));
}

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
  int digits = most_digits(judged.claim) + 1;
  for (const auto source : judged.sources) digits = std::max(digits, most_digits(grading.claims[source].claim));
  return std::clamp(digits, kLeast, kMost);
}

bool has_working(const JudgedClaim& judged) {
  return judged.verdict != Verdict::correct && !judged.formula.empty() && has_value(judged);
}

std::string sources_of(const Grading& grading, const JudgedClaim& judged) {
  auto text = judged.sources.empty() ? "By the rule" : "By " + named_claims(judged.sources);
  std::vector<std::string> rounded;
  for (const auto& id : judged.rounded) {
    rounded.push_back(unicode_symbol(id) + " rounded to " + display(judged.operands.at(id), digits_beside(grading, judged)));
  }
  return rounded.empty() ? text : text + ", with " + listed(rounded);
}

std::string working_of(const Grading& grading, const JudgedClaim& judged) {
  const int digits = digits_beside(grading, judged);
  const auto result = display(judged.worked_out, digits);
  auto text = judged.formula;
  if (judged.expression) {
    const auto numbers = render_numbers(*judged.expression, judged.operands, digits);
    if (numbers != result) text += " = " + numbers;
  }
  return text + " = " + result;
}

Equation equation_of(const Grading& grading, const JudgedClaim& judged) {
  const auto numbers = numbers_of(grading, judged);
  Equation equation{.id = judged.claim.quantity, .rule = judged.expression.get(), .value = judged.worked_out};
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
  if (judged.verdict != Verdict::correct && !judged.formula.empty() && !has_value(judged)) {
    remarks.push_back(sources_of(grading, judged) + " the rule has no value: it comes to a division by 0 or to the logarithm of what is not positive.");
  }
  switch (judged.verdict) {
    case Verdict::unanswered: break;
    case Verdict::correct:
      if (is_cut_off(judged)) {
        remarks.push_back(fmt::format("Cut off rather than rounded: it is {}.", display(judged.true_value, digits_beside(grading, judged))));
      }
      break;
    case Verdict::rounding: remarks.push_back(drift_of(judged)); break;
    case Verdict::follows: remarks.push_back(slip_behind(grading, judged)); break;
    case Verdict::wrong: {
      if (judged.formula.empty()) remarks.push_back("It is given with the network, not worked out.");
      if (auto entries = wrong_entries(grading, judged); !entries.empty()) remarks.push_back(std::move(entries));
      const auto later = grading.spoiled_by(claim);
      remarks.push_back("The slip is here. " + (later.empty() ? "No later claim goes back to it." : "It spoiled " + named_claims(later) + "."));
      break;
    }
  }
  if (auto digits = remark_on_digits(grading, judged); !digits.empty()) remarks.push_back(std::move(digits));
  return remarks;
}

std::string remark_on_digits(const Grading& grading, const JudgedClaim& judged) {
  if (!judged.short_entries.empty()) return short_words(grading, judged);
  return judged.coarse.empty() ? "" : coarse_words(judged);
}

std::string correction_of(const Grading& grading, std::size_t claim) {
  const auto& judged = grading.claims[claim];
  const int digits = digits_beside(grading, judged);
  const auto truth = display(judged.true_value, digits), due = display(judged.from_claims, digits);
  const auto text = fmt::format("Claim {}, {}, is wrong: the true value is {}", claim + 1, written_claim(judged.claim), truth);
  if (due == truth || !has_value(judged)) return text + ".";
  return fmt::format("{}, and worked out from the claims before it, wrong or rounded as they are, it would have been {}.", text, due);
}

std::string counts_of(const Grading& grading) {
  auto text = fmt::format("{} correct, {} drifted by rounding, {} from a slip, {} wrong", grading.count(Verdict::correct),
                          grading.count(Verdict::rounding), grading.count(Verdict::follows), grading.count(Verdict::wrong));
  if (!grading.unanswered.empty()) text += fmt::format(", {} not answered in full", grading.unanswered.size());
  if (const auto coarse = grading.coarse(); coarse > 0) text += fmt::format("; {} too coarse to tell", coarse);
  if (const auto too_short = grading.too_short(); too_short > 0) text += fmt::format("; {} with fewer digits than asked for", too_short);
  return text;
}

std::string unanswered_words(const Grading& grading) {
  std::vector<std::string> parts;
  for (const auto& claim : grading.unanswered) {
    const auto missing = claim.missing(), all = claim.shape.count();
    parts.push_back(unicode_symbol(claim.quantity) + (missing == all ? "" : fmt::format(" ({} of its {} entries)", missing, all)));
  }
  return parts.empty() ? "" : "Not answered yet: " + listed(parts) + ".";
}

}  // namespace longhand
