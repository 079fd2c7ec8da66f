// The formula of a quantity as a graph of its own, from the quantities that it names to its value,
// so that it can be worked out with other numbers than the true ones.
#pragma once

#include <string>
#include <vector>

#include "explain/notation.h"
#include "longhand/ir.h"

namespace longhand {

struct Formula {
  Graph graph;
  NodeId result = kNoNode;
  /// The quantities named in it: inputs of `graph` under their ids. What has no id (the number of a
  /// step) is an input under "%" and its name.
  std::vector<std::string> operands;
};

/// The formula as explain writes it: down to the nearest named nodes, slopes of sigmoid, tanh and
/// softmax by their output, the gradient behind softmax by its matrix. `rows` are those of the sample.
Formula formula_graph(const Graph& graph, const Notation& notation, const Quantity& quantity,
                      std::int64_t rows);

/// `id` = `other`, whose node is given: a second name.
Formula second_name(const Graph& graph, NodeId node, const std::string& other);

}  // namespace longhand
