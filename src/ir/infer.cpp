// Shape inference: one page of rules, an operation each. kBatch is an extent like any other, equal
// only to itself; where a number meets it, the shapes do not fit.
#include <algorithm>

#include "ir/op_table.h"

namespace longhand {
namespace {

[[noreturn]] void fail(Op op, std::span<const Type> operands, const std::string& reason) {
  std::string text = std::string(name(op)) + ": " + reason + " (operands";
  for (const auto& operand : operands) text += " " + to_string(operand.shape);
  throw ShapeError(text + ")");
}

Shape reduced(const Shape& shape, const Attributes& attributes) {
  Shape result = shape;
  const auto& axes = attributes.axes;
  for (auto axis = axes.rbegin(); axis != axes.rend(); ++axis) {
    const auto at = static_cast<std::size_t>(*axis);
    result = attributes.keep_dims ? result.with_extent(at, 1) : result.without_axis(at);
  }
  return result;
}

// Whether x may be reshaped: equal counts, and the batch stays one extent of the shape.
bool same_count(const Shape& a, const Shape& b) {
  if (a.has_batch() != b.has_batch()) return false;
  // Two numbers of rows tell apart B and B^2 as well as counts.
  return a.count(1) == b.count(1) && a.count(2) == b.count(2);
}

}  // namespace

bool can_broadcast(const Shape& from, const Shape& to) {
  if (from.rank() > to.rank()) return false;
  const auto offset = to.rank() - from.rank();
  for (std::size_t axis = 0; axis < from.rank(); ++axis) {
    if (from[axis] != 1 && from[axis] != to[axis + offset]) return false;
  }
  return true;
}

Shape broadcast_shape(const Shape& a, const Shape& b) {
  const auto rank = std::max(a.rank(), b.rank());
  std::vector<std::int64_t> extents(rank);
  for (std::size_t i = 0; i < rank; ++i) {  // from the last axis
    const auto x = i < a.rank() ? a[a.rank() - 1 - i] : 1;
    const auto y = i < b.rank() ? b[b.rank() - 1 - i] : 1;
    if (x != y && x != 1 && y != 1) {
      throw ShapeError("shapes " + to_string(a) + " and " + to_string(b) + " do not broadcast");
    }
    extents[rank - 1 - i] = x == 1 ? y : x;
  }
  return Shape(extents);
}

std::vector<std::int64_t> normalised_axes(std::string_view operation, std::vector<std::int64_t> axes,
                                          const Shape& shape) {
  const auto limit = static_cast<std::int64_t>(shape.rank());
  if (axes.empty()) {
    for (std::int64_t axis = 0; axis < limit; ++axis) axes.push_back(axis);
  }
  for (auto& axis : axes) {
    if (axis < -limit || axis >= limit) {
      throw ShapeError(std::string(operation) + ": axis " + std::to_string(axis) + " of " +
                       to_string(shape));
    }
    if (axis < 0) axis += limit;
  }
  std::sort(axes.begin(), axes.end());
  if (std::adjacent_find(axes.begin(), axes.end()) != axes.end()) {
    throw ShapeError(std::string(operation) + ": an axis of " + to_string(shape) + " is named twice");
  }
  return axes;
}

void require_real(std::string_view operation, Var x) {
  if (x.graph == nullptr) throw ArgumentError(std::string(operation) + ": operand of no graph");
  if (x.kind() != Kind::real) {
    throw ShapeError(std::string(operation) + ": operand must be real (operands " +
                     to_string(x.shape()) + ")");
  }
}

Type infer_type(Op op, std::span<const Type> operands, const Attributes& attributes) {
  const auto& row = info(op);
  if (row.operands >= 0 ? operands.size() != static_cast<std::size_t>(row.operands)
                        : operands.empty()) {
    fail(op, operands, "wrong number of operands");
  }
  const auto shape = [&](std::size_t i) -> const Shape& { return operands[i].shape; };
  const auto require_kind = [&](std::size_t i, Kind kind, const char* what) {
    if (operands[i].kind != kind) fail(op, operands, std::string("operand must be ") + what);
  };
  const auto require_rank = [&](std::size_t i, std::size_t rank) {
    if (shape(i).rank() != rank) fail(op, operands, "expected rank " + std::to_string(rank));
  };
  const auto require_axes = [&] {
    if (normalised_axes(row.name, attributes.axes, shape(0)) != attributes.axes) {
      fail(op, operands, "axes must be named, from 0 and rising");
    }
  };
  const auto require_count = [&](const char* what) {
    if (attributes.count < 0) fail(op, operands, std::to_string(attributes.count) + " " + what);
  };

  switch (op) {
    case Op::input: return {attributes.kind, attributes.shape};
    case Op::state: return {Kind::real, attributes.shape};
    case Op::constant: return {attributes.kind, attributes.value.shape()};

    case Op::negate: case Op::exp: case Op::log: case Op::log1p: case Op::expm1: case Op::sqrt:
    case Op::abs: case Op::erf: case Op::sin: case Op::cos: case Op::relu: case Op::sigmoid:
    case Op::tanh: case Op::stop_gradient:
      require_kind(0, Kind::real, "real");
      return operands[0];
    case Op::to_real: return {Kind::real, shape(0)};
    case Op::to_index:
      require_kind(0, Kind::real, "real");
      return {Kind::index, shape(0)};

    case Op::add: case Op::subtract: case Op::multiply: case Op::divide: case Op::power:
    case Op::minimum: case Op::maximum: case Op::sigmoid_cross_entropy:
    case Op::equal: case Op::not_equal: case Op::less: case Op::less_equal: case Op::greater:
    case Op::greater_equal:
      require_kind(0, Kind::real, "real");
      require_kind(1, Kind::real, "real");
      try {
        return {row.op_class == OpClass::comparison ? Kind::boolean : Kind::real,
                broadcast_shape(shape(0), shape(1))};
      } catch (const ShapeError& error) {
        fail(op, operands, error.what());
      }
    case Op::where:
      require_kind(0, Kind::boolean, "boolean");
      require_kind(1, Kind::real, "real");
      require_kind(2, Kind::real, "real");
      try {
        return {Kind::real, broadcast_shape(shape(0), broadcast_shape(shape(1), shape(2)))};
      } catch (const ShapeError& error) {
        fail(op, operands, error.what());
      }

    case Op::linear:
      for (std::size_t i = 0; i < 3; ++i) require_kind(i, Kind::real, "real");
      require_rank(0, 2);
      require_rank(1, 2);
      require_rank(2, 1);
      if (shape(0)[1] != shape(1)[1]) {
        fail(op, operands, "x has " + std::to_string(shape(0)[1]) + " columns, the weight takes " +
                               std::to_string(shape(1)[1]));
      }
      if (shape(2)[0] != shape(1)[0]) fail(op, operands, "bias and weight disagree");
      return {Kind::real, {shape(0)[0], shape(1)[0]}};
    case Op::matmul: {
      require_kind(0, Kind::real, "real");
      require_kind(1, Kind::real, "real");
      require_rank(0, 2);
      require_rank(1, 2);
      const std::size_t left = attributes.transpose_left ? 1 : 0;
      const std::size_t right = attributes.transpose_right ? 1 : 0;
      if (shape(0)[1 - left] != shape(1)[right]) fail(op, operands, "inner extents differ");
      return {Kind::real, {shape(0)[left], shape(1)[1 - right]}};
    }

    case Op::sum: case Op::reduce_max:
      require_kind(0, Kind::real, "real");
      require_axes();
      return {Kind::real, reduced(shape(0), attributes)};
    case Op::argmax:
      require_kind(0, Kind::real, "real");
      require_axes();
      if (attributes.axes.size() != 1) fail(op, operands, "expected one axis");
      return {Kind::index, reduced(shape(0), attributes)};
    case Op::extent: require_axes(); return {Kind::real, {}};
    case Op::softmax_cross_entropy:
      require_kind(0, Kind::real, "real");
      require_kind(1, Kind::real, "real");
      require_rank(0, 2);
      if (!(shape(0) == shape(1))) fail(op, operands, "logits and targets differ");
      return {Kind::real, {shape(0)[0]}};

    case Op::reshape:
      if (!same_count(shape(0), attributes.shape)) {
        fail(op, operands, "cannot become " + to_string(attributes.shape));
      }
      return {operands[0].kind, attributes.shape};
    case Op::broadcast:
      if (!can_broadcast(shape(0), attributes.shape)) {
        fail(op, operands, "cannot become " + to_string(attributes.shape));
      }
      return {operands[0].kind, attributes.shape};
    case Op::transpose: {
      Shape result = shape(0);
      const auto all = normalised_axes(row.name, {}, result);
      if (!std::is_permutation(attributes.axes.begin(), attributes.axes.end(), all.begin(), all.end())) {
        fail(op, operands, "expected a permutation of the axes");
      }
      for (std::size_t i = 0; i < attributes.axes.size(); ++i) {
        result = result.with_extent(i, shape(0)[static_cast<std::size_t>(attributes.axes[i])]);
      }
      return {operands[0].kind, result};
    }
    case Op::slice: {
      const auto axis = static_cast<std::size_t>(attributes.axis);
      const auto extent = axis < shape(0).rank() ? shape(0)[axis] : 0;
      if (axis >= shape(0).rank() || attributes.start < 0 || attributes.stop < attributes.start ||
          attributes.stop > extent) {
        fail(op, operands, "entries " + std::to_string(attributes.start) + " to " +
                               std::to_string(attributes.stop) + " of axis " +
                               std::to_string(attributes.axis));
      }
      return {operands[0].kind, shape(0).with_extent(axis, attributes.stop - attributes.start)};
    }
    case Op::pad: {
      const auto axis = static_cast<std::size_t>(attributes.axis);
      if (axis >= shape(0).rank() || shape(0)[axis] == Shape::kBatch || attributes.start < 0 ||
          attributes.stop < 0) {
        fail(op, operands, "cannot pad axis " + std::to_string(attributes.axis));
      }
      return {operands[0].kind,
              shape(0).with_extent(axis, shape(0)[axis] + attributes.start + attributes.stop)};
    }
    case Op::concatenate: {
      const auto axis = static_cast<std::size_t>(attributes.axis);
      std::int64_t total = 0;
      for (const auto& operand : operands) {
        if (axis >= operand.shape.rank() || operand.shape[axis] == Shape::kBatch ||
            operand.kind != operands[0].kind ||
            !(operand.shape.with_extent(axis, 0) == shape(0).with_extent(axis, 0))) {
          fail(op, operands, "parts differ off axis " + std::to_string(attributes.axis));
        }
        total += operand.shape[axis];
      }
      return {operands[0].kind, shape(0).with_extent(axis, total)};
    }
    case Op::gather:
      require_kind(1, Kind::index, "index");
      require_rank(1, 1);
      if (shape(0).rank() == 0) fail(op, operands, "a scalar is not a table");
      return {operands[0].kind, shape(0).with_extent(0, shape(1)[0])};
    case Op::scatter_add:
      require_kind(0, Kind::index, "index");
      require_kind(1, Kind::real, "real");
      require_rank(0, 1);
      // The table may be the batch, as in the gradient of picking rows out of it.
      if (attributes.count < 0 && attributes.count != Shape::kBatch) {
        fail(op, operands, "a table of " + std::to_string(attributes.count) + " rows");
      }
      if (shape(1).rank() == 0 || shape(1)[0] != shape(0)[0]) {
        fail(op, operands, "one row of updates for each index");
      }
      return {Kind::real, shape(1).with_extent(0, attributes.count)};
    case Op::one_hot:
      require_kind(0, Kind::index, "index");
      require_rank(0, 1);
      require_count("classes");
      return {Kind::real, {shape(0)[0], attributes.count}};
    case Op::random_uniform: case Op::random_normal:
      require_kind(0, Kind::index, "index");
      require_kind(1, Kind::index, "index");
      require_rank(0, 0);
      require_rank(1, 1);
      require_count("columns");
      return {Kind::real, {shape(1)[0], attributes.count}};
  }
  fail(op, operands, "no rule");
}

}  // namespace longhand
