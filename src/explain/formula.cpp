#include "explain/formula.h"

#include <map>
#include <optional>

namespace longhand {
namespace {

Tensor unit_matrix(std::int64_t n, double diagonal, double beside) {
  Tensor matrix = Tensor::full({n, n}, beside, DType::f64);
  for (std::int64_t i = 0; i < n; ++i) matrix.set(i * n + i, diagonal);
  return matrix;
}

class FormulaReader {
 public:
  FormulaReader(const Graph& graph, const Notation& notation, std::int64_t rows)
      : graph_(graph), notation_(notation), rows_(rows) {}

  Formula read(const Quantity& quantity) {
    const Var value = build(quantity);
    formula_.result = value.id;
    return std::move(formula_);
  }

 private:
  Graph& made() { return formula_.graph; }

  Var build(const Quantity& quantity) {
    if (!quantity.same_as.empty()) return operand(quantity.node, quantity.same_as);
    if (const auto z = softmax_operand(quantity.node)) return softmax_of(operand(*z, *notation_.find(*z)));
    if (is_softmax_slope(quantity)) return softmax_slope(operand_of("y_hat"));
    if (const auto* slope = softmax_slope_before(quantity)) {
      return chain_through(operand_of("dL/dy_hat"), operand(slope->node, slope->id));
    }
    return copy(quantity.node);
  }

  Var operand(NodeId node, const std::string& id) {
    const auto found = made().find_input(id);
    if (found != kNoNode) return made().var(found);
    formula_.operands.push_back(id);
    const auto& type = graph_.node(node).type;
    return made().input(id, type.shape, type.kind);
  }

  Var operand_of(const std::string& id) { return operand(notation_.node_of(id), id); }

  // The graph from `root` down to the nearest named nodes.
  Var copy(NodeId root) {
    std::vector<bool> needed(static_cast<std::size_t>(root) + 1, false);
    needed[static_cast<std::size_t>(root)] = true;
    for (auto id = root; id >= 0; --id) {
      if (!needed[static_cast<std::size_t>(id)] || ends_at(id, root)) continue;
      for (const auto input : graph_.node(id).inputs) needed[static_cast<std::size_t>(input)] = true;
    }
    std::map<NodeId, NodeId> copies;
    for (NodeId id = 0; id <= root; ++id) {
      if (needed[static_cast<std::size_t>(id)]) copies[id] = copy_node(id, root, copies).id;
    }
    return made().var(copies.at(root));
  }

  bool ends_at(NodeId id, NodeId root) const {
    return (id != root && notation_.find(id) != nullptr) || graph_.node(id).op == Op::extent;
  }

  Var copy_node(NodeId id, NodeId root, const std::map<NodeId, NodeId>& copies) {
    const auto& node = graph_.node(id);
    if (id != root && notation_.find(id) != nullptr) return operand(id, *notation_.find(id));
    if (node.op == Op::extent) return made().constant(extent_of(node));
    if (node.op == Op::input || node.op == Op::state) {
      return made().input("%" + node.attributes.name, node.type.shape, node.type.kind);
    }
    std::vector<NodeId> inputs;
    for (const auto input : node.inputs) inputs.push_back(copies.at(input));
    return made().add(node.op, std::move(inputs), node.attributes);
  }

  // How many entries there are is known, and depends on no value.
  double extent_of(const Node& node) const {
    const auto shape = graph_.node(node.inputs[0]).type.shape.with_rows(rows_);
    double product = 1;
    for (const auto axis : node.attributes.axes) product *= static_cast<double>(shape[static_cast<std::size_t>(axis)]);
    return product;
  }

  // The named z of which the node is the softmax.
  std::optional<NodeId> softmax_operand(NodeId id) const {
    const auto number = graph_.node(id).composite;
    if (number < 0) return std::nullopt;
    const auto& composite = graph_.composites()[static_cast<std::size_t>(number)];
    const bool is_softmax = composite.name == "softmax" && composite.output == id;
    if (!is_softmax || notation_.find(composite.inputs[0]) == nullptr) return std::nullopt;
    return graph_.node(id).type.shape.rank() == 2 ? std::optional(composite.inputs[0]) : std::nullopt;
  }

  // 1 / sum_j e^(z_j - z_i), in which no z is named twice against itself: its interval is exact.
  Var softmax_of(Var z) {
    const auto rows = z.shape()[0], n = z.shape()[1];
    const Var differences = reshape(z, {rows, 1, n}) - reshape(z, {rows, n, 1});
    return 1.0 / sum(exp(differences * made().constant(unit_matrix(n, 0, 1))), {2});
  }

  bool is_softmax_slope(const Quantity& quantity) const {
    return quantity.id.starts_with("dy_hat/d") && graph_.node(quantity.node).type.shape.rank() == 3;
  }

  // y_i (1 - y_i) on the diagonal, -y_i y_j beside it.
  Var softmax_slope(Var y) {
    const auto rows = y.shape()[0], n = y.shape()[1];
    const Var diagonal = reshape(y * (1.0 - y), {rows, n, 1}) * made().constant(unit_matrix(n, 1, 0));
    const Var products = reshape(y, {rows, n, 1}) * reshape(y, {rows, 1, n});
    return diagonal - products * made().constant(unit_matrix(n, 0, 1));
  }

  // The softmax's matrix that lies between dL/dy_hat and this gradient.
  const Quantity* softmax_slope_before(const Quantity& quantity) const {
    if (!quantity.id.starts_with("dL/d") || notation_.node_of("dL/dy_hat") == kNoNode) return nullptr;
    for (const auto& other : notation_.quantities()) {
      if (is_softmax_slope(other) && other.id == "dy_hat/d" + quantity.id.substr(4)) return &other;
    }
    return nullptr;
  }

  static Var chain_through(Var gradient, Var matrix) {
    const auto rows = gradient.shape()[0], n = gradient.shape()[1];
    return sum(matrix * reshape(gradient, {rows, n, 1}), {1});
  }

  const Graph& graph_;
  const Notation& notation_;
  const std::int64_t rows_;
  Formula formula_;
};

}  // namespace

Formula formula_graph(const Graph& graph, const Notation& notation, const Quantity& quantity, std::int64_t rows) {
  return FormulaReader(graph, notation, rows).read(quantity);
}

Formula second_name(const Graph& graph, NodeId node, const std::string& other) {
  Formula formula;
  const auto& type = graph.node(node).type;
  formula.result = formula.graph.input(other, type.shape, type.kind).id;
  formula.operands.push_back(other);
  return formula;
}

}  // namespace longhand
