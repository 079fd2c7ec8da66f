#include <fmt/format.h>

#include "explain/drawing.h"
#include "explain/html_page.h"
#include "explain/page.h"

namespace longhand {
namespace {

// In a page the variables are html_page's; a file has the same colours as fixed ones.
constexpr std::string_view kColours = R"(
svg { --ink: #1b1f24; --soft: #5a6472; --paper: #ffffff; --wash: #f5f6f8; --line: #c6ccd4; --accent: #1d5fb8; --warm: #a8501a; --bad: #b3261e; background: var(--paper); }
@media (prefers-color-scheme: dark) { svg { --ink: #e3e6ea; --soft: #9ba6b2; --paper: #14171b; --wash: #1c2026; --line: #4a535e; --accent: #7fb2f5; --warm: #eda066; --bad: #ff8f85; } }
)";

constexpr std::string_view kStyle = R"(
svg text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; fill: var(--ink); text-anchor: middle; }
svg .s { font-size: 11.5px; } svg .b { font-weight: 600; }
svg .on { paint-order: stroke; stroke: var(--paper); stroke-width: 8px; stroke-linejoin: round; }
svg rect { fill: var(--wash); stroke: var(--line); }
svg line { stroke: var(--line); } svg line.p { stroke: var(--accent); } svg line.n { stroke: var(--warm); }
svg text.o { fill: var(--soft); } svg text.g { fill: var(--bad); } svg text.p { fill: var(--accent); } svg text.n { fill: var(--warm); }
)";

std::string_view class_of(Drawing::Tone tone) {
  switch (tone) {
    case Drawing::Tone::plain: return "";
    case Drawing::Tone::soft: return "o";
    case Drawing::Tone::gradient: return "g";
    case Drawing::Tone::positive: return "p";
    case Drawing::Tone::negative: return "n";
  }
  return "";
}

std::string classes(const Drawing::Label& label) {
  std::string text(class_of(label.tone));
  if (label.is_small) text += " s";
  if (label.is_bold) text += " b";
  if (label.is_on_line) text += " on";
  return text;
}

}  // namespace

std::string_view svg_style() { return kStyle; }

std::string svg_of(const Drawing& drawing, bool is_file) {
  auto svg = fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
                         "role=\"img\" aria-label=\"{2}\">\n",
                         drawing.width, drawing.height, html_escaped(drawing.caption));
  if (is_file) svg += fmt::format("<style>{}{}</style>\n", kColours, kStyle);
  for (const auto& line : drawing.lines) {
    const auto title = line.meaning.empty() ? "" : "<title>" + html_escaped(line.meaning) + "</title>";
    svg += fmt::format("<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke-width=\"{:.1f}\">{}</line>\n",
                       class_of(line.tone), line.x1, line.y1, line.x2, line.y2, 1 + 2.5 * line.size, title);
  }
  for (const auto& box : drawing.boxes) {
    svg += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"8\"/>\n", box.x, box.y, box.width, box.height);
  }
  for (const auto& label : drawing.labels) {
    if (label.text.empty()) continue;
    svg += fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", classes(label), label.x, label.y, html_escaped(label.text));
  }
  return svg + "</svg>\n";
}

std::string draw_svg(const Derivation& derivation, const WriteOptions& options) {
  const auto values = values_by_id(derivation);
  const auto find = [&](const std::string& id) {
    const auto found = values.find(id);
    return found == values.end() ? nullptr : &found->second;
  };
  return svg_of(draw(derivation, {.find = find, .digits = options.digits, .is_batch = derivation.is_batch}), true);
}

}  // namespace longhand
