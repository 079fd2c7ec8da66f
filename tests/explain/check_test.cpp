// Gradients held against differences: right ones pass whatever the scale, false ones never.
#include "explain/check.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/thread_pool.h"

namespace longhand {
namespace {

// What the check finds of f at `at` where `slopes` are said to be its gradient.
GradientCheck checked(const std::function<Var(Var)>& f, const std::vector<double>& at, const std::vector<double>& slopes,
                      const CheckOptions& options = {}) {
  Graph graph;
  const Shape shape{static_cast<std::int64_t>(at.size())};
  const Var x = graph.input("x", shape), gradient = graph.input("gradient", shape);
  const Var loss = sum(f(x));
  const auto values = evaluate<double>(graph, {{"x", {shape, at, {}}}, {"gradient", {shape, slopes, {}}}});
  return check_gradient({graph, values, loss.id, x.id, gradient.id}, options);
}

struct Case {
  const char* name;
  std::function<Var(Var)> f;
  double at, slope;
  double error = 1e-8;  // at most
};

TEST(CheckGradient, FindsAStepForEachScale) {
  const double s = 1 / (1 + std::exp(-1.0)), bump = 2 * (s - 0.5) * s * (1 - s);
  for (const auto& [name, f, at, slope, most] : std::vector<Case>{
           {"constant", [](Var x) { return 0.0 * x; }, 3, 0, 0},
           {"x^2", [](Var x) { return x * x; }, 3, 6},
           {"large", [](Var x) { return x * x; }, 3e8, 6e8},
           {"log near 0", [](Var x) { return log(x); }, 1e-9, 1e9},
           {"log(1 - x) near 1", [](Var x) { return log(1.0 - x); }, 1 - 0x1p-30, -0x1p30},
           {"1 / x near 0", [](Var x) { return 1.0 / x; }, 1e-6, -1e12},
           {"sqrt near 0", [](Var x) { return sqrt(x); }, 1e-8, 5e3},
           {"steep exp", [](Var x) { return exp(30.0 * x); }, 1, 30 * std::exp(30)},
           {"steep sigmoid", [](Var x) { return sigmoid(1e4 * x); }, 1e-4, 1e4 * s * (1 - s)},
           {"a narrow dip", [](Var x) { const Var d = sigmoid(1e3 * x) - 0.5; return d * d; }, 1e-3, 1e3 * bump},
           {"saturated", [](Var x) { return sigmoid(x); }, 15, std::exp(-15) / std::pow(1 + std::exp(-15), 2), 1e-6},
           {"flat beside a large value", [](Var x) { return 1.0 + 1e-7 * sin(x); }, 0.5, 1e-7 * std::cos(0.5), 1e-6},
           {"relu near its kink", [](Var x) { return 1.0 + relu(x); }, 1e-5, 1},
           {"relu below it", [](Var x) { return 1.0 + relu(x); }, -1e-5, 0, 0},
           {"abs near its kink", [](Var x) { return abs(x) * x; }, -1e-3, 2e-3},
           {"leaky relu", [](Var x) { return leaky_relu(x, 0.1); }, -0.01, 0.1}}) {
    const auto check = checked(f, {at}, {slope});
    EXPECT_EQ(check.entries, 1) << name;
    EXPECT_FALSE(check.kink) << name;
    EXPECT_LE(check.relative_error, most) << name;
  }
}

TEST(CheckGradient, LeavesOutWhatIsAtAKink) {
  const auto check = checked([](Var x) { return relu(x) + abs(x - 1.0); }, {0, -2, 0.5, 1, 3}, {-1, -1, 0, 1, 2});
  EXPECT_TRUE(check.kink);
  EXPECT_EQ(check.left_out, 2);
  EXPECT_EQ(check.entries, 3);
  EXPECT_LT(check.relative_error, 1e-9);
}

TEST(CheckGradient, LeavesOutWhatRoundingHides) {
  const auto f = [](Var x) { return 1e9 + 1e-3 * x; };
  const auto check = checked(f, {1, 2}, {1e-3, 1e-3});
  EXPECT_EQ(check.left_out, 2);
  EXPECT_FALSE(check.kink);
  EXPECT_GT(checked(f, {1, 2}, {1e-3, 1}).relative_error, 0.9);
}

TEST(CheckGradient, FindsOneFalseEntryWhereverItIs) {
  const auto f = [](Var x) { return tanh(x) * exp(x); };
  std::vector<double> at, slopes;
  for (int i = 0; i < 40; ++i) {
    const double x = i * 0.1 - 2, t = std::tanh(x);
    at.push_back(x);
    slopes.push_back((1 - t * t + t) * std::exp(x));
  }
  EXPECT_LT(checked(f, at, slopes).relative_error, 1e-8);
  for (std::size_t i = 0; i < slopes.size(); ++i) {
    auto wrong = slopes;
    wrong[i] *= 1 + 1e-5;
    EXPECT_NEAR(checked(f, at, wrong).relative_error, 1e-5, 1e-7) << i;
    for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity(), -wrong[i], 0.0}) {
      wrong[i] = bad;
      EXPECT_GE(checked(f, at, wrong).relative_error, 1 - 1e-9) << i << ": " << bad;
    }
  }
}

TEST(CheckGradient, DrawsEntriesAndSharesThemOut) {
  const std::vector<double> at(600, 0.5), slopes(600, 2);
  const auto f = [](Var x) { return 2.0 * x; };
  EXPECT_EQ(checked(f, at, slopes).entries, 100);
  EXPECT_EQ(checked(f, at, slopes, {.most_entries = 7}).entries, 7);
  EXPECT_EQ(checked(f, at, slopes, {.only = 5}).entries, 1);
  ThreadPool pool(3);
  std::int64_t told = 0;
  const auto all = checked(f, at, slopes, {.most_entries = 0, .pool = &pool, .progress = [&](std::int64_t done) { told = done; }});
  EXPECT_EQ(all.entries, 600);
  EXPECT_EQ(told, 600);
  auto wrong = slopes;
  wrong[321] = 2.5;
  for (int threads = 1; threads <= 3; ++threads) {
    ThreadPool some(threads);
    EXPECT_NEAR(checked(f, at, wrong, {.most_entries = 0, .pool = &some}).relative_error, 0.2, 1e-9) << threads;
  }
}

}  // namespace
}  // namespace longhand
