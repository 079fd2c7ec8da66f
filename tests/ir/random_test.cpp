// Random numbers in a graph depend on their counters alone.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "ir/evaluate.h"

namespace longhand {
namespace {

using Draw = Var (*)(Var, Var, std::int64_t, std::uint64_t, std::uint64_t);

constexpr Draw kDraws[] = {random_uniform, random_normal};

struct Counter {
  int step = 4;
  std::uint64_t seed = 42;
  std::uint64_t stream = 2;
};

template <class T = double>
std::vector<T> draw(Draw function, int first_row, int rows, std::int64_t columns,
                    Counter counter = {}) {
  Graph graph;
  const Var step = graph.input("step", {}, Kind::index);
  const Var row = graph.input("row", {Shape::kBatch}, Kind::index);
  const Var drawn = function(step, row, columns, counter.seed, counter.stream);
  Tensor numbers({rows}, DType::i32);
  for (int i = 0; i < rows; ++i) numbers.set(i, first_row + i);
  const auto values =
      evaluate<T>(graph, {{"step", to_array<T>(Tensor::scalar(counter.step, DType::i32))},
                          {"row", to_array<T>(numbers)}});
  return values[static_cast<std::size_t>(drawn.id)].real;
}

TEST(Random, DoesNotDependOnHowRowsAreBatched) {
  for (const auto function : kDraws) {
    const auto whole = draw(function, 0, 10, 3);
    auto parts = draw(function, 0, 5, 3);
    const auto second = draw(function, 5, 5, 3);
    parts.insert(parts.end(), second.begin(), second.end());
    EXPECT_EQ(whole, parts);
  }
}

TEST(Random, DoesNotDependOnTheColumnsBeside) {
  for (const auto function : kDraws) {
    const auto wide = draw(function, 0, 4, 5), narrow = draw(function, 0, 4, 2);
    for (std::size_t row = 0; row < 4; ++row) {
      for (std::size_t column = 0; column < 2; ++column) {
        EXPECT_EQ(wide[row * 5 + column], narrow[row * 2 + column]);
      }
    }
  }
}

TEST(Random, DependsOnSeedStreamStepRowAndColumn) {
  const Counter counters[] = {
      {4, 42, 2}, {5, 42, 2}, {4, 43, 2}, {4, 42 + (1ULL << 32), 2}, {4, 42, 3}};
  for (const auto function : kDraws) {
    std::set<double> seen;
    for (const auto& counter : counters) {
      for (const double value : draw(function, 0, 20, 5, counter)) seen.insert(value);
    }
    EXPECT_EQ(seen.size(), std::size(counters) * 100);
  }
}

TEST(Random, HasTheMomentsOfItsDistribution) {
  struct Case {
    Draw function;
    double mean, variance, fourth;
  };
  for (const auto& expected :
       {Case{random_uniform, 0.5, 1.0 / 12, 1.0 / 80}, Case{random_normal, 0, 1, 3}}) {
    const auto values = draw(expected.function, 0, 20000, 10);
    double mean = 0, variance = 0, fourth = 0;
    for (const double value : values) mean += value / 200000;
    for (const double value : values) variance += std::pow(value - mean, 2) / 200000;
    for (const double value : values) fourth += std::pow(value - mean, 4) / 200000;
    // Five standard errors: sqrt(variance / n) of the mean, and so on.
    EXPECT_NEAR(mean, expected.mean, 5 * std::sqrt(expected.variance / 200000));
    EXPECT_NEAR(variance, expected.variance,
                5 * std::sqrt((expected.fourth - expected.variance * expected.variance) / 200000));
    EXPECT_NEAR(fourth, expected.fourth, 0.05 * expected.fourth);
  }
}

TEST(Random, UniformIsTheSameNumberInBothPrecisionsAndBelowOne) {
  const auto single = draw<float>(random_uniform, 0, 1000, 10);
  const auto twice = draw<double>(random_uniform, 0, 1000, 10);
  for (std::size_t i = 0; i < single.size(); ++i) {
    EXPECT_EQ(static_cast<double>(single[i]), twice[i]);
    EXPECT_TRUE(twice[i] >= 0 && twice[i] < 1);
  }
}

}  // namespace
}  // namespace longhand
