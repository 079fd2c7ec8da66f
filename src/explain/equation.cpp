#include "explain/equation.h"

#include "explain/html_page.h"
#include "explain/symbols.h"

namespace longhand {

std::string latex_equation(const Equation& e, const Numbers& numbers) {
  auto lines = latex_symbol(e.id) + " &= " + (e.rule == nullptr ? e.latex : render_latex(*e.rule, numbers.digits));
  if (e.has_numbers) lines += " \\\\ &= " + render_latex(*e.rule, numbers);
  lines += " \\\\ &= " + latex_value(e.id, e.value, numbers);
  return "\\begin{aligned} " + lines + " \\end{aligned}";
}

std::string html_equation(const Equation& e, const Numbers& numbers) {
  const auto line = [](const std::string& left, const std::string& right) {
    return "<mtr><mtd>" + left + "</mtd><mtd><mo>=</mo></mtd><mtd>" + right + "</mtd></mtr>";
  };
  auto lines = line(mathml_symbol(e.id), e.rule == nullptr ? "<mtext>" + html_escaped(e.words) + "</mtext>" : render_mathml(*e.rule, numbers.digits));
  if (e.has_numbers) lines += line("", render_mathml(*e.rule, numbers));
  lines += line("", mathml_value(e.id, e.value, numbers));
  return "<div class=\"scroll formula\" tabindex=\"0\"><math><mtable class=\"eq\" displaystyle=\"true\">" + lines +
         "</mtable></math></div>\n";
}

std::string_view equation_style() {
  return R"(
.formula { padding: .5rem 0 .35rem; overflow-y: hidden; }
.eq > mtr > mtd { padding: .28em 0; text-align: left; }
.eq > mtr > mtd:first-child { text-align: right; }
.eq > mtr > mtd:nth-child(2) { padding: .28em .35em; }
.blank { padding: .8em .4em .1em; }
.cases > mtr > mtd { text-align: left; padding: .1em .4em; }
)";
}

}  // namespace longhand
