#include "explain/expression.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "explain/algebra.h"
#include "ir/op_table.h"

namespace longhand {
namespace {

using Kind = Expression::Kind;

// Reads the graph below a quantity as a person would write it.
class FormulaReader {
 public:
  FormulaReader(const Graph& graph, const Notation& notation, bool batch)
      : graph_(graph), notation_(notation), batch_(batch) {}

  Expression read(NodeId id, bool root = false) const {
    const auto& node = graph_.node(id);
    if (!root) {
      if (const auto* name = notation_.find(id)) {
        return {.kind = Kind::name, .text = *name, .is_scalar = is_scalar(node)};
      }
    }
    if (const auto* composite = written_by_name(id)) return call_of(*composite);
    auto expression = read_operation(node);
    if (expression.kind != Kind::name && expression.kind != Kind::number) expression.is_scalar = is_scalar(node);
    return expression;
  }

 private:
  // One entry. What has one for each row of a batch goes with others entry by entry.
  bool is_scalar(const Node& node) const {
    const auto& shape = node.type.shape;
    const bool in_each_row = batch_ && shape.rank() > 0 && shape[0] == Shape::kBatch;
    return !in_each_row && shape.count(1) == 1;
  }

  // A composite whose own name says more than its inside.
  const Composite* written_by_name(NodeId id) const {
    const auto number = graph_.node(id).composite;
    if (number < 0) return nullptr;
    const auto& composite = graph_.composites()[static_cast<std::size_t>(number)];
    static const std::vector<std::string> kNames{"softmax", "log_softmax", "logsumexp", "dropout", "bias_correction"};
    const bool named = std::ranges::find(kNames, composite.name) != kNames.end();
    return named && composite.output == id ? &composite : nullptr;
  }

  Expression call_of(const Composite& composite) const {
    auto argument = read(composite.inputs[0]);
    const bool scalar = argument.is_scalar;
    if (composite.name == "dropout") {
      auto kept = divided(std::move(argument), number(1 - composite.parameters[0].second));
      return multiplied(read(composite.inputs[1]), std::move(kept));
    }
    if (composite.name == "bias_correction") {
      auto power = node_of(Kind::power, {number(composite.parameters[0].second), std::move(argument)});
      return node_of(Kind::subtract, {number(1), std::move(power)});
    }
    return {.kind = Kind::call, .text = composite.name, .children = {std::move(argument)}, .is_scalar = scalar};
  }

  Expression call(const char* name, const Node& node) const {
    Expression result{.kind = Kind::call, .text = name};
    for (const auto input : node.inputs) result.children.push_back(read(input));
    return result;
  }

  Expression compare(const char* sign, const Node& node) const {
    auto result = node_of(Kind::compare, {read(node.inputs[0]), read(node.inputs[1])});
    result.text = sign;
    // "0 < z" reads better as "z > 0".
    if (result.children[0].kind == Kind::number) {
      std::swap(result.children[0], result.children[1]);
      result.text = result.text == "<" ? ">" : result.text == "≤" ? "≥" : result.text == ">" ? "<" : result.text == "≥" ? "≤" : result.text;
    }
    return result;
  }

  Expression constant(const Node& node) const {
    if (node.attributes.value.count() != 1) return {.kind = Kind::name, .text = "const", .is_scalar = false};
    const double value = node.attributes.value.at(0);
    // 1 / 0.75 says exactly what 1.333333333 does not.
    const double inverse = std::round(1e4 / value) / 1e4;
    const bool is_short = std::round(value * 1e4) / 1e4 == value;
    if (!is_short && 1 / inverse == value && std::abs(inverse) < 100) return divided(number(1), number(inverse));
    return number(value);
  }

  bool reduces_rows(const Node& node) const {
    const auto& shape = graph_.node(node.inputs[0]).type.shape;
    const auto& axes = node.attributes.axes;
    return shape.rank() > 0 && shape[0] == Shape::kBatch && !axes.empty() && axes[0] == 0;
  }

  Expression sum(const Node& node) const {
    auto inner = read(node.inputs[0]);
    // What is left to add: of one row there is no sum over rows, of one unit none over units.
    const bool rows = batch_ && reduces_rows(node);
    std::int64_t entries = 1;
    for (const auto axis : node.attributes.axes) {
      const auto extent = graph_.node(node.inputs[0]).type.shape[static_cast<std::size_t>(axis)];
      if (extent != Shape::kBatch) entries *= extent;
    }
    if (!rows && entries == 1) return inner;
    const bool negative = inner.kind == Kind::negate;
    if (negative) inner = Expression(inner.children[0]);
    const bool whole_matrix = node.attributes.axes.size() > 1 && !reduces_rows(node);
    Expression result{.kind = Kind::sum, .text = rows ? "i" : whole_matrix ? "ij" : "j"};
    result.children.push_back(std::move(inner));
    return negative ? negated(std::move(result)) : result;
  }

  Expression linear(const Node& node) const {
    auto x = read(node.inputs[0]), w = read(node.inputs[1]), b = read(node.inputs[2]);
    if (!batch_) {
      return added(node_of(Kind::product, {std::move(w), std::move(x)}), std::move(b));
    }
    return added(node_of(Kind::product, {std::move(x), node_of(Kind::transpose, {std::move(w)})}), std::move(b));
  }

  // a b on rows. For one sample rows are written as columns: a row times W is W^T times the column.
  Expression matmul(const Node& node) const {
    auto a = read(node.inputs[0]), b = read(node.inputs[1]);
    const auto& attributes = node.attributes;
    const bool rows = graph_.node(node.inputs[0]).type.shape[0] == Shape::kBatch;
    if (!batch_ && rows && !attributes.transpose_left) {
      if (!attributes.transpose_right) b = node_of(Kind::transpose, {std::move(b)});
      return node_of(Kind::product, {std::move(b), std::move(a)});
    }
    if (!batch_ && rows && attributes.transpose_left) {
      return node_of(Kind::product, {std::move(a), node_of(Kind::transpose, {std::move(b)})});
    }
    if (attributes.transpose_left) a = node_of(Kind::transpose, {std::move(a)});
    if (attributes.transpose_right) b = node_of(Kind::transpose, {std::move(b)});
    return node_of(Kind::product, {std::move(a), std::move(b)});
  }

  Expression read_operation(const Node& node) const {
    const auto operand = [&](std::size_t i) { return read(node.inputs[i]); };
    switch (node.op) {
      case Op::input: case Op::state:
        return {.kind = Kind::name, .text = node.attributes.name};
      case Op::constant: return constant(node);
      case Op::negate: return negated(operand(0));
      case Op::add: return added(operand(0), operand(1));
      case Op::subtract: return added(operand(0), negated(operand(1)));
      case Op::multiply:
        if (node.inputs[0] == node.inputs[1]) return node_of(Kind::power, {operand(0), number(2)});
        return multiplied(operand(0), operand(1));
      case Op::divide: return divided(operand(0), operand(1));
      case Op::power: return node_of(Kind::power, {operand(0), operand(1)});
      case Op::sigmoid:
        return divided(number(1), added(number(1), power_of_e(negated(operand(0)))));
      case Op::exp: return power_of_e(operand(0));
      case Op::relu: {
        Expression result{.kind = Kind::call, .text = "max"};
        result.children = {number(0), operand(0)};
        return result;
      }
      case Op::softmax_cross_entropy: case Op::sigmoid_cross_entropy: return stable_loss(node);
      case Op::linear: return linear(node);
      case Op::matmul: return matmul(node);
      case Op::sum: return sum(node);
      case Op::extent:
        return batch_ && reduces_rows(node) ? Expression{.kind = Kind::name, .text = "N"} : number(1);
      case Op::equal: return compare("=", node);
      case Op::not_equal: return compare("≠", node);
      case Op::less: return compare("<", node);
      case Op::less_equal: return compare("≤", node);
      case Op::greater: return compare(">", node);
      case Op::greater_equal: return compare("≥", node);
      case Op::where: return where(node);
      case Op::reshape: case Op::broadcast: case Op::to_real: case Op::to_index: case Op::stop_gradient:
        return operand(0);
      case Op::transpose: return node_of(Kind::transpose, {operand(0)});
      case Op::reduce_max: case Op::maximum: return call("max", node);
      case Op::minimum: return call("min", node);
      case Op::random_uniform: return {.kind = Kind::name, .text = "u"};
      case Op::expm1: return added(power_of_e(operand(0)), number(-1));
      case Op::log1p: return log_of(added(number(1), operand(0)));
      case Op::log: case Op::sqrt: case Op::abs: case Op::erf: case Op::sin:
      case Op::cos: case Op::tanh: case Op::argmax: case Op::slice:
      case Op::pad: case Op::concatenate: case Op::gather: case Op::scatter_add: case Op::one_hot:
      case Op::random_normal:
        break;
    }
    return call(std::string(name(node.op)).c_str(), node);
  }

  // A named mask is a factor of 0 or 1.
  Expression where(const Node& node) const {
    const auto decided = decided_.find(node.inputs[0]);
    if (decided != decided_.end()) return read(node.inputs[decided->second ? 1 : 2]);
    auto condition = read(node.inputs[0]), value = read_where(node.inputs[0], true, node.inputs[1]),
         otherwise = read_where(node.inputs[0], false, node.inputs[2]);
    if (condition.kind == Kind::name && is_number(otherwise, 0)) return multiplied(std::move(condition), std::move(value));
    return node_of(Kind::choose, {std::move(condition), std::move(value), std::move(otherwise)});
  }

  // What a node comes to where the condition holds, or where it does not: a choice within by the same
  // condition is no choice.
  Expression read_where(NodeId condition, bool holds, NodeId id) const {
    decided_[condition] = holds;
    auto result = read(id);
    decided_.erase(condition);
    return result;
  }

  // softplus(z) = log(1 + e^z) is sigmoid_cross_entropy(z, 0).
  Expression stable_loss(const Node& node) const {
    auto z = read(node.inputs[0]), y = read(node.inputs[1]);
    const bool is_softplus = is_number(y, 0);
    auto log = log_of(added(number(1), power_of_e(z)));
    if (node.op == Op::sigmoid_cross_entropy) {
      return is_softplus ? log : added(std::move(log), negated(multiplied(std::move(z), std::move(y))));
    }
    return call("softmax_cross_entropy", node);
  }

  const Graph& graph_;
  const Notation& notation_;
  const bool batch_;
  mutable std::map<NodeId, bool> decided_;  // the conditions of the choices that are being read
};

void collect(const Expression& expression, std::vector<std::string>& names) {
  static const std::vector<std::string> kNotQuantities{"e", "N", "u", "const"};
  if (expression.kind == Kind::name && std::ranges::find(kNotQuantities, expression.text) == kNotQuantities.end() &&
      std::ranges::find(names, expression.text) == names.end()) {
    names.push_back(expression.text);
  }
  for (const auto& child : expression.children) collect(child, names);
}

}  // namespace

Expression formula_of(const Graph& graph, const Notation& notation, NodeId node, bool batch) {
  return FormulaReader(graph, notation, batch).read(node, true);
}

std::vector<std::string> names_in(const Expression& expression) {
  std::vector<std::string> names;
  collect(expression, names);
  return names;
}

}  // namespace longhand
