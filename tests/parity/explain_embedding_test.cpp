// An embedding worked out, against its closed form.
#include <gtest/gtest.h>

#include "longhand/explain.h"
#include "parity/goldens.h"

namespace longhand::testing {
namespace {

class ExplainEmbedding : public ::testing::Test {
 protected:
  void explain(const std::string& sample) {
    const auto network = parse_network(R"({"network": {"inputs": 3}, "layer": [{"type": "embedding", "tables": [
        {"name": "town", "input": 2, "rows": 3, "size": 2, "weight": [[1, 2], [3, -1], [0.5, 0.25]]},
        {"name": "kind", "input": 3, "rows": 2, "size": 1, "weight": [[4], [-2]]}]},
        {"type": "linear", "out": 1, "weight": [[1, -2, 0.5, 3]], "bias": [0.25]}],
        "loss": {"type": "mse"}, "sample": )" + sample + "}", "towns");
    derivation_ = explained(Model::from_network(network, 3, DType::f64));
  }
  const DerivationStep& step(const std::string& id) const {
    for (const auto& step : derivation_.steps) {
      if (step.id == id) return step;
    }
    throw ArgumentError("no step " + id);
  }
  std::vector<double> value(const std::string& id) const { return step(id).value.to_doubles(); }

  Derivation derivation_;
};

TEST_F(ExplainEmbedding, OfOneRowLooksUpAndLearnsItsRows) {
  explain(R"({"input": [10, 1, 0], "target": [31]})");
  EXPECT_EQ(value("r1"), (std::vector<double>{3, -1}));
  EXPECT_EQ(value("r2"), (std::vector<double>{4}));
  EXPECT_EQ(value("x"), (std::vector<double>{10, 3, -1, 4}));
  EXPECT_EQ(value("z1"), (std::vector<double>{10 - 6 - 0.5 + 12 + 0.25}));
  // dL/dy_hat = 2 (15.75 - 31) = -30.5; dL/dx = W^T of it.
  EXPECT_EQ(value("dL/dx"), (std::vector<double>{-30.5, 61, -15.25, -91.5}));
  EXPECT_EQ(value("dL/dr1"), (std::vector<double>{61, -15.25}));
  EXPECT_EQ(value("dL/dE1"), (std::vector<double>{0, 0, 61, -15.25, 0, 0}));
  EXPECT_EQ(value("dL/dE2"), (std::vector<double>{-91.5, 0}));
  const auto after = value("E1_new");
  const std::vector<double> expected{1, 2, 3 - 6.1, -1 + 1.525, 0.5, 0.25};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(after[i], expected[i], 1e-12);
  EXPECT_EQ(step("r1").formula, "r₁ = E₁[c[2]], row 1, from 0");
  EXPECT_EQ(step("r1").uses, (std::vector<std::string>{"E1", "c"}));
  EXPECT_EQ(step("dL/dr1").formula, "∂L/∂r₁ = entries 2 to 3 of ∂L/∂x");
  for (const auto& step : derivation_.steps) {
    if (!step.id.starts_with("dL/d")) continue;
    ASSERT_TRUE(step.check) << step.id;
    EXPECT_LT(step.check->relative_error, 1e-6) << step.id;
  }
}

TEST_F(ExplainEmbedding, OfABatchAddsUpWhatComesBackToARow) {
  explain(R"({"input": [[1, 2, 1], [0, 0, 1], [2, 2, 0]], "target": [[0], [1], [2]]})");
  const double y1 = 1 - 1 + 0.125 - 6 + 0.25, y2 = -2 + 1 - 6 + 0.25, y3 = 2 - 1 + 0.125 + 12 + 0.25;
  const double d1 = 2 * y1 / 3, d2 = 2 * (y2 - 1) / 3, d3 = 2 * (y3 - 2) / 3;
  const std::vector<double> first{-2 * d2, 0.5 * d2, 0, 0, -2 * (d1 + d3), 0.5 * (d1 + d3)}, second{3 * d3, 3 * (d1 + d2)};
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(value("dL/dE1")[i], first[i], 1e-12) << i;
  for (std::size_t i = 0; i < 2; ++i) EXPECT_NEAR(value("dL/dE2")[i], second[i], 1e-12) << i;
  EXPECT_NE(step("r1").formula.find("rows 2, 0, 2, from 0"), std::string::npos) << step("r1").formula;
}

TEST_F(ExplainEmbedding, HasItsPlaceInEveryPage) {
  explain(R"({"input": [10, 1, 0], "target": [31]})");
  std::vector<std::string> ids;
  for (const auto& step : derivation_.steps) ids.push_back(step.id);
  EXPECT_EQ(ids, (std::vector<std::string>{"r1", "r2", "x", "z1", "y_hat", "L", "dL/dy_hat", "dL/dz1", "dL/dW1", "dL/db1", "dL/dx", "dL/dr1",
                                           "dL/dE1", "dL/dr2", "dL/dE2", "E1_new", "E2_new", "W1_new", "b1_new", "L_new"}));
  for (const auto& page : {write_text(derivation_), write_markdown(derivation_), write_latex(derivation_), write_html(derivation_)}) {
    EXPECT_NE(page.find("row 1, from 0"), std::string::npos) << page;
  }
  EXPECT_NE(write_json(derivation_).find("\"E1_new\""), std::string::npos);
}

}  // namespace
}  // namespace longhand::testing
