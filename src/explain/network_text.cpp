#include "explain/network_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.h"
#include "explain/ascii.h"
#include "explain/numbers.h"
#include "explain/text_lines.h"

namespace longhand {
namespace {

constexpr int kWidth = 78;

class Drawer {
 public:
  Drawer(int digits, bool ascii) : digits_(digits), ascii_(ascii) {}

  std::vector<std::string> units(const NetworkView& view) {
    for (std::size_t c = 1; c < view.columns.size(); ++c) {
      const auto& column = view.columns[c];
      if (c > 1) lines_.emplace_back();
      add("  " + column.name + (column.function.empty() ? "" : ", " + column.function));
      for (const auto& unit : column.units) add_unit(unit, view.columns[c - 1], column.function);
    }
    return std::move(lines_);
  }

  std::vector<std::string> layers(const std::vector<LayerOutline>& outlines) {
    for (std::size_t i = 0; i < outlines.size(); ++i) {
      const auto& layer = outlines[i];
      if (i > 0) {
        add("   │  " + layer.parameters);
        add("   ▼");
      }
      add(fmt::format("  {}{}: {}, {}", layer.name, layer.function.empty() ? "" : ", " + layer.function,
                      counted(layer.units, "unit"), layer.quantities));
      if (!layer.largest.empty()) add(fmt::format("      largest: {}", fmt::join(layer.largest, ", ")));
    }
    return std::move(lines_);
  }

 private:
  std::string shown(const std::string& text) const { return ascii_ ? ascii(text) : text; }
  std::string number(double value) const { return shown(display(value, digits_)); }
  // What is to be filled in stands below, once.
  std::string quantity(const NetworkView::Quantity& q) const {
    return is_blank(q.value) ? shown(q.symbol) : shown(q.symbol) + " " + number(q.value);
  }
  void add(const std::string& line) { lines_.push_back(shown(line)); }

  // "x[1] 1 ── 0.2 ──┐" for each weight; behind the last, the bias and what becomes of the sum.
  void add_unit(const NetworkView::Unit& unit, const NetworkView::Column& before, const std::string& function) {
    std::vector<std::string> sources, weights;
    int widest_source = 0, widest_weight = 0;
    for (std::size_t i = 0; i < unit.weights.size(); ++i) {
      sources.push_back(quantity(before.units[i].output));
      weights.push_back(number(unit.weights[i]));
      widest_source = std::max(widest_source, columns(sources.back()));
      widest_weight = std::max(widest_weight, columns(weights.back()));
    }
    for (std::size_t i = 0; i < sources.size(); ++i) {
      const bool last = i + 1 == sources.size();
      const char* corner = sources.size() == 1 ? "─" : i == 0 ? "┐" : last ? "┴" : "┤";
      auto line = "    " + padded(sources[i], widest_source) + shown(" ── ") + padded(weights[i], widest_weight) +
                  shown(std::string(" ──") + corner);
      const auto end = last ? ending(unit, function) : std::string();
      const bool fits = columns(line) + columns(end) <= kWidth;
      lines_.push_back(fits ? line + end : std::move(line));
      if (!fits) lines_.push_back("       " + end);
    }
  }

  std::string ending(const NetworkView::Unit& unit, const std::string& function) const {
    const bool negative = unit.bias < 0;
    auto text = fmt::format(" {} {} ─▶ {}", negative ? "-" : "+", number(std::abs(unit.bias)), quantity(*unit.z));
    if (unit.output.symbol != unit.z->symbol) {
      text += fmt::format(" ─{}▶ {}", function.empty() ? "" : " " + function + " ─", quantity(unit.output));
    }
    return shown(text);
  }

  const int digits_;
  const bool ascii_;
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> draw_network(const Derivation& derivation, const Numbers& numbers, bool ascii) {
  Drawer drawer(numbers.digits, ascii);
  if (const auto view = view_units(derivation, numbers)) return drawer.units(*view);
  return drawer.layers(outline(derivation, numbers));
}

}  // namespace longhand
