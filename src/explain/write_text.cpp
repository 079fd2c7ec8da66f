#include <fmt/format.h>

#include <algorithm>

#include "explain/ascii.h"
#include "explain/network_text.h"
#include "explain/numbers.h"
#include "explain/page.h"
#include "explain/symbols.h"
#include "explain/text_lines.h"

namespace longhand {
namespace {

class TextPage : public Page {
 public:
  using Page::Page;

  std::string finished() { return std::move(out_); }

 private:
  // What a terminal without Unicode can show.
  std::string shown(const std::string& text) const { return options_.ascii ? ascii(text) : text; }
  std::string ruled(const std::string& text, const char* rule) const {
    std::string line;
    for (int i = columns(text); i > 0; --i) line += rule;
    return text + "\n" + line + "\n";
  }
  void add(const std::string& first, const std::string& indent, const std::string& text) {
    out_ += wrapped(shown(first), indent, shown(text), options_.width);
  }

  void title(const std::string& text) override { out_ += ruled(shown(text), options_.ascii ? "=" : "═"); }
  void section(const std::string& heading) override { out_ += "\n" + ruled(shown(heading), options_.ascii ? "-" : "─"); }

  void begin_step(const DerivationStep& step, const std::string& shapes) override {
    add("\n  ", "    ", step.title + (shapes.empty() ? "" : "   " + shapes));
    margin_ = "    ";
  }
  void end_step() override { margin_ = ""; }

  void equation(const Equation& e) override {
    const std::string left = margin_.empty() ? "  " : margin_;
    add(left, left + "    ", unicode_symbol(e.id) + " = " + (e.rule == nullptr ? e.words : render_text(*e.rule, options_.digits)));
    if (e.has_numbers) add(left + "  = ", left + "    ", render_text(*e.rule, numbers()));
    add(left + "  = ", left + "    ", text_value(e.value, numbers()));
  }

  void paragraph(Tone, const std::string& text) override {
    const std::string margin = margin_.empty() ? "" : margin_ + "  ";
    add(margin, margin, text);
  }

  void table(const PageTable& table) override {
    std::vector<std::vector<std::string>> rows;
    std::vector<int> widths(table.headings.size(), 0);
    if (!table.is_notation) rows.push_back(table.headings);
    for (const auto& row : table.rows) {
      rows.emplace_back();
      for (const auto& cell : row) rows.back().push_back(text_of(cell));
    }
    for (auto& row : rows) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        row[i] = shown(row[i]);
        widths[i] = std::max(widths[i], columns(row[i]));
      }
    }
    const std::string margin = margin_.empty() ? "  " : margin_ + "    ";
    int indent = columns(margin);
    for (std::size_t i = 0; i + 1 < widths.size(); ++i) indent += widths[i] + kGap;
    // The last column alone may go on in further lines.
    const bool fits = indent + std::min(widths.back(), kLeastLast) <= options_.width;
    for (const auto& row : rows) {
      if (fits) out_ += line_of(row, widths, margin, indent);
      else if (table.is_notation) out_ += notation_of(row, margin);
      else if (&row != &rows.front()) out_ += list_of(row, table.headings, margin);
    }
  }

  std::string line_of(const std::vector<std::string>& row, const std::vector<int>& widths, const std::string& margin,
                      int indent) const {
    std::string line = margin;
    for (std::size_t i = 0; i + 1 < row.size(); ++i) line += padded(row[i], widths[i] + kGap);
    return wrapped(line, std::string(static_cast<std::size_t>(indent), ' '), row.back(), options_.width);
  }

  // Symbol, shape and meaning, and in a line of its own the value.
  std::string notation_of(const std::vector<std::string>& row, const std::string& margin) const {
    const auto shape = row[2].find_first_not_of("0123456789x×") == std::string::npos ? " [" + row[2] + "]" : "";
    return wrapped(margin, margin + "    ", row[0] + shape + ", " + row[1], options_.width) +
           wrapped(margin + "    ", margin + "      ", row[3], options_.width);
  }

  // A table too wide for the screen, one line a cell.
  std::string list_of(const std::vector<std::string>& row, const std::vector<std::string>& headings,
                      const std::string& margin) const {
    std::string lines;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (row[i].empty()) continue;
      const auto what = i == 0 ? row[i] : "  " + shown(headings[i]) + " " + row[i];
      lines += wrapped(margin, margin + "    ", what, options_.width);
    }
    return lines;
  }

  std::string text_of(const Cell& cell) const {
    switch (cell.kind) {
      case Cell::Kind::words: return cell.text;
      case Cell::Kind::symbol: return unicode_symbol(cell.text);
      case Cell::Kind::value: return text_value(cell.value, numbers());
    }
    return "";
  }

  void network() override {
    for (const auto& line : draw_network(derivation_, numbers(), options_.ascii)) {
      out_ += columns(line) <= options_.width ? line + "\n" : wrapped("", "      ", line, options_.width);
    }
  }

  static constexpr int kGap = 2, kLeastLast = 24;

  std::string out_, margin_;
};

}  // namespace

std::string write_text(const Derivation& derivation, const WriteOptions& options) {
  TextPage page(derivation, options);
  page.fill();
  return page.finished();
}

}  // namespace longhand
