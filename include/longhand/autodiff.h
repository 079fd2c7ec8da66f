// autodiff: vector-Jacobian rules. A graph is differentiated by adding nodes to it, so a gradient
// is a graph like any other and can be differentiated again.
#pragma once

#include <vector>

#include "longhand/ir.h"

namespace longhand {

/// d(loss)/d(w) for each w, added to the loss's graph; `loss` is a scalar. The gradient of what the
/// loss does not depend on is zeros.
///
/// Each node between is labelled `adjoint_of`; for what works entry by entry (a composite such as
/// GELU counts as one step) the slope is labelled `derivative_of`, and the adjoint is their product.
/// Where a function has a kink the slope is PyTorch's. Throws ShapeError if the loss is no scalar.
std::vector<Var> grad(Var loss, const std::vector<Var>& with_respect_to);

/// The same for any node, given the adjoint to start from, of its shape: a vector-Jacobian product.
std::vector<Var> vector_jacobian_product(Var value, Var adjoint,
                                         const std::vector<Var>& with_respect_to);

/// The matrix d(value_i)/d(x_j) of each row: [B, m] by [B, n] -> [B, m, n]. One vector-Jacobian
/// product for each of the m columns; its nodes are not labelled.
Var jacobian(Var value, Var x);

}  // namespace longhand
