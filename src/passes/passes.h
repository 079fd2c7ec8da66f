// passes: Graph -> Graph, each meaning the same. This file is their list and their order.
#pragma once

#include "longhand/ir.h"

namespace longhand {

/// Turns bce(sigmoid(z), y) and cross_entropy(softmax(z), y) into one operation of z each, finite
/// for every finite z, whose gradient is p - y. Runs before the differentiator.
Graph stable(const Graph& graph);

/// Drops what no output or write needs, computes what is constant, shares equal nodes, and takes
/// away nodes that only copy (stop_gradient, a broadcast that its reader does anyway).
Graph simplify(const Graph& graph);

/// What a Program runs: simplify, until nothing changes.
Graph optimised(const Graph& graph);

/// Divides many entries by a number of the step (Adam's 1 - beta^t) through its reciprocal, computed
/// once: the one pass that changes a rounding.
Graph cheaper(const Graph& graph);

}  // namespace longhand
