#include "explain/words.h"

#include <fmt/format.h>

#include "ir/op_table.h"

namespace longhand {
namespace {

std::string in_layer(const Quantity& quantity, const std::string& what) {
  return quantity.layer.empty() ? what : quantity.layer + ": " + what;
}

std::string relu_note(const Tensor& slopes) {
  if (slopes.count() == 1) {
    return slopes.item() > 0 ? "The input is positive, so the ReLU passes the gradient unchanged."
                             : "The input is not positive, so the ReLU stops the gradient.";
  }
  std::int64_t passing = 0;
  for (std::int64_t i = 0; i < slopes.count(); ++i) passing += slopes.at(i) > 0;
  if (passing == slopes.count()) return "Every input is positive, so the ReLU passes the gradient unchanged.";
  if (passing == 0) return "No input is positive, so the ReLU stops the whole gradient.";
  return fmt::format("The ReLU passes the gradient of {} of {} units and stops the others, whose input is not positive.",
                     passing, slopes.count());
}

}  // namespace

std::string function_of(const Graph& graph, NodeId id) {
  const auto& node = graph.node(id);
  for (auto c = node.composite; c >= 0; c = graph.composites()[static_cast<std::size_t>(c)].parent) {
    const auto& composite = graph.composites()[static_cast<std::size_t>(c)];
    if (composite.output == id) return composite.name;
  }
  return std::string(name(node.op));
}

std::string title_of(const Graph& graph, const Notation& notation, const Quantity& quantity) {
  const auto& id = quantity.id;
  if (id == "raw") return "input as it is in the table";
  if (id == "x") return "standardised input";
  if (id == "y_scaled") return "standardised target";
  if (id == "prediction") return "prediction in the target's own units";
  if (id == "L") return "loss";
  if (id == "L_rows") return "loss of each row";
  if (id == "L_new") return "loss of the same sample after the step";
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
  return "the optimiser's " + unicode_symbol(id);
}

std::string meaning_of(const Quantity& quantity) {
  const auto& id = quantity.id;
  if (id == "x") return "input";
  if (id == "mean") return "mean of each column where the model was trained";
  if (id == "scale") return "standard deviation of each column there";
  if (id == "y") return "target";
  if (id == "learning_rate") return "learning rate";
  if (id == "t") return "number of this step";
  if (id.ends_with("_old")) return "the optimiser's memory before the step";
  if (id[0] == 'W') return quantity.layer.empty() ? "weight" : "weight of " + quantity.layer;
  if (id[0] == 'b') return quantity.layer.empty() ? "bias" : "bias of " + quantity.layer;
  return "";
}

std::string why_short(const Graph& graph, const Notation& notation) {
  if (function_of(graph, notation.node_of("y_hat")) == "softmax") {
    return "The logarithm's slope -y/ŷ meets softmax's ŷ, which cancels it: every term comes to ŷ y less y, and "
           "the targets of a row sum to 1.";
  }
  return "The loss has the slope (ŷ - y) / (ŷ (1 - ŷ)), and the sigmoid has ŷ (1 - ŷ), which cancels what it "
         "is divided by.";
}

std::string note_of(const Graph& graph, const Notation& notation, const Quantity& quantity,
                    const std::map<std::string, Tensor>& values) {
  const auto& id = quantity.id;
  const auto slash = id.find("/d");
  if (quantity.pass == "backward" && !id.starts_with("dL/")) {
    const auto function = function_of(graph, notation.node_of(id.substr(1, slash - 1)));
    if (function == "relu") return relu_note(values.at(id));
    if (function == "softmax") return "Each output of softmax depends on every input, so its slope is a matrix.";
  }
  return "";
}

}  // namespace longhand
