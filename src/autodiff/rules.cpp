#include "autodiff/rules.h"

#include <optional>

#include "ir/formulas-inl.h"
#include "ir/op_table.h"

namespace longhand {
namespace {

bool is_number(Var x) { return x.node().op == Op::constant && x.shape().rank() == 0; }

// The graph's context for formulas-inl.h: a slope becomes nodes.
struct SymbolicContext {
  // A comparison: of two numbers it is known, and the choice is made here.
  struct Mask {
    std::optional<bool> known;
    Var condition;
  };

  Graph* graph;
  Var number(double value) const { return graph->constant(value); }
  Mask less(Var a, Var b) const { return {std::nullopt, longhand::less(a, b)}; }
  Mask less_equal(Var a, Var b) const { return {std::nullopt, longhand::less_equal(a, b)}; }
  Mask equal(Var a, Var b) const {
    if (is_number(a) && is_number(b)) {
      return {a.node().attributes.value.item() == b.node().attributes.value.item(), {}};
    }
    return {std::nullopt, longhand::equal(a, b)};
  }
  Var select(Mask mask, Var a, Var b) const {
    if (mask.known) return *mask.known ? a : b;
    return where(mask.condition, a, b);
  }
  Var exp(Var x) const { return longhand::exp(x); }
  Var log(Var x) const { return longhand::log(x); }
  Var sin(Var x) const { return longhand::sin(x); }
  Var cos(Var x) const { return longhand::cos(x); }
  Var power(Var a, Var b) const { return longhand::power(a, b); }
  Var sigmoid(Var x) const { return longhand::sigmoid(x); }
};

Var slope_of(Graph& graph, NodeId id, std::size_t i) {
  const auto op = graph.node(id).op;
  const auto inputs = graph.node(id).inputs;
  const SymbolicContext c{&graph};
  const Var y = graph.var(id), a = graph.var(inputs[0]);
  Var slope;
  visit_unary(op, [&]<Op kOp>() { slope = Formula<kOp>::slope(c, a, y); });
  visit_binary(op, [&]<Op kOp>() {
    const Var b = graph.var(inputs[1]);
    slope = i == 0 ? Formula<kOp>::slope_left(c, a, b, y) : Formula<kOp>::slope_right(c, a, b, y);
  });
  return slope;
}

// y = a b with either side transposed: da and db are products of the adjoint and the other side.
Var matmul_adjoint(const Node& node, std::size_t i, Var adjoint, Var a, Var b) {
  const bool left = node.attributes.transpose_left, right = node.attributes.transpose_right;
  if (i == 0) return left ? matmul(b, adjoint, right, true) : matmul(adjoint, b, false, !right);
  return right ? matmul(adjoint, a, true, left) : matmul(a, adjoint, !left, false);
}

// The shape that a reduction's result has when the reduced axes are kept as 1.
Shape kept_shape(const Node& node, const Shape& from) {
  Shape shape = from;
  for (const auto axis : node.attributes.axes) {
    shape = shape.with_extent(static_cast<std::size_t>(axis), 1);
  }
  return shape;
}

std::vector<std::int64_t> inverse(const std::vector<std::int64_t>& permutation) {
  std::vector<std::int64_t> result(permutation.size());
  for (std::size_t i = 0; i < permutation.size(); ++i) {
    result[static_cast<std::size_t>(permutation[i])] = static_cast<std::int64_t>(i);
  }
  return result;
}

// The adjoint of an operand of this shape, from that of what it was broadcast to. In the body of a
// composite an adjoint may be smaller than the operand: one entry that stands for many.
Var fit(Var adjoint, const Shape& shape) {
  return can_broadcast(adjoint.shape(), shape) ? adjoint : sum_to(adjoint, shape);
}

// d where x is 1 / d.
std::optional<Var> divisor(Var x) {
  const auto inputs = x.node().inputs;
  if (x.node().op != Op::divide) return std::nullopt;
  const Var numerator = x.graph->var(inputs[0]);
  if (!is_number(numerator) || numerator.node().attributes.value.item() != 1) return std::nullopt;
  return x.graph->var(inputs[1]);
}

}  // namespace

Var chain(Var adjoint, Var slope, Var value, Var operand, bool label_slopes) {
  auto& label = slope.graph->label(slope.id);
  // A slope that is another quantity already (the b of d(a b)/da) keeps its own name.
  const bool is_new = slope.id > value.id && slope.node().op != Op::constant;
  if (label_slopes && label.empty() && is_new) {
    label.derivative_of = value.id;
    label.with_respect_to = operand.id;
  }
  // Where nobody is shown the slope, it is written as a person would: a / d, not a (1 / d).
  const auto d = is_new && !label_slopes ? divisor(slope) : std::nullopt;
  return fit(d ? adjoint / *d : adjoint * slope, operand.shape());
}

Var operand_adjoint(Graph& graph, NodeId id, std::size_t i, Var adjoint, bool label_slopes) {
  const Node& node = graph.node(id);
  const auto operand = [&](std::size_t k) { return graph.var(node.inputs[k]); };
  const Var x = operand(i);
  const Var y = graph.var(id);

  switch (node.op) {
    case Op::negate: case Op::exp: case Op::log: case Op::log1p: case Op::expm1: case Op::sqrt:
    case Op::abs: case Op::erf: case Op::sin: case Op::cos: case Op::relu: case Op::sigmoid:
    case Op::tanh:
    case Op::add: case Op::subtract: case Op::multiply: case Op::divide: case Op::power:
    case Op::minimum: case Op::maximum: case Op::sigmoid_cross_entropy:
      return chain(adjoint, slope_of(graph, id, i), y, x, label_slopes);
    case Op::where: {
      const Var zero = graph.constant(0.0);
      return fit(i == 1 ? where(operand(0), adjoint, zero) : where(operand(0), zero, adjoint),
                 x.shape());
    }
    case Op::linear:
      if (i == 0) return matmul(adjoint, operand(1));
      return i == 1 ? matmul(adjoint, operand(0), true, false) : sum(adjoint, {0});
    case Op::matmul: return matmul_adjoint(node, i, adjoint, operand(0), operand(1));

    case Op::sum:
      return broadcast(reshape(adjoint, kept_shape(node, x.shape())), x.shape());
    case Op::reduce_max: {
      // Entries that tie for the largest share its adjoint.
      const Shape kept = kept_shape(node, x.shape());
      const Var largest = to_real(equal(x, reshape(y, kept)));
      return reshape(adjoint, kept) * (largest / sum(largest, node.attributes.axes, true));
    }
    case Op::softmax_cross_entropy: {
      const Var row = reshape(adjoint, adjoint.shape().with_axis(1, 1));
      const Var z = operand(0), target = operand(1);
      if (i == 1) return row * -log_softmax(z);
      const Var p = softmax(z);
      // The targets of a row sum to 1, or to 0 where a one-hot index is none of the classes.
      return row * (p * sum(target, {1}, true) - target);
    }

    case Op::reshape: return reshape(adjoint, x.shape());
    case Op::broadcast: return sum_to(adjoint, x.shape());
    case Op::transpose: return transpose(adjoint, inverse(node.attributes.axes));
    case Op::slice: {
      const auto axis = node.attributes.axis;
      const auto extent = x.shape()[static_cast<std::size_t>(axis)];
      return pad(adjoint, axis, node.attributes.start, extent - node.attributes.stop);
    }
    case Op::pad: {
      const auto axis = node.attributes.axis;
      const auto start = node.attributes.start;
      return slice(adjoint, axis, start, start + x.shape()[static_cast<std::size_t>(axis)]);
    }
    case Op::concatenate: {
      const auto axis = static_cast<std::size_t>(node.attributes.axis);
      std::int64_t start = 0;
      for (std::size_t k = 0; k < i; ++k) start += operand(k).shape()[axis];
      return slice(adjoint, node.attributes.axis, start, start + x.shape()[axis]);
    }
    case Op::gather: return scatter_add(operand(1), adjoint, x.shape()[0]);
    case Op::scatter_add: return gather(adjoint, operand(0));

    case Op::input: case Op::state: case Op::constant:
    case Op::equal: case Op::not_equal: case Op::less: case Op::less_equal: case Op::greater:
    case Op::greater_equal: case Op::to_real: case Op::to_index: case Op::stop_gradient:
    case Op::argmax: case Op::extent: case Op::one_hot: case Op::random_uniform: case Op::random_normal:
      break;
  }
  throw ArgumentError(std::string(name(node.op)) + ": no gradient passes through it");
}

}  // namespace longhand
