// Every quantity that explain names, against NumPy and PyTorch in double precision.
#include <gtest/gtest.h>

#include <cmath>

#include "longhand/explain.h"
#include "parity/goldens.h"

namespace longhand::testing {
namespace {

using Json = nlohmann::ordered_json;

class ExplainGoldens : public ::testing::TestWithParam<GoldenCase> {};

double largest_of(const Json& value) {
  if (!value.is_array()) return std::abs(value.get<double>());
  double largest = 0;
  for (const auto& entry : value) largest = std::max(largest, largest_of(entry));
  return largest;
}

// To 1e-9 of each entry; an entry far smaller than others of its tensor may be what is left of their difference.
void expect_equal(const Json& actual, const Json& expected, double largest, const std::string& where) {
  if (expected.is_array()) {
    ASSERT_TRUE(actual.is_array()) << where << " is " << actual;
    ASSERT_EQ(actual.size(), expected.size()) << where;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      expect_equal(actual[i], expected[i], largest, where + "[" + std::to_string(i) + "]");
    }
    return;
  }
  ASSERT_TRUE(actual.is_number()) << where << " is " << actual << ", expected " << expected;
  const double a = actual, e = expected;
  EXPECT_NEAR(a, e, 1e-9 * std::max(std::abs(e), 1e-5 * largest)) << where;
}

TEST_P(ExplainGoldens, EveryQuantityIsThatOfAnIndependentComputation) {
  const auto steps = Json::parse(write_json(explained(GetParam())));
  const auto& expected = GetParam().json["values"];
  std::vector<std::string> ids, expected_ids;
  for (const auto& step : steps) ids.push_back(step["id"]);
  for (const auto& [id, value] : expected.items()) expected_ids.push_back(id);
  ASSERT_EQ(ids, expected_ids);
  for (const auto& step : steps) {
    const std::string id = step["id"];
    expect_equal(step["value"], expected[id], largest_of(expected[id]), id);
  }
}

TEST_P(ExplainGoldens, EveryGradientAgreesWithCentralDifferences) {
  for (const auto& step : explained(GetParam()).steps) {
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
  const auto derivation = explained(GetParam());
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
