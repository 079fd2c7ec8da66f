#include "explain/notation.h"

#include <algorithm>

namespace longhand {
namespace {

bool is_row_wise(const Node& node) {
  return node.type.shape.rank() > 0 && node.type.shape[0] == Shape::kBatch;
}

NodeId adjoint_of(const Graph& graph, NodeId node) {
  for (std::size_t id = 0; id < graph.size(); ++id) {
    if (graph.nodes()[id].label.adjoint_of == node) return static_cast<NodeId>(id);
  }
  return kNoNode;
}

// A term's gradient is that of the sum, whose node goes by the sum's name.
NodeId adjoint_of_sum(const Graph& graph, NodeId term) {
  for (std::size_t id = 0; id < graph.size(); ++id) {
    const auto& node = graph.nodes()[id];
    if (node.op != Op::add || std::ranges::find(node.inputs, term) == node.inputs.end()) continue;
    const auto adjoint = adjoint_of(graph, static_cast<NodeId>(id));
    if (adjoint != kNoNode) return adjoint;
  }
  return kNoNode;
}

NodeId slope_of(const Graph& graph, NodeId value, NodeId by) {
  for (std::size_t id = 0; id < graph.size(); ++id) {
    const auto& label = graph.nodes()[id].label;
    if (label.derivative_of == value && label.with_respect_to == by) return static_cast<NodeId>(id);
  }
  return kNoNode;
}

}  // namespace

bool is_part_of_norm(const Node& node) {
  const auto& role = node.label.role;
  return role == "mu" || role == "var" || role == "n";
}

Notation::Notation(const Graph& graph, bool batch) {
  name_forward(graph, batch);
  name_backward(graph);
  name_update(graph);
}

const std::string* Notation::find(NodeId node) const {
  const auto found = names_.find(node);
  return found == names_.end() ? nullptr : &found->second;
}

NodeId Notation::node_of(const std::string& id) const {
  for (const auto& quantity : quantities_) {
    if (quantity.id == id) return quantity.node;
  }
  return kNoNode;
}

void Notation::add(std::string id, NodeId node, std::string pass, const Graph& graph) {
  const auto* before = find(node);
  const auto same_as = before == nullptr ? std::string() : *before;
  // A gradient goes on by the name that is nearest to what it goes to.
  if (before == nullptr || pass == "backward") names_[node] = id;
  // Every parameter's update has a node for the number of the step; a person needs it once.
  if (pass == "given" && node_of(id) != kNoNode) return;
  quantities_.push_back({std::move(id), node, std::move(pass), graph.node(node).label.layer,
                         is_row_wise(graph.node(node)), same_as});
}

void Notation::name_forward(const Graph& graph, bool batch) {
  int after = 0;  // named values since the last z, for h's numbers
  bool has_activation = false;
  for (std::size_t i = 0; i < graph.size(); ++i) {
    const auto id = static_cast<NodeId>(i);
    const auto& node = graph.nodes()[i];
    const auto& role = node.label.role;
    const auto k = std::to_string(layers_);
    if (role == "mean" || role == "scale") {
      add(role, id, "given", graph);
    } else if (role == "raw" || role == "c" || role == "x" || role == "y" || role == "y_scaled" || role == "y_smooth") {
      const bool is_given = role == "y" || ((role == "x" || role == "c") && node.op == Op::input);
      add(role, id, is_given ? "given" : "input", graph);
    } else if (role == "E" && node.op == Op::state) {
      const auto name = role + std::to_string(rows_of_tables_.size() + 1);
      add(name, id, "given", graph);
      parameters_[node.attributes.name] = name;
    } else if (role == "r") {
      rows_of_tables_.push_back(id);
      add(role + std::to_string(rows_of_tables_.size()), id, "input", graph);
    } else if ((role == "W" || role == "b") && node.op == Op::state) {
      const auto name = role + std::to_string(layers_ + 1);
      add(name, id, "given", graph);
      parameters_[node.attributes.name] = name;
    } else if (role == "z") {
      ++layers_;
      after = 0;
      has_activation = false;
      add("z" + std::to_string(layers_), id, "forward", graph);
      chain_.push_back(id);
    } else if (role == "a" && layers_ > 0 && !has_activation) {
      has_activation = true;
      add("a" + k, id, "forward", graph);
      chain_.push_back(id);
    } else if (role == "gamma" || role == "beta") {
      const auto name = role + k + "_" + std::to_string(after + 1);
      add(name, id, "given", graph);
      parameters_[node.attributes.name] = name;
      norms_[node.label.layer].push_back(id);
    } else if (role == "running_mean" || role == "running_var") {
      running_[node.label.layer + "." + role] = role + k + "_" + std::to_string(after + 1);
      add(running_[node.label.layer + "." + role], id, "given", graph);
    } else if (is_part_of_norm(node)) {
      add(role + k + "_" + std::to_string(after + 1), id, "forward", graph);
      chain_.push_back(id);
    } else if (role == "a" || role == "h" || role == "batch_norm" || role == "layer_norm" || role == "residual") {
      add("h" + k + "_" + std::to_string(++after), id, "forward", graph);
      chain_.push_back(id);
    } else if (role == "mask") {
      add("mask" + k + "_" + std::to_string(after + 1), id, "given", graph);
    } else if (role == "y_hat") {
      add(role, id, "forward", graph);
      chain_.push_back(id);
    } else if (role == "prediction") {
      add(role, id, "forward", graph);
    } else if (role == "L_rows" && batch) {
      add(role, id, "loss", graph);
    } else if (role == "L") {
      add(role, id, "loss", graph);
    } else if (role == "learning_rate" || role == "t") {
      add(role, id, "given", graph);
    }
  }
  // The prediction follows y_hat and a scaled target is an input, whenever they were built.
  std::ranges::stable_sort(quantities_, {}, [](const Quantity& q) { return q.pass == "loss" ? 2 : q.pass == "forward" ? 1 : 0; });
}

void Notation::name_backward(const Graph& graph) {
  const auto add_gradient = [&](NodeId of, NodeId gradient) {
    if (gradient != kNoNode) add("dL/d" + *find(of), gradient, "backward", graph);
  };
  NodeId above = kNoNode;  // the adjoint met last
  for (auto at = chain_.size(); at-- > 0;) {
    const auto id = chain_[at];
    const auto& node = graph.node(id);
    auto adjoint = adjoint_of(graph, id);
    // Where y_hat is z itself, so are their gradients.
    if (adjoint == kNoNode && at + 1 < chain_.size() && graph.node(chain_[at + 1]).op == Op::reshape) {
      adjoint = above;
    }
    if (adjoint == kNoNode) adjoint = adjoint_of_sum(graph, id);
    add_gradient(id, adjoint);
    above = adjoint;
    if (const auto norm = norms_.find(node.label.layer); norm != norms_.end() && !is_part_of_norm(node)) {
      for (const auto parameter : norm->second) add_gradient(parameter, adjoint_of(graph, parameter));
    } else if (node.op == Op::linear) {
      add_gradient(node.inputs[1], adjoint_of(graph, node.inputs[1]));
      add_gradient(node.inputs[2], adjoint_of(graph, node.inputs[2]));
    } else if (const auto before = at > 0 ? chain_[at - 1] : node_of("x"); before != kNoNode) {
      const auto slope = slope_of(graph, id, before);
      if (slope != kNoNode) add("d" + *find(id) + "/d" + *find(before), slope, "backward", graph);
    }
  }
  if (const auto x = node_of("x"); x != kNoNode) add_gradient(x, adjoint_of(graph, x));
  for (const auto row : rows_of_tables_) {
    add_gradient(row, adjoint_of(graph, row));
    add_gradient(graph.node(row).inputs[0], adjoint_of(graph, graph.node(row).inputs[0]));
  }
}

void Notation::name_update(const Graph& graph) {
  for (std::size_t i = 0; i < graph.size(); ++i) {
    const auto& node = graph.nodes()[i];
    const auto id = static_cast<NodeId>(i);
    const auto& role = node.label.role;
    // The optimiser's memory before the step: "optimizer.m.fc1.weight" is m_W1_old.
    if (node.op == Op::state && node.attributes.name.starts_with("optimizer.")) {
      const auto dot = node.attributes.name.find('.', 10);
      const auto parameter = parameters_.find(node.attributes.name.substr(dot + 1));
      if (parameter != parameters_.end()) {
        add(node.attributes.name.substr(10, dot - 10) + "_" + parameter->second + "_old", id, "given", graph);
      }
    }
    if (role == "L_new") add(role, id, "after", graph);
    if (role == "running_mean_new" || role == "running_var_new") {
      add(running_.at(node.label.layer + "." + role.substr(0, role.size() - 4)) + "_new", id, "update", graph);
    }
    if (role == "g_norm" || role == "clip") add(role, id, "update", graph);
    const auto parameter = parameters_.find(node.label.layer);
    if (parameter == parameters_.end()) continue;
    if (role == "new") add(parameter->second + "_new", id, "update", graph);
    else if (node.op != Op::state) add(role + "_" + parameter->second, id, "update", graph);
  }
}

}  // namespace longhand
