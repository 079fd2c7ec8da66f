// Predictions: independent of how rows are split, in the user's units, and refused for other columns.
#include <gtest/gtest.h>

#include <cmath>

#include "model/small_models.h"
#include "support/expect_close.h"

namespace longhand::testing {
namespace {

Tensor row(const Tensor& table, std::int64_t number) {
  const auto columns = table.shape()[1];
  Tensor result({1, columns}, table.dtype());
  for (std::int64_t j = 0; j < columns; ++j) result.set(j, table.at(number * columns + j));
  return result;
}

TEST(Predictor, ARowGivesTheSameBitsInAnyCompany) {
  for (const auto task : {Task::binary, Task::multiclass, Task::regression}) {
    for (const auto dtype : {DType::f32, DType::f64}) {
      const auto model = small_model(task, dtype);
      const auto table = people(300);
      const auto expected = Predictor(model, 300).predict(table);
      for (const std::int64_t most : {1, 7, 256, 1000}) {
        EXPECT_TRUE(identical(Predictor(model, most).predict(table), expected)) << name(task) << ", " << most;
      }
      EXPECT_TRUE(identical(Predictor(model, 300, 3).predict(table), expected)) << name(task);
      Predictor one(model);
      for (std::int64_t i = 0; i < 300; i += 37) {
        EXPECT_TRUE(identical(one.predict(row(table, i)), row(expected, i))) << name(task) << ", row " << i;
      }
    }
  }
}

// So many rows that they are shared out.
TEST(Predictor, AnyNumberOfThreadsGivesTheSameBits) {
  const auto model = small_model(Task::multiclass);
  const auto table = people(20'011);
  const auto expected = Predictor(model).predict(table);
  for (const int threads : {2, 3, 7, 16}) {
    EXPECT_TRUE(identical(Predictor(model, 256, threads).predict(table), expected)) << threads;
  }
}

TEST(Predictor, MayOutliveItsModel) {
  auto model = std::make_unique<Model>(small_model(Task::binary));
  const auto expected = Predictor(*model).predict(people(9));
  Predictor predictor(*model);
  model.reset();
  EXPECT_TRUE(identical(predictor.predict(people(9)), expected));
}

TEST(Predictor, GivesProbabilities) {
  const auto binary = Predictor(small_model(Task::binary)).predict(people(50));
  EXPECT_EQ(binary.shape(), (Shape{50, 1}));
  for (const double p : binary.to_doubles()) EXPECT_TRUE(p > 0 && p < 1) << p;
  const auto classes = Predictor(small_model(Task::multiclass, DType::f64)).predict(people(50));
  EXPECT_EQ(classes.shape(), (Shape{50, 3}));
  for (std::int64_t i = 0; i < 50; ++i) EXPECT_NEAR(classes.at(3 * i) + classes.at(3 * i + 1) + classes.at(3 * i + 2), 1, 1e-15);
}

TEST(Predictor, StandardisesInDoubleAndGivesTheUsersUnits) {
  auto scaled = small_model(Task::regression, DType::f64);
  auto plain = scaled;
  plain.inputs.clear();
  plain.target.reset();
  const auto raw = people(20);
  Tensor x({20, 2}, DType::f64);
  for (std::int64_t i = 0; i < 40; ++i) {
    const auto& column = scaled.inputs[static_cast<std::size_t>(i % 2)];
    x.set(i, (raw.at(i) - column.mean) / column.scale);
  }
  auto expected = Predictor(plain).predict(x).to_doubles();
  for (auto& y : expected) y = y * 30 + 200;
  EXPECT_TRUE(close(Predictor(scaled).predict(raw).to_doubles(), expected, {1e-15, 0}));
}

// Columns of large numbers that differ little keep their digits in a model of single precision.
TEST(Predictor, SubtractsTheMeanBeforeRounding) {
  auto model = small_model(Task::regression);
  model.inputs = {{"time", 1.7e9, 1}, {"id", 1e12, 1}};
  auto shifted = model;
  shifted.inputs = {{"time", 0, 1}, {"id", 0, 1}};
  EXPECT_TRUE(identical(Predictor(model).predict(Tensor::from(std::vector{1.7e9 + 0.25, 1e12 - 3}, {1, 2}, DType::f64)),
                        Predictor(shifted).predict(Tensor::from(std::vector{0.25, -3.0}, {1, 2}, DType::f64))));
}

TEST(Predictor, OfPoissonIsARate) {
  auto network = parse_network(R"({"network": {"inputs": 1}, "layer": [{"type": "linear", "out": 1, "weight": [[2]], "bias": [1]}],
                                   "loss": {"type": "poisson"}})", "n");
  const auto model = Model::from_network(std::move(network), 0, DType::f64);
  EXPECT_DOUBLE_EQ(Predictor(model).predict(Tensor::full({1, 1}, 0.5, DType::f64)).item(), std::exp(2.0));
}

TEST(Predictor, TakesNoRows) {
  EXPECT_EQ(Predictor(small_model(Task::multiclass)).predict(Tensor({0, 2}, DType::f64)).shape(), (Shape{0, 3}));
}

TEST(Predictor, RefusesOtherColumnsAndStates) {
  auto model = small_model(Task::binary);
  Predictor predictor(model);
  for (const auto& rows : {Tensor({2, 3}, DType::f64), Tensor({2}, DType::f64), Tensor({2, 2}, DType::f32)}) {
    try {
      predictor.predict(rows);
      FAIL();
    } catch (const ShapeError& error) {
      EXPECT_NE(std::string(error.what()).find(to_string(rows.shape())), std::string::npos) << error.what();
    }
  }
  model.state.set("fc1.bias", Tensor(Shape{4}));
  EXPECT_THROW(Predictor{model}, ModelError);
}

}  // namespace
}  // namespace longhand::testing
