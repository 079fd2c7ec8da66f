// The linear layers in order, and the terms of their sums.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "explain/notation.h"
#include "longhand/explain.h"

namespace longhand {

/// The linear layers in order, each with the functions that follow it.
std::vector<DrawnLayer> drawn_layers(const Graph& graph, const Notation& notation);

/// The largest terms of each entry of z that is worth a list: all of a few entries, else the largest
/// of `y_hat`. Empty where the layer's inputs are few enough to be written out.
std::vector<Contributions> contributions_to_output(const std::vector<DrawnLayer>& layers,
                                                   const std::map<std::string, Tensor>& values);

/// The terms of entry `unit` (from 0) of the layer's z.
Contributions contributions_to(const DrawnLayer& layer, std::int64_t unit, const std::map<std::string, Tensor>& values);

}  // namespace longhand
