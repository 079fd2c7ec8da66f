#include "explain/network_view.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "explain/numbers.h"
#include "explain/symbols.h"

namespace longhand {
namespace {

// What is drawn unit by unit.
constexpr std::int64_t kMostUnits = 8, kMostEdges = 48;
constexpr std::size_t kLargestShown = 3;

// Of a batch its first row is drawn, whose entries stand first.
std::string entry_symbol(const std::string& id, std::int64_t unit, std::int64_t units, bool is_batch) {
  const std::string row = is_batch ? "1" : "";
  if (units == 1 && id != "x") return row.empty() ? unicode_symbol(id) : unicode_symbol(id) + "[" + row + "]";
  return fmt::format("{}[{}{}]", unicode_symbol(id), row.empty() ? "" : "1,", unit + 1);
}

// The entries of one row.
std::int64_t width_of(const Tensor& tensor, bool is_batch) {
  const auto& shape = tensor.shape();
  const std::size_t rank = is_batch ? 2 : 1;
  return shape.rank() < rank ? 1 : shape[rank - 1];
}

}  // namespace

std::optional<NetworkView> view_units(const Derivation& derivation, const Numbers& numbers) {
  const bool batch = derivation.is_batch;
  const auto quantity = [&](const std::string& id, std::int64_t unit, std::int64_t units) -> std::optional<NetworkView::Quantity> {
    const auto* value = numbers.find(id);
    if (value == nullptr || width_of(*value, batch) != units) return std::nullopt;
    return NetworkView::Quantity{entry_symbol(id, unit, units, batch), value->at(unit)};
  };
  const auto* x = numbers.find("x");
  if (x == nullptr) return std::nullopt;
  NetworkView view;
  auto before = width_of(*x, batch);
  view.columns.push_back({"input", "", {}});
  for (std::int64_t i = 0; i < std::min(before, kMostUnits + 1); ++i) {
    view.columns[0].units.push_back({.z = {}, .output = *quantity("x", i, before), .gradient = {}, .weights = {}});
  }
  std::int64_t edges = 0, widest = before;
  for (const auto& layer : derivation.layers) {
    const auto *weight = numbers.find(layer.weight), *bias = numbers.find(layer.bias);
    edges += before * layer.units;
    widest = std::max(widest, layer.units);
    if (widest > kMostUnits || edges > kMostEdges) return std::nullopt;
    if (weight == nullptr || bias == nullptr || weight->count() != before * layer.units || bias->count() != layer.units) {
      return std::nullopt;
    }
    NetworkView::Column column{layer.name, fmt::format("{}", fmt::join(layer.functions, ", ")), {}};
    for (std::int64_t unit = 0; unit < layer.units; ++unit) {
      const auto output = quantity(layer.output, unit, layer.units);
      const auto z = quantity(layer.z, unit, layer.units);
      if (!output || !z) return std::nullopt;
      NetworkView::Unit drawn{.z = z, .output = *output, .gradient = quantity("dL/d" + layer.z, unit, layer.units),
                              .weights = {}, .bias = bias->at(unit)};
      for (std::int64_t from = 0; from < before; ++from) drawn.weights.push_back(weight->at(unit * before + from));
      column.units.push_back(std::move(drawn));
    }
    view.columns.push_back(std::move(column));
    before = layer.units;
  }
  // L of a batch is the mean over all rows, of which one is drawn.
  if (const auto* loss = numbers.find(batch ? "L_rows" : "L"); loss != nullptr) {
    view.loss = NetworkView::Quantity{unicode_symbol(batch ? "L1" : "L"), loss->at(0)};
  }
  return view;
}

std::vector<LayerOutline> outline(const Derivation& derivation, const Numbers& numbers) {
  const auto largest = [&](const std::string& id) {
    std::vector<std::string> entries;
    const auto* value = numbers.find(id);
    if (value == nullptr) return entries;
    const bool has_rows = derivation.is_batch && value->shape().rank() > 0;
    for (auto& entry : largest_entries(has_rows ? row_of(*value, 0) : *value, kLargestShown)) {
      if (is_blank(entry.value)) return std::vector<std::string>();
      if (has_rows) entry.index.insert(entry.index.begin(), 1);
      const auto index = entry.index.empty() ? "" : fmt::format("[{}]", fmt::join(entry.index, ","));
      entries.push_back(fmt::format("{}{} = {}", unicode_symbol(id), index, display(entry.value, numbers.digits)));
    }
    return entries;
  };
  // Of the layer of a focus its neuron comes first.
  const auto with_focus = [&](const DrawnLayer& layer) {
    auto entries = largest(layer.output);
    if (!derivation.focus.starts_with(layer.name + "[")) return entries;
    const auto unit = derivation.focus.substr(layer.name.size() + 1, derivation.focus.find_first_of(",]") - layer.name.size() - 1);
    const auto id = layer.output + "[" + unit + "]";
    const auto* value = numbers.find(id);
    if (value == nullptr) return entries;
    auto entry = unicode_symbol(id) + " = " + display(*value, numbers.digits);
    std::erase(entries, entry);
    entries.insert(entries.begin(), std::move(entry));
    if (entries.size() > kLargestShown) entries.resize(kLargestShown);
    return entries;
  };
  std::vector<LayerOutline> layers;
  layers.push_back({.name = "input", .function = "", .units = derivation.layers.empty() ? 0 : derivation.layers[0].inputs,
                    .parameters = "", .quantities = unicode_symbol("x"), .largest = largest("x")});
  for (const auto& layer : derivation.layers) {
    const auto z = unicode_symbol(layer.z), output = unicode_symbol(layer.output);
    layers.push_back({.name = layer.name, .function = fmt::format("{}", fmt::join(layer.functions, ", ")), .units = layer.units,
                      .parameters = fmt::format("{} [{}×{}], {} [{}]", unicode_symbol(layer.weight), layer.units, layer.inputs,
                                                unicode_symbol(layer.bias), layer.units),
                      .quantities = z == output ? z : z + " → " + output, .largest = with_focus(layer)});
  }
  return layers;
}

}  // namespace longhand
