// Gradients of random networks held against differences: right ones are never called wrong, however
// large or flat the network is, and one that is off by a ten-thousandth always is, where it matters.
#include <gtest/gtest.h>

#include <cmath>

#include "base/philox.h"
#include "explain/check.h"
#include "model/step_values.h"
#include "parity/goldens.h"

namespace longhand::testing {
namespace {

struct Kind {
  std::string loss, output;  // of the last layer, or none
  std::int64_t outputs;
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> kKinds{{"bce", "sigmoid", 1},        {"bce_with_logits", "", 2}, {"cross_entropy", "", 3},
                                        {"cross_entropy", "softmax", 4}, {"mse", "", 2},          {"mae", "", 1},
                                        {"huber", "tanh", 2},         {"poisson", "", 1}};
  return kKinds;
}

struct Drawn {
  Model model;
  SampleSpec sample;
};

Drawn drawn(const Kind& kind, const std::string& activation, double input_scale, double weight_scale, std::uint64_t seed) {
  PhiloxStream stream(seed, hash_name("networks to check"));
  const auto inputs = 1 + static_cast<std::int64_t>(stream.below(4)), units = 1 + static_cast<std::int64_t>(stream.below(5));
  const auto rows = 1 + static_cast<std::int64_t>(stream.below(6));
  NetworkSpec network{.inputs = inputs, .layers = {{.type = "linear", .name = "fc1", .out = units}, {.type = activation, .name = "hidden"}, {.type = "linear", .name = "fc2", .out = kind.outputs}}, .loss = {.type = kind.loss}};
  if (activation == "leaky_relu") network.layers[1].parameter = 0.1;
  if (activation == "elu") network.layers[1].parameter = 1;
  if (!kind.output.empty()) network.layers.push_back({.type = kind.output, .name = "head"});
  auto model = Model::from_network(std::move(network), seed, DType::f64);
  for (const auto& [name, tensor] : model.state.entries()) {
    auto scaled = tensor.clone();
    for (std::int64_t i = 0; i < scaled.count(); ++i) scaled.set(i, weight_scale * scaled.at(i));
    model.state.set(name, scaled);
  }
  SampleSpec sample{.input = Tensor({rows, inputs}, DType::f64), .target = {}, .is_batch = true};
  for (std::int64_t i = 0; i < sample.input.count(); ++i) sample.input.set(i, input_scale * stream.normal());
  const bool is_class = kind.loss == "cross_entropy";
  sample.target = Tensor({rows, is_class ? 1 : kind.outputs}, DType::f64);
  for (std::int64_t i = 0; i < sample.target.count(); ++i) {
    const auto code = static_cast<double>(stream.below(is_class ? static_cast<std::uint64_t>(kind.outputs) : 2));
    sample.target.set(i, is_class || kind.loss.starts_with("bce") || kind.loss == "poisson" ? code : stream.normal());
  }
  return {std::move(model), std::move(sample)};
}

// The gradients of a network, right or with one entry changed.
class Gradients {
 public:
  Gradients(const Drawn& network, bool stable) : step_(build_step(network.model, {.stable = stable, .input_gradient = true})) {
    Inputs<double> inputs;
    for (const auto& [name, tensor] : longhand::step_values(network.model, step_.graph, network.sample)) inputs[name] = to_array<double>(tensor);
    values_ = evaluate<double>(step_.graph, inputs);
    pairs_ = {{step_.x, step_.x_gradient}};
    for (const auto& parameter : step_.parameters) pairs_.emplace_back(parameter.value, parameter.gradient);
  }

  bool is_loss_finite() const { return std::isfinite(of(step_.loss)[0]); }

  std::int64_t checked() const {
    std::int64_t entries = 0;
    for (const auto& [at, gradient] : pairs_) {
      const auto check = check_gradient({step_.graph, values_, step_.loss, at, gradient}, {.most_entries = 0});
      EXPECT_LE(check.relative_error, kRightGradient) << "of node " << at << ", " << check.entries << " entries";
      EXPECT_EQ(check.entries + check.left_out, static_cast<std::int64_t>(of(at).size()));
      entries += check.entries;
    }
    return entries;
  }

  // Plants an error into each entry of at least `share` of the largest, one after the other.
  std::int64_t planted(double error, double share) {
    double largest = 0;
    for (const auto& [at, gradient] : pairs_) {
      for (const double g : of(gradient)) largest = std::max(largest, std::abs(g));
    }
    std::int64_t entries = 0;
    for (const auto& [at, gradient] : pairs_) {
      for (std::size_t i = 0; i < of(at).size(); ++i) {
        auto& entry = values_[static_cast<std::size_t>(gradient)].real[i];
        const double right = entry;
        if (std::abs(right) < share * largest || std::abs(right) < 1e-6) continue;
        entry = right * (1 + error);
        const auto check = check_gradient({step_.graph, values_, step_.loss, at, gradient}, {.only = i});
        entry = right;
        if (check.kink) continue;
        EXPECT_NEAR(check.relative_error, std::abs(error), 2e-2 * std::abs(error)) << "entry " << i << " of node " << at << ": " << right << ", the largest is " << largest;
        ++entries;
      }
    }
    return entries;
  }

 private:
  const std::vector<double>& of(NodeId node) const { return values_[static_cast<std::size_t>(node)].real; }

  StepGraph step_;
  std::vector<Array<double>> values_;
  std::vector<std::pair<NodeId, NodeId>> pairs_;
};

const std::vector<std::string>& activations() {
  static const std::vector<std::string> kActivations{"relu", "leaky_relu", "elu", "gelu", "silu", "softplus", "tanh", "sigmoid", "identity"};
  return kActivations;
}

template <class Use>
void for_networks(int seeds, const std::vector<double>& input_scales, const std::vector<double>& weight_scales, Use use) {
  for (const auto& kind : kinds()) {
    for (const auto& activation : activations()) {
      for (const double input_scale : input_scales) {
        for (const double weight_scale : weight_scales) {
          for (int seed = 0; seed < seeds; ++seed) {
            SCOPED_TRACE(kind.loss + " of " + kind.output + ", " + activation + ", inputs " + std::to_string(input_scale) + ", weights " +
                         std::to_string(weight_scale) + ", seed " + std::to_string(seed));
            for (const bool stable : {true, false}) {
              Gradients gradients(drawn(kind, activation, input_scale, weight_scale, static_cast<std::uint64_t>(seed)), stable);
              if (gradients.is_loss_finite()) use(gradients);
            }
          }
        }
      }
    }
  }
}

TEST(CheckedNetworks, RightGradientsAreNeverCalledWrong) {
  std::int64_t entries = 0;
  for_networks(4, {1e-3, 1, 30, 1000}, {1, 10}, [&](const Gradients& gradients) { entries += gradients.checked(); });
  EXPECT_GT(entries, 50000);
}

TEST(CheckedNetworks, AnErrorOfATenThousandthIsFoundInEveryEntryThatMatters) {
  std::int64_t entries = 0;
  // The larger the numbers on the way, the more of a small entry is lost in them.
  for (const auto& [input_scale, share] : {std::pair(1.0, 1e-3), {30.0, 1e-2}}) {
    for_networks(4, {input_scale}, {1}, [&, share = share](Gradients& gradients) {
      for (const double error : {1e-4, -1e-4}) entries += gradients.planted(error, share);
    });
  }
  EXPECT_GT(entries, 10000);
}

}  // namespace
}  // namespace longhand::testing
