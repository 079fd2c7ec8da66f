#include "ir/op_table.h"

namespace longhand {

const OpInfo& info(Op op) {
  static constexpr auto row = [](std::string_view name, OpClass op_class, int operands,
                                 bool differentiable = true) {
    return OpInfo{name, op_class, operands, differentiable};
  };
  using enum OpClass;
  switch (op) {
#define LONGHAND_ROW(op, ...)                               \
  case Op::op: {                                            \
    static constexpr OpInfo kInfo = row(#op, __VA_ARGS__);  \
    return kInfo;                                           \
  }
    LONGHAND_ROW(input, leaf, 0, false)
    LONGHAND_ROW(state, leaf, 0, false)
    LONGHAND_ROW(constant, leaf, 0, false)
    LONGHAND_ROW(negate, unary, 1)
    LONGHAND_ROW(exp, unary, 1)
    LONGHAND_ROW(log, unary, 1)
    LONGHAND_ROW(log1p, unary, 1)
    LONGHAND_ROW(expm1, unary, 1)
    LONGHAND_ROW(sqrt, unary, 1)
    LONGHAND_ROW(abs, unary, 1)
    LONGHAND_ROW(erf, unary, 1)
    LONGHAND_ROW(sin, unary, 1)
    LONGHAND_ROW(cos, unary, 1)
    LONGHAND_ROW(relu, unary, 1)
    LONGHAND_ROW(sigmoid, unary, 1)
    LONGHAND_ROW(tanh, unary, 1)
    LONGHAND_ROW(add, binary, 2)
    LONGHAND_ROW(subtract, binary, 2)
    LONGHAND_ROW(multiply, binary, 2)
    LONGHAND_ROW(divide, binary, 2)
    LONGHAND_ROW(power, binary, 2)
    LONGHAND_ROW(minimum, binary, 2)
    LONGHAND_ROW(maximum, binary, 2)
    LONGHAND_ROW(sigmoid_cross_entropy, binary, 2)
    LONGHAND_ROW(equal, comparison, 2, false)
    LONGHAND_ROW(not_equal, comparison, 2, false)
    LONGHAND_ROW(less, comparison, 2, false)
    LONGHAND_ROW(less_equal, comparison, 2, false)
    LONGHAND_ROW(greater, comparison, 2, false)
    LONGHAND_ROW(greater_equal, comparison, 2, false)
    LONGHAND_ROW(where, structured, 3)
    LONGHAND_ROW(to_real, structured, 1, false)
    LONGHAND_ROW(to_index, structured, 1, false)
    LONGHAND_ROW(stop_gradient, structured, 1, false)
    LONGHAND_ROW(linear, structured, 3)
    LONGHAND_ROW(matmul, structured, 2)
    LONGHAND_ROW(sum, structured, 1)
    LONGHAND_ROW(reduce_max, structured, 1)
    LONGHAND_ROW(argmax, structured, 1, false)
    LONGHAND_ROW(extent, structured, 1, false)
    LONGHAND_ROW(softmax_cross_entropy, structured, 2)
    LONGHAND_ROW(reshape, structured, 1)
    LONGHAND_ROW(broadcast, structured, 1)
    LONGHAND_ROW(transpose, structured, 1)
    LONGHAND_ROW(slice, structured, 1)
    LONGHAND_ROW(pad, structured, 1)
    LONGHAND_ROW(concatenate, structured, -1)
    LONGHAND_ROW(gather, structured, 2)
    LONGHAND_ROW(scatter_add, structured, 2)
    LONGHAND_ROW(one_hot, structured, 1, false)
    LONGHAND_ROW(random_uniform, structured, 2, false)
    LONGHAND_ROW(random_normal, structured, 2, false)
#undef LONGHAND_ROW
  }
  throw ArgumentError("unknown operation");
}

}  // namespace longhand
