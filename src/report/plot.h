// A plot as SVG for html_page: axes with few round ticks, lines, dots, bands, bars. Its colours are
// variables of the page, so that it is readable in light, dark and print; text keeps its size on a phone.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "report/scale.h"

namespace longhand::report {

struct Point {
  double x = 0, y = 0;
};

/// Colours: of the six series, and for what is beside the point.
enum class Tone : std::uint8_t { first, second, third, fourth, fifth, sixth, soft };
Tone series_tone(std::size_t series);
/// The CSS class of a tone: "s1", ….
std::string_view css_class(Tone tone);

struct Axis {
  std::string label;
  Scale scale;
  bool as_percent = false;
  std::vector<std::string> names;  ///< in place of ticks: the name at 0, 1, …
  bool is_bare = false;            ///< neither ticks nor grid
};

class Plot {
 public:
  Plot(std::string caption, Axis x, Axis y, double width = 360, double height = 250);

  void line(std::span<const Point> points, Tone tone, bool is_dashed = false);
  /// Of many, `drawn_dots` of them are drawn, evenly taken.
  void dots(std::span<const Point> points, Tone tone, double radius = 2.5);
  /// The area between two lines of equal length.
  void band(std::span<const Point> low, std::span<const Point> high, Tone tone);
  void bar(Point corner, Point opposite, Tone tone, const std::string& title = {});
  /// A line with caps, upright or level.
  void range(Point from, Point to, Tone tone);
  enum class Anchor : std::uint8_t { start, middle, end };
  void text(Point at, const std::string& text, Anchor anchor = Anchor::start, double dx = 0, double dy = 0);

  std::string svg() const;

 private:
  double x_at(double x) const;
  double y_at(double y) const;
  std::string path_of(std::span<const Point> points) const;
  std::string frame() const;

  std::string caption_;
  Axis x_, y_;
  double width_, height_;
  double left_ = 0, right_ = 0, top_ = 0, bottom_ = 0;
  std::string marks_;
};

/// How many of so many dots are drawn: at most a thousand.
std::size_t drawn_dots(std::size_t points);

/// A few bars without axes, for a cell of a table.
std::string sparkline(std::span<const std::int64_t> counts, const std::string& caption);

/// The rules that plots need in a page.
std::string_view plot_style();

}  // namespace longhand::report
