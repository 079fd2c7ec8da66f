// An interval's operation holds what the operation gives for every choice from its operands'.
#include "ir/interval.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "ir/evaluate.h"
#include "support/random_graph.h"

namespace longhand::testing {
namespace {

using Numbers = std::function<double(double, double)>;
using Intervals = std::function<Interval(Interval, Interval)>;

struct Row {
  const char* name;
  Numbers numbers;
  Intervals intervals;
  double low, high;  // where operands are drawn from
};

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows{
      {"add", [](double a, double b) { return a + b; }, [](Interval a, Interval b) { return a + b; }, -9, 9},
      {"subtract", [](double a, double b) { return a - b; }, [](Interval a, Interval b) { return a - b; }, -9, 9},
      {"multiply", [](double a, double b) { return a * b; }, [](Interval a, Interval b) { return a * b; }, -9, 9},
      {"divide", [](double a, double b) { return a / b; }, [](Interval a, Interval b) { return a / b; }, -9, 9},
      {"negate", [](double a, double) { return -a; }, [](Interval a, Interval) { return -a; }, -9, 9},
      {"exp", [](double a, double) { return std::exp(a); }, [](Interval a, Interval) { return exp(a); }, -30, 30},
      {"log", [](double a, double) { return std::log(a); }, [](Interval a, Interval) { return log(a); }, 1e-9, 40},
      {"log1p", [](double a, double) { return std::log1p(a); }, [](Interval a, Interval) { return log1p(a); }, -0.99, 9},
      {"expm1", [](double a, double) { return std::expm1(a); }, [](Interval a, Interval) { return expm1(a); }, -9, 9},
      {"sqrt", [](double a, double) { return std::sqrt(a); }, [](Interval a, Interval) { return sqrt(a); }, 0, 9},
      {"abs", [](double a, double) { return std::abs(a); }, [](Interval a, Interval) { return abs(a); }, -9, 9},
      {"erf", [](double a, double) { return std::erf(a); }, [](Interval a, Interval) { return erf(a); }, -3, 3},
      {"sin", [](double a, double) { return std::sin(a); }, [](Interval a, Interval) { return sin(a); }, -20, 20},
      {"cos", [](double a, double) { return std::cos(a); }, [](Interval a, Interval) { return cos(a); }, -20, 20},
      {"tanh", [](double a, double) { return std::tanh(a); }, [](Interval a, Interval) { return tanh(a); }, -4, 4},
      {"square", [](double a, double) { return a * a; }, [](Interval a, Interval) { return power(a, Interval(2)); }, -9, 9},
      {"cube", [](double a, double) { return a * a * a; }, [](Interval a, Interval) { return power(a, Interval(3)); }, -9, 9},
      {"inverse", [](double a, double) { return 1 / a; }, [](Interval a, Interval) { return power(a, Interval(-1)); }, -9, 9},
      {"power", [](double a, double b) { return std::pow(a, b); }, [](Interval a, Interval b) { return power(a, b); }, 0.1, 3},
      {"minimum", [](double a, double b) { return std::min(a, b); }, [](Interval a, Interval b) { return minimum(a, b); }, -9, 9},
      {"maximum", [](double a, double b) { return std::max(a, b); }, [](Interval a, Interval b) { return maximum(a, b); }, -9, 9},
      {"less", [](double a, double b) { return a < b ? 1. : 0.; }, [](Interval a, Interval b) { return less(a, b); }, -2, 2},
      {"less_equal", [](double a, double b) { return a <= b ? 1. : 0.; }, [](Interval a, Interval b) { return less_equal(a, b); }, -2, 2},
      {"equal", [](double a, double b) { return a == b ? 1. : 0.; }, [](Interval a, Interval b) { return equal(a, b); }, -2, 2},
  };
  return kRows;
}

// Ends at halves, so that intervals often meet 0, each other's ends and themselves.
Interval draw(std::mt19937& generator, double low, double high) {
  std::uniform_real_distribution<double> any(low, high);
  const auto end = [&] { return generator() % 2 == 0 ? std::clamp(std::round(any(generator) * 2) / 2, low, high) : any(generator); };
  const double a = end(), b = generator() % 5 == 0 ? a : end();
  return {std::min(a, b), std::max(a, b)};
}

double inside(std::mt19937& generator, Interval x) {
  const auto choice = generator() % 4;
  if (choice < 2 || x.is_point()) return choice == 0 ? x.low : x.high;
  return std::uniform_real_distribution<double>(x.low, x.high)(generator);
}

TEST(Intervals, HoldEveryResult) {
  std::mt19937 generator(1);
  for (const auto& row : rows()) {
    for (int i = 0; i < 2000; ++i) {
      const auto a = draw(generator, row.low, row.high), b = draw(generator, row.low, row.high);
      const auto result = row.intervals(a, b);
      for (int k = 0; k < 6; ++k) {
        const double x = inside(generator, a), y = inside(generator, b), value = row.numbers(x, y);
        if (!std::isfinite(value)) continue;
        ASSERT_TRUE(result.contains(value))
            << row.name << " of [" << a.low << ", " << a.high << "] and [" << b.low << ", " << b.high << "] is ["
            << result.low << ", " << result.high << "] without " << value << " of " << x << " and " << y;
      }
    }
  }
}

// The numbers that the operation gives fill the interval, up to rounding.
TEST(Intervals, AreNoWiderThanTheyMustBe) {
  const auto expect = [](Interval actual, double low, double high) {
    EXPECT_NEAR(actual.low, low, 1e-14);
    EXPECT_NEAR(actual.high, high, 1e-14);
  };
  expect(Interval(-2, 3) * Interval(-1, 4), -8, 12);
  expect(Interval(1, 2) / Interval(-4, -2), -1, -0.25);
  expect(power(Interval(-2, 1), Interval(2)), 0, 4);
  expect(abs(Interval(-2, 1)), 0, 2);
  expect(sin(Interval(0, 2)), 0, 1);
  expect(cos(Interval(-1, 4)), -1, 1);
  expect(cos(Interval(1, 2)), std::cos(2), std::cos(1));
  expect(tanh(Interval(-1, 1)), std::tanh(-1), std::tanh(1));
}

TEST(Intervals, WhatIsExactStaysAPoint) {
  EXPECT_TRUE((Interval(1.3) + Interval(0)).is(1.3));
  EXPECT_TRUE((Interval(0.5) * Interval(3)).is(1.5));
  EXPECT_TRUE((Interval(3) / Interval(2)).is(1.5));
  EXPECT_TRUE(exp(Interval(0)).is(1));
  const auto tenth = Interval(0.1) + Interval(0.2);
  EXPECT_LT(tenth.low, tenth.high);
}

TEST(Intervals, AtTheEdges) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_TRUE((Interval(0) * Interval::everything()).is(0));
  EXPECT_TRUE((Interval(0) * Interval::undefined()).is(0));
  EXPECT_TRUE((Interval(1) / Interval(0)).is_undefined());
  EXPECT_EQ((Interval(1, 2) / Interval(0, 4)).high, infinity);
  EXPECT_EQ((Interval(1, 2) / Interval(0, 4)).low, 0.25);
  EXPECT_EQ((Interval(1, 2) / Interval(-4, 0)).low, -infinity);
  EXPECT_FALSE((Interval(1, 2) / Interval(-1, 1)).is_bounded());
  EXPECT_TRUE(log(Interval(-2, -1)).is_undefined());
  EXPECT_EQ(log(Interval(-2, 1)).low, -infinity);
  EXPECT_FALSE(meet(Interval::undefined(), Interval::everything()));
  EXPECT_TRUE(hull(Interval::undefined(), Interval(2)).is(2));
  EXPECT_TRUE(intersection(Interval(0, 1), Interval(2, 3)).is_undefined());
  EXPECT_TRUE(select(Interval(0, 1), Interval(1), Interval(3)).contains(2));
}

// Whole graphs: every operation of the table that random graphs use.
TEST(Intervals, AGraphOnIntervalsHoldsTheGraphOnNumbers) {
  std::mt19937 generator(2);
  for (unsigned seed = 0; seed < 60; ++seed) {
    std::vector<unsigned> choices(30);
    for (auto& choice : choices) choice = static_cast<unsigned>(generator());
    const auto graph = random_graph(choices, false);
    Inputs<Interval> wide;
    Inputs<double> inner;
    for (const auto& [name, tensor] : random_values(graph, 3, DType::f64, seed)) {
      inner[name] = to_array<double>(tensor);
      auto array = to_array<Interval>(tensor);
      for (auto& entry : array.real) entry = {entry.low - 0.01, entry.high + 0.02};
      wide[name] = array;
    }
    const auto numbers = evaluate<double>(graph, inner);
    const auto intervals = evaluate<Interval>(graph, wide);
    for (std::size_t id = 0; id < numbers.size(); ++id) {
      for (std::size_t i = 0; i < numbers[id].real.size(); ++i) {
        if (!std::isfinite(numbers[id].real[i])) continue;
        EXPECT_TRUE(intervals[id].real[i].contains(numbers[id].real[i])) << to_string(graph) << "%" << id << "[" << i << "]";
      }
    }
  }
}

}  // namespace
}  // namespace longhand::testing
