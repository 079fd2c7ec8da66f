// The network as lines, boxes and labels in a plane: y grows downwards, a unit is a pixel.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "explain/network_view.h"

namespace longhand {

struct Drawing {
  enum class Tone : std::uint8_t { plain, soft, gradient, positive, negative };

  struct Line {
    double x1 = 0, y1 = 0, x2 = 0, y2 = 0;
    double size = 0;  ///< from 0 to 1: how heavy
    Tone tone = Tone::soft;
    std::string meaning;  ///< "x[1] to z₁[1]: 0.4"
  };
  struct Box {
    double x = 0, y = 0, width = 0, height = 0;
  };
  /// Text whose base line stands at y and whose middle at x.
  struct Label {
    double x = 0, y = 0;
    std::string text;
    Tone tone = Tone::plain;
    bool is_small = false, is_bold = false;
    bool is_on_line = false;  ///< stands on a line, which must not cross it
  };

  double width = 0, height = 0;
  std::vector<Line> lines;
  std::vector<Box> boxes;
  std::vector<Label> labels;
  std::string caption;
};

/// A small network unit by unit, of a larger one each layer.
Drawing draw(const Derivation& derivation, const Numbers& numbers);

/// <svg>. As a file of its own it brings its colours along, in a page it takes those of html_page.
std::string svg_of(const Drawing& drawing, bool is_file);
/// The rules of style that a page with drawings needs.
std::string_view svg_style();

}  // namespace longhand
