// Gradients held against central differences of the loss, in double precision.
#pragma once

#include "ir/evaluate.h"
#include "longhand/explain.h"

namespace longhand {

/// Compares `gradient` (of the loss by the node `of`) with central differences at up to 100 entries
/// drawn from `seed`; entries within whose difference a kink lies are left out.
/// `values` are those of all nodes.
GradientCheck check_gradient(const Graph& graph, const Inputs<double>& inputs,
                             const std::vector<Array<double>>& values, NodeId loss, NodeId of,
                             NodeId gradient, std::uint64_t seed);

}  // namespace longhand
