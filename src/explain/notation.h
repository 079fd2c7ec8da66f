// What the nodes of a labelled graph are called: ids, and how each is written in text and TeX.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "explain/symbols.h"
#include "longhand/ir.h"

namespace longhand {

/// A node with a name of its own, in the order in which a person meets it.
struct Quantity {
  std::string id;      ///< "z1", "dL/dW2", "W1_new"
  NodeId node = kNoNode;
  std::string pass;    ///< as DerivationStep::pass; "given" for what the steps begin from
  std::string layer;
  bool is_row = false;  ///< has an entry a row: its first axis is the batch
  std::string same_as;  ///< the name that its node had before: y_hat is z, and so are their gradients
};

/// The mean, the variance and the normalised values that a norm works out on its way.
bool is_part_of_norm(const Node& node);

/// The quantities of a graph made by build_step, found by their labels.
class Notation {
 public:
  /// With `batch`, the losses of the rows are quantities of their own.
  Notation(const Graph& graph, bool batch);

  const std::vector<Quantity>& quantities() const { return quantities_; }
  /// The name of a node, or null.
  const std::string* find(NodeId node) const;
  /// kNoNode where there is none.
  NodeId node_of(const std::string& id) const;
  /// How many linear layers there are.
  int layers() const { return layers_; }

 private:
  void name_forward(const Graph& graph, bool batch);
  void name_backward(const Graph& graph);
  void name_update(const Graph& graph);
  void add(std::string id, NodeId node, std::string pass, const Graph& graph);

  std::vector<Quantity> quantities_;
  std::map<NodeId, std::string> names_;
  std::map<std::string, std::string> parameters_;  // state's name -> id
  std::vector<NodeId> chain_;                      // y_hat, a, z, ... as they come in the forward pass
  std::vector<NodeId> rows_of_tables_;             // of each embedded column in turn
  std::map<std::string, std::vector<NodeId>> norms_;  // a norm's layer -> its weight and bias
  std::map<std::string, std::string> running_;  // a buffer's layer and role -> id
  int layers_ = 0;
};

}  // namespace longhand
