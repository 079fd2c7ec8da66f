#include <fmt/format.h>

#include "explain/grading_words.h"
#include "explain/markdown_prose.h"
#include "explain/numbers.h"
#include "explain/symbols.h"

namespace longhand {
namespace {

std::string code(const std::string& text) { return "`" + text + "`"; }

// In a list item; what stands between such fences Markdown leaves alone.
std::string math_block(const std::string& latex, const std::string& indent) {
  return indent + "```math\n" + indent + latex + "\n" + indent + "```\n";
}

std::string mark(Verdict verdict) {
  switch (verdict) {
    case Verdict::unanswered: return "";
    case Verdict::correct: return "✓ correct";
    case Verdict::rounding: return "≈ rounding";
    case Verdict::follows: return "↳ follows";
    case Verdict::wrong: return "✗ **wrong**";
  }
  return "";
}

}  // namespace

std::string write_markdown(const Grading& grading, const Worksheet& worksheet) {
  auto out = fmt::format("# {}\n\nChecked against {}: {}.\n", markdown_prose(title_of(worksheet)), markdown_prose(checked_against(worksheet)), counts_of(grading));
  for (std::size_t i = 0; i < grading.claims.size(); ++i) {
    const auto& judged = grading.claims[i];
    const int digits = digits_beside(grading, judged);
    const auto number = std::to_string(i + 1) + ". ";
    const std::string item = std::string(number.size(), ' ') + "- ";
    out += "\n" + number + "$" + latex_for_markdown(latex_symbol(judged.claim.quantity)) + "$ = " + code(written_figures(judged.claim)) + " — " + mark(judged.verdict);
    if (!judged.claim.where.empty()) out += " · " + markdown_prose(judged.claim.where);
    out += "\n";
    if (judged.verdict != Verdict::correct) out += item + "The true value is " + code(display(judged.true_value, digits)) + ".\n";
    if (has_working(judged)) {
      out += item + markdown_prose(sources_of(grading, judged)) + ":\n\n" + math_block(latex_equation(equation_of(grading, judged), numbers_of(grading, judged)),
                                                              std::string(item.size(), ' '));
    }
    for (const auto& remark : remarks_on(grading, i)) out += item + markdown_prose(remark) + "\n";
  }
  if (grading.count(Verdict::wrong) > 0) out += "\n## Where it went wrong\n\n";
  for (std::size_t i = 0; i < grading.claims.size(); ++i) {
    if (grading.claims[i].verdict == Verdict::wrong) out += "- " + markdown_prose(correction_of(grading, i)) + "\n";
  }
  if (const auto unanswered = unanswered_words(grading); !unanswered.empty()) out += "\n" + markdown_prose(unanswered) + "\n";
  return out;
}

}  // namespace longhand
