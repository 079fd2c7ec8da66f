// Models of each task, small enough to be damaged in every place.
#pragma once

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

inline Tensor people(std::int64_t rows) {
  Tensor result = filled({rows, 2}, 77, 10, 100);
  return result;
}

}  // namespace longhand::testing
