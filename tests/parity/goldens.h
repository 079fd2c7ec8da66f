// The cases of tests/goldens, which scripts/make_goldens.py made with PyTorch and NumPy.
#pragma once

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "longhand/explain.h"
#include "longhand/model.h"

namespace longhand::testing {

struct GoldenCase {
  std::string name;
  nlohmann::ordered_json json;
  friend void PrintTo(const GoldenCase& golden, std::ostream* stream) { *stream << golden.name; }
};

/// All cases of tests/goldens/FILE.
std::vector<GoldenCase> read_goldens(const std::string& file);

/// A name that GoogleTest takes.
std::string test_name(const std::string& case_name, std::size_t index);

/// The case's network with its weights, in `dtype`.
Model model_of(const GoldenCase& golden, DType dtype);

/// Targets as the graph takes them: one-hot rows of cross_entropy become class numbers.
Tensor class_numbers(const Model& model, const Tensor& target);

/// Values that build_step's long reading needs: state, zeros for the optimiser, x, y, the scalars,
/// the rows' numbers from 0.
std::map<std::string, Tensor> step_values(const Model& model, const StepGraph& step, const Tensor& x,
                                          const Tensor& y);

/// The model's own sample worked out at the first step.
Derivation explained(const Model& model);
/// The same for a case of explain.json, at its step and with its optimiser's memory.
Derivation explained(const GoldenCase& golden);

}  // namespace longhand::testing
