#include "model/friendly_network.h"

#include <algorithm>
#include <cmath>

#include "base/philox.h"
#include "ir/evaluate.h"
#include "model/step_values.h"

namespace longhand {
namespace {

constexpr double kLeastProbability = 0.05;
constexpr double kLeastActive = 0.05;  // further from the ReLU's kink than a slip of rounding
constexpr int kMostDraws = 500;

class Drawing {
 public:
  Drawing(std::span<const std::int64_t> sizes, std::uint64_t seed) : sizes_(sizes), stream_(seed, hash_name("friendly network")) {}

  Model draw() {
    for (int attempt = 0; attempt < kMostDraws; ++attempt) {
      auto model = Model::from_network(drawn_spec(), 0, DType::f64);
      for (std::size_t k = 1; k < sizes_.size(); ++k) {
        draw_layer(model, k);
        if (k + 1 < sizes_.size()) turn_on(model, k);
      }
      if (is_friendly(model)) return model;
    }
    throw ArgumentError("no friendly numbers found for these sizes; try another seed or a smaller network");
  }

 private:
  std::int64_t outputs() const { return sizes_.back(); }
  static std::string layer_name(std::size_t k) { return "fc" + std::to_string(k); }

  // 0.1 to 0.9 of either sign.
  double weight() {
    const double size = static_cast<double>(1 + stream_.below(9)) / 10;
    return stream_.below(2) == 0 ? size : -size;
  }
  double bias() { return (static_cast<double>(stream_.below(11)) - 5) / 10; }

  NetworkSpec drawn_spec() {
    NetworkSpec network;
    network.inputs = sizes_.front();
    for (std::size_t k = 1; k < sizes_.size(); ++k) {
      network.layers.push_back({.type = "linear", .name = layer_name(k), .out = sizes_[k]});
      if (k + 1 < sizes_.size()) network.layers.push_back({.type = "relu", .name = "relu" + std::to_string(k)});
    }
    if (outputs() == 1) network.layers.push_back({.type = "sigmoid", .name = "sigmoid1"});
    network.loss.type = outputs() == 1 ? "bce" : "cross_entropy";
    SampleSpec sample;
    sample.input = Tensor({1, sizes_.front()}, DType::f64);
    for (std::int64_t i = 0; i < sample.input.count(); ++i) {
      const double size = static_cast<double>(1 + stream_.below(4)) / 2;  // 0.5 to 2
      sample.input.set(i, stream_.below(4) == 0 ? -size : size);
    }
    const auto targets = static_cast<std::uint64_t>(std::max<std::int64_t>(outputs(), 2));
    sample.target = Tensor::full({1, 1}, static_cast<double>(stream_.below(targets)), DType::f64);
    network.sample = std::move(sample);
    return network;
  }

  void draw_layer(Model& model, std::size_t k) {
    auto& weights = model.state.get(layer_name(k) + ".weight");
    auto& biases = model.state.get(layer_name(k) + ".bias");
    for (std::int64_t i = 0; i < weights.count(); ++i) weights.set(i, weight());
    for (std::int64_t i = 0; i < biases.count(); ++i) biases.set(i, bias());
  }

  // A unit whose z is negative has a positive one with all its signs turned.
  static void turn_on(Model& model, std::size_t k) {
    auto& weights = model.state.get(layer_name(k) + ".weight");
    auto& biases = model.state.get(layer_name(k) + ".bias");
    const auto z = values_of(model, layer_name(k), "z");
    const auto inputs = weights.shape()[1];
    for (std::int64_t unit = 0; unit < biases.count(); ++unit) {
      if (z[static_cast<std::size_t>(unit)] >= 0) continue;
      biases.set(unit, 0 - biases.at(unit));
      for (auto i = unit * inputs; i < (unit + 1) * inputs; ++i) weights.set(i, -weights.at(i));
    }
  }

  static std::vector<double> values_of(const Model& model, const std::string& layer, const std::string& role) {
    const auto graph = build_step(model, {.stable = false}).graph;
    Inputs<double> inputs;
    for (const auto& [name, tensor] : step_values(model, graph, *model.network.sample)) inputs[name] = to_array<double>(tensor);
    const auto values = evaluate<double>(graph, inputs);
    for (std::size_t id = 0; id < graph.size(); ++id) {
      const auto& label = graph.nodes()[id].label;
      if (label.role == role && (layer.empty() || label.layer == layer)) return values[id].real;
    }
    throw ArgumentError("no " + role + " of " + layer);
  }

  bool is_friendly(const Model& model) const {
    for (std::size_t k = 1; k + 1 < sizes_.size(); ++k) {
      const auto z = values_of(model, layer_name(k), "z");
      if (std::ranges::any_of(z, [](double value) { return value < kLeastActive; })) return false;
    }
    return std::ranges::all_of(values_of(model, "", "y_hat"), [](double p) {
      return p >= kLeastProbability && p <= 1 - kLeastProbability;
    });
  }

  const std::span<const std::int64_t> sizes_;
  PhiloxStream stream_;
};

}  // namespace

Model friendly_network(std::span<const std::int64_t> sizes, std::uint64_t seed) {
  constexpr std::int64_t kMostUnits = 8, kMostOutputs = 6;
  if (sizes.size() < 2) throw ArgumentError("a network needs a number of inputs and of outputs, as in 3-2-1");
  for (const auto size : sizes) {
    const auto most = &size == &sizes.back() ? kMostOutputs : kMostUnits;
    if (size < 1 || size > most) throw ArgumentError("a layer of " + std::to_string(size) + " units: from 1 to " + std::to_string(most));
  }
  return Drawing(sizes, seed).draw();
}

}  // namespace longhand
