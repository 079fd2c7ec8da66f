// One loop a pair of operations, for each SIMD target.
#include "base/simd_target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "backends/cpu/pair_kernels.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

#include "backends/cpu/lanes-inl.h"
#include "backends/cpu/loops.h"

HWY_BEFORE_NAMESPACE();
namespace longhand {
namespace HWY_NAMESPACE {
namespace {

template <Op op, class V>
HWY_INLINE V apply(V a, V b) {
  if constexpr (op == Op::add)
    return hn::Add(a, b);
  else if constexpr (op == Op::subtract)
    return hn::Sub(a, b);
  else if constexpr (op == Op::multiply)
    return hn::Mul(a, b);
  else if constexpr (op == Op::less)
    return hn::IfThenElseZero(hn::Lt(a, b), hn::Set(hn::DFromV<V>(), 1));
  else
    return hn::Div(a, b);
}

template <class T, Op op, Op inner, bool inner_is_left>
void sweep_pair(const Place<T>* places, const Instruction<T>& instruction, Area area) {
  const Tag<T> d;
  const auto& a = places[instruction.operands[0]];
  const auto& b = places[instruction.operands[1]];
  const auto& c = places[instruction.operands[2]];
  const auto& result = places[instruction.result];
  constexpr auto kStep = static_cast<std::ptrdiff_t>(kLanes<T>);
  const auto p_step = a.step * kStep, q_step = b.step * kStep, r_step = c.step * kStep;
  const auto compute = [](Vector<T> left, Vector<T> right, Vector<T> other) HWY_ATTR {
    const auto value = apply<inner>(left, right);
    return inner_is_left ? apply<op>(value, other) : apply<op>(other, value);
  };
  const auto n = area.columns;
  const T* a_row = a.pointer;
  const T* b_row = b.pointer;
  const T* c_row = c.pointer;
  T* y = result.pointer;
  for (auto rows = area.rows; rows > 0;
       --rows, a_row += a.row, b_row += b.row, c_row += c.row, y += result.row) {
    const T* p = a_row;
    const T* q = b_row;
    const T* r = c_row;
    std::size_t i = 0;
    for (; i + kLanes<T> <= n; i += kLanes<T>, p += p_step, q += q_step, r += r_step) {
      hn::StoreU(compute(hn::LoadU(d, p), hn::LoadU(d, q), hn::LoadU(d, r)), d, y + i);
    }
    if (i != n) {
      const auto rest = n - i;
      store_part<T>(compute(load_part<T>(p, rest), load_part<T>(q, rest), load_part<T>(r, rest)),
                    y + i, rest);
    }
  }
}

// Which side the inner operation is on does not matter to a sum or a product.
template <class T, Op op, Op inner>
InstructionFunction<T> select_side(bool inner_is_left) {
  if constexpr (op == Op::add || op == Op::multiply)
    return sweep_pair<T, op, inner, true>;
  else
    return inner_is_left ? sweep_pair<T, op, inner, true> : sweep_pair<T, op, inner, false>;
}

template <class T, Op op>
InstructionFunction<T> select_inner(Op inner, bool inner_is_left) {
  if constexpr (op == Op::multiply) {
    if (inner == Op::less) return select_side<T, op, Op::less>(inner_is_left);
  }
  switch (inner) {
    case Op::add:
      return select_side<T, op, Op::add>(inner_is_left);
    case Op::subtract:
      return select_side<T, op, Op::subtract>(inner_is_left);
    case Op::multiply:
      return select_side<T, op, Op::multiply>(inner_is_left);
    default:
      return select_side<T, op, Op::divide>(inner_is_left);
  }
}

template <class T>
InstructionFunction<T> select(Op op, Op inner, bool inner_is_left) {
  switch (op) {
    case Op::add:
      return select_inner<T, Op::add>(inner, inner_is_left);
    case Op::subtract:
      return select_inner<T, Op::subtract>(inner, inner_is_left);
    case Op::multiply:
      return select_inner<T, Op::multiply>(inner, inner_is_left);
    default:
      return select_inner<T, Op::divide>(inner, inner_is_left);
  }
}

}  // namespace

InstructionFunction<float> pair_float(Op op, Op inner, bool inner_is_left) {
  return select<float>(op, inner, inner_is_left);
}
InstructionFunction<double> pair_double(Op op, Op inner, bool inner_is_left) {
  return select<double>(op, inner, inner_is_left);
}

}  // namespace HWY_NAMESPACE
}  // namespace longhand
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace longhand {

template <>
InstructionFunction<float> pair_function<float>(Op op, Op inner, bool inner_is_left) {
  return LONGHAND_KERNEL(pair_float)(op, inner, inner_is_left);
}
template <>
InstructionFunction<double> pair_function<double>(Op op, Op inner, bool inner_is_left) {
  return LONGHAND_KERNEL(pair_double)(op, inner, inner_is_left);
}

}  // namespace longhand
#endif
