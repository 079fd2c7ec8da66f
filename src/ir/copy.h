// Copying a graph while changing it: the frame of every pass.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "longhand/ir.h"

namespace longhand {

/// Copies nodes of one graph into another, each once, with their composites and labels.
class GraphCopier {
 public:
  GraphCopier(const Graph& from, Graph& to)
      : from_(from), to_(to), map_(from.size(), kNoNode), composites_(from.composites().size(), -1) {}

  const Graph& from() const { return from_; }
  Graph& to() { return to_; }

  bool has(NodeId id) const { return map_[static_cast<std::size_t>(id)] != kNoNode; }
  /// The copy of a node that was copied or replaced.
  Var operator[](NodeId id) const { return {&to_, map_[static_cast<std::size_t>(id)]}; }

  /// Copies the node, whose operands have copies.
  Var copy(NodeId id);
  /// Copies the node with other operands, of the new graph.
  Var copy_with_inputs(NodeId id, std::vector<NodeId> inputs);
  /// `var` of the new graph stands for the node from now on.
  void replace(NodeId id, Var var) { map_[static_cast<std::size_t>(id)] = var.id; }
  /// Labels, composite ends, outputs and writes of what was copied. Called once, last.
  void finish();

 private:
  std::int32_t copy_composite(std::int32_t composite);

  const Graph& from_;
  Graph& to_;
  std::vector<NodeId> map_;
  std::vector<std::int32_t> composites_;
};

/// A copy of what the outputs and writes of `graph` need, and of every input; `replace` may return a
/// node of the new graph to stand for the one that it is asked about, or nothing to have it copied.
Graph rewrite(const Graph& graph,
              const std::function<std::optional<Var>(GraphCopier&, NodeId)>& replace);

/// `value` as it would be with each node of `replacements` replaced: adds copies of what depends on
/// them. The loss after a step is `substitute(loss, {{W, W_new}, ...})`.
Var substitute(Var value, const std::vector<std::pair<NodeId, Var>>& replacements);

}  // namespace longhand
