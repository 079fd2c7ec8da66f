// Evaluation: inputs, rows, overrides.
#include "ir/evaluate.h"

#include <gtest/gtest.h>

#include "support/op_samples.h"

namespace longhand {
namespace {

constexpr auto kBatch = Shape::kBatch;

template <class T>
Array<T> numbers(std::initializer_list<double> values, Shape shape) {
  return to_array<T>(Tensor::from(values, shape, DType::f64));
}

Array<double> indices(std::initializer_list<double> values, Shape shape) {
  return to_array<double>(Tensor::from(values, shape, DType::i32));
}

template <class T>
const std::vector<T>& real(const std::vector<Array<T>>& values, Var var) {
  return values[static_cast<std::size_t>(var.id)].real;
}

// Whether f throws an Error of type E whose message has each of these texts.
template <class E, class F>
::testing::AssertionResult throws(F f, std::initializer_list<std::string> texts) {
  try {
    f();
  } catch (const E& error) {
    for (const auto& text : texts) {
      if (std::string(error.what()).find(text) == std::string::npos) {
        return ::testing::AssertionFailure() << "'" << text << "' is not in: " << error.what();
      }
    }
    return ::testing::AssertionSuccess();
  } catch (const std::exception& error) {
    return ::testing::AssertionFailure() << "another error: " << error.what();
  }
  return ::testing::AssertionFailure() << "nothing was thrown";
}

TEST(Evaluate, ReadsTheRowsOffTheInputs) {
  Graph graph;
  const Var x = graph.input("x", {kBatch, 2});
  const Var average = mean(x, {0});
  const Var ones = broadcast(graph.constant(1.0), {kBatch});
  for (const std::int64_t rows : {1, 2, 5}) {
    const auto values =
        evaluate<double>(graph, {{"x", to_array<double>(Tensor::full({rows, 2}, 3))}});
    EXPECT_EQ(real(values, average), (std::vector{3.0, 3.0}));
    EXPECT_EQ(real(values, ones).size(), static_cast<std::size_t>(rows));
  }
}

TEST(Evaluate, IsToldTheRowsWhereNoInputHasThem) {
  Graph graph;
  const Var ones = broadcast(graph.constant(1.0), {kBatch, 2});
  const Var count = extent(ones, {0});
  EXPECT_EQ(real(evaluate<double>(graph, {}, {}, 7), count), std::vector{7.0});
  EXPECT_EQ(real(evaluate<double>(graph, {}), count), std::vector{1.0});
}

TEST(Evaluate, StateComesWithTheInputs) {
  Graph graph;
  const Var w = graph.state("w", {2});
  const Var doubled = 2.0 * w;
  EXPECT_EQ(real(evaluate<double>(graph, {{"w", numbers<double>({1, 3}, {2})}}), doubled),
            (std::vector{2.0, 6.0}));
}

TEST(Evaluate, RefusesInputsThatAreMissingOrDoNotFit) {
  Graph graph;
  graph.input("x", {kBatch, 2});
  graph.input("y", {kBatch}, Kind::index);
  const auto run = [&](Inputs<double> inputs) {
    return [&graph, inputs] { evaluate<double>(graph, inputs); };
  };
  const auto x = numbers<double>({1, 2, 3, 4}, {2, 2});
  const auto y = indices({0, 1}, {2});
  EXPECT_NO_THROW(run({{"x", x}, {"y", y}})());
  EXPECT_TRUE(throws<ShapeError>(run({{"x", x}}), {"'y'"}));
  EXPECT_TRUE(
      throws<ShapeError>(run({{"x", x}, {"y", indices({0, 1, 2}, {3})}}), {"'y'", "[3]", "[B]"}));
  EXPECT_TRUE(throws<ShapeError>(run({{"x", numbers<double>({1, 2}, {2})}, {"y", y}}),
                                 {"'x'", "[2]", "[B, 2]"}));
  EXPECT_TRUE(throws<ShapeError>(run({{"x", numbers<double>({1, 2, 3}, {1, 3})}, {"y", y}}),
                                 {"'x'", "[1, 3]", "[B, 2]"}));
  EXPECT_TRUE(
      throws<ShapeError>(run({{"x", x}, {"y", numbers<double>({0, 1}, {2})}}), {"'y'", "index"}));
  EXPECT_TRUE(
      throws<ShapeError>(run({{"x", indices({1, 2, 3, 4}, {2, 2})}, {"y", y}}), {"'x'", "real"}));
  auto short_of_one = x;
  short_of_one.real.pop_back();
  EXPECT_TRUE(throws<ShapeError>(run({{"x", short_of_one}, {"y", y}}), {"'x'", "3", "[2, 2]"}));
}

TEST(Evaluate, AnOverrideStandsInForWhatANodeWouldCompute) {
  Graph graph;
  const Var x = graph.input("x", {2});
  const Var squared = x * x;
  const Var total = sum(squared);
  const Var picked = argmax(x);
  const Inputs<double> inputs = {{"x", numbers<double>({1, 3}, {2})}};
  EXPECT_EQ(real(evaluate<double>(graph, inputs), total), std::vector{10.0});
  const auto values = evaluate<double>(
      graph, inputs, {{squared.id, numbers<double>({5, 6}, {2})}, {picked.id, indices({0}, {})}});
  EXPECT_EQ(real(values, squared), (std::vector{5.0, 6.0}));
  EXPECT_EQ(real(values, total), std::vector{11.0});
  EXPECT_EQ(values[static_cast<std::size_t>(picked.id)].index, std::vector{0});
  const auto moved = evaluate<double>(graph, inputs, {{x.id, numbers<double>({2, 2}, {2})}});
  EXPECT_EQ(real(moved, total), std::vector{8.0});
}

TEST(Evaluate, StopsAfterTheLastNodeAskedFor) {
  Graph graph;
  const Var x = graph.input("x", {2});
  const Var squared = x * x;
  const Var total = sum(squared);
  const auto values =
      evaluate<double>(graph, {{"x", numbers<double>({1, 3}, {2})}}, {}, 1, squared.id);
  EXPECT_EQ(real(values, squared), (std::vector{1.0, 9.0}));
  EXPECT_TRUE(real(values, total).empty());
}

TEST(Evaluate, RefusesAnOverrideThatDoesNotFit) {
  Graph graph;
  const Var x = graph.input("x", {2});
  const Var squared = x * x;
  const Inputs<double> inputs = {{"x", numbers<double>({1, 3}, {2})}};
  const auto run = [&](Array<double> value) {
    return [&, value] { evaluate<double>(graph, inputs, {{squared.id, value}}); };
  };
  EXPECT_TRUE(throws<ShapeError>(run(numbers<double>({1, 2, 3}, {3})), {"%1", "[3]", "[2]"}));
  EXPECT_TRUE(throws<ShapeError>(run(indices({1, 2}, {2})), {"%1", "real"}));
}

TEST(Evaluate, ComputesInThePrecisionItIsAskedFor) {
  Graph graph;
  const Var x = graph.input("x", {});
  const Var y = (x + 1.0) - 1.0;
  EXPECT_EQ(real(evaluate<double>(graph, {{"x", numbers<double>({0x1p-30}, {})}}), y)[0], 0x1p-30);
  EXPECT_EQ(real(evaluate<float>(graph, {{"x", numbers<float>({0x1p-30}, {})}}), y)[0], 0.0F);
}

TEST(Evaluate, AnIndexOutsideTheTableIsAnErrorOfTheData) {
  for (const double wrong : {-1.0, 3.0}) {
    Graph graph;
    const Var index =
        graph.constant(Tensor::from(std::vector{0.0, wrong}, {2}, DType::i32), Kind::index);
    gather(graph.constant(Tensor(Shape{3, 2})), index);
    EXPECT_TRUE(throws<DataError>([&] { evaluate<double>(graph, {}); },
                                  {"gather", std::to_string(static_cast<int>(wrong)), "3 rows"}));
    Graph other;
    const Var place =
        other.constant(Tensor::from(std::vector{0.0, wrong}, {2}, DType::i32), Kind::index);
    scatter_add(place, other.constant(Tensor(Shape{2, 2})), 3);
    EXPECT_TRUE(throws<DataError>([&] { evaluate<double>(other, {}); }, {"scatter_add"}));
  }
}

TEST(Evaluate, TensorsAndArraysTurnIntoEachOther) {
  const Tensor index = Tensor::from(std::vector{3.0, -1.0}, {1, 2}, DType::i32);
  EXPECT_TRUE(identical(to_tensor(to_array<double>(index)), index));
  const Tensor real = Tensor::from(std::vector{0.1, -2.5}, {2}, DType::f64);
  EXPECT_TRUE(identical(to_tensor(to_array<double>(real)), real));
  EXPECT_TRUE(identical(to_tensor(to_array<float>(real)), real.cast(DType::f32)));
  const Tensor mask = Tensor::from(std::vector{0.0, 1.0}, {2}, DType::boolean);
  EXPECT_EQ(to_array<double>(mask).real, (std::vector{0.0, 1.0}));
}

}  // namespace
}  // namespace longhand
