#include "explain/drawing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "explain/numbers.h"
#include "explain/text_lines.h"

namespace longhand {
namespace {

using Tone = Drawing::Tone;

constexpr double kUnitWidth = 112, kGapX = 116, kPitch = 92, kTop = 46, kMargin = 6;
constexpr double kCharacter = 6.4;  // the width of a small label's character
constexpr int kMostDigits = 4;

double label_width(const std::string& text) { return kCharacter * columns(text) + 6; }

// Draws each unit as a box: what it adds up to, what it gives on, and the gradient of the loss.
class UnitDrawer {
 public:
  UnitDrawer(const NetworkView& view, int digits) : view_(view), digits_(std::min(digits, kMostDigits)) {}

  Drawing drawn() {
    std::size_t most = 1;
    for (const auto& column : view_.columns) most = std::max(most, column.units.size());
    height_ = static_cast<double>(most) * kPitch;
    for (const auto& column : view_.columns) {
      for (const auto& unit : column.units) {
        for (const double w : unit.weights) heaviest_ = std::max(heaviest_, std::abs(w));
      }
    }
    for (std::size_t c = 0; c < view_.columns.size(); ++c) {
      const auto& column = view_.columns[c];
      drawing_.labels.push_back({.x = center_x(c), .y = 16, .text = column.name, .is_bold = true});
      drawing_.labels.push_back({.x = center_x(c), .y = 32, .text = column.function, .tone = Tone::soft, .is_small = true});
      for (std::size_t u = 0; u < column.units.size(); ++u) {
        draw_unit(c, u);
        if (c > 0) draw_weights(c, u);
      }
    }
    // Above all lines, where there is room.
    for (std::size_t c = 1; c < view_.columns.size(); ++c) label_weights(c);
    draw_loss();
    drawing_.height = kTop + height_ + kMargin;
    drawing_.caption =
        "In each unit stand z, what it gives on and, in colour, the gradient of the loss by z; on the edges the weights, "
        "above the units the biases.";
    return std::move(drawing_);
  }

 private:
  static double left(std::size_t column) { return kMargin + static_cast<double>(column) * (kUnitWidth + kGapX); }
  static double center_x(std::size_t column) { return left(column) + kUnitWidth / 2; }
  double center_y(std::size_t column, std::size_t unit) const {
    const auto units = static_cast<double>(view_.columns[column].units.size());
    return kTop + height_ / 2 + (static_cast<double>(unit) - (units - 1) / 2) * kPitch;
  }
  std::string number(double value) const { return display(value, digits_); }
  std::string equation(const NetworkView::Quantity& q) const { return q.symbol + " = " + number(q.value); }

  void draw_unit(std::size_t column, std::size_t index) {
    const auto& unit = view_.columns[column].units[index];
    const double x = center_x(column), y = center_y(column, index);
    const bool has_activation = unit.z && unit.z->symbol != unit.output.symbol;
    std::vector<Drawing::Label> lines;
    if (has_activation) lines.push_back({.x = x, .text = equation(*unit.z), .tone = Tone::soft, .is_small = true});
    lines.push_back({.x = x, .text = equation(unit.output), .is_bold = true});
    if (unit.gradient) lines.push_back({.x = x, .text = "∂ " + number(unit.gradient->value), .tone = Tone::gradient, .is_small = true});
    const double height = 14 + 17 * static_cast<double>(lines.size());
    drawing_.boxes.push_back({left(column), y - height / 2, kUnitWidth, height});
    for (std::size_t i = 0; i < lines.size(); ++i) {
      lines[i].y = y - height / 2 + 19.5 + 17 * static_cast<double>(i);
      drawing_.labels.push_back(lines[i]);
    }
    if (column > 0) {
      drawing_.labels.push_back({.x = x, .y = y - height / 2 - 5, .text = "b = " + number(unit.bias), .tone = Tone::soft,
                                 .is_small = true, .is_on_line = true});
    }
  }

  void draw_weights(std::size_t column, std::size_t index) {
    const auto& weights = view_.columns[column].units[index].weights;
    for (std::size_t from = 0; from < weights.size(); ++from) {
      const double w = weights[from];
      drawing_.lines.push_back({.x1 = left(column - 1) + kUnitWidth, .y1 = center_y(column - 1, from), .x2 = left(column),
                                .y2 = center_y(column, index), .size = heaviest_ > 0 ? std::abs(w) / heaviest_ : 0,
                                .tone = w < 0 ? Tone::negative : Tone::positive,
                                .meaning = fmt::format("{} to {}: {}", view_.columns[column - 1].units[from].output.symbol,
                                                       view_.columns[column].units[index].z->symbol, number(w))});
    }
  }

  // Each weight where along its edge no other label stands; what finds no room is read off the table.
  void label_weights(std::size_t column) {
    std::vector<Drawing::Box> taken;
    for (std::size_t u = 0; u < view_.columns[column].units.size(); ++u) {
      const auto& weights = view_.columns[column].units[u].weights;
      for (std::size_t from = 0; from < weights.size(); ++from) {
        const auto text = number(weights[from]);
        const double y1 = center_y(column - 1, from), y2 = center_y(column, u);
        for (const double along : {0.32, 0.26, 0.4, 0.5, 0.6, 0.7}) {
          const double x = left(column - 1) + kUnitWidth + along * kGapX, y = y1 + along * (y2 - y1);
          const Drawing::Box box{x - label_width(text) / 2, y - 8, label_width(text), 16};
          if (std::ranges::any_of(taken, [&](const auto& other) { return overlap(box, other); })) continue;
          taken.push_back(box);
          drawing_.labels.push_back({.x = x, .y = y + 4, .text = text, .tone = weights[from] < 0 ? Tone::negative : Tone::positive,
                                     .is_small = true, .is_on_line = true});
          break;
        }
      }
    }
  }

  static bool overlap(const Drawing::Box& a, const Drawing::Box& b) {
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
  }

  void draw_loss() {
    const auto last = view_.columns.size() - 1;
    drawing_.width = left(last) + kUnitWidth + kMargin;
    if (!view_.loss) return;
    const double x = left(last) + kUnitWidth + kGapX / 2, y = kTop + height_ / 2;
    for (std::size_t u = 0; u < view_.columns[last].units.size(); ++u) {
      drawing_.lines.push_back({.x1 = left(last) + kUnitWidth, .y1 = center_y(last, u), .x2 = x, .y2 = y, .size = 0, .tone = Tone::soft, .meaning = ""});
    }
    drawing_.boxes.push_back({x, y - 16, kUnitWidth, 32});
    drawing_.labels.push_back({.x = x + kUnitWidth / 2, .y = y + 4.5, .text = equation(*view_.loss), .is_bold = true});
    drawing_.labels.push_back({.x = x + kUnitWidth / 2, .y = 16, .text = "loss", .is_bold = true});
    drawing_.width = x + kUnitWidth + kMargin;
  }

  const NetworkView& view_;
  const int digits_;
  Drawing drawing_;
  double height_ = 0, heaviest_ = 0;
};

// Each layer as a box, from left to right, under it its largest entries.
Drawing draw_layers(const std::vector<LayerOutline>& layers) {
  constexpr double kWidth = 168, kHeight = 128, kGap = 44;
  Drawing drawing;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto& layer = layers[i];
    const double x = kMargin + static_cast<double>(i) * (kWidth + kGap), middle = x + kWidth / 2;
    if (i > 0) {
      drawing.lines.push_back({.x1 = x - kGap, .y1 = kTop + kHeight / 2, .x2 = x, .y2 = kTop + kHeight / 2, .size = 0.6, .tone = Tone::soft, .meaning = ""});
      drawing.labels.push_back({.x = middle, .y = kTop - 10, .text = layer.parameters, .tone = Tone::soft, .is_small = true});
    }
    drawing.boxes.push_back({x, kTop, kWidth, kHeight});
    const auto name = layer.function.empty() ? layer.name : layer.name + ", " + layer.function;
    drawing.labels.push_back({.x = middle, .y = kTop + 22, .text = name, .is_bold = true});
    drawing.labels.push_back({.x = middle, .y = kTop + 42, .text = fmt::format("{} unit{}, {}", layer.units, layer.units == 1 ? "" : "s", layer.quantities),
                              .tone = Tone::soft, .is_small = true});
    for (std::size_t j = 0; j < layer.largest.size(); ++j) {
      drawing.labels.push_back({.x = middle, .y = kTop + 68 + 19 * static_cast<double>(j), .text = layer.largest[j], .is_small = true});
    }
  }
  drawing.width = kMargin + static_cast<double>(layers.size()) * (kWidth + kGap) - kGap + kMargin;
  drawing.height = kTop + kHeight + kMargin;
  drawing.caption = "Each layer with what it gives on, and its entries of largest size; above it its weights and biases.";
  return drawing;
}

}  // namespace

Drawing draw(const Derivation& derivation, const Numbers& numbers) {
  if (const auto view = view_units(derivation, numbers)) {
    auto drawing = UnitDrawer(*view, numbers.digits).drawn();
    if (derivation.is_batch) drawing.caption += " Drawn is the first row of the batch.";
    return drawing;
  }
  return draw_layers(outline(derivation, numbers));
}

}  // namespace longhand
