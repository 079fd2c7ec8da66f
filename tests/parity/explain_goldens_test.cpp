// Every quantity that explain names, against NumPy and PyTorch in double precision.
#include <gtest/gtest.h>

#include <cmath>

#include "longhand/explain.h"
#include "parity/goldens.h"

namespace longhand::testing {
namespace {

using Json = nlohmann::ordered_json;

class ExplainGoldens : public ::testing::TestWithParam<GoldenCase> {};

void expect_equal(const Json& actual, const Json& expected, const std::string& where) {
  if (expected.is_array()) {
    ASSERT_TRUE(actual.is_array()) << where << " is " << actual;
    ASSERT_EQ(actual.size(), expected.size()) << where;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      expect_equal(actual[i], expected[i], where + "[" + std::to_string(i) + "]");
    }
    return;
  }
  ASSERT_TRUE(actual.is_number()) << where << " is " << actual << ", expected " << expected;
  const double a = actual, e = expected;
  EXPECT_NEAR(a, e, 1e-9 * std::max(1.0, std::abs(e))) << where;
}

Derivation explained(const Model& model) {
  const auto step = build_step(model, {.stable = false, .input_gradient = true, .loss_after = true});
  const auto& sample = *model.network.sample;
  return explain(step.graph, step_values(model, step, sample.input, sample.target),
                 {.batch = sample.is_batch});
}

TEST_P(ExplainGoldens, EveryQuantityIsThatOfAnIndependentComputation) {
  const auto steps = Json::parse(write_json(explained(model_of(GetParam(), DType::f64))));
  std::map<std::string, Json> by_id;
  for (const auto& step : steps) {
    EXPECT_TRUE(by_id.emplace(step["id"], step).second) << "two steps " << step["id"];
  }
  const auto& expected = GetParam().json["values"];
  for (const auto& [id, value] : expected.items()) {
    ASSERT_TRUE(by_id.contains(id)) << id << " is missing";
    expect_equal(by_id[id]["value"], value, id);
    by_id.erase(id);
  }
  for (const auto& [id, step] : by_id) ADD_FAILURE() << id << " is not among the expected";
}

TEST_P(ExplainGoldens, EveryGradientAgreesWithCentralDifferences) {
  for (const auto& step : explained(model_of(GetParam(), DType::f64)).steps) {
    if (!step.id.starts_with("dL/d")) {
      EXPECT_FALSE(step.check) << step.id;
      continue;
    }
    ASSERT_TRUE(step.check) << step.id;
    EXPECT_GT(step.check->entries, 0) << step.id;
    EXPECT_LT(step.check->relative_error, 1e-6) << step.id;
  }
}

TEST_P(ExplainGoldens, EachStepUsesOnlyWhatCameBefore) {
  const auto derivation = explained(model_of(GetParam(), DType::f64));
  std::set<std::string> known;
  for (const auto& given : derivation.givens) known.insert(given.id);
  for (const auto& step : derivation.steps) {
    EXPECT_FALSE(step.uses.empty()) << step.id;
    for (const auto& use : step.uses) EXPECT_TRUE(known.contains(use)) << step.id << " uses " << use;
    EXPECT_FALSE(step.formula.empty()) << step.id;
    EXPECT_FALSE(step.latex.empty()) << step.id;
    EXPECT_FALSE(step.title.empty()) << step.id;
    known.insert(step.id);
  }
}

// y = 0 and z = 40: sigmoid(z) is 1 in double precision, and log(1 - 1) is not finite. By the closed
// forms L = z + log(1 + e^-z), dL/dz = y_hat - y.
TEST(ExplainStable, TakesTheStableFormWhereTheLongOneIsNotFinite) {
  auto network = parse_network(R"({"network": {"inputs": 1},
      "layer": [{"type": "linear", "out": 1, "weight": [[40]], "bias": [0]}, {"type": "sigmoid"}],
      "loss": {"type": "bce"}, "sample": {"input": [1], "target": [0]}})", "saturated");
  std::map<std::string, DerivationStep> by_id;
  for (const auto& step : explained(Model::from_network(std::move(network), 0, DType::f64)).steps) {
    by_id[step.id] = step;
  }
  EXPECT_DOUBLE_EQ(by_id["L"].value.item(), 40);
  EXPECT_FALSE(by_id["L"].note.empty());
  EXPECT_FALSE(std::isfinite(by_id["dL/dy_hat"].value.item()));
  EXPECT_DOUBLE_EQ(by_id["dL/dz1"].value.item(), 1);
  EXPECT_DOUBLE_EQ(by_id["dL/dW1"].value.item(), 1);
  EXPECT_DOUBLE_EQ(by_id["W1_new"].value.item(), 39.9);
  // The step moves the bias as well: z is 39.9 - 0.1.
  EXPECT_NEAR(by_id["L_new"].value.item(), 39.8, 1e-9);
  EXPECT_LT(by_id["dL/dW1"].check->relative_error, 1e-6);
}

// RMSprop's momentum is named b, as a bias is.
TEST(ExplainNames, TellAnOptimisersMemoryFromABias) {
  auto network = parse_network(R"({"network": {"inputs": 1},
      "layer": [{"type": "linear", "out": 1, "weight": [[2]], "bias": [0]}],
      "loss": {"type": "mse"}, "optimizer": {"type": "rmsprop", "momentum": 0.9},
      "sample": {"input": [1], "target": [0]}})", "momentum");
  const auto derivation = explained(Model::from_network(std::move(network), 0, DType::f64));
  std::vector<std::string> ids;
  for (const auto& step : derivation.steps) {
    if (step.pass == "update") ids.push_back(step.id);
  }
  EXPECT_EQ(ids, (std::vector<std::string>{"v_W1", "b_W1", "W1_new", "v_b1", "b_b1", "b1_new"}));
  for (const auto& given : derivation.givens) EXPECT_NE(given.id, "b2");
}

INSTANTIATE_TEST_SUITE_P(Cases, ExplainGoldens, ::testing::ValuesIn(read_goldens("explain.json")),
                         [](const auto& test) { return test_name(test.param.name, test.index); });

}  // namespace
}  // namespace longhand::testing
