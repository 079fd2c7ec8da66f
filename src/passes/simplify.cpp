#include <map>
#include <tuple>

#include "ir/copy.h"
#include "ir/evaluate.h"
#include "ir/op_table.h"
#include "passes/passes.h"

namespace longhand {
namespace {

// What makes two nodes equal beside their operands, as text: rare enough to build for each node.
std::string signature(const Node& node) {
  const auto& a = node.attributes;
  std::string text = a.name + '|' + to_string(a.shape);
  for (const auto axis : a.axes) text += ',' + std::to_string(axis);
  for (const auto field : {std::int64_t{a.keep_dims}, std::int64_t{a.transpose_left},
                           std::int64_t{a.transpose_right}, a.axis, a.start, a.stop, a.count}) {
    text += '|' + std::to_string(field);
  }
  text += '|' + std::to_string(a.seed) + '|' + std::to_string(a.stream);
  if (node.op == Op::constant) {
    text += '|' + std::to_string(static_cast<int>(a.kind));
    const auto* bytes = static_cast<const char*>(a.value.data());
    text.append(bytes, a.value.bytes());
    text += to_string(a.value.shape()) + std::string(name(a.value.dtype()));
  }
  return text;
}

bool broadcasts_natively(Op op) {
  const auto op_class = info(op).op_class;
  return op_class == OpClass::binary || op_class == OpClass::comparison || op == Op::where;
}

// Operand i of an entry-by-entry node, read through broadcasts that the node does itself.
std::vector<NodeId> without_broadcasts(const Graph& graph, const Node& node) {
  auto inputs = node.inputs;
  for (auto& input : inputs) {
    if (graph.node(input).op != Op::broadcast) continue;
    const auto kept = input;
    input = graph.node(input).inputs[0];
    Shape shape;
    for (const auto operand : inputs) shape = broadcast_shape(shape, graph.node(operand).type.shape);
    if (!(shape == node.type.shape)) input = kept;
  }
  return inputs;
}

bool is_small_constant_expression(const Graph& graph, const Node& node) {
  if (node.inputs.empty() || node.type.kind != Kind::real || node.type.shape.has_batch()) return false;
  if (node.type.shape.count() > 1) return false;
  for (const auto input : node.inputs) {
    if (graph.node(input).op != Op::constant) return false;
  }
  return true;
}

bool is_number(const Graph& graph, NodeId id, double value) {
  const auto& node = graph.node(id);
  return node.op == Op::constant && node.type.kind == Kind::real && node.type.shape.rank() == 0 &&
         node.attributes.value.item() == value;
}

// A choice between 1 and 0 is what is stored of its condition.
std::optional<Var> as_stored_condition(Graph& graph, const Node& node) {
  if (node.op != Op::where || !is_number(graph, node.inputs[1], 1) || !is_number(graph, node.inputs[2], 0)) {
    return std::nullopt;
  }
  if (!(graph.node(node.inputs[0]).type.shape == node.type.shape)) return std::nullopt;
  return to_real(graph.var(node.inputs[0]));
}

// One entry repeated is the same in any shape.
std::optional<Var> as_broadcast_entry(Graph& graph, const Node& node) {
  if (node.op != Op::reshape || graph.node(node.inputs[0]).op != Op::broadcast) return std::nullopt;
  const auto entry = graph.node(node.inputs[0]).inputs[0];
  const auto& shape = graph.node(entry).type.shape;
  if (shape.has_batch() || shape.count() != 1 || shape.rank() > node.type.shape.rank()) return std::nullopt;
  return broadcast(graph.var(entry), node.type.shape);
}

Var folded(Graph& graph, const Node& node) {
  std::vector<Operand> operands;
  for (const auto input : node.inputs) {
    const auto& value = graph.node(input).attributes.value;
    operands.push_back({value.data(), value.shape(), graph.node(input).type.kind});
  }
  Tensor result(node.type.shape, DType::f64);
  evaluate_node<double>(node, operands, result.data(), result.shape());
  return graph.constant(std::move(result));
}

}  // namespace

Graph simplify(const Graph& graph) {
  std::map<std::tuple<Op, std::vector<NodeId>, std::string>, NodeId> seen;
  return rewrite(graph, [&](GraphCopier& copier, NodeId id) -> std::optional<Var> {
    const auto& original = graph.node(id);
    if (original.op == Op::input) return std::nullopt;
    if (original.op == Op::stop_gradient) return copier[original.inputs[0]];

    Graph& to = copier.to();
    Node node = original;
    for (auto& input : node.inputs) input = copier[input].id;
    if (broadcasts_natively(node.op)) node.inputs = without_broadcasts(to, node);
    if (is_small_constant_expression(to, node)) return folded(to, node);
    if (const auto stored = as_stored_condition(to, node)) return *stored;
    if (const auto entry = as_broadcast_entry(to, node)) return *entry;
    if (node.op == Op::less && is_number(to, node.inputs[0], 0)) {
      // 0 < z where 0 < relu(z): z itself need not be kept for the gradient.
      const auto relu = seen.find({Op::relu, {node.inputs[1]}, signature(Node{.op = Op::relu})});
      if (relu != seen.end()) node.inputs[1] = relu->second;
    }

    const auto key = std::tuple(node.op, node.inputs, signature(node));
    if (const auto found = seen.find(key); found != seen.end()) return to.var(found->second);
    const Var made = copier.copy_with_inputs(id, node.inputs);
    seen[key] = made.id;
    return made;
  });
}

Graph optimised(const Graph& graph) {
  Graph result = simplify(graph);
  for (std::size_t size = graph.size() + 1; result.size() < size;) {
    size = result.size();
    result = simplify(result);
  }
  return result;
}

}  // namespace longhand
