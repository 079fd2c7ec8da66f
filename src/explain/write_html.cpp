#include <fmt/format.h>

#include "explain/drawing.h"
#include "explain/html_page.h"
#include "explain/page.h"
#include "explain/symbols.h"

namespace longhand {
namespace {

// A drawing is as wide as it was drawn where the window is, and scrolls before its words become too small.
constexpr std::string_view kStyle = R"(
.lead { color: var(--soft); margin-bottom: 1.5rem; }
.step { margin: 0 0 1rem; padding: .9rem 1.1rem .8rem; border: 1px solid var(--line); border-radius: .6rem;
  scroll-margin-top: 1rem; }
.step:target, tr:target { --ground: var(--wash); background: var(--wash); border-color: var(--accent); }
.step h3 { display: flex; flex-wrap: wrap; gap: .1rem 1rem; justify-content: space-between; align-items: baseline; }
.shape { color: var(--soft); font-weight: 400; font-size: .8125rem; font-variant-numeric: tabular-nums; }
.step p { margin: .35rem 0; font-size: .9375rem; }
.checked, .uses { color: var(--soft); font-size: .8125rem !important; }
.checked::before { content: "\2713\00a0"; color: var(--good); font-weight: 700; }
.caution { color: var(--warm); }
.uses a { margin-right: .55rem; }
figcaption { color: var(--soft); font-size: .8125rem; }
figure { --shown: max(100%, min(var(--drawn), 100vw - 2.5rem)); width: var(--shown); margin: 0 0 0 calc((100% - var(--shown)) / 2); }
figure svg { max-width: max(100%, var(--drawn) * .75); } figcaption { max-width: 47.5rem; margin: .5rem auto 0; }
td math { white-space: nowrap; } td.sym { white-space: nowrap; padding-right: 1.5rem; }
.notation td:nth-child(2) { min-width: 11rem; } .notation td:nth-child(3) { white-space: nowrap; }
.notation td:nth-child(4) { min-width: 9rem; }
@media (max-width: 32rem) { .step { padding: .75rem .75rem .6rem; } td.sym { padding-right: .9rem; }
  .notation td:nth-child(2) { min-width: 8rem; } }
@media print { figure { --shown: 100%; } figure svg { max-width: 100%; } .step { border: 0; border-left: 2px solid var(--line); border-radius: 0; padding: .2rem 0 .2rem .8rem; break-inside: avoid; }
  .uses { display: none; } }
)";

std::string math(const std::string& terms) { return "<math>" + terms + "</math>"; }

class HtmlPage : public Page {
 public:
  using Page::Page;

  std::string finished() { return html_page(title_, body_, std::string(kStyle).append(equation_style()).append(svg_style())); }

 private:
  void title(const std::string& text) override {
    title_ = text;
    body_ += "<h1>" + html_escaped(text) + "</h1>\n";
  }

  void section(const std::string& heading) override { body_ += "<h2>" + html_escaped(heading) + "</h2>\n"; }

  void begin_step(const DerivationStep& step, const std::string& shapes) override {
    body_ += fmt::format("<section class=\"step\" id=\"{}\">\n<h3>{}", html_escaped(step.id), html_escaped(step.title));
    if (!shapes.empty()) body_ += " <span class=\"shape\">" + html_escaped(shapes) + "</span>";
    body_ += "</h3>\n";
  }

  void end_step() override { body_ += "</section>\n"; }

  void equation(const Equation& e) override {
    body_ += html_equation(e, numbers());
  }

  void paragraph(Tone tone, const std::string& text) override {
    const char* kind = tone == Tone::note ? "note" : tone == Tone::checked ? "checked" : tone == Tone::caution ? "caution" : "";
    body_ += fmt::format("<p{}>{}</p>\n", *kind == '\0' ? "" : fmt::format(" class=\"{}\"", kind), html_escaped(text));
  }

  void table(const PageTable& table) override {
    body_ += fmt::format("<div class=\"scroll\" tabindex=\"0\"><table{}>\n<tr>", table.is_notation ? " class=\"notation\"" : "");
    for (std::size_t i = 0; i < table.headings.size(); ++i) {
      const bool is_number = !table.rows.empty() && table.rows.front()[i].is_figure();
      body_ += fmt::format("<th{}>{}</th>", is_number ? " class=\"num\"" : "", html_escaped(table.headings[i]));
    }
    body_ += "</tr>\n";
    for (const auto& row : table.rows) {
      body_ += table.is_notation ? fmt::format("<tr id=\"{}\">", html_escaped(row.front().text)) : "<tr>";
      for (const auto& cell : row) body_ += cell_of(cell);
      body_ += "</tr>\n";
    }
    body_ += "</table></div>\n";
  }

  std::string cell_of(const Cell& cell) const {
    switch (cell.kind) {
      case Cell::Kind::words: return "<td>" + html_escaped(cell.text) + "</td>";
      case Cell::Kind::symbol: return "<td class=\"sym\">" + math(mathml_symbol(cell.text)) + "</td>";
      case Cell::Kind::value:
        return fmt::format("<td{}>{}</td>", cell.is_figure() ? " class=\"num\"" : "", math(mathml_value(cell.text, cell.value, numbers())));
    }
    return "";
  }

  void network() override {
    const auto drawing = draw(derivation_, numbers());
    body_ += fmt::format("<figure style=\"--drawn: {:.0f}px\"><div class=\"scroll\" tabindex=\"0\">", drawing.width) + svg_of(drawing, false) +
             "</div>\n<figcaption>" + html_escaped(drawing.caption) + "</figcaption></figure>\n";
  }

  void uses(const std::vector<std::string>& ids) override {
    std::string links;
    for (const auto& id : ids) {
      if (find(id) == nullptr) continue;
      links += fmt::format(" <a href=\"{}\">{}</a>", html_link_to(id), html_escaped(unicode_symbol(id)));
    }
    if (!links.empty()) body_ += "<p class=\"uses\">from" + links + "</p>\n";
  }

  std::string title_, body_;
};

}  // namespace

std::string write_html(const Derivation& derivation, const WriteOptions& options) {
  HtmlPage page(derivation, options);
  page.fill();
  return page.finished();
}

}  // namespace longhand
