// One loop an operation, for each SIMD target.
#include "base/simd_target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "backends/cpu/elementwise_kernels.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

#include "backends/cpu/elementwise.h"
#include "backends/cpu/lanes-inl.h"
#include "backends/cpu/simd_context-inl.h"
#include "ir/formulas-inl.h"

HWY_BEFORE_NAMESPACE();
namespace longhand {
namespace HWY_NAMESPACE {
namespace {

template <Op op>
struct Compute {
  template <class T>
  static HWY_INLINE Lanes<T> unary(const SimdContext<T>& c, Lanes<T> x) {
    if constexpr (op == Op::stop_gradient || op == Op::to_real)
      return x;
    else
      return Formula<op>::value(c, x);
  }
  template <class T>
  static HWY_INLINE Lanes<T> binary(const SimdContext<T>& c, Lanes<T> a, Lanes<T> b) {
    const auto one_where = [&](hn::Mask<Tag<T>> mask) HWY_ATTR {
      return Lanes<T>{hn::IfThenElseZero(mask, c.number(1).v)};
    };
    if constexpr (op == Op::equal)
      return one_where(c.equal(a, b));
    else if constexpr (op == Op::not_equal)
      return one_where(c.not_equal(a, b));
    else if constexpr (op == Op::less)
      return one_where(c.less(a, b));
    else if constexpr (op == Op::less_equal)
      return one_where(c.less_equal(a, b));
    else if constexpr (op == Op::greater)
      return one_where(c.less(b, a));
    else if constexpr (op == Op::greater_equal)
      return one_where(c.less_equal(b, a));
    else
      return Formula<op>::value(c, a, b);
  }
};

template <class T, Op op>
void sweep_unary(const Place<T>* places, const Instruction<T>& instruction, Area area) {
  const Tag<T> d;
  const SimdContext<T> c;
  const auto& a = places[instruction.operands[0]];
  const auto& result = places[instruction.result];
  const auto step = a.step * static_cast<std::ptrdiff_t>(kLanes<T>);
  const auto compute = [&](Vector<T> value)
                           HWY_ATTR { return Compute<op>::unary(c, Lanes<T>{value}).v; };
  const auto n = area.columns;
  const T* a_row = a.pointer;
  T* y = result.pointer;
  for (auto rows = area.rows; rows > 0; --rows, a_row += a.row, y += result.row) {
    const T* x = a_row;
    std::size_t i = 0;
    for (; i + 2 * kLanes<T> <= n; i += 2 * kLanes<T>, x += 2 * step) {
      hn::StoreU(compute(hn::LoadU(d, x)), d, y + i);
      hn::StoreU(compute(hn::LoadU(d, x + step)), d, y + i + kLanes<T>);
    }
    if (i + kLanes<T> <= n) {
      hn::StoreU(compute(hn::LoadU(d, x)), d, y + i);
      i += kLanes<T>;
      x += step;
    }
    if (i != n) store_part<T>(compute(load_part<T>(x, n - i)), y + i, n - i);
  }
}

template <class T, Op op>
void sweep_binary(const Place<T>* places, const Instruction<T>& instruction, Area area) {
  const Tag<T> d;
  const SimdContext<T> c;
  const auto& a = places[instruction.operands[0]];
  const auto& b = places[instruction.operands[1]];
  const auto& result = places[instruction.result];
  const auto p_step = a.step * static_cast<std::ptrdiff_t>(kLanes<T>);
  const auto q_step = b.step * static_cast<std::ptrdiff_t>(kLanes<T>);
  const auto compute = [&](Vector<T> left, Vector<T> right) HWY_ATTR {
    return Compute<op>::binary(c, Lanes<T>{left}, Lanes<T>{right}).v;
  };
  const auto n = area.columns;
  const T* a_row = a.pointer;
  const T* b_row = b.pointer;
  T* y = result.pointer;
  for (auto rows = area.rows; rows > 0; --rows, a_row += a.row, b_row += b.row, y += result.row) {
    const T* p = a_row;
    const T* q = b_row;
    std::size_t i = 0;
    for (; i + 2 * kLanes<T> <= n; i += 2 * kLanes<T>, p += 2 * p_step, q += 2 * q_step) {
      hn::StoreU(compute(hn::LoadU(d, p), hn::LoadU(d, q)), d, y + i);
      hn::StoreU(compute(hn::LoadU(d, p + p_step), hn::LoadU(d, q + q_step)), d, y + i + kLanes<T>);
    }
    if (i + kLanes<T> <= n) {
      hn::StoreU(compute(hn::LoadU(d, p), hn::LoadU(d, q)), d, y + i);
      i += kLanes<T>;
      p += p_step;
      q += q_step;
    }
    if (i != n) {
      store_part<T>(compute(load_part<T>(p, n - i), load_part<T>(q, n - i)), y + i, n - i);
    }
  }
}

template <class T>
void sweep_where(const Place<T>* places, const Instruction<T>& instruction, Area area) {
  const Tag<T> d;
  const auto choose = [&](Vector<T> mask, Vector<T> left, Vector<T> right) HWY_ATTR {
    return hn::IfThenElse(hn::Eq(mask, hn::Zero(d)), right, left);
  };
  const auto n = area.columns;
  for (std::ptrdiff_t row = 0; row < static_cast<std::ptrdiff_t>(area.rows); ++row) {
    const auto at = [&](std::uint32_t number, std::size_t i) HWY_ATTR {
      const auto& place = places[number];
      return place.pointer + row * place.row + static_cast<std::ptrdiff_t>(i) * place.step;
    };
    const auto condition = instruction.operands[0], a = instruction.operands[1],
               b = instruction.operands[2];
    T* y = places[instruction.result].pointer + row * places[instruction.result].row;
    std::size_t i = 0;
    for (; i + kLanes<T> <= n; i += kLanes<T>) {
      hn::StoreU(
          choose(hn::LoadU(d, at(condition, i)), hn::LoadU(d, at(a, i)), hn::LoadU(d, at(b, i))), d,
          y + i);
    }
    if (i != n) {
      store_part<T>(choose(load_part<T>(at(condition, i), n - i), load_part<T>(at(a, i), n - i),
                           load_part<T>(at(b, i), n - i)),
                    y + i, n - i);
    }
  }
}

template <class T>
InstructionFunction<T> select(Op op) {
  InstructionFunction<T> found = nullptr;
  visit_unary(op, [&]<Op known>() { found = sweep_unary<T, known>; });
  visit_binary(op, [&]<Op known>() { found = sweep_binary<T, known>; });
  switch (op) {
    case Op::equal:
      return sweep_binary<T, Op::equal>;
    case Op::not_equal:
      return sweep_binary<T, Op::not_equal>;
    case Op::less:
      return sweep_binary<T, Op::less>;
    case Op::less_equal:
      return sweep_binary<T, Op::less_equal>;
    case Op::greater:
      return sweep_binary<T, Op::greater>;
    case Op::greater_equal:
      return sweep_binary<T, Op::greater_equal>;
    case Op::stop_gradient:
      return sweep_unary<T, Op::stop_gradient>;
    case Op::to_real:
      return sweep_unary<T, Op::to_real>;
    case Op::where:
      return sweep_where<T>;
    default:
      return found;
  }
}

}  // namespace

InstructionFunction<float> instruction_float(Op op) { return select<float>(op); }
InstructionFunction<double> instruction_double(Op op) { return select<double>(op); }

}  // namespace HWY_NAMESPACE
}  // namespace longhand
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace longhand {

template <>
InstructionFunction<float> instruction_function<float>(Op op) {
  return LONGHAND_KERNEL(instruction_float)(op);
}
template <>
InstructionFunction<double> instruction_function<double>(Op op) {
  return LONGHAND_KERNEL(instruction_double)(op);
}

}  // namespace longhand
#endif
