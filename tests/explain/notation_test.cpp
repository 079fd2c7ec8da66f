// How every form of an id is written in text and TeX.
#include "explain/notation.h"

#include <gtest/gtest.h>

#include <set>

namespace longhand {
namespace {

struct Row {
  const char *id, *text, *latex;
};

constexpr Row kRows[] = {
    {"x", "x", "x"},
    {"y", "y", "y"},
    {"t", "t", "t"},
    {"raw", "raw", "\\text{raw}"},
    {"mean", "μ", "\\mu"},
    {"scale", "σ", "\\sigma"},
    {"learning_rate", "η", "\\eta"},
    {"W1", "W₁", "W_{1}"},
    {"b12", "b₁₂", "b_{12}"},
    {"z1", "z₁", "z_{1}"},
    {"a10", "a₁₀", "a_{10}"},
    {"h2_1", "h₂,₁", "h_{2,1}"},
    {"y_hat", "ŷ", "\\hat{y}"},
    {"y_scaled", "yₛ", "y_{s}"},
    {"prediction", "prediction", "\\text{prediction}"},
    {"L", "L", "L"},
    {"L_rows", "Lᵢ", "L_{i}"},
    {"L_new", "L′", "L'"},
    {"dL/dy_hat", "∂L/∂ŷ", "\\frac{\\partial L}{\\partial \\hat{y}}"},
    {"dy_hat/dz2", "∂ŷ/∂z₂", "\\frac{\\partial \\hat{y}}{\\partial z_{2}}"},
    {"dL/dW2", "∂L/∂W₂", "\\frac{\\partial L}{\\partial W_{2}}"},
    {"dL/dx", "∂L/∂x", "\\frac{\\partial L}{\\partial x}"},
    {"da1/dz1", "∂a₁/∂z₁", "\\frac{\\partial a_{1}}{\\partial z_{1}}"},
    {"dh1_2/dh1_1", "∂h₁,₂/∂h₁,₁", "\\frac{\\partial h_{1,2}}{\\partial h_{1,1}}"},
    {"W1_new", "W₁′", "W_{1}'"},
    {"v_W1", "v(W₁)", "v_{W_{1}}"},
    {"b_W1", "b(W₁)", "b_{W_{1}}"},
    {"m_b2", "m(b₂)", "m_{b_{2}}"},
    {"m_hat_W1", "m̂(W₁)", "\\hat{m}_{W_{1}}"},
    {"v_hat_b2", "v̂(b₂)", "\\hat{v}_{b_{2}}"},
    {"m_W1_old", "m(W₁)⁻", "m_{W_{1}}^{-}"},
};

TEST(Notation, OfEachFormOfId) {
  std::set<std::string> texts, latex;
  for (const auto& row : kRows) {
    EXPECT_EQ(unicode_symbol(row.id), row.text) << row.id;
    EXPECT_EQ(latex_symbol(row.id), row.latex) << row.id;
    EXPECT_TRUE(texts.insert(unicode_symbol(row.id)).second) << row.id << " is written as another";
    EXPECT_TRUE(latex.insert(latex_symbol(row.id)).second) << row.id << " is written as another";
  }
}

}  // namespace
}  // namespace longhand
