#include "explain/words.h"

#include <algorithm>

#include <fmt/format.h>

#include "explain/lookup.h"
#include "ir/op_table.h"

namespace longhand {
namespace {

std::string in_layer(const Quantity& quantity, const std::string& what) {
  return quantity.layer.empty() ? what : quantity.layer + ": " + what;
}

// Whether one of the terms is multiplied by itself: a mean of squares, not of gradients.
bool has_square(const Graph& graph, NodeId id) {
  const auto& node = graph.node(id);
  if (node.op == Op::multiply && node.inputs[0] == node.inputs[1]) return true;
  if (node.op != Op::add && node.op != Op::multiply) return false;
  return has_square(graph, node.inputs[0]) || has_square(graph, node.inputs[1]);
}

// What the optimiser keeps or works out for a parameter: "m_hat_W1".
std::string title_of_memory(const Graph& graph, const Notation& notation, const Quantity& quantity) {
  const auto& id = quantity.id;
  const auto of = unicode_symbol(id.substr(id.compare(1, 5, "_hat_") == 0 ? 6 : 2));
  if (id.starts_with("g_")) return "gradient by " + of + ", clipped";
  if (id.starts_with("m_hat_")) return "mean of the gradient by " + of + ", corrected for its start from 0";
  if (id.starts_with("v_hat_")) return "mean of its square, corrected likewise";
  if (id.starts_with("m_")) return "running mean of the gradient by " + of;
  if (id.starts_with("b_")) return "velocity of " + of;
  if (notation.node_of("m_" + id.substr(2)) != kNoNode) return "running mean of its square";
  return has_square(graph, quantity.node) ? "running square of the gradient by " + of : "velocity of " + of;
}

// Whether what the network gives in training is not what it predicts: dropout, batch norm.
bool predicts_otherwise(const Notation& notation) {
  return std::ranges::any_of(notation.quantities(), [](const Quantity& quantity) {
    return quantity.id.starts_with("mask") || quantity.id.starts_with("running_mean");
  });
}

}  // namespace

std::string function_of(const Graph& graph, NodeId id) {
  const auto& node = graph.node(id);
  const auto& role = node.label.role;
  if (role == "batch_norm" || role == "layer_norm" || role == "residual") return role;
  for (auto c = node.composite; c >= 0; c = graph.composites()[static_cast<std::size_t>(c)].parent) {
    const auto& composite = graph.composites()[static_cast<std::size_t>(c)];
    if (composite.output == id) return composite.name;
  }
  return std::string(name(node.op));
}

std::string title_of(const Graph& graph, const Notation& notation, const Quantity& quantity) {
  const auto& id = quantity.id;
  if (id == "raw") return "input as it is in the table";
  if (id == "c") return "row as numbers, with places in tables";
  if (is_row_of_table(graph.node(quantity.node))) return in_layer(quantity, "row of the table");
  if (id == "x") return graph.node(quantity.node).op == Op::concatenate ? "input of the network" : "standardised input";
  if (id == "y_scaled") return "standardised target";
  if (id == "y_smooth") return "smoothed target";
  if (id == "prediction") return std::string(predicts_otherwise(notation) ? "output" : "prediction") + " in the target's own units";
  if (id == "L") return "loss";
  if (id == "L_rows") return "loss of each row";
  if (id == "L_new") return "loss of the same sample after the step";
  if (quantity.pass == "forward" && is_part_of_norm(graph.node(quantity.node))) {
    const std::string over = id[0] != 'n' && graph.node(quantity.node).type.shape.rank() == 1 ? " of each unit over the rows" : "";
    return in_layer(quantity, (id[0] == 'm' ? "mean" : id[0] == 'v' ? "variance" : "normalised") + over);
  }
  if (quantity.pass == "forward") {
    const auto function = function_of(graph, quantity.node);
    if (function == "reshape") return "output of the network";
    return in_layer(quantity, function);
  }
  if (id.starts_with("dL/d")) return "gradient of the loss by " + unicode_symbol(id.substr(4));
  if (quantity.pass == "backward") {
    const auto slash = id.find("/d");
    const auto of = notation.node_of(id.substr(1, slash - 1));
    return "slope of " + function_of(graph, of);
  }
  if (id.ends_with("_new")) return unicode_symbol(id.substr(0, id.size() - 4)) + " after the step";
  if (id == "g_norm") return "norm of all gradients together";
  if (id == "clip") return "scale that keeps the norm within its limit";
  return title_of_memory(graph, notation, quantity);
}

std::string meaning_of(const Graph& graph, const Notation& notation, const Quantity& quantity) {
  const auto& id = quantity.id;
  if (id == "x") return "input";
  if (id == "c") return "input, with places in tables, from 0";
  if (id[0] == 'E') return "table of " + quantity.layer + ", a row for each category";
  if (id == "mean") return "mean of each column where the model was trained";
  if (id == "scale") return "standard deviation of each column there";
  if (id == "y") return "target";
  if (id == "learning_rate") return "learning rate";
  if (id == "t") return "number of this step";
  if (id.ends_with("_old")) {
    // As it is called after the step.
    Quantity kept = quantity;
    kept.id = id.substr(0, id.size() - 4);
    kept.node = notation.node_of(kept.id);
    return title_of_memory(graph, notation, kept) + ", before the step";
  }
  if (id.starts_with("gamma")) return "scale of " + quantity.layer;
  if (id.starts_with("beta")) return "shift of " + quantity.layer;
  if (id.starts_with("running_mean")) return "running mean of " + quantity.layer + ", for prediction";
  if (id.starts_with("running_var")) return "running variance of " + quantity.layer + ", for prediction";
  if (id.starts_with("mask")) return "1 where dropout keeps a unit, 0 where it drops it";
  if (id[0] == 'W') return quantity.layer.empty() ? "weight" : "weight of " + quantity.layer;
  if (id[0] == 'b') return quantity.layer.empty() ? "bias" : "bias of " + quantity.layer;
  return "";
}

}  // namespace longhand
