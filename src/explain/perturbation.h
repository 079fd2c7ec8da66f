// What changes when one entry of one node does.
#pragma once

#include "ir/evaluate.h"

namespace longhand {

/// Works out a scalar again with one entry of a node moved: only what depends on it, and of that
/// only the entries that differ. Each instance is for one thread at a time.
class Perturbation {
 public:
  struct Outcome {
    double result = 0;
    bool is_reached = false;    ///< something that the result is worked out from differs
    bool crosses_kink = false;  ///< a comparison on the way, of a ReLU or another, has another outcome
    double largest_move = 0;    ///< over all values on the way: |change| / max(1, |value|)
  };

  /// `values` are those of all nodes; borrowed, as the graph is.
  Perturbation(const Graph& graph, const std::vector<Array<double>>& values, NodeId of, NodeId result);

  /// With entry `entry` of the node at `to`.
  Outcome move(std::size_t entry, double to);

 private:
  using Entries = std::vector<std::size_t>;

  // A node between the two.
  struct Affected {
    NodeId id;
    Array<double> value;
    Entries changed;  // in rising order
  };

  const Array<double>& base(NodeId id) const { return values_[static_cast<std::size_t>(id)]; }
  const Array<double>& now(NodeId id) const;
  const Entries& changed(NodeId id) const;
  void undo();
  bool recompute(Affected& affected);
  void move_input(Affected& affected, const Entries& entries);
  void move_parameter(Affected& affected, std::size_t operand, std::size_t at);
  void recompute_entries(Affected& affected, Entries entries);
  void recompute_all(Affected& affected);
  bool is_by_entries(const Node& node) const;
  bool crosses_kink(const Affected& affected) const;

  const Graph& graph_;
  const std::vector<Array<double>>& values_;
  const NodeId result_;
  std::vector<Affected> affected_;  // the moved node first
  std::vector<std::size_t> place_;  // in affected_, by node; none beyond its end
  std::vector<std::vector<double>> gathered_;
  std::vector<double> computed_;
};

}  // namespace longhand
