// The functions that add one operation each. The entry-by-entry ones drop what is plainly nothing
// (x * 1, x + 0), so that derivatives read as a person would write them.
#include <optional>

#include "ir/op_table.h"
#include "longhand/ir.h"

namespace longhand {
namespace {

Graph& common_graph(std::initializer_list<Var> vars) {
  Graph* graph = vars.begin()->graph;
  for (const auto& var : vars) {
    if (var.graph != graph || graph == nullptr) {
      throw ArgumentError("the operands belong to different graphs");
    }
  }
  return *graph;
}

std::optional<double> scalar_constant(Var x) {
  const auto& node = x.node();
  if (node.op != Op::constant || node.type.kind != Kind::real || node.type.shape.rank() != 0) {
    return std::nullopt;
  }
  return node.attributes.value.item();
}

bool is(std::optional<double> constant, double value) { return constant && *constant == value; }

struct Scalars {
  std::optional<double> left, right;
};

// The operands that are scalar constants, after the checks of the operation that may be left out.
Scalars scalars(Op op, Var a, Var b) {
  common_graph({a, b});
  const Type types[] = {a.node().type, b.node().type};
  infer_type(op, types, {});
  return {scalar_constant(a), scalar_constant(b)};
}

Var unary(Op op, Var x) { return common_graph({x}).add(op, {x.id}); }
Var binary(Op op, Var a, Var b) { return common_graph({a, b}).add(op, {a.id, b.id}); }

Var reduction(Op op, Var x, std::vector<std::int64_t> axes, bool keep_dims) {
  Graph& graph = common_graph({x});
  Attributes attributes;
  attributes.axes = normalised_axes(name(op), std::move(axes), x.shape());
  attributes.keep_dims = keep_dims;
  return graph.add(op, {x.id}, std::move(attributes));
}

std::int64_t normalised_axis(Op op, std::int64_t axis, Var x) {
  common_graph({x});
  return normalised_axes(name(op), {axis}, x.shape())[0];
}

}  // namespace

Var operator-(Var x) {
  common_graph({x});
  if (const auto value = scalar_constant(x)) return x.graph->constant(-*value);
  return unary(Op::negate, x);
}

Var operator+(Var a, Var b) {
  const auto [left, right] = scalars(Op::add, a, b);
  if (left && right) return a.graph->constant(*left + *right);
  if (is(left, 0)) return b;
  if (is(right, 0)) return a;
  return binary(Op::add, a, b);
}

Var operator-(Var a, Var b) {
  const auto [left, right] = scalars(Op::subtract, a, b);
  if (left && right) return a.graph->constant(*left - *right);
  if (is(left, 0)) return -b;
  if (is(right, 0)) return a;
  return binary(Op::subtract, a, b);
}

Var operator*(Var a, Var b) {
  const auto [left, right] = scalars(Op::multiply, a, b);
  if (left && right) return a.graph->constant(*left * *right);
  if (is(left, 1)) return b;
  if (is(right, 1)) return a;
  if (is(left, -1)) return -b;
  if (is(right, -1)) return -a;
  return binary(Op::multiply, a, b);
}

Var operator/(Var a, Var b) {
  const auto [left, right] = scalars(Op::divide, a, b);
  if (left && right) return a.graph->constant(*left / *right);
  if (is(right, 1)) return a;
  return binary(Op::divide, a, b);
}

Var operator+(Var a, double b) { return a + a.graph->constant(b); }
Var operator+(double a, Var b) { return b.graph->constant(a) + b; }
Var operator-(Var a, double b) { return a - a.graph->constant(b); }
Var operator-(double a, Var b) { return b.graph->constant(a) - b; }
Var operator*(Var a, double b) { return a * a.graph->constant(b); }
Var operator*(double a, Var b) { return b.graph->constant(a) * b; }
Var operator/(Var a, double b) { return a / a.graph->constant(b); }
Var operator/(double a, Var b) { return b.graph->constant(a) / b; }

Var exp(Var x) { return unary(Op::exp, x); }
Var log(Var x) { return unary(Op::log, x); }
Var log1p(Var x) { return unary(Op::log1p, x); }
Var expm1(Var x) { return unary(Op::expm1, x); }
Var sqrt(Var x) { return unary(Op::sqrt, x); }
Var abs(Var x) { return unary(Op::abs, x); }
Var erf(Var x) { return unary(Op::erf, x); }
Var sin(Var x) { return unary(Op::sin, x); }
Var cos(Var x) { return unary(Op::cos, x); }
Var relu(Var x) { return unary(Op::relu, x); }
Var sigmoid(Var x) { return unary(Op::sigmoid, x); }
Var tanh(Var x) { return unary(Op::tanh, x); }
Var to_real(Var x) { return unary(Op::to_real, x); }
Var to_index(Var x) { return unary(Op::to_index, x); }
Var stop_gradient(Var x) { return unary(Op::stop_gradient, x); }

Var power(Var base, Var exponent) {
  if (is(scalars(Op::power, base, exponent).right, 1)) return base;
  return binary(Op::power, base, exponent);
}
Var minimum(Var a, Var b) { return binary(Op::minimum, a, b); }
Var maximum(Var a, Var b) { return binary(Op::maximum, a, b); }
Var equal(Var a, Var b) { return binary(Op::equal, a, b); }
Var not_equal(Var a, Var b) { return binary(Op::not_equal, a, b); }
Var less(Var a, Var b) { return binary(Op::less, a, b); }
Var less_equal(Var a, Var b) { return binary(Op::less_equal, a, b); }
Var greater(Var a, Var b) { return binary(Op::greater, a, b); }
Var greater_equal(Var a, Var b) { return binary(Op::greater_equal, a, b); }
Var sigmoid_cross_entropy(Var z, Var y) { return binary(Op::sigmoid_cross_entropy, z, y); }
Var softmax_cross_entropy(Var z, Var y) { return binary(Op::softmax_cross_entropy, z, y); }

Var where(Var condition, Var a, Var b) {
  return common_graph({condition, a, b}).add(Op::where, {condition.id, a.id, b.id});
}

Var linear(Var x, Var weight, Var bias) {
  return common_graph({x, weight, bias}).add(Op::linear, {x.id, weight.id, bias.id});
}

Var matmul(Var a, Var b, bool transpose_left, bool transpose_right) {
  Attributes attributes;
  attributes.transpose_left = transpose_left;
  attributes.transpose_right = transpose_right;
  return common_graph({a, b}).add(Op::matmul, {a.id, b.id}, std::move(attributes));
}

Var sum(Var x, std::vector<std::int64_t> axes, bool keep_dims) {
  return reduction(Op::sum, x, std::move(axes), keep_dims);
}
Var reduce_max(Var x, std::vector<std::int64_t> axes, bool keep_dims) {
  return reduction(Op::reduce_max, x, std::move(axes), keep_dims);
}
Var argmax(Var x, std::int64_t axis, bool keep_dims) {
  return reduction(Op::argmax, x, {axis}, keep_dims);
}
Var extent(Var x, std::vector<std::int64_t> axes) {
  common_graph({x});
  axes = normalised_axes("extent", std::move(axes), x.shape());
  double product = 1;
  for (const auto axis : axes) {
    const auto extent = x.shape()[static_cast<std::size_t>(axis)];
    if (extent == Shape::kBatch) return reduction(Op::extent, x, std::move(axes), false);
    product *= static_cast<double>(extent);
  }
  return x.graph->constant(product);
}
Var mean(Var x, std::vector<std::int64_t> axes, bool keep_dims) {
  require_real("mean", x);
  axes = normalised_axes("mean", std::move(axes), x.shape());
  const auto total = sum(x, axes, keep_dims);
  return total / extent(x, std::move(axes));
}

Var reshape(Var x, Shape shape) {
  Graph& graph = common_graph({x});
  if (x.shape() == shape) return x;
  Attributes attributes;
  attributes.shape = shape;
  return graph.add(Op::reshape, {x.id}, std::move(attributes));
}

Var broadcast(Var x, Shape shape) {
  Graph& graph = common_graph({x});
  if (x.shape() == shape) return x;
  Attributes attributes;
  attributes.shape = shape;
  return graph.add(Op::broadcast, {x.id}, std::move(attributes));
}

Var sum_to(Var x, Shape shape) {
  require_real("sum_to", x);
  if (x.shape() == shape) return x;
  if (!can_broadcast(shape, x.shape())) {
    throw ShapeError("sum_to: " + to_string(shape) + " does not broadcast to " + to_string(x.shape()));
  }
  const auto lead = x.shape().rank() - shape.rank();
  std::vector<std::int64_t> axes;
  for (std::size_t axis = 0; axis < x.shape().rank(); ++axis) {
    if (axis < lead || shape[axis - lead] != x.shape()[axis]) {
      axes.push_back(static_cast<std::int64_t>(axis));
    }
  }
  return reshape(sum(x, axes, true), shape);
}

Var transpose(Var x, std::vector<std::int64_t> permutation) {
  Graph& graph = common_graph({x});
  Attributes attributes;
  for (auto& axis : permutation) axis = normalised_axis(Op::transpose, axis, x);
  if (permutation.empty()) {
    for (auto axis = static_cast<std::int64_t>(x.shape().rank()); axis-- > 0;) {
      permutation.push_back(axis);
    }
  }
  attributes.axes = std::move(permutation);
  return graph.add(Op::transpose, {x.id}, std::move(attributes));
}

Var slice(Var x, std::int64_t axis, std::int64_t start, std::int64_t stop) {
  Attributes attributes;
  attributes.axis = normalised_axis(Op::slice, axis, x);
  attributes.start = start;
  attributes.stop = stop;
  return common_graph({x}).add(Op::slice, {x.id}, std::move(attributes));
}

Var pad(Var x, std::int64_t axis, std::int64_t before, std::int64_t after) {
  Attributes attributes;
  attributes.axis = normalised_axis(Op::pad, axis, x);
  attributes.start = before;
  attributes.stop = after;
  return common_graph({x}).add(Op::pad, {x.id}, std::move(attributes));
}

Var concatenate(const std::vector<Var>& parts, std::int64_t axis) {
  if (parts.empty()) throw ArgumentError("concatenate: no parts");
  Attributes attributes;
  attributes.axis = normalised_axis(Op::concatenate, axis, parts[0]);
  std::vector<NodeId> ids;
  for (const auto& part : parts) {
    common_graph({parts[0], part});
    ids.push_back(part.id);
  }
  return parts[0].graph->add(Op::concatenate, std::move(ids), std::move(attributes));
}

Var gather(Var table, Var index) { return binary(Op::gather, table, index); }

Var scatter_add(Var index, Var updates, std::int64_t rows) {
  Attributes attributes;
  attributes.count = rows;
  return common_graph({index, updates}).add(Op::scatter_add, {index.id, updates.id}, attributes);
}

Var one_hot(Var index, std::int64_t classes) {
  Attributes attributes;
  attributes.count = classes;
  return common_graph({index}).add(Op::one_hot, {index.id}, std::move(attributes));
}

namespace {
Var random(Op op, Var step, Var rows, std::int64_t columns, std::uint64_t seed,
           std::uint64_t stream) {
  Attributes attributes;
  attributes.count = columns;
  attributes.seed = seed;
  attributes.stream = stream;
  return common_graph({step, rows}).add(op, {step.id, rows.id}, std::move(attributes));
}
}  // namespace

Var random_uniform(Var step, Var rows, std::int64_t columns, std::uint64_t seed,
                   std::uint64_t stream) {
  return random(Op::random_uniform, step, rows, columns, seed, stream);
}
Var random_normal(Var step, Var rows, std::int64_t columns, std::uint64_t seed,
                  std::uint64_t stream) {
  return random(Op::random_normal, step, rows, columns, seed, stream);
}

}  // namespace longhand
