// L-BFGS on functions whose minima are known.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "longhand/optim.h"

namespace longhand::optim {
namespace {

using Vector = std::vector<double>;

struct Function {
  const char* name;
  Objective objective;
  Vector start, minimum;
  int most_steps;
};

// sum_i 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2 (Rosenbrock 1960), least at (1, ..., 1).
double rosenbrock(std::span<const double> x, std::span<double> gradient) {
  double value = 0;
  std::ranges::fill(gradient, 0);
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    const double valley = x[i + 1] - x[i] * x[i], rest = 1 - x[i];
    value += 100 * valley * valley + rest * rest;
    gradient[i] += -400 * x[i] * valley - 2 * rest;
    gradient[i + 1] += 200 * valley;
  }
  return value;
}

// sum_i 10^i (x_i - i)^2 / 2.
double bowl(std::span<const double> x, std::span<double> gradient) {
  double value = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double scale = std::pow(10, static_cast<double>(i)), error = x[i] - static_cast<double>(i);
    value += scale * error * error / 2;
    gradient[i] = scale * error;
  }
  return value;
}

// log cosh, whose full step from far away is far too long, beside a wall where it is not finite.
double steep(std::span<const double> x, std::span<double> gradient) {
  gradient[0] = std::tanh(x[0] - 3) + 0.01 / (8 - x[0]) / (8 - x[0]);
  if (x[0] >= 8) return std::nan("");
  return std::log(std::cosh(x[0] - 3)) + 0.01 / (8 - x[0]);
}

TEST(Lbfgs, FindsMinima) {
  const std::vector<Function> functions{{"Rosenbrock, 2", rosenbrock, {-1.2, 1}, {1, 1}, 45},
                                        {"Rosenbrock, 20", rosenbrock, Vector(20, 0.5), Vector(20, 1), 120},
                                        {"a bowl of slopes from 1 to 10^5", bowl, Vector(6, -7), {0, 1, 2, 3, 4, 5}, 80}};
  for (const auto& [name, objective, start, minimum, most] : functions) {
    Lbfgs solver(objective, start, {});
    double before = solver.value();
    int steps = 0;
    while (steps < 1000 && solver.step()) {
      ++steps;
      EXPECT_LT(solver.value(), before) << name;
      before = solver.value();
    }
    EXPECT_LE(steps, most) << name;
    for (std::size_t i = 0; i < minimum.size(); ++i) EXPECT_NEAR(solver.x()[i], minimum[i], 1e-7) << name << ", x" << i;
  }
}

TEST(Lbfgs, StepsBackFromWhereTheValueIsNotFinite) {
  Lbfgs solver(steep, {-30}, {.first_length = 100});
  for (int i = 0; i < 100 && solver.step(); ++i) {}
  Vector gradient(1);
  steep(solver.x(), gradient);
  EXPECT_NEAR(gradient[0], 0, 1e-7);
  EXPECT_LT(solver.x()[0], 8);
}

// Both conditions at every step: enough of a fall, and a slope that has become flatter.
TEST(Lbfgs, StepsSatisfyTheStrongWolfeConditions) {
  Lbfgs solver(rosenbrock, {-1.2, 1}, {});
  for (int step = 0; step < 30; ++step) {
    const auto x = solver.x(), gradient = solver.gradient();
    const double value = solver.value();
    ASSERT_TRUE(solver.step());
    double before = 0, after = 0;  // slopes along the step, scaled by its length
    for (std::size_t i = 0; i < x.size(); ++i) {
      before += gradient[i] * (solver.x()[i] - x[i]);
      after += solver.gradient()[i] * (solver.x()[i] - x[i]);
    }
    EXPECT_LT(before, 0);
    EXPECT_LE(solver.value(), value + 1e-4 * before + 1e-15);
    EXPECT_LE(std::abs(after), -0.9 * before + 1e-15);
  }
}

TEST(Lbfgs, GoesOnFromItsMemoryToTheSameBits) {
  Lbfgs whole(rosenbrock, Vector(5, -0.5), {.memory = 3});
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(whole.step());
  for (const int stop : {0, 1, 2, 7, 19}) {
    Lbfgs begun(rosenbrock, Vector(5, -0.5), {.memory = 3});
    for (int i = 0; i < stop; ++i) begun.step();
    Lbfgs rest(rosenbrock, begun.x(), {.memory = 3});
    rest.resume(begun.steps(), begun.pairs());
    for (int i = stop; i < 20; ++i) rest.step();
    EXPECT_EQ(rest.x(), whole.x()) << stop;
  }
}

TEST(Lbfgs, IsDoneWhereNothingCanBeLower) {
  Lbfgs solver(bowl, {0, 1}, {});
  EXPECT_FALSE(solver.step());
  EXPECT_EQ(solver.x(), (Vector{0, 1}));
}

}  // namespace
}  // namespace longhand::optim
