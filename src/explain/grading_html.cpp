#include <fmt/format.h>

#include "explain/grading_words.h"
#include "explain/html_page.h"
#include "explain/numbers.h"
#include "explain/symbols.h"

namespace longhand {
namespace {

constexpr std::string_view kStyle = R"(
.lead { color: var(--soft); margin-bottom: 1.5rem; }
.claims { list-style: none; margin: 0; padding: 0; }
.claim { margin: 0 0 .75rem; padding: .75rem 1rem; border: 1px solid var(--line); border-left-width: .3rem;
  border-radius: .5rem; scroll-margin-top: 1rem; }
.claim:target { --ground: var(--wash); background: var(--wash); }
.claim.correct { border-left-color: var(--good); } .claim.rounding { border-left-color: var(--accent); }
.claim.follows { border-left-color: var(--warm); } .claim.wrong { border-left-color: var(--bad); }
.claim header { display: flex; flex-wrap: wrap; gap: .1rem 1rem; justify-content: space-between; align-items: baseline; }
.number { color: var(--soft); font-size: .8125rem; margin-right: .6rem; font-variant-numeric: tabular-nums; }
.verdict { font-weight: 600; font-size: .875rem; }
.correct .verdict { color: var(--good); } .rounding .verdict { color: var(--accent); }
.follows .verdict { color: var(--warm); } .wrong .verdict { color: var(--bad); }
.claim p { margin: .35rem 0 0; font-size: .9375rem; }
.claim p.where { color: var(--soft); font-size: .8125rem; margin: 0; }
@media print { .claim { break-inside: avoid; } }
)";

// Text in which the numbers behind "claim" lead to the claims.
std::string with_links(const std::string& text) {
  std::string html;
  std::size_t at = 0;
  constexpr std::string_view kWord = "laim";  // whatever its first letter's case
  for (auto found = text.find(kWord); found != std::string::npos; found = text.find(kWord, at)) {
    auto next = found + kWord.size();
    if (next < text.size() && text[next] == 's') ++next;
    html += html_escaped(text.substr(at, next - at));
    // "s 3, 5 and 8"
    while (next < text.size()) {
      const auto rest = std::string_view(text).substr(next);
      const auto gap = rest.starts_with(" and ") ? 5U : rest.starts_with(", ") ? 2U : rest.starts_with(" ") ? 1U : 0U;
      const auto digits = std::min(rest.find_first_not_of("0123456789", gap), rest.size()) - gap;
      if (gap == 0 || digits == 0) break;
      html += fmt::format("{}<a href=\"#claim-{}\">{}</a>", rest.substr(0, gap), rest.substr(gap, digits), rest.substr(gap, digits));
      next += gap + digits;
    }
    at = next;
  }
  return html + html_escaped(text.substr(at));
}

std::string paragraph(const std::string& text) { return "<p>" + with_links(text) + "</p>\n"; }

// The figures stand as they were written.
std::string math_of(const Claim& claim) {
  return "<math>" + mathml_symbol(claim.quantity) + "<mo>=</mo><mtext>" + html_escaped(written_figures(claim)) + "</mtext></math>";
}

std::string claim_item(const Grading& grading, std::size_t number) {
  const auto& judged = grading.claims[number];
  const int digits = digits_beside(grading, judged);
  auto item = fmt::format(
      "<li class=\"claim {0}\" id=\"claim-{1}\">\n<header><span><span class=\"number\">{1}</span>{2}</span>"
      "<span class=\"verdict\">{0}</span></header>\n",
      name(judged.verdict), number + 1, math_of(judged.claim));
  if (!judged.claim.where.empty()) item += "<p class=\"where\">" + html_escaped(judged.claim.where) + "</p>\n";
  if (judged.verdict != Verdict::correct) {
    item += "<p>The true value is " + html_escaped(display(judged.true_value, digits)) + ".</p>\n";
  }
  if (has_working(judged)) {
    item += "<p>" + with_links(sources_of(grading, judged)) + ":</p>\n" + html_equation(equation_of(grading, judged), numbers_of(grading, judged));
  }
  for (const auto& remark : remarks_on(grading, number)) item += paragraph(remark);
  return item + "</li>\n";
}

}  // namespace

std::string write_html(const Grading& grading, const Worksheet& worksheet) {
  auto body = fmt::format("<h1>{}</h1>\n<p class=\"lead\">Checked against {}: {}.</p>\n<ol class=\"claims\">\n",
                          html_escaped(title_of(worksheet)), html_escaped(checked_against(worksheet)), counts_of(grading));
  for (std::size_t i = 0; i < grading.claims.size(); ++i) body += claim_item(grading, i);
  body += "</ol>\n";
  if (grading.count(Verdict::wrong) > 0) body += "<h2>Where it went wrong</h2>\n";
  for (std::size_t i = 0; i < grading.claims.size(); ++i) {
    if (grading.claims[i].verdict == Verdict::wrong) body += paragraph(correction_of(grading, i));
  }
  if (const auto unanswered = unanswered_words(grading); !unanswered.empty()) body += "<p>" + html_escaped(unanswered) + "</p>\n";
  return html_page(title_of(worksheet), body, std::string(kStyle).append(equation_style()));
}

}  // namespace longhand
