#include <fmt/format.h>

#include "explain/markdown_prose.h"
#include "explain/network_text.h"
#include "explain/page.h"
#include "explain/symbols.h"

namespace longhand {
namespace {

class MarkdownPage : public Page {
 public:
  MarkdownPage(const Derivation& derivation, const WriteOptions& options, std::string drawing)
      : Page(derivation, options), drawing_(std::move(drawing)) {}

  std::string finished() { return std::move(out_); }

 private:
  void title(const std::string& text) override { out_ += "# " + markdown_prose(text) + "\n"; }
  void section(const std::string& heading) override { out_ += "\n## " + markdown_prose(heading) + "\n"; }

  void begin_step(const DerivationStep& step, const std::string& shapes) override {
    out_ += "\n### " + markdown_prose(step.title) + "\n\n`" + step.id + "`" + (shapes.empty() ? "" : ", shape " + markdown_prose(shapes)) + "\n";
  }

  void equation(const Equation& e) override {
    out_ += "\n$$\n" + latex_for_markdown(latex_equation(e, numbers())) + "\n$$\n";
  }

  void paragraph(Tone tone, const std::string& text) override {
    const char* mark = tone == Tone::checked ? "✓ " : tone == Tone::caution ? "⚠ " : "";
    out_ += "\n" + (mark + markdown_prose(text)) + "\n";
  }

  void table(const PageTable& table) override {
    std::string head = "\n|", rule = "|";
    for (std::size_t i = 0; i < table.headings.size(); ++i) {
      head += " " + markdown_prose(table.headings[i]) + " |";
      const bool is_number = !table.rows.empty() && table.rows.front()[i].is_figure();
      rule += is_number ? " ---: |" : " --- |";
    }
    out_ += head + "\n" + rule + "\n";
    for (const auto& row : table.rows) {
      out_ += "|";
      for (const auto& cell : row) out_ += " " + text_of(cell) + " |";
      out_ += "\n";
    }
  }

  std::string text_of(const Cell& cell) const {
    switch (cell.kind) {
      case Cell::Kind::words: return markdown_prose(cell.text);
      case Cell::Kind::symbol: return "$" + latex_for_markdown(latex_symbol(cell.text)) + "$";
      // A matrix has several lines, which a cell has not.
      case Cell::Kind::value: return cell.value.shape().rank() > 0 ? "`" + text_value(cell.value, numbers()) + "`"
                                                                   : text_value(cell.value, numbers());
    }
    return "";
  }

  void network() override {
    if (!drawing_.empty()) {
      out_ += "\n![The network with its values](<" + drawing_ + ">)\n";
      return;
    }
    out_ += "\n```text\n";
    for (const auto& line : draw_network(derivation_, numbers(), options_.ascii)) out_ += line + "\n";
    out_ += "```\n";
  }

  std::string out_, drawing_;
};

}  // namespace

std::string write_markdown(const Derivation& derivation, const WriteOptions& options, const std::string& drawing) {
  MarkdownPage page(derivation, options, drawing);
  page.fill();
  return page.finished();
}

}  // namespace longhand
