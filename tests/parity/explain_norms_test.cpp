// Norms and residual connections worked out, against their closed forms.
#include <gtest/gtest.h>

#include <cmath>

#include "longhand/explain.h"
#include "parity/goldens.h"

namespace longhand::testing {
namespace {

using Rows = std::vector<std::vector<double>>;

Rows rows_of(const Tensor& tensor) {
  Rows rows(static_cast<std::size_t>(tensor.shape()[0]));
  const auto width = tensor.count() / tensor.shape()[0];
  for (std::int64_t i = 0; i < tensor.count(); ++i) rows[static_cast<std::size_t>(i / width)].push_back(tensor.at(i));
  return rows;
}

Rows transposed(const Rows& rows) {
  Rows result(rows[0].size(), std::vector<double>(rows.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < rows[i].size(); ++j) result[j][i] = rows[i][j];
  }
  return result;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

class ExplainNorms : public ::testing::Test {
 protected:
  void explain(const std::string& norm) {
    const auto network = parse_network(R"({"network": {"inputs": 2},
        "layer": [{"type": "linear", "out": 3, "weight": [[1, 2], [-1, 0.5], [0.25, 3]], "bias": [0.5, 0, -1]},
                  )" + norm + R"(, {"type": "tanh", "name": "first"},
                  {"type": "linear", "out": 3, "weight": [[0.5, 1, 0], [1, -1, 2], [0, 1, 1]], "bias": [0, 1, 0]},
                  {"type": "residual", "from": "first"}, {"type": "linear", "out": 1}],
        "loss": {"type": "mse"}, "optimizer": {"type": "adam"},
        "sample": {"input": [[1, 2], [0.5, -1], [-2, 0.25], [3, 1]], "target": [[1], [0], [-1], [2]]}})", "norms");
    derivation_ = explained(Model::from_network(network, 3, DType::f64));
  }

  const DerivationStep& step(const std::string& id) const {
    for (const auto& step : derivation_.steps) {
      if (step.id == id) return step;
    }
    throw ArgumentError("no step " + id);
  }
  Rows rows(const std::string& id) const { return rows_of(step(id).value); }

  // `over`: along each of which the mean and variance are taken.
  void expect_norm(Rows z, Rows n, Rows dn, Rows dz) const {
    for (std::size_t line = 0; line < z.size(); ++line) {
      const double mean = mean_of(z[line]);
      std::vector<double> squares, products;
      for (const double value : z[line]) squares.push_back((value - mean) * (value - mean));
      const double deviation = std::sqrt(mean_of(squares) + 1e-5);
      for (std::size_t i = 0; i < z[line].size(); ++i) {
        EXPECT_NEAR(n[line][i], (z[line][i] - mean) / deviation, 1e-12);
        products.push_back(dn[line][i] * n[line][i]);
      }
      // dL/dz = (dL/dn - mean(dL/dn) - n mean(dL/dn n)) / sqrt(var + eps)
      for (std::size_t i = 0; i < z[line].size(); ++i) {
        EXPECT_NEAR(dz[line][i], (dn[line][i] - mean_of(dn[line]) - n[line][i] * mean_of(products)) / deviation, 1e-12);
      }
    }
  }

  Derivation derivation_;
};

TEST_F(ExplainNorms, BatchNormIsOverTheRows) {
  explain(R"({"type": "batch_norm", "momentum": 0.3, "weight": [2, 0.5, -1], "bias": [0.25, 0, 1]})");
  const auto z = transposed(rows("z1"));
  expect_norm(z, transposed(rows("n1_1")), transposed(rows("dL/dn1_1")), transposed(rows("dL/dz1")));
  const std::vector<double> gamma{2, 0.5, -1}, beta{0.25, 0, 1};
  for (std::int64_t unit = 0; unit < 3; ++unit) {
    const auto at = static_cast<std::size_t>(unit);
    const double mean = mean_of(z[at]);
    std::vector<double> squares;
    for (const double value : z[at]) squares.push_back((value - mean) * (value - mean));
    EXPECT_NEAR(step("mu1_1").value.at(unit), mean, 1e-12);
    EXPECT_NEAR(step("var1_1").value.at(unit), mean_of(squares), 1e-12);
    EXPECT_NEAR(step("running_mean1_1_new").value.at(unit), 0.3 * mean, 1e-12);
    EXPECT_NEAR(step("running_var1_1_new").value.at(unit), 0.7 + 0.3 * mean_of(squares) * 4 / 3, 1e-12);
    const auto h = transposed(rows("h1_1")), n = transposed(rows("n1_1")), dh = transposed(rows("dL/dh1_1"));
    double dgamma = 0, dbeta = 0;
    for (std::size_t row = 0; row < 4; ++row) {
      EXPECT_NEAR(h[at][row], gamma[at] * n[at][row] + beta[at], 1e-12);
      dgamma += dh[at][row] * n[at][row];
      dbeta += dh[at][row];
    }
    EXPECT_NEAR(step("dL/dgamma1_1").value.at(unit), dgamma, 1e-12);
    EXPECT_NEAR(step("dL/dbeta1_1").value.at(unit), dbeta, 1e-12);
  }
}

TEST_F(ExplainNorms, LayerNormIsOverTheUnits) {
  explain(R"({"type": "layer_norm"})");
  expect_norm(rows("z1"), rows("n1_1"), rows("dL/dn1_1"), rows("dL/dz1"));
}

TEST_F(ExplainNorms, AResidualAddsAndSendsTheGradientBackBothWays) {
  explain(R"({"type": "batch_norm"})");
  const auto h = rows("h2_1"), z2 = rows("z2"), a1 = rows("a1"), dh = rows("dL/dh2_1"), dz2 = rows("dL/dz2"), da1 = rows("dL/da1");
  const Rows weight{{0.5, 1, 0}, {1, -1, 2}, {0, 1, 1}};
  for (std::size_t row = 0; row < 4; ++row) {
    for (std::size_t unit = 0; unit < 3; ++unit) {
      EXPECT_NEAR(h[row][unit], z2[row][unit] + a1[row][unit], 1e-12);
      EXPECT_EQ(dz2[row][unit], dh[row][unit]);
      double back = dh[row][unit];
      for (std::size_t to = 0; to < 3; ++to) back += weight[to][unit] * dz2[row][to];
      EXPECT_NEAR(da1[row][unit], back, 1e-12);
    }
  }
}

TEST_F(ExplainNorms, HaveTheirPlaceInTheOrderAndRightGradients) {
  explain(R"({"type": "batch_norm"})");
  std::vector<std::string> ids;
  for (const auto& step : derivation_.steps) {
    ids.push_back(step.id);
    if (!step.id.starts_with("dL/d")) continue;
    ASSERT_TRUE(step.check) << step.id;
    EXPECT_LT(step.check->relative_error, 1e-6) << step.id;
  }
  const std::vector<std::string> expected{
      "z1", "mu1_1", "var1_1", "n1_1", "h1_1", "a1", "z2", "h2_1", "z3", "y_hat", "L_rows", "L", "dL/dy_hat", "dL/dz3", "dL/dW3",
      "dL/db3", "dL/dh2_1", "dL/dz2", "dL/dW2", "dL/db2", "dL/da1", "da1/dh1_1", "dL/dh1_1", "dL/dgamma1_1", "dL/dbeta1_1",
      "dL/dn1_1", "dL/dvar1_1", "dL/dmu1_1", "dL/dz1", "dL/dW1", "dL/db1", "dL/dx", "running_mean1_1_new", "running_var1_1_new",
      "m_W1", "v_W1"};
  ids.resize(expected.size());
  EXPECT_EQ(ids, expected);
  EXPECT_EQ(step("m_gamma1_1").title, "running mean of the gradient by γ₁,₁");
}

}  // namespace
}  // namespace longhand::testing
