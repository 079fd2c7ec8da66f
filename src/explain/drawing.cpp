#include "explain/drawing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/text.h"
#include "explain/numbers.h"
#include "explain/text_lines.h"

namespace longhand {
namespace {

using Tone = Drawing::Tone;

constexpr double kLeastUnitWidth = 112, kLeastGap = 116, kMostGap = 220, kPitch = 92, kTop = 46, kMargin = 6;
constexpr double kCharacter = 6.6, kBoldCharacter = 8;  // the width of a small label's character, and of a bold one's
constexpr int kMostDigits = 4, kMostDigitsOnEdges = 3;
constexpr std::size_t kFewEdges = 6;  // between two layers

// With a minus that is as wide as a plus.
std::string signed_number(double value, int digits) {
  const auto text = display(value, digits);
  return text.starts_with("-") ? "−" + text.substr(1) : text;
}

double label_width(const std::string& text) { return kCharacter * columns(text) + 10; }

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
    fit_widths();
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
    drawing_.caption = std::string("In each unit stand z") +
                       (has_gradients_ ? ", what it gives on and, in colour, the gradient of the loss by z" : " and what it gives on") +
                       "; on the edges the weights, above the units the biases.";
    if (has_unlabelled_) drawing_.caption += " A weight that finds no room on its edge stands in the table above.";
    return std::move(drawing_);
  }

 private:
  // Boxes as wide as the longest line in them, and more room for more edges.
  void fit_widths() {
    std::size_t most_edges = 0;
    const auto fit = [&](const NetworkView::Quantity& q) {
      unit_width_ = std::max(unit_width_, kBoldCharacter * columns(equation(q)) + 14);
    };
    for (const auto& column : view_.columns) {
      std::size_t edges = 0;
      for (const auto& unit : column.units) {
        fit(unit.output);
        if (unit.z) fit(*unit.z);
        edges += unit.weights.size();
      }
      most_edges = std::max(most_edges, edges);
    }
    if (view_.loss) fit(*view_.loss);
    if (most_edges <= kFewEdges) return;
    gap_ = std::min(kMostGap, kLeastGap + 8 * static_cast<double>(most_edges - kFewEdges));
    edge_digits_ = std::min(digits_, kMostDigitsOnEdges);
  }

  double left(std::size_t column) const { return kMargin + static_cast<double>(column) * (unit_width_ + gap_); }
  double center_x(std::size_t column) const { return left(column) + unit_width_ / 2; }
  double center_y(std::size_t column, std::size_t unit) const {
    const auto units = static_cast<double>(view_.columns[column].units.size());
    return kTop + height_ / 2 + (static_cast<double>(unit) - (units - 1) / 2) * kPitch;
  }
  std::string number(double value) const { return signed_number(value, digits_); }
  // What is to be filled in stands below, where there is room.
  std::string equation(const NetworkView::Quantity& q) const { return is_blank(q.value) ? q.symbol : q.symbol + " = " + number(q.value); }

  void draw_unit(std::size_t column, std::size_t index) {
    const auto& unit = view_.columns[column].units[index];
    const double x = center_x(column), y = center_y(column, index);
    const bool has_activation = unit.z && unit.z->symbol != unit.output.symbol;
    std::vector<Drawing::Label> lines;
    if (has_activation) lines.push_back({.x = x, .text = equation(*unit.z), .tone = Tone::soft, .is_small = true});
    lines.push_back({.x = x, .text = equation(unit.output), .is_bold = true});
    const bool has_gradient = unit.gradient && !is_blank(unit.gradient->value);
    has_gradients_ = has_gradients_ || has_gradient;
    if (has_gradient) lines.push_back({.x = x, .text = "∂ " + number(unit.gradient->value), .tone = Tone::gradient, .is_small = true});
    const double height = 14 + 17 * static_cast<double>(lines.size());
    drawing_.boxes.push_back({left(column), y - height / 2, unit_width_, height});
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
      drawing_.lines.push_back({.x1 = left(column - 1) + unit_width_, .y1 = center_y(column - 1, from), .x2 = left(column),
                                .y2 = center_y(column, index), .size = heaviest_ > 0 ? std::abs(w) / heaviest_ : 0,
                                .tone = w < 0 ? Tone::negative : Tone::positive,
                                .meaning = fmt::format("{} to {}: {}", view_.columns[column - 1].units[from].output.symbol,
                                                       view_.columns[column].units[index].z->symbol, number(w))});
    }
  }

  struct Edge {
    double x1 = 0, y1 = 0, x2 = 0, y2 = 0;

    double y_at(double x) const { return y1 + (x - x1) / (x2 - x1) * (y2 - y1); }
  };

  // Each weight where along its edge no other label stands and the fewest other edges pass; what finds
  // no room is read off the table.
  void label_weights(std::size_t column) {
    const auto& units = view_.columns[column].units;
    std::vector<Edge> edges;
    for (std::size_t u = 0; u < units.size(); ++u) {
      for (std::size_t from = 0; from < units[u].weights.size(); ++from) {
        edges.push_back({left(column - 1) + unit_width_, center_y(column - 1, from), left(column), center_y(column, u)});
      }
    }
    std::vector<Drawing::Box> taken;
    std::size_t edge = 0;
    for (const auto& unit : units) {
      for (const double weight : unit.weights) {
        const auto text = signed_number(weight, edge_digits_);
        const auto box = room_for(text, edges, edge++, taken);
        has_unlabelled_ = has_unlabelled_ || !box;
        if (!box) continue;
        taken.push_back(*box);
        drawing_.labels.push_back({.x = box->x + box->width / 2, .y = box->y + 12, .text = text,
                                   .tone = weight < 0 ? Tone::negative : Tone::positive, .is_small = true, .is_on_line = true});
      }
    }
  }

  static std::optional<Drawing::Box> room_for(const std::string& text, const std::vector<Edge>& edges, std::size_t own,
                                              const std::vector<Drawing::Box>& taken) {
    constexpr double kHalfHeight = 8, kFirst = 0.32, kStep = 0.02;
    const auto& edge = edges[own];
    const double width = label_width(text), length = edge.x2 - edge.x1;
    std::optional<Drawing::Box> best;
    std::ptrdiff_t fewest = 0;
    // Beginning near the unit that the edge comes from, on either side.
    for (int i = 0; i < 60; ++i) {
      const double along = kFirst + kStep * (i % 2 == 0 ? i / 2 : -(i + 1) / 2);
      const double x = edge.x1 + along * length, y = edge.y_at(x);
      if (x - width / 2 < edge.x1 || x + width / 2 > edge.x2) continue;
      const Drawing::Box box{x - width / 2, y - kHalfHeight, width, 2 * kHalfHeight};
      if (std::ranges::any_of(taken, [&](const auto& other) { return overlap(box, other); })) continue;
      const auto passing = std::ranges::count_if(edges, [&](const Edge& other) {
        return &other != &edge && std::abs(other.y_at(x) - y) < kHalfHeight + 2;
      });
      if (best && passing >= fewest) continue;
      best = box;
      fewest = passing;
    }
    return best;
  }

  static bool overlap(const Drawing::Box& a, const Drawing::Box& b) {
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
  }

  void draw_loss() {
    const auto last = view_.columns.size() - 1;
    drawing_.width = left(last) + unit_width_ + kMargin;
    if (!view_.loss) return;
    const double x = left(last) + unit_width_ + kLeastGap / 2, y = kTop + height_ / 2;
    for (std::size_t u = 0; u < view_.columns[last].units.size(); ++u) {
      drawing_.lines.push_back({.x1 = left(last) + unit_width_, .y1 = center_y(last, u), .x2 = x, .y2 = y, .size = 0, .tone = Tone::soft, .meaning = ""});
    }
    drawing_.boxes.push_back({x, y - 16, unit_width_, 32});
    drawing_.labels.push_back({.x = x + unit_width_ / 2, .y = y + 4.5, .text = equation(*view_.loss), .is_bold = true});
    drawing_.labels.push_back({.x = x + unit_width_ / 2, .y = 16, .text = "loss", .is_bold = true});
    drawing_.width = x + unit_width_ + kMargin;
  }

  const NetworkView& view_;
  const int digits_;
  Drawing drawing_;
  double height_ = 0, heaviest_ = 0, unit_width_ = kLeastUnitWidth, gap_ = kLeastGap;
  int edge_digits_ = digits_;
  bool has_unlabelled_ = false;
  bool has_gradients_ = false;
};

// Each layer as a box, from left to right, under it its largest entries.
Drawing draw_layers(const std::vector<LayerOutline>& layers) {
  constexpr double kWidth = 156, kHeight = 128, kGap = 28;
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
    drawing.labels.push_back({.x = middle, .y = kTop + 42, .text = fmt::format("{}, {}", counted(layer.units, "unit"), layer.quantities),
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
    if (derivation.is_batch) drawing.caption += " Drawn is the first row of the batch";
    if (derivation.is_batch) drawing.caption += view->loss ? " with its own loss; L is the mean of all." : ".";
    return drawing;
  }
  return draw_layers(outline(derivation, numbers));
}

}  // namespace longhand
