// The numbers that the graph of a step is to be given.
#pragma once

#include <map>
#include <string>

#include "longhand/model.h"

namespace longhand {

/// Inputs, targets, scalars and state of build_step's graph by name. The sample's input is raw columns
/// of a model that has columns. Of the optimiser's memory, what the model's state does not have is zero.
std::map<std::string, Tensor> step_values(const Model& model, const Graph& graph, const SampleSpec& sample);

}  // namespace longhand
