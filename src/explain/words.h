// What is said in words beside the formulas.
#pragma once

#include <map>
#include <string>

#include "explain/notation.h"

namespace longhand {

/// "fc1: linear", "gradient of the loss by W2".
std::string title_of(const Graph& graph, const Notation& notation, const Quantity& quantity);
/// What a given quantity is: "weight of fc1".
std::string meaning_of(const Quantity& quantity);
/// One sentence of why, where a learner would ask; else empty. `values` are by id.
std::string note_of(const Graph& graph, const Notation& notation, const Quantity& quantity,
                    const std::map<std::string, Tensor>& values);

}  // namespace longhand
