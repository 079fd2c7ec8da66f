// The interval of a formula with one operand is no wider than the values it takes: against values at
// many points between.
#include "explain/range.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace longhand {
namespace {

struct Row {
  const char* name;
  std::function<Var(Var)> build;
  std::function<double(double)> value;
  double low, high;
};

const std::vector<Row>& rows() {
  const auto number = [](Var x, double value) { return x.graph->constant(value); };
  static const double kRoot2 = std::sqrt(2.0);
  static const std::vector<Row> kRows{
      {"y (1 - y)", [](Var y) { return y * (1.0 - y); }, [](double y) { return y * (1 - y); }, 0.3, 0.9},
      {"y (1 - y), rising", [](Var y) { return y * (1.0 - y); }, [](double y) { return y * (1 - y); }, 0.1, 0.4},
      {"1 - a a", [](Var a) { return 1.0 - a * a; }, [](double a) { return 1 - a * a; }, -0.2, 0.5},
      {"(y - 1)^2", [](Var y) { return (y - 1.0) * (y - 1.0); }, [](double y) { return (y - 1) * (y - 1); }, 0.5, 2},
      {"cross-entropy", [](Var y) { return -(0.3 * log(y) + 0.7 * log(1.0 - y)); },
       [](double y) { return -(0.3 * std::log(y) + 0.7 * std::log(1 - y)); }, 0.1, 0.8},
      {"gelu", [](Var z) { return gelu(z); }, [](double z) { return z * (1 + std::erf(z / kRoot2)) / 2; }, -2, 0.5},
      {"gelu_tanh", [](Var z) { return gelu_tanh(z); },
       [](double z) { return z * (1 + std::tanh(std::sqrt(2 / M_PI) * (z + 0.044715 * z * z * z))) / 2; }, -3, 1},
      {"silu", [](Var z) { return silu(z); }, [](double z) { return z / (1 + std::exp(-z)); }, -4, 1},
      {"softplus", [](Var z) { return softplus(z); }, [](double z) { return std::log1p(std::exp(z)); }, -1, 2},
      {"relu", [](Var z) { return relu(z); }, [](double z) { return std::max(z, 0.0); }, -1, 2},
      {"leaky_relu", [](Var z) { return leaky_relu(z, -0.5); }, [](double z) { return z > 0 ? z : -0.5 * z; }, -1, 2},
      {"elu", [](Var z) { return elu(z, 1.5); }, [](double z) { return z > 0 ? z : 1.5 * std::expm1(z); }, -1, 0.5},
      {"huber", [number](Var y) { return where(less(abs(y), number(y, 1)), 0.5 * (y * y), abs(y) - 0.5); },
       [](double y) { return std::abs(y) < 1 ? y * y / 2 : std::abs(y) - 0.5; }, -0.5, 3},
      {"a jump", [number](Var z) { return where(greater(z, number(z, 0.25)), number(z, 1), 2.0 * exp(z)); },
       [](double z) { return z > 0.25 ? 1 : 2 * std::exp(z); }, -1, 1},
      {"x^3 - x", [](Var x) { return x * x * x - x; }, [](double x) { return x * x * x - x; }, -1.2, 1.2},
      {"sin", [](Var x) { return sin(x) * cos(x); }, [](double x) { return std::sin(x) * std::cos(x); }, 0, 3},
  };
  return kRows;
}

Interval range_of(const Row& row, double low, double high) {
  Formula formula;
  // Two entries, so that each is worked at on its own.
  const Var x = formula.graph.input("x", {2});
  formula.result = row.build(x).id;
  formula.operands = {"x"};
  const Range range(std::move(formula), 1, {"x"});
  const auto result = range({{"x", {{2}, {{low, high}, Interval(low)}, {}}}}).real;
  EXPECT_LT(result[1].width(), 1e-12) << row.name;
  EXPECT_TRUE(result[1].contains(row.value(low))) << row.name;
  return result[0];
}

TEST(Range, OfOneOperandIsTheLeast) {
  for (const auto& row : rows()) {
    const auto range = range_of(row, row.low, row.high);
    double least = INFINITY, most = -INFINITY;
    constexpr int kPoints = 200000;
    for (int i = 0; i <= kPoints; ++i) {
      // The last is 0, where there may be a kink.
      const double at = i < kPoints ? row.low + (row.high - row.low) * i / (kPoints - 1) : std::clamp(0.0, row.low, row.high);
      const double value = row.value(at);
      least = std::min(least, value);
      most = std::max(most, value);
    }
    const double near = row.name == std::string("a jump") ? 1e-4 : 1e-9;  // points do not hit the jump itself
    EXPECT_LE(range.low, least + 1e-15) << row.name;
    EXPECT_GE(range.high, most - 1e-15) << row.name;
    EXPECT_NEAR(range.low, least, near) << row.name;
    EXPECT_NEAR(range.high, most, near) << row.name;
  }
}

// The mean over entries of (y - t)^2: each entry occurs in one term.
TEST(Range, OfASumOverEntriesIsTheLeast) {
  Formula formula;
  const Var y = formula.graph.input("y", {3});
  formula.result = sum(y * y).id;
  formula.operands = {"y"};
  const Range range(std::move(formula), 1, {"y"});
  const auto result = range({{"y", {{3}, {{-1, 2}, {1, 2}, {-3, -1}}, {}}}}).real[0];
  EXPECT_NEAR(result.low, 0 + 1 + 1, 1e-12);
  EXPECT_NEAR(result.high, 4 + 4 + 9, 1e-12);
}

// Several operands are worked with interval arithmetic.
TEST(Range, OfSeveralOperandsHoldsTheValues) {
  Formula formula;
  const Var a = formula.graph.input("a", {}), b = formula.graph.input("b", {});
  formula.result = (a * b - a).id;
  formula.operands = {"a", "b"};
  const Range range(std::move(formula), 1, {"a", "b"});
  const auto result = range({{"a", {{}, {{1, 2}}, {}}}, {"b", {{}, {{3, 4}}, {}}}}).real[0];
  EXPECT_NEAR(result.low, 3 - 2, 1e-12);
  EXPECT_NEAR(result.high, 8 - 1, 1e-12);
}

TEST(Range, OfWhatIsWithoutBoundIsWithoutBound) {
  Formula formula;
  const Var y = formula.graph.input("y", {});
  formula.result = (1.0 / y).id;
  formula.operands = {"y"};
  const Range range(std::move(formula), 1, {"y"});
  EXPECT_FALSE(range({{"y", {{}, {{-1, 1}}, {}}}}).real[0].is_bounded());
  EXPECT_FALSE(range({{"y", {{}, {Interval::everything()}, {}}}}).real[0].is_bounded());
}

}  // namespace
}  // namespace longhand
