#include "model/friendly_network.h"

#include <algorithm>
#include <cmath>

#include "base/philox.h"
#include "ir/evaluate.h"
#include "model/step_values.h"

namespace longhand {
namespace {

constexpr double kLeastProbability = 0.05;
constexpr double kLeastActive = 0.05;  // further from a kink than a slip of rounding
constexpr double kLargestLogRate = 3;
constexpr int kMostDraws = 500;

bool bends_at_zero(const std::string& activation) {
  return activation == "relu" || activation == "leaky_relu" || activation == "elu";
}

class Drawing {
 public:
  Drawing(std::span<const std::int64_t> sizes, std::uint64_t seed, const FriendlyOptions& options)
      : sizes_(sizes), options_(options), stream_(seed, hash_name("friendly network")) {
    if (options_.loss.empty()) options_.loss = outputs() == 1 ? "bce" : "cross_entropy";
  }

  Model draw() {
    for (int attempt = 0; attempt < kMostDraws; ++attempt) {
      auto model = Model::from_network(drawn_spec(), 0, DType::f64);
      for (std::size_t k = 1; k < sizes_.size(); ++k) {
        draw_layer(model, k);
        if (k + 1 < sizes_.size() && bends_at_zero(options_.activation)) turn(model, k, units_below(sizes_[k]));
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
      if (k + 1 < sizes_.size() && options_.activation != "identity") network.layers.push_back(activation());
    }
    if (options_.loss == "bce") network.layers.push_back({.type = "sigmoid"});
    network.loss.type = options_.loss;
    SampleSpec sample;
    sample.input = Tensor({1, sizes_.front()}, DType::f64);
    for (std::int64_t i = 0; i < sample.input.count(); ++i) sample.input.set(i, half_steps());
    const auto kind = target_kind(network.loss);
    sample.target = Tensor({1, kind == TargetKind::class_number ? 1 : outputs()}, DType::f64);
    for (std::int64_t i = 0; i < sample.target.count(); ++i) sample.target.set(i, target(kind));
    network.sample = std::move(sample);
    validate(network, "the network");
    return network;
  }

  LayerSpec activation() const {
    LayerSpec layer{.type = options_.activation};
    if (nn::find_activation(layer.type, &layer.parameter) == nullptr) throw ArgumentError("no activation '" + layer.type + "'");
    return layer;
  }

  // 0.5 to 2, more often of positive sign.
  double half_steps() {
    const double size = static_cast<double>(1 + stream_.below(4)) / 2;
    return stream_.below(4) == 0 ? -size : size;
  }

  double target(TargetKind kind) {
    constexpr std::uint64_t kRates = 5;
    switch (kind) {
      case TargetKind::class_number: return static_cast<double>(stream_.below(static_cast<std::uint64_t>(outputs())));
      case TargetKind::probability: return static_cast<double>(stream_.below(2));
      case TargetKind::rate: return static_cast<double>(stream_.below(kRates));
      case TargetKind::number: break;
    }
    return half_steps();
  }

  void draw_layer(Model& model, std::size_t k) {
    auto& weights = model.state.get(layer_name(k) + ".weight");
    auto& biases = model.state.get(layer_name(k) + ".bias");
    for (std::int64_t i = 0; i < weights.count(); ++i) weights.set(i, weight());
    for (std::int64_t i = 0; i < biases.count(); ++i) biases.set(i, bias());
  }

  // Which units are to be below 0.
  std::vector<bool> units_below(std::int64_t units) {
    std::vector<bool> below(static_cast<std::size_t>(units), false);
    if (units < 2) return below;
    const auto half = static_cast<std::uint64_t>(units) / 2;
    auto missing = units == 2 ? stream_.below(2) : 1 + stream_.below(half);
    while (missing > 0) {
      const auto unit = stream_.below(below.size());
      if (below[unit]) continue;
      below[unit] = true;
      --missing;
    }
    return below;
  }

  // A unit whose z has the other sign has the one wanted with all its signs turned.
  static void turn(Model& model, std::size_t k, const std::vector<bool>& below) {
    auto& weights = model.state.get(layer_name(k) + ".weight");
    auto& biases = model.state.get(layer_name(k) + ".bias");
    const auto z = values_of(model, layer_name(k), "z");
    const auto inputs = weights.shape()[1];
    for (std::int64_t unit = 0; unit < biases.count(); ++unit) {
      const auto at = static_cast<std::size_t>(unit);
      if ((z[at] < 0) == below[at]) continue;
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
    for (std::size_t k = 1; k + 1 < sizes_.size() && bends_at_zero(options_.activation); ++k) {
      const auto z = values_of(model, layer_name(k), "z");
      if (std::ranges::any_of(z, [](double value) { return std::abs(value) < kLeastActive; })) return false;
    }
    const auto output = values_of(model, "", "y_hat");
    const auto& target = model.network.sample->target;
    for (std::size_t i = 0; i < output.size(); ++i) {
      const auto y = [&] { return target.at(static_cast<std::int64_t>(i)); };
      switch (target_kind(model.network.loss)) {
        case TargetKind::class_number:
        case TargetKind::probability:
          if (output[i] < kLeastProbability || output[i] > 1 - kLeastProbability) return false;
          break;
        case TargetKind::rate:
          if (std::abs(output[i]) > kLargestLogRate || std::abs(std::exp(output[i]) - y()) < kLeastActive) return false;
          break;
        case TargetKind::number:
          if (std::abs(output[i] - y()) < kLeastActive) return false;
          break;
      }
    }
    return true;
  }

  const std::span<const std::int64_t> sizes_;
  FriendlyOptions options_;
  PhiloxStream stream_;
};

}  // namespace

Model friendly_network(std::span<const std::int64_t> sizes, std::uint64_t seed, const FriendlyOptions& options) {
  constexpr std::int64_t kMostUnits = 8, kMostOutputs = 6;
  if (sizes.size() < 2) throw ArgumentError("a network needs a number of inputs and of outputs, as in 3-2-1");
  for (const auto size : sizes) {
    const auto most = &size == &sizes.back() ? kMostOutputs : kMostUnits;
    if (size < 1 || size > most) throw ArgumentError("a layer of " + std::to_string(size) + " units: from 1 to " + std::to_string(most));
  }
  if (options.loss == "cross_entropy" && sizes.back() < 2) throw ArgumentError("cross_entropy needs an output for each class, two or more");
  return Drawing(sizes, seed, options).draw();
}

}  // namespace longhand
