#include "explain/layer_terms.h"

#include <algorithm>
#include <cmath>

#include "explain/numbers.h"
#include "explain/words.h"

namespace longhand {
namespace {

constexpr std::size_t kMostTerms = 8;
constexpr std::int64_t kMostOutputs = 3;

}  // namespace

std::vector<DrawnLayer> drawn_layers(const Graph& graph, const Notation& notation) {
  std::vector<DrawnLayer> layers;
  std::string before = "x";
  for (const auto& quantity : notation.quantities()) {
    if (quantity.pass != "forward" || quantity.id == "prediction") continue;
    const auto& node = graph.node(quantity.node);
    if (is_part_of_norm(node)) continue;
    if (node.op == Op::linear) {
      const auto k = std::to_string(layers.size() + 1);
      layers.push_back({.name = quantity.layer, .functions = {}, .inputs = graph.node(node.inputs[1]).type.shape[1],
                        .units = node.type.shape[1], .weight = "W" + k,
                        .bias = "b" + k, .input = before, .z = quantity.id, .output = quantity.id});
    } else if (!layers.empty()) {
      const auto function = function_of(graph, quantity.node);
      if (function != "reshape") layers.back().functions.push_back(function);
      layers.back().output = quantity.id;
    }
    before = quantity.id;
  }
  return layers;
}

Contributions contributions_to(const DrawnLayer& layer, std::int64_t unit, const std::map<std::string, Tensor>& values) {
  const auto& weight = values.at(layer.weight);
  const auto& from = values.at(layer.input);
  const auto terms = weight.shape()[1];
  Contributions result{.sum = layer.z, .weight = layer.weight, .input = layer.input, .largest = {}, .terms = terms};
  if (weight.shape()[0] > 1) result.sum += "[" + std::to_string(unit + 1) + "]";
  for (std::int64_t j = 0; j < terms; ++j) {
    const double w = weight.at(unit * terms + j), x = from.at(j);
    result.largest.push_back({j + 1, w, x, w * x});
  }
  std::ranges::stable_sort(result.largest, std::ranges::greater(), [](const auto& term) { return sort_size(term.product); });
  if (result.largest.size() > kMostTerms) {
    for (auto term = result.largest.begin() + kMostTerms; term != result.largest.end(); ++term) result.rest += term->product;
    result.largest.resize(kMostTerms);
  }
  result.bias = values.at(layer.bias).at(unit);
  result.value = values.at(layer.z).at(unit);
  return result;
}

std::vector<Contributions> contributions_to_output(const std::vector<DrawnLayer>& layers,
                                                   const std::map<std::string, Tensor>& values) {
  if (layers.empty()) return {};
  const auto& layer = layers.back();
  if (!is_long(values.at(layer.input))) return {};
  const auto& output = values.at(layer.z);
  std::vector<Contributions> result;
  if (layer.units <= kMostOutputs) {
    for (std::int64_t unit = 0; unit < layer.units; ++unit) result.push_back(contributions_to(layer, unit, values));
  } else {
    const auto entries = output.to_doubles();
    result.push_back(contributions_to(layer, std::ranges::max_element(entries) - entries.begin(), values));
  }
  return result;
}

}  // namespace longhand
