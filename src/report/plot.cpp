#include "report/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "explain/html_page.h"

namespace longhand::report {
namespace {

constexpr double kLetter = 6.6;  // about the width of one in 11 px
constexpr std::size_t kMostDots = 1000;

constexpr std::array<std::string_view, 7> kClasses{"s1", "s2", "s3", "s4", "s5", "s6", "s0"};

double width_of(const std::string& text) {
  const auto letters = std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  return kLetter * static_cast<double>(letters) + (text.ends_with('%') ? 5 : 0);
}

std::vector<std::string> labels_of(const Axis& axis) {
  return axis.names.empty() ? tick_labels(axis.scale, axis.as_percent) : axis.names;
}

double tick_at(const Axis& axis, std::size_t i) { return axis.names.empty() ? axis.scale.ticks[i] : static_cast<double>(i); }

constexpr std::string_view kStyle = R"(
:root { --s1: #1d5fb8; --s2: #c2570c; --s3: #17805a; --s4: #8a3fb0; --s5: #a8861a; --s6: #b02a5b; }
@media (prefers-color-scheme: dark) { :root { --s1: #7fb2f5; --s2: #f0a15e; --s3: #5fcb9a; --s4: #c79af0; --s5: #dcc05c; --s6: #f08bb0; } }
.plot { width: 100%; max-width: 27rem; }
.plot text { font: 11px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; fill: var(--soft); }
.plot .name { fill: var(--ink); font-size: 11.5px; }
.plot .on { fill: var(--ink); paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round; }
.plot .grid { stroke: var(--line); stroke-width: 1; } .plot .base { stroke: var(--soft); stroke-width: 1; }
.s1 { --c: var(--s1); } .s2 { --c: var(--s2); } .s3 { --c: var(--s3); } .s4 { --c: var(--s4); } .s5 { --c: var(--s5); } .s6 { --c: var(--s6); } .s0 { --c: var(--soft); }
.plot path { fill: none; stroke: var(--c); stroke-width: 2; stroke-linejoin: round; } .plot path.s0 { stroke-width: 1.25; } .plot .dash { stroke-dasharray: 4 4; }
.plot circle { fill: var(--c); fill-opacity: .55; } .plot rect, .spark rect { fill: var(--c); fill-opacity: .8; } .plot .band { fill: var(--c); fill-opacity: .16; stroke: none; }
.spark { display: inline-block; width: 7.5rem; height: 1.75rem; }
.key { display: inline-block; width: .75em; height: .75em; border-radius: .15em; background: var(--c); margin-right: .35em; }
@media print { :root { --s1: #1d5fb8; --s2: #c2570c; --s3: #17805a; --s4: #8a3fb0; --s5: #8a6d10; --s6: #b02a5b; } .key, .plot, .spark { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
)";

std::size_t dot_stride(std::size_t points) { return (points + kMostDots - 1) / kMostDots; }

}  // namespace

std::size_t drawn_dots(std::size_t points) {
  const auto every = dot_stride(points);
  return every == 0 ? 0 : (points + every - 1) / every;
}

Tone series_tone(std::size_t series) { return static_cast<Tone>(series % 6); }

std::string_view css_class(Tone tone) { return kClasses[static_cast<std::size_t>(tone)]; }

std::string_view plot_style() { return kStyle; }

Plot::Plot(std::string caption, Axis x, Axis y, double width, double height)
    : caption_(std::move(caption)), x_(std::move(x)), y_(std::move(y)), width_(width), height_(height) {
  double widest = 0;
  if (!y_.is_bare) {
    for (const auto& label : labels_of(y_)) widest = std::max(widest, width_of(label));
  }
  left_ = std::min(widest + 10, width_ * 0.45);
  right_ = width_ - 18;
  top_ = y_.label.empty() ? 8 : 24;
  bottom_ = height_ - (x_.label.empty() ? 22 : 38);
  if (x_.is_bare) bottom_ = height_ - 6;
}

double Plot::x_at(double x) const { return left_ + (right_ - left_) * x_.scale.place(x); }
double Plot::y_at(double y) const { return bottom_ - (bottom_ - top_) * y_.scale.place(y); }

// Points that lie where the one before lies are left out.
std::string Plot::path_of(std::span<const Point> points) const {
  constexpr double kNear = 0.4;
  std::string path;
  double x = 0, y = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double next_x = x_at(points[i].x), next_y = y_at(points[i].y);
    const bool is_near = std::abs(next_x - x) < kNear && std::abs(next_y - y) < kNear;
    if (i > 0 && i + 1 < points.size() && is_near) continue;
    x = next_x;
    y = next_y;
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x, y);
  }
  return path;
}

void Plot::line(std::span<const Point> points, Tone tone, bool is_dashed) {
  marks_ += fmt::format("<path class=\"{}{}\" d=\"{}\"/>\n", css_class(tone), is_dashed ? " dash" : "", path_of(points));
}

void Plot::dots(std::span<const Point> points, Tone tone, double radius) {
  const auto every = dot_stride(points.size());
  marks_ += fmt::format("<g class=\"{}\">", css_class(tone));
  for (std::size_t i = 0; i < points.size(); i += every) {
    marks_ += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\"/>", x_at(points[i].x), y_at(points[i].y), radius);
  }
  marks_ += "</g>\n";
}

void Plot::band(std::span<const Point> low, std::span<const Point> high, Tone tone) {
  const std::vector<Point> back(high.rbegin(), high.rend());
  auto path = path_of(back);
  if (!path.empty()) path[0] = 'L';
  marks_ += fmt::format("<path class=\"band {}\" d=\"{}{}Z\"/>\n", css_class(tone), path_of(low), path);
}

void Plot::bar(Point corner, Point opposite, Tone tone, const std::string& title) {
  const auto [x0, x1] = std::minmax({x_at(corner.x), x_at(opposite.x)});
  const auto [y0, y1] = std::minmax({y_at(corner.y), y_at(opposite.y)});
  marks_ += fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\">{}</rect>\n", css_class(tone), x0, y0,
                        std::max(x1 - x0, 0.5), y1 - y0, title.empty() ? "" : "<title>" + html_escaped(title) + "</title>");
}

void Plot::range(Point from, Point to, Tone tone) {
  const double x0 = x_at(from.x), y0 = y_at(from.y), x1 = x_at(to.x), y1 = y_at(to.y);
  const double dx = from.x == to.x ? 3 : 0, dy = 3 - dx;
  marks_ += fmt::format("<path class=\"{}\" style=\"stroke-width:1.25\" d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}M{:.1f} {:.1f}L{:.1f} {:.1f}M{:.1f} {:.1f}L{:.1f} {:.1f}\"/>\n",
                        css_class(tone), x0, y0, x1, y1, x0 - dx, y0 - dy, x0 + dx, y0 + dy, x1 - dx, y1 - dy, x1 + dx, y1 + dy);
}

void Plot::text(Point at, const std::string& text, Anchor anchor, double dx, double dy) {
  constexpr std::array<std::string_view, 3> kAnchors{"start", "middle", "end"};
  marks_ += fmt::format("<text class=\"on\" text-anchor=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", kAnchors[static_cast<std::size_t>(anchor)],
                        x_at(at.x) + dx, y_at(at.y) + dy, html_escaped(text));
}

std::string Plot::frame() const {
  std::string svg;
  if (!y_.is_bare) {
    const auto labels = labels_of(y_);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const double y = y_at(tick_at(y_, i));
      if (y_.names.empty()) svg += fmt::format("<line class=\"grid\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>", left_, y, right_, y);
      svg += fmt::format("<text text-anchor=\"end\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", left_ - 6, y + 3.8, html_escaped(labels[i]));
    }
  }
  if (!x_.is_bare) {
    const auto labels = labels_of(x_);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const double x = x_at(tick_at(x_, i));
      if (x_.names.empty()) svg += fmt::format("<line class=\"grid\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>", x, top_, x, bottom_ + 3);
      const double half = width_of(labels[i]) / 2;
      svg += fmt::format("<text text-anchor=\"middle\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", std::min(x, width_ - half), bottom_ + 15, html_escaped(labels[i]));
    }
    svg += fmt::format("<line class=\"base\" x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{2:.1f}\" y2=\"{1:.1f}\"/>\n", left_, bottom_, right_);
  }
  if (!x_.label.empty()) {
    svg += fmt::format("<text class=\"name\" text-anchor=\"middle\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", (left_ + right_) / 2, height_ - 6, html_escaped(x_.label));
  }
  if (!y_.label.empty()) svg += fmt::format("<text class=\"name\" x=\"2\" y=\"13\">{}</text>\n", html_escaped(y_.label));
  return svg;
}

std::string Plot::svg() const {
  return fmt::format("<svg class=\"plot\" viewBox=\"0 0 {0:.0f} {1:.0f}\" role=\"img\" aria-label=\"{2}\">\n{3}{4}</svg>\n", width_, height_,
                     html_escaped(caption_), frame(), marks_);
}

std::string sparkline(std::span<const std::int64_t> counts, const std::string& caption) {
  constexpr double kWidth = 120, kHeight = 28;
  const auto most = static_cast<double>(std::max<std::int64_t>(1, *std::ranges::max_element(counts)));
  const double step = kWidth / static_cast<double>(counts.size());
  auto svg = fmt::format("<svg class=\"spark s1\" viewBox=\"0 0 {:.0f} {:.0f}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}\">", kWidth, kHeight, html_escaped(caption));
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const double height = std::max(1.0, (kHeight - 1) * static_cast<double>(counts[i]) / most);
    svg += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>", step * static_cast<double>(i), kHeight - height, std::max(0.5, step - 1), height);
  }
  return svg + "</svg>";
}

}  // namespace longhand::report
