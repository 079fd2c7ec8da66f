// What is said in words beside the formulas.
#pragma once

#include <map>
#include <string>

#include "explain/notation.h"

namespace longhand {

/// The function that a node is: its composite's name, or its operation's.
std::string function_of(const Graph& graph, NodeId id);
/// "fc1: linear", "gradient of the loss by W2".
std::string title_of(const Graph& graph, const Notation& notation, const Quantity& quantity);
/// What a given quantity is: "weight of fc1".
std::string meaning_of(const Quantity& quantity);
/// Why the chain from the loss to the last z comes to y_hat - y.
std::string why_short(const Graph& graph, const Notation& notation);
/// One sentence of why, where a learner would ask; else empty. `values` are by id.
std::string note_of(const Graph& graph, const Notation& notation, const Quantity& quantity,
                    const std::map<std::string, Tensor>& values);

}  // namespace longhand
