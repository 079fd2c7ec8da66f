// Sentences of why, where a learner would ask.
#pragma once

#include <map>
#include <string>

#include "explain/notation.h"

namespace longhand {

struct Note {
  std::string text;             ///< empty where nobody would ask
  bool holds_anywhere = false;  ///< says nothing of these numbers: once in a derivation is enough
};

/// `values` are by id.
Note note_of(const Graph& graph, const Notation& notation, const Quantity& quantity,
             const std::map<std::string, Tensor>& values, int digits);

/// What a ReLU of these slopes does to the gradient.
std::string relu_note(const Tensor& slopes);

/// Why the chain from the loss to the last z comes to y_hat - y.
std::string why_short(const Graph& graph, const Notation& notation);

}  // namespace longhand
