// A scalar made of a sample, with its derivatives: what the tests of this room differentiate.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ir/evaluate.h"
#include "ir/op_table.h"
#include "longhand/autodiff.h"
#include "support/op_samples.h"

namespace longhand::testing {

using Numbers = std::vector<double>;

/// Whether a gradient passes through the sample: its value and an operand are real, and the
/// operation is differentiable.
inline bool is_differentiable(const BuiltSample& built) {
  if (built.value.kind() != Kind::real) return false;
  const auto op = built.value.node().op;
  return info(op).differentiable || op == Op::input || op == Op::state;
}

/// The operands by which it can be differentiated.
inline std::vector<std::size_t> real_operands(const OpSample& sample) {
  std::vector<std::size_t> operands;
  for (std::size_t i = 0; i < sample.operands.size(); ++i) {
    if (sample.operands[i].kind == Kind::real && sample.operands[i].leaf != Op::constant)
      operands.push_back(i);
  }
  return operands;
}

/// A graph evaluated again and again at moving inputs.
class Evaluated {
 public:
  Evaluated(const Graph& graph, Inputs<double> inputs)
      : graph_(graph), inputs_(std::move(inputs)) {}

  Numbers operator()(Var var) const {
    return to_doubles(evaluate<double>(graph_, inputs_)[static_cast<std::size_t>(var.id)]);
  }
  double sum_of(Var var) const {
    double total = 0;
    for (const double value : (*this)(var)) total += value;
    return total;
  }
  Numbers& entries(const std::string& name) { return inputs_.at(name).real; }
  const Inputs<double>& inputs() const { return inputs_; }

 private:
  const Graph& graph_;
  Inputs<double> inputs_;
};

/// The name of operand i of a sample.
inline std::string operand_name(std::size_t i) { return "x" + std::to_string(i); }

}  // namespace longhand::testing
