// tests/goldens/ops.json, PyTorch's word on each operation, as samples. What the numbers mean
// stands at the top of scripts/goldens/ops.py.
#pragma once

#include <optional>
#include <vector>

#include "support/op_samples.h"

namespace longhand::testing {

struct OpGolden {
  OpSample sample;  ///< `expected` is PyTorch's output
  Shape shape;      ///< of the output
  std::vector<double> cotangent;
  /// For each operand the gradient of sum(output * cotangent); nothing where it has none.
  std::vector<std::optional<std::vector<double>>> gradients;
};

const std::vector<OpGolden>& op_goldens();

}  // namespace longhand::testing
