// Entries moved without being looked at, and indices made into numbers.
#pragma once

#include "backends/cpu/call.h"

namespace longhand {

/// The call for a node that is reshape, broadcast, transpose, slice, pad, concatenate, gather,
/// scatter_add, one_hot, to_real of an index, to_index, or extent; null for what has no kernel.
std::unique_ptr<Call> make_movement(const Plan& plan, NodeId id);

std::unique_ptr<Call> make_copy(const Plan& plan, NodeId to, NodeId from);

}  // namespace longhand
