// The meaning of each operation, as the plainest loop that computes it.
#include <algorithm>
#include <array>
#include <numbers>

#include "base/philox.h"
#include "ir/evaluate.h"
#include "ir/formulas-inl.h"
#include "ir/interval.h"
#include "ir/op_table.h"
#include "ir/scalar_context.h"

namespace longhand {
namespace {

using Index = std::array<std::int64_t, Shape::kMaxRank>;

// Walks the positions of `shape` in row-major order: calls f(position, offset).
template <class F>
void for_each_position(const Shape& shape, F f) {
  Index position{};
  const auto count = shape.count();
  for (std::int64_t offset = 0; offset < count; ++offset) {
    f(position, offset);
    for (auto axis = shape.rank(); axis-- > 0;) {
      if (++position[axis] < shape[axis]) break;
      position[axis] = 0;
    }
  }
}

// The place in `shape` that `position` of a shape it broadcasts to reads.
std::int64_t broadcast_offset(const Shape& shape, const Index& position, std::size_t rank) {
  std::int64_t offset = 0;
  const auto lead = rank - shape.rank();
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    offset = offset * shape[axis] + (shape[axis] == 1 ? 0 : position[axis + lead]);
  }
  return offset;
}

std::int64_t offset_of(const Shape& shape, const Index& position) {
  return broadcast_offset(shape, position, shape.rank());
}

// The position in the result of a reduction that an entry of its operand goes to.
std::int64_t reduced_offset(const Node& node, const Shape& from, const Index& position) {
  std::int64_t offset = 0;
  for (std::size_t axis = 0; axis < from.rank(); ++axis) {
    if (!std::binary_search(node.attributes.axes.begin(), node.attributes.axes.end(),
                            static_cast<std::int64_t>(axis))) {
      offset = offset * from[axis] + position[axis];
    }
  }
  return offset;
}

void require_in_table(Op op, std::int64_t index, std::int64_t rows) {
  if (index >= 0 && index < rows) return;
  throw DataError(std::string(name(op)) + ": index " + std::to_string(index) + " in a table of " +
                  std::to_string(rows) + " rows");
}

template <class T>
T compare(Op op, T a, T b) {
  const auto truth = [&] {
    switch (op) {
      case Op::equal: return a == b;
      case Op::not_equal: return a != b;
      case Op::less: return a < b;
      case Op::less_equal: return a <= b;
      case Op::greater: return a > b;
      default: return a >= b;
    }
  };
  return truth() ? T(1) : T(0);
}

Interval compare(Op op, Interval a, Interval b) {
  switch (op) {
    case Op::equal: return equal(a, b);
    case Op::not_equal: return negated(equal(a, b));
    case Op::less: return less(a, b);
    case Op::less_equal: return less_equal(a, b);
    case Op::greater: return less(b, a);
    default: return less_equal(b, a);
  }
}

template <class T>
T choose(T condition, T a, T b) {
  return condition != T(0) ? a : b;
}

Interval choose(Interval condition, Interval a, Interval b) { return select(condition, a, b); }

// An operation is its formula; but for intervals a formula that chooses would take both sides, where
// the operation itself is monotone.
template <Op op, class T, class... Operands>
T apply(const ScalarContext<T>& c, Operands... x) {
  return Formula<op>::value(c, x...);
}

template <Op op, class... Operands>
Interval apply(const IntervalContext& c, Operands... x) {
  if constexpr (op == Op::relu) return maximum(x..., Interval(0));
  else if constexpr (op == Op::minimum) return minimum(x...);
  else if constexpr (op == Op::maximum) return maximum(x...);
  else return Formula<op>::value(c, x...);
}

template <class T>
using ContextOf = std::conditional_t<std::is_same_v<T, Interval>, IntervalContext, ScalarContext<T>>;

template <class T>
void evaluate_matmul(const Node& node, std::span<const Operand> operands, T* y, const Shape& shape) {
  const bool is_linear = node.op == Op::linear;
  const bool left_transposed = !is_linear && node.attributes.transpose_left;
  const bool right_transposed = is_linear || node.attributes.transpose_right;
  const auto* a = static_cast<const T*>(operands[0].data);
  const auto* b = static_cast<const T*>(operands[1].data);
  const auto inner = operands[0].shape[left_transposed ? 0 : 1];
  for (std::int64_t i = 0; i < shape[0]; ++i) {
    for (std::int64_t j = 0; j < shape[1]; ++j) {
      T total = is_linear ? static_cast<const T*>(operands[2].data)[j] : T(0);
      for (std::int64_t k = 0; k < inner; ++k) {
        total += (left_transposed ? a[k * shape[0] + i] : a[i * inner + k]) *
                 (right_transposed ? b[j * inner + k] : b[k * shape[1] + j]);
      }
      y[i * shape[1] + j] = total;
    }
  }
}

template <class T>
void evaluate_softmax_cross_entropy(std::span<const Operand> operands, T* loss) {
  const auto rows = operands[0].shape[0], classes = operands[0].shape[1];
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto* z = static_cast<const T*>(operands[0].data) + row * classes;
    const auto* y = static_cast<const T*>(operands[1].data) + row * classes;
    const T largest = *std::max_element(z, z + classes);
    T total = 0;
    for (std::int64_t j = 0; j < classes; ++j) total += std::exp(z[j] - largest);
    const T log_total = std::log(total);
    loss[row] = 0;
    for (std::int64_t j = 0; j < classes; ++j) {
      // Where y is 0 an infinitely unlikely class adds nothing.
      if (y[j] != T(0)) loss[row] -= y[j] * (z[j] - largest - log_total);
    }
  }
}

// log(sum_k e^(z_k - z_j)) names each z_k once, so that its interval is no wider than it must be.
void evaluate_softmax_cross_entropy(std::span<const Operand> operands, Interval* loss) {
  const auto rows = operands[0].shape[0], classes = operands[0].shape[1];
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto* z = static_cast<const Interval*>(operands[0].data) + row * classes;
    const auto* y = static_cast<const Interval*>(operands[1].data) + row * classes;
    loss[row] = Interval(0);
    for (std::int64_t j = 0; j < classes; ++j) {
      Interval total(1);
      for (std::int64_t k = 0; k < classes; ++k) {
        if (k != j) total += exp(z[k] - z[j]);
      }
      loss[row] += y[j] * log(total);
    }
  }
}

template <class T>
void evaluate_argmax(const Node& node, const Operand& operand, std::int32_t* best, std::int64_t count) {
  const auto* x = static_cast<const T*>(operand.data);
  const auto axis = static_cast<std::size_t>(node.attributes.axes[0]);
  std::fill_n(best, count, 0);
  for_each_position(operand.shape, [&](Index position, std::int64_t i) {
    auto& found = best[reduced_offset(node, operand.shape, position)];
    const auto here = position[axis];
    position[axis] = found;
    if (x[i] > x[offset_of(operand.shape, position)]) found = static_cast<std::int32_t>(here);
  });
}

template <>
void evaluate_argmax<Interval>(const Node&, const Operand&, std::int32_t*, std::int64_t) {
  throw ArgumentError("argmax of intervals is no one index");
}

// -1 for what is no index, so that it is refused where it is used as one.
std::int32_t index_of(double x) { return x >= 0 && x < 0x1p31 ? static_cast<std::int32_t>(x) : -1; }
std::int32_t index_of(const Interval& x) { return x.is_point() ? index_of(x.low) : -1; }

template <class T>
void evaluate_random(const Node& node, std::span<const Operand> operands, T* y, const Shape& shape) {
  using R = std::conditional_t<std::is_same_v<T, Interval>, double, T>;
  const auto step = *static_cast<const std::int32_t*>(operands[0].data);
  const auto* rows = static_cast<const std::int32_t*>(operands[1].data);
  const auto seed = node.attributes.seed;
  for (std::int64_t i = 0; i < shape[0]; ++i) {
    for (std::int64_t j = 0; j < shape[1]; ++j) {
      const auto word = philox4x32({static_cast<std::uint32_t>(j), static_cast<std::uint32_t>(rows[i]),
                                    static_cast<std::uint32_t>(step),
                                    static_cast<std::uint32_t>(node.attributes.stream)},
                                   {static_cast<std::uint32_t>(seed),
                                    static_cast<std::uint32_t>(seed >> 32)});
      // 24 bits fill a float's significand; double takes no more, so that both draw the same number.
      const auto uniform = [&](int k) { return static_cast<R>(word[static_cast<std::size_t>(k)] >> 8) * R(0x1p-24); };
      y[i * shape[1] + j] =
          T(node.op == Op::random_uniform
                ? uniform(0)
                : std::sqrt(R(-2) * std::log(R(1) - uniform(0))) *
                      std::cos(R(2 * std::numbers::pi) * uniform(1)));
    }
  }
}

// Moves entries of any kind without looking at them.
template <class E>
void evaluate_movement(const Node& node, std::span<const Operand> operands, E* y,
                       const Shape& shape) {
  const auto* x = static_cast<const E*>(operands[0].data);
  const auto& attributes = node.attributes;
  const auto axis = static_cast<std::size_t>(attributes.axis);
  switch (node.op) {
    case Op::reshape: std::copy_n(x, shape.count(), y); return;
    case Op::broadcast:
      for_each_position(shape, [&](const Index& at, std::int64_t offset) {
        y[offset] = x[broadcast_offset(operands[0].shape, at, shape.rank())];
      });
      return;
    case Op::transpose:
      for_each_position(shape, [&](const Index& at, std::int64_t offset) {
        Index from{};
        for (std::size_t i = 0; i < shape.rank(); ++i) {
          from[static_cast<std::size_t>(attributes.axes[i])] = at[i];
        }
        y[offset] = x[offset_of(operands[0].shape, from)];
      });
      return;
    case Op::slice:
      for_each_position(shape, [&](Index at, std::int64_t offset) {
        at[axis] += attributes.start;
        y[offset] = x[offset_of(operands[0].shape, at)];
      });
      return;
    case Op::pad:
      for_each_position(shape, [&](Index at, std::int64_t offset) {
        at[axis] -= attributes.start;
        const bool inside = at[axis] >= 0 && at[axis] < operands[0].shape[axis];
        y[offset] = inside ? x[offset_of(operands[0].shape, at)] : E(0);
      });
      return;
    case Op::concatenate: {
      std::int64_t start = 0;
      for (const auto& part : operands) {
        for_each_position(part.shape, [&](Index at, std::int64_t offset) {
          at[axis] += start;
          y[offset_of(shape, at)] = static_cast<const E*>(part.data)[offset];
        });
        start += part.shape[axis];
      }
      return;
    }
    case Op::gather: {
      const auto* index = static_cast<const std::int32_t*>(operands[1].data);
      const auto rows = operands[0].shape[0];
      const auto width = rows == 0 ? 0 : operands[0].shape.count() / rows;
      for (std::int64_t i = 0; i < shape[0]; ++i) {
        require_in_table(node.op, index[i], rows);
        std::copy_n(x + index[i] * width, width, y + i * width);
      }
      return;
    }
    default: throw ArgumentError("not a movement");
  }
}

}  // namespace

template <class T>
void evaluate_node(const Node& node, std::span<const Operand> operands, void* output,
                   const Shape& shape) {
  const ContextOf<T> c;
  const auto operand = [&](std::size_t i) { return static_cast<const T*>(operands[i].data); };
  const auto index = [&](std::size_t i) { return static_cast<const std::int32_t*>(operands[i].data); };
  auto* y = static_cast<T*>(output);
  const auto count = shape.count();
  // Operand i's entry for a position of the result.
  const auto at = [&](std::size_t i, const Index& position) {
    return operand(i)[broadcast_offset(operands[i].shape, position, shape.rank())];
  };

  switch (node.op) {
    case Op::input: case Op::state: case Op::constant:
      throw ArgumentError("a leaf is not evaluated");

    case Op::negate: case Op::exp: case Op::log: case Op::log1p: case Op::expm1: case Op::sqrt:
    case Op::abs: case Op::erf: case Op::sin: case Op::cos: case Op::relu: case Op::sigmoid:
    case Op::tanh:
      visit_unary(node.op, [&]<Op op>() {
        for (std::int64_t i = 0; i < count; ++i) y[i] = apply<op>(c, operand(0)[i]);
      });
      return;
    case Op::add: case Op::subtract: case Op::multiply: case Op::divide: case Op::power:
    case Op::minimum: case Op::maximum: case Op::sigmoid_cross_entropy:
      visit_binary(node.op, [&]<Op op>() {
        for_each_position(shape, [&](const Index& position, std::int64_t i) {
          y[i] = apply<op>(c, at(0, position), at(1, position));
        });
      });
      return;
    case Op::equal: case Op::not_equal: case Op::less: case Op::less_equal: case Op::greater:
    case Op::greater_equal:
      for_each_position(shape, [&](const Index& position, std::int64_t i) {
        y[i] = compare(node.op, at(0, position), at(1, position));
      });
      return;
    case Op::where:
      for_each_position(shape, [&](const Index& position, std::int64_t i) {
        y[i] = choose(at(0, position), at(1, position), at(2, position));
      });
      return;
    case Op::stop_gradient: std::copy_n(operand(0), count, y); return;

    case Op::linear: case Op::matmul: evaluate_matmul(node, operands, y, shape); return;

    case Op::sum:
      std::fill_n(y, count, T(0));
      for_each_position(operands[0].shape, [&](const Index& position, std::int64_t i) {
        y[reduced_offset(node, operands[0].shape, position)] += operand(0)[i];
      });
      return;
    case Op::reduce_max:
      std::fill_n(y, count, T(-std::numeric_limits<double>::infinity()));
      for_each_position(operands[0].shape, [&](const Index& position, std::int64_t i) {
        auto& largest = y[reduced_offset(node, operands[0].shape, position)];
        largest = apply<Op::maximum>(c, largest, operand(0)[i]);
      });
      return;
    case Op::argmax:
      evaluate_argmax<T>(node, operands[0], static_cast<std::int32_t*>(output), count);
      return;
    case Op::extent: {
      std::int64_t product = 1;
      for (const auto axis : node.attributes.axes) {
        product *= operands[0].shape[static_cast<std::size_t>(axis)];
      }
      y[0] = T(static_cast<double>(product));
      return;
    }
    case Op::softmax_cross_entropy: evaluate_softmax_cross_entropy(operands, y); return;

    case Op::reshape: case Op::broadcast: case Op::transpose: case Op::slice: case Op::pad:
    case Op::concatenate: case Op::gather:
      if (node.type.kind == Kind::index) {
        evaluate_movement(node, operands, static_cast<std::int32_t*>(output), shape);
      } else {
        evaluate_movement(node, operands, y, shape);
      }
      return;
    case Op::scatter_add: {
      std::fill_n(y, count, T(0));
      const auto updates = operands[0].shape[0];
      const auto width = shape[0] == 0 ? 0 : count / shape[0];
      for (std::int64_t i = 0; i < updates; ++i) {
        require_in_table(node.op, index(0)[i], shape[0]);
        for (std::int64_t j = 0; j < width; ++j) y[index(0)[i] * width + j] += operand(1)[i * width + j];
      }
      return;
    }
    case Op::one_hot:
      for (std::int64_t i = 0; i < shape[0]; ++i) {
        for (std::int64_t j = 0; j < shape[1]; ++j) y[i * shape[1] + j] = index(0)[i] == j ? T(1) : T(0);
      }
      return;
    case Op::to_real:
      for (std::int64_t i = 0; i < count; ++i) {
        y[i] = operands[0].kind == Kind::index ? T(index(0)[i]) : operand(0)[i];
      }
      return;
    case Op::to_index:
      std::transform(operand(0), operand(0) + count, static_cast<std::int32_t*>(output), [](const T& x) { return index_of(x); });
      return;
    case Op::random_uniform: case Op::random_normal:
      evaluate_random(node, operands, y, shape);
      return;
  }
}

template void evaluate_node<float>(const Node&, std::span<const Operand>, void*, const Shape&);
template void evaluate_node<double>(const Node&, std::span<const Operand>, void*, const Shape&);
template void evaluate_node<Interval>(const Node&, std::span<const Operand>, void*, const Shape&);

}  // namespace longhand
