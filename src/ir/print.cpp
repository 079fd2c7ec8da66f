#include "ir/op_table.h"
#include "longhand/ir.h"

namespace longhand {
namespace {

std::string reference(NodeId id) { return "%" + std::to_string(id); }

std::string list(const std::vector<std::int64_t>& values) {
  std::string text;
  for (const auto value : values) text += (text.empty() ? "" : ", ") + std::to_string(value);
  return "[" + text + "]";
}

// The attributes that the operation uses, as `, axes=[0], keep_dims`.
std::string attributes_of(const Node& node) {
  const auto& a = node.attributes;
  switch (node.op) {
    case Op::input: case Op::state: return a.name;
    case Op::constant: return a.value.count() <= 8 ? to_string(a.value) : "...";
    case Op::sum: case Op::reduce_max: case Op::argmax:
      return ", axes=" + list(a.axes) + (a.keep_dims ? ", keep_dims" : "");
    case Op::extent: case Op::transpose: return ", axes=" + list(a.axes);
    case Op::matmul:
      return std::string(a.transpose_left ? ", transpose_left" : "") +
             (a.transpose_right ? ", transpose_right" : "");
    case Op::slice: case Op::pad:
      return ", axis=" + std::to_string(a.axis) + ", " + std::to_string(a.start) + ", " +
             std::to_string(a.stop);
    case Op::concatenate: return ", axis=" + std::to_string(a.axis);
    case Op::scatter_add: case Op::one_hot: return ", " + std::to_string(a.count);
    case Op::random_uniform: case Op::random_normal:
      return ", columns=" + std::to_string(a.count) + ", seed=" + std::to_string(a.seed) +
             ", stream=" + std::to_string(a.stream);
    default: return "";
  }
}

std::string label_text(const Label& label) {
  std::string text;
  if (!label.layer.empty()) text += " " + label.layer;
  if (!label.role.empty()) text += " " + label.role;
  if (label.adjoint_of != kNoNode) text += " adjoint of " + reference(label.adjoint_of);
  if (label.derivative_of != kNoNode) {
    text += " d" + reference(label.derivative_of) + "/d" + reference(label.with_respect_to);
  }
  return text;
}

}  // namespace

std::string to_string(const Graph& graph) {
  std::string text;
  for (std::size_t id = 0; id < graph.size(); ++id) {
    const auto& node = graph.nodes()[id];
    text += reference(static_cast<NodeId>(id)) + ": " + to_string(node.type.shape);
    if (node.type.kind == Kind::index) text += " index";
    if (node.type.kind == Kind::boolean) text += " boolean";
    text += " = " + std::string(name(node.op)) + "(";
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      text += (i > 0 ? ", " : "") + reference(node.inputs[i]);
    }
    text += attributes_of(node) + ")";
    if (node.composite >= 0) {
      text += "  in " + graph.composites()[static_cast<std::size_t>(node.composite)].name;
    }
    if (!node.label.empty()) text += "  #" + label_text(node.label);
    text += "\n";
  }
  for (const auto& [state, value] : graph.writes()) {
    text += "assign " + graph.node(state).attributes.name + " = " + reference(value) + "\n";
  }
  for (const auto& [name, value] : graph.outputs()) {
    text += "output " + name + " = " + reference(value) + "\n";
  }
  return text;
}

}  // namespace longhand
