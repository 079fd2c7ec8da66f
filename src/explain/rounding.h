// How far rounding may have moved what a graph works out in double precision.
#pragma once

#include <map>
#include <mutex>
#include <vector>

#include "ir/evaluate.h"
#include "ir/interval.h"

namespace longhand {

/// A bound for each entry of each node: the width of the interval that the graph gives where every
/// operation is rounded outward. Worked out when first asked for; any thread may ask.
class Rounding {
 public:
  /// `values` are those of all nodes, in which nodes were given the values of others (`replaced`: from
  /// which, in the order in which that was done). Bounds are known up to the node `last`. Graph and
  /// values are borrowed.
  Rounding(const Graph& graph, const std::vector<Array<double>>& values, NodeId last,
           std::vector<std::pair<NodeId, NodeId>> replaced = {})
      : graph_(graph), values_(values), last_(last), replaced_(std::move(replaced)) {}

  /// At most how far the entry is from what it would be without rounding; infinite where nothing is
  /// known of it.
  double of(NodeId node, std::size_t entry) const;

 private:
  void find() const;

  const Graph& graph_;
  const std::vector<Array<double>>& values_;
  const NodeId last_;
  const std::vector<std::pair<NodeId, NodeId>> replaced_;
  mutable std::once_flag is_found_;
  mutable std::vector<Array<Interval>> ranges_;
};

}  // namespace longhand
