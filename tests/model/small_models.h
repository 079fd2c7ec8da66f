// Models of each task, small enough to be damaged in every place.
#pragma once

#include <limits>

#include "longhand/model.h"
#include "support/op_samples.h"

namespace longhand::testing {

/// Two columns into three units into `outputs`, with preprocessing, self-test and training record.
inline Model small_model(Task task, DType dtype = DType::f32, std::uint64_t seed = 1) {
  const std::string loss = task == Task::binary ? "bce_with_logits" : task == Task::multiclass ? "cross_entropy" : "mse";
  const std::string outputs = task == Task::multiclass ? "3" : "1";
  auto network = parse_network(R"({"network": {"inputs": 2}, "layer": [{"type": "linear", "out": 3}, {"type": "leaky_relu"},
                                   {"type": "linear", "out": )" + outputs + R"(}], "loss": {"type": ")" + loss +
                                   R"("}, "optimizer": {"type": "adam", "beta1": 0.8}})", "small");
  auto model = Model::from_network(std::move(network), seed, dtype);
  model.inputs = {{"age", 40, 12.5}, {"weight \"kg\"", 70.25, 9}};
  TargetColumn target{.name = "y", .task = task, .classes = {}};
  if (task == Task::binary) target.classes = {"no", "yes"};
  if (task == Task::multiclass) target.classes = {"a", "b", "ü"};
  if (task == Task::regression) target.mean = 200, target.scale = 30;
  model.target = target;
  model.training = {{"seed", "1"}, {"epochs", "[1,2]"}};
  model.self_test = SelfTest{Tensor::from(std::vector{40.0, 70.25, 20.0, 90.0}, {2, 2}, DType::f64), {}};
  return model;
}

/// A column of each kind, thirteen features in all.
inline Model mixed_model() {
  auto network = parse_network(R"({"network": {"inputs": 13}, "layer": [{"type": "linear", "out": 1}],
                                   "loss": {"type": "bce_with_logits"}})", "mixed");
  auto model = Model::from_network(std::move(network), 1, DType::f32);
  model.inputs = {
      {.name = "age", .mean = 40, .scale = 12.5, .fill = 41, .has_missing = true, .scaling = NumberScaling::robust},
      {.name = "letter", .kind = ColumnKind::category, .categories = {"a", "b", "ü"}},
      {.name = "answer", .kind = ColumnKind::boolean, .categories = {"no", "yes"}},
      {.name = "joined", .mean = 18000, .scale = 400, .kind = ColumnKind::date, .fill = 18005, .has_missing = true, .periods = {7}},
      {.name = "pay", .scaling = NumberScaling::quantile_uniform, .knots = {0, 1, 10}, .levels = {-1, 0, 1}, .edges = {0, 5, 9}}};
  model.missing_words = {"?", "none yet"};
  model.target = TargetColumn{.name = "y", .task = Task::binary, .classes = {"0", "1"}};
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  model.self_test = SelfTest{Tensor::from(std::vector<double>{30, 0, 1, 18000, 0.5, kNone, 3, 0, kNone, 20}, {2, 5}, DType::f64), {}};
  return model;
}

inline Tensor people(std::int64_t rows) {
  Tensor result = filled({rows, 2}, 77, 10, 100);
  return result;
}

}  // namespace longhand::testing
