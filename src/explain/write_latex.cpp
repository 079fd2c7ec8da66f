#include <fmt/format.h>

#include <algorithm>

#include "explain/drawing.h"
#include "explain/latex_prose.h"
#include "explain/page.h"
#include "explain/symbols.h"

namespace longhand {
namespace {

// \fit keeps what is wider than the given width within it. All packages come with LaTeX itself but amsmath.
constexpr std::string_view kPreamble = R"(\documentclass[11pt,fleqn]{article}
\usepackage[margin=25mm]{geometry}
\usepackage{amsmath,graphicx,color,longtable}
\definecolor{positive}{rgb}{.11,.37,.72}
\definecolor{negative}{rgb}{.66,.31,.10}
\definecolor{gradient}{rgb}{.70,.15,.12}
\definecolor{soft}{gray}{.35}
\newsavebox{\fitbox}
\newcommand{\fit}[2]{\sbox{\fitbox}{#2}\ifdim\wd\fitbox>#1\relax\resizebox{#1}{!}{\usebox{\fitbox}}\else\usebox{\fitbox}\fi}
\newcommand{\step}[3]{\par\bigskip\noindent\textbf{#1}\hfill{\small\color{soft}#2\quad\texttt{#3}}\par\nopagebreak}
\newcommand{\worked}[1]{\[\fit{.96\linewidth}{$\displaystyle #1$}\]}
\newcommand{\onwhite}[1]{{\setlength{\fboxsep}{1.5pt}\colorbox{white}{#1}}}
\setlength{\mathindent}{1em}\setlength{\parindent}{0pt}\setlength{\parskip}{4pt plus 1pt}
\AtBeginDocument{\abovedisplayskip=3pt \belowdisplayskip=5pt \abovedisplayshortskip=3pt \belowdisplayshortskip=5pt}
)";

// A pen needs more height than print.
constexpr const char* kRoomToWrite =
    "\\renewcommand{\\worked}[1]{\\[\\fit{.96\\linewidth}{$\\displaystyle\\renewcommand{\\arraystretch}{2}\\jot=4mm #1$}\\]}\n";

const char* color_of(Drawing::Tone tone) {
  switch (tone) {
    case Drawing::Tone::plain: return "black";
    case Drawing::Tone::soft: return "soft";
    case Drawing::Tone::gradient: return "gradient";
    case Drawing::Tone::positive: return "positive";
    case Drawing::Tone::negative: return "negative";
  }
  return "black";
}

// LaTeX's own picture, whose y grows upwards. An end of line without % would be a space in it.
std::string picture_of(const Drawing& drawing) {
  auto text = fmt::format("\\setlength{{\\unitlength}}{{.68pt}}\\begin{{picture}}({:.0f},{:.0f})%\n", drawing.width, drawing.height);
  const auto up = [&](double y) { return drawing.height - y; };
  for (const auto& line : drawing.lines) {
    text += fmt::format("\\linethickness{{{:.2f}pt}}{{\\color{{{}}}\\qbezier({:.1f},{:.1f})({:.1f},{:.1f})({:.1f},{:.1f})}}%\n",
                        0.4 + line.size, color_of(line.tone), line.x1, up(line.y1), (line.x1 + line.x2) / 2,
                        up((line.y1 + line.y2) / 2), line.x2, up(line.y2));
  }
  text += "\\linethickness{.5pt}%\n";
  for (const auto& box : drawing.boxes) {
    text += fmt::format("\\put({:.1f},{:.1f}){{\\framebox({:.1f},{:.1f}){{}}}}%\n", box.x, up(box.y + box.height), box.width, box.height);
  }
  for (const auto& label : drawing.labels) {
    if (label.text.empty()) continue;
    auto words = latex_prose(label.text);
    if (label.is_bold) words = "\\boldmath\\textbf{" + words + "}";
    words = fmt::format("{}\\color{{{}}}{}", label.is_small ? "\\scriptsize" : "\\footnotesize", color_of(label.tone), words);
    if (label.is_on_line) words = "\\onwhite{" + words + "}";
    text += fmt::format("\\put({:.1f},{:.1f}){{\\makebox(0,0){{{}}}}}%\n", label.x, up(label.y) + 4, words);
  }
  return text + "\\end{picture}";
}

class LatexPage : public Page {
 public:
  using Page::Page;

  std::string finished() { return std::string(kPreamble) + (derivation_.is_exercise ? kRoomToWrite : "") + "\\begin{document}\n" + body_ + "\\end{document}\n"; }

 private:
  void title(const std::string& text) override { body_ += "\\section*{" + latex_prose(text) + "}\n"; }
  void section(const std::string& heading) override { body_ += "\n\\subsection*{" + latex_prose(heading) + "}\n"; }

  void begin_step(const DerivationStep& step, const std::string& shapes) override {
    body_ += fmt::format("\n\\step{{{}}}{{{}}}{{{}}}\n", latex_prose(step.title), latex_prose(shapes), latex_prose(step.id));
  }

  void equation(const Equation& e) override {
    body_ += "\\worked{" + latex_equation(e, numbers()) + "}\n";
  }

  void paragraph(Tone tone, const std::string& text) override {
    const bool is_aside = tone == Tone::checked || tone == Tone::caution;
    body_ += "\n" + (is_aside ? "{\\small\\color{soft}" + latex_prose(text) + "\\par}" : latex_prose(text)) + "\n";
  }

  void table(const PageTable& table) override {
    std::string columns, head;
    for (std::size_t i = 0; i < table.headings.size(); ++i) {
      const bool is_number = !table.rows.empty() && table.rows.front()[i].is_figure();
      // The meaning and the value may take several lines.
      columns += is_number ? "r" : table.is_notation && i == 1 ? "p{.24\\linewidth}" : table.is_notation && i == 3 ? "p{.44\\linewidth}" : is_wide(table, i) ? "p{.31\\linewidth}" : "l";
      head += (i > 0 ? " & " : "") + ("\\textit{" + latex_prose(table.headings[i]) + "}");
    }
    body_ += "\\begin{longtable}[l]{" + columns + "}\n" + head + " \\\\ \\hline\\noalign{\\smallskip}\n\\endhead\n";
    for (const auto& row : table.rows) {
      for (std::size_t i = 0; i < row.size(); ++i) body_ += (i > 0 ? " & " : "") + text_of(row[i], (table.is_notation && i % 2 == 1) || is_wide(table, i));
      // Without a gap the brackets of a matrix would touch those of the next row's.
      const bool has_matrix = std::ranges::any_of(row, [](const Cell& cell) { return cell.value.shape().rank() > 0; });
      body_ += has_matrix ? " \\\\\\noalign{\\smallskip}\n" : " \\\\\n";
    }
    body_ += "\\end{longtable}\n";
  }

  // Whether some cell would need more than its share of the line.
  static bool is_wide(const PageTable& table, std::size_t column) {
    constexpr std::size_t kWidest = 40;
    return !table.is_notation && std::ranges::any_of(table.rows, [&](const std::vector<Cell>& row) {
      return row[column].kind == Cell::Kind::words && row[column].text.size() > kWidest;
    });
  }

  std::string text_of(const Cell& cell, bool is_paragraph) const {
    switch (cell.kind) {
      case Cell::Kind::words: return is_paragraph ? "{\\raggedright " + latex_prose(cell.text) + "\\par}" : latex_prose(cell.text);
      case Cell::Kind::symbol: return "$" + latex_symbol(cell.text) + "$";
      case Cell::Kind::value: {
        const auto value = "$" + latex_value(cell.text, cell.value, numbers()) + "$";
        return cell.value.shape().rank() == 0 ? value : "\\fit{.44\\textwidth}{" + value + "}";
      }
    }
    return "";
  }

  void network() override {
    const auto drawing = draw(derivation_, numbers());
    body_ += "\\fit{\\linewidth}{" + picture_of(drawing) + "}\\par\\nopagebreak\n{\\small\\color{soft}" + latex_prose(drawing.caption) + "\\par}\n";
  }

  std::string body_;
};

}  // namespace

std::string write_latex(const Derivation& derivation, const WriteOptions& options) {
  LatexPage page(derivation, options);
  page.fill();
  return page.finished();
}

}  // namespace longhand
