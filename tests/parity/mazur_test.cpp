// The figures of Matt Mazur, "A Step by Step Backpropagation Example" (2015), as he published them.
#include <gtest/gtest.h>

#include <cmath>

#include "longhand/explain.h"
#include "parity/goldens.h"

namespace longhand::testing {
namespace {

NetworkSpec mazur() { return read_network(std::string(LONGHAND_SOURCE_DIR) + "/examples/mazur.toml"); }

std::map<std::string, Tensor> values_of(NetworkSpec network) {
  std::map<std::string, Tensor> values;
  for (auto& step : explained(Model::from_network(std::move(network), 0, DType::f64)).steps) {
    values[step.id] = std::move(step.value);
  }
  return values;
}

// Nine decimals, some of them cut off and not rounded.
constexpr double kLastDigit = 1e-9;

TEST(Mazur, EveryFigureUpToTheNewWeightsIsHis) {
  const auto values = values_of(mazur());
  const std::pair<const char*, std::vector<double>> kPublished[] = {
      {"z1", {0.3775}},                                             // net_h1
      {"a1", {0.593269992, 0.596884378}},                           // out_h1, out_h2
      {"z2", {1.105905967}},                                        // net_o1
      {"y_hat", {0.75136507, 0.772928465}},                         // out_o1, out_o2
      {"L", {0.298371109}},                                         // E_total
      {"dL/dy_hat", {0.74136507, -0.217071535}},
      {"dy_hat/dz2", {0.186815602}},
      {"dL/dz2", {0.138498562, -0.038098236}},
      {"dL/dW2", {0.082167041}},                                    // by w5
      {"W2_new", {0.35891648, 0.408666186, 0.511301270, 0.561370121}},  // w5+ to w8+
      {"dL/da1", {0.036350306}},
      {"da1/dz1", {0.241300709}},
      {"dL/dW1", {0.000438568}},                                    // by w1
      {"W1_new", {0.149780716, 0.19956143, 0.24975114, 0.29950229}},    // w1+ to w4+
  };
  for (const auto& [id, figures] : kPublished) {
    const auto found = values.at(id).to_doubles();
    ASSERT_LE(figures.size(), found.size()) << id;
    for (std::size_t i = 0; i < figures.size(); ++i) {
      // He gives some with eight decimals.
      const bool eight = std::abs(figures[i] * 1e8 - std::round(figures[i] * 1e8)) < 1e-3;
      EXPECT_NEAR(found[i], figures[i], eight ? 1e-8 : kLastDigit) << id << "[" << i << "]";
    }
  }
  const auto y_hat = values.at("y_hat");
  EXPECT_NEAR(std::pow(y_hat.at(0) - 0.01, 2) / 2, 0.274811083, kLastDigit);  // E_o1
  EXPECT_NEAR(std::pow(y_hat.at(1) - 0.99, 2) / 2, 0.023560026, kLastDigit);  // E_o2
}

NetworkSpec with_weights(const Tensor& hidden, const Tensor& output) {
  auto network = mazur();
  network.layers[0].weight = hidden;
  network.layers[2].weight = output;
  return network;
}

TEST(Mazur, TheErrorAfterwardsIsThatOfAStepThroughNewWeights) {
  const auto values = values_of(mazur());
  const auto &hidden = values.at("W1_new"), &output = values.at("W2_new");
  // He leaves the biases; with them the step does more.
  EXPECT_NEAR(values_of(with_weights(hidden, output)).at("L").item(), 0.291027774, kLastDigit);
  EXPECT_NEAR(values.at("L_new").item(), 0.280471447, kLastDigit);

  // Where the gradient goes back through w5+ to w8+, in place of w5 to w8, his figure comes out.
  Tensor through_new = hidden.clone();
  const auto &dz2 = values.at("dL/dz2"), &slope = values.at("da1/dz1");
  const double x[] = {0.05, 0.10}, before[] = {0.15, 0.20, 0.25, 0.30};
  for (std::int64_t unit = 0; unit < 2; ++unit) {
    const double sent = output.at(unit) * dz2.at(0) + output.at(2 + unit) * dz2.at(1);
    for (std::int64_t i = 0; i < 2; ++i) {
      const auto at = 2 * unit + i;
      through_new.set(at, before[at] - 0.5 * sent * slope.at(unit) * x[i]);
    }
  }
  EXPECT_NEAR(values_of(with_weights(through_new, output)).at("L").item(), 0.291027924, kLastDigit);
}

}  // namespace
}  // namespace longhand::testing
