// Models whose predictions are known without learning.
#pragma once

#include <string>
#include <vector>

#include "longhand/model.h"

namespace longhand::testing {

/// Predicts y, or of two classes the logit of "yes", as the sum of weights times columns.
inline Model linear_model(const std::vector<std::string>& columns, const std::vector<double>& weights, Task task = Task::regression) {
  std::string row;
  for (const double weight : weights) row += (row.empty() ? "" : ",") + std::to_string(weight);
  const std::string loss = task == Task::regression ? "mse" : "bce_with_logits";
  auto model = Model::from_network(parse_network(R"({"network": {"inputs": )" + std::to_string(weights.size()) + R"(}, "layer": [{"type": "linear", "out": 1, "weight": [[)" + row +
                                                     R"(]], "bias": [0]}], "loss": {"type": ")" + loss + R"("}})", "linear"), 1, DType::f64);
  for (const auto& name : columns) model.inputs.push_back({.name = name});
  model.target = {.name = "y", .task = task, .classes = task == Task::regression ? std::vector<std::string>() : std::vector<std::string>{"no", "yes"}};
  return model;
}

}  // namespace longhand::testing
