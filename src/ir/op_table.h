// The operation table: a row for each Op.
#pragma once

#include <string_view>

#include "longhand/ir.h"

namespace longhand {

/// What readers may treat alike.
enum class OpClass : std::uint8_t { leaf, unary, binary, comparison, structured };

struct OpInfo {
  std::string_view name;
  OpClass op_class;
  int operands;  ///< -1: one or more
  bool differentiable;  ///< a gradient passes through it
};

const OpInfo& info(Op op);
inline std::string_view name(Op op) { return info(op).name; }
inline constexpr int kOpCount = static_cast<int>(Op::random_normal) + 1;

/// The type of `op` applied to operands of these types. Throws ShapeError naming the operation and
/// the shapes.
Type infer_type(Op op, std::span<const Type> operands, const Attributes& attributes);

/// The shape of a and b broadcast together as NumPy does. Throws ShapeError.
Shape broadcast_shape(const Shape& a, const Shape& b);

/// Whether `from` broadcasts to exactly `to`.
bool can_broadcast(const Shape& from, const Shape& to);

/// Axes as non-negative numbers in rising order; no axes means all. Throws ShapeError naming the
/// operation and the shape.
std::vector<std::int64_t> normalised_axes(std::string_view operation, std::vector<std::int64_t> axes,
                                          const Shape& shape);

/// Throws ShapeError naming the operation and the shape unless x is real.
void require_real(std::string_view operation, Var x);

}  // namespace longhand
