// Small graphs made of any list of numbers, for properties that hold for every graph.
#pragma once

#include <vector>

#include "ir/evaluate.h"
#include "longhand/ir.h"

namespace longhand::testing {

/// A graph with inputs "x" [B, 4], "r" [B, 1] and "s" [], states "w0" [3, 4], "w1" [4] and "w2"
/// [3], outputs, and where `writes`, new values of some states. Each choice adds a node or a few to
/// what is there. Values stay near [-1, 1] and move little when an input does, so that another
/// rounding does not show.
Graph random_graph(const std::vector<unsigned>& choices, bool writes);

/// Values for its inputs and states.
std::map<std::string, Tensor> random_values(const Graph& graph, std::int64_t rows, DType dtype,
                                            std::uint64_t salt);

/// All outputs, and all written states, as `evaluate` has them.
template <class T>
std::map<std::string, Tensor> evaluated(const Graph& graph, const std::map<std::string, Tensor>& values,
                                        std::int64_t rows);

}  // namespace longhand::testing
