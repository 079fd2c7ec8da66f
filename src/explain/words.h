// What is said in words beside the formulas.
#pragma once

#include <string>

#include "explain/notation.h"

namespace longhand {

/// The function that a node is: its composite's name, or its operation's.
std::string function_of(const Graph& graph, NodeId id);
/// "fc1: linear", "gradient of the loss by W2".
std::string title_of(const Graph& graph, const Notation& notation, const Quantity& quantity);
/// What a given quantity is: "weight of fc1".
std::string meaning_of(const Graph& graph, const Notation& notation, const Quantity& quantity);

}  // namespace longhand
