// Networks to work out by hand.
#pragma once

#include <span>

#include "longhand/model.h"

namespace longhand {

/// A network of these sizes, inputs first, with a sample, drawn from the seed so that a person can
/// work it out: weights and biases of one digit, ReLU between the layers, each unit of which is
/// active, and at the end a sigmoid with binary cross-entropy for one output and softmax with
/// cross-entropy for more, none of whose probabilities is below 0.05. SGD with 0.1.
/// Throws ArgumentError for fewer than two sizes, for sizes that are not from 1 to 8 (the last not
/// over 6), and where no such numbers are found.
Model friendly_network(std::span<const std::int64_t> sizes, std::uint64_t seed);

}  // namespace longhand
