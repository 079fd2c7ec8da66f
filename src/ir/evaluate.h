// Evaluation: what a graph means, slow and obvious. It is the oracle of the tests, the reference
// backend, the fallback of every other, and where finite differences and explanations get values.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "longhand/ir.h"

namespace longhand {

/// The entries of one node's value. `shape` has no kBatch. Reals and booleans (0 or 1) are in
/// `real`, indices in `index`.
template <class T>
struct Array {
  Shape shape;
  std::vector<T> real;
  std::vector<std::int32_t> index;
};

/// From and to a tensor; an int32 tensor is an index, every other is rounded to T. Intervals have no
/// tensor.
template <class T>
Array<T> to_array(const Tensor& tensor);
template <class T>
Tensor to_tensor(const Array<T>& array);

template <class T>
using Inputs = std::map<std::string, Array<T>>;

/// The values of all nodes, by id. `inputs` names both inputs and state entries; `overrides` puts a
/// value in place of what a node would compute (finite differences of any node). The number of rows
/// is read off the inputs whose shape has kBatch; `rows` says it where no input does.
/// Stops after the node `last`, if one is given; the values behind it are empty.
/// T is float, double or Interval (ir/interval.h): every real in the graph is computed in it.
/// Throws ShapeError, naming the input, where a value is missing or does not fit.
template <class T>
std::vector<Array<T>> evaluate(const Graph& graph, const Inputs<T>& inputs,
                               const std::map<NodeId, Array<T>>& overrides = {},
                               std::int64_t rows = 1, NodeId last = kNoNode);

/// One operand in memory: std::int32_t entries for an index, T for every other kind.
struct Operand {
  const void* data;
  Shape shape;  ///< no kBatch
  Kind kind = Kind::real;
};

/// Computes one node that is not a leaf into `output`, whose shape is `shape` (no kBatch).
/// Allocates nothing.
template <class T>
void evaluate_node(const Node& node, std::span<const Operand> operands, void* output,
                   const Shape& shape);

/// The number of rows that the state and inputs of these shapes agree on, or `otherwise`.
/// Throws ShapeError naming the input that does not fit its declared shape.
std::int64_t rows_of(const Graph& graph, const std::map<std::string, Shape>& shapes,
                     std::int64_t otherwise);

}  // namespace longhand
