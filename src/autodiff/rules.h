// The rule of each operation: from the adjoint of its value to what it adds to its operands'.
#pragma once

#include "longhand/ir.h"

namespace longhand {

/// What `node` adds to the adjoint of its operand `i`, in the operand's shape.
/// For entry-by-entry operations it is adjoint * slope, the slope labelled where `label_slopes`.
Var operand_adjoint(Graph& graph, NodeId id, std::size_t i, Var adjoint, bool label_slopes);

/// slope * adjoint, summed to the shape of `operand`; labels the slope of `value` by `operand`.
Var chain(Var adjoint, Var slope, Var value, Var operand, bool label_slopes);

}  // namespace longhand
