// Networks to work out by hand.
#pragma once

#include <span>
#include <string>

#include "longhand/model.h"

namespace longhand {

struct FriendlyOptions {
  std::string activation = "relu";  ///< between the layers
  std::string loss = {};            ///< empty: bce for one output, cross_entropy for more
};

/// A network of these sizes, inputs first, with a sample, drawn from the seed so that a person can
/// work it out: weights and biases of one digit, an activation between the layers. Where it is one that
/// bends at 0, some units are below and some above: of three units or more at least one is below, of two
/// perhaps one, never all. At the end a sigmoid for bce, softmax for cross_entropy on logits, none of
/// whose probabilities is below 0.05; no error is next to 0. SGD with 0.1.
/// Throws ArgumentError for fewer than two sizes, for sizes that are not from 1 to 8 (the last not
/// over 6), for cross_entropy of one output, and where no such numbers are found.
Model friendly_network(std::span<const std::int64_t> sizes, std::uint64_t seed, const FriendlyOptions& options = {});

}  // namespace longhand
