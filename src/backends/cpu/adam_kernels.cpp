// Adam's update in one loop, for each SIMD target.
#include "base/simd_target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "backends/cpu/adam_kernels.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

#include "backends/cpu/lanes-inl.h"
#include "backends/cpu/loops.h"

HWY_BEFORE_NAMESPACE();
namespace longhand {
namespace HWY_NAMESPACE {
namespace {

template <class T>
void sweep_adam(const Place<T>* places, const Instruction<T>& instruction, Area area) {
  const Tag<T> d;
  const auto place = [&](AdamOperand operand) -> const Place<T>& {
    return places[instruction.operands[static_cast<std::size_t>(operand)]];
  };
  const auto number = [&](AdamOperand operand)
                          HWY_ATTR { return hn::LoadU(d, place(operand).pointer); };
  using enum AdamOperand;
  const auto beta1_of = number(beta1), rest1_of = number(rest1), unbias1_of = number(unbias1);
  const auto beta2_of = number(beta2), rest2_of = number(rest2), unbias2_of = number(unbias2);
  const auto rate_of = number(rate), epsilon_of = number(epsilon);
  const Place<T>& g_place = place(gradient);
  const Place<T>& m_place = place(first);
  const Place<T>& v_place = place(second);
  const Place<T>& w_place = place(base);
  const Place<T>& m_result = places[instruction.more_results[0]];
  const Place<T>& v_result = places[instruction.more_results[1]];
  const Place<T>& w_result = places[instruction.result];

  const auto n = area.columns;
  for (std::ptrdiff_t row = 0; row < static_cast<std::ptrdiff_t>(area.rows); ++row) {
    const T* g = g_place.pointer + row * g_place.row;
    const T* m = m_place.pointer + row * m_place.row;
    const T* v = v_place.pointer + row * v_place.row;
    const T* w = w_place.pointer + row * w_place.row;
    T* m_to = m_result.pointer + row * m_result.row;
    T* v_to = v_result.pointer + row * v_result.row;
    T* w_to = w_result.pointer + row * w_result.row;
    const auto update = [&](std::size_t i, auto load, auto store) HWY_ATTR {
      const auto slope = load(g + i);
      const auto m_new = hn::Add(hn::Mul(beta1_of, load(m + i)), hn::Mul(rest1_of, slope));
      const auto v_new =
          hn::Add(hn::Mul(beta2_of, load(v + i)), hn::Mul(rest2_of, hn::Mul(slope, slope)));
      const auto step = hn::Mul(rate_of, hn::Mul(m_new, unbias1_of));
      const auto root = hn::Add(hn::Sqrt(hn::Mul(v_new, unbias2_of)), epsilon_of);
      const auto w_new = hn::Sub(load(w + i), hn::Div(step, root));
      store(m_new, m_to + i);
      store(v_new, v_to + i);
      store(w_new, w_to + i);
    };
    std::size_t i = 0;
    for (; i + kLanes<T> <= n; i += kLanes<T>) {
      update(
          i, [&](const T* p) HWY_ATTR { return hn::LoadU(d, p); },
          [&](Vector<T> value, T* p) HWY_ATTR { hn::StoreU(value, d, p); });
    }
    if (i != n) {
      const auto rest = n - i;
      update(
          i, [&](const T* p) HWY_ATTR { return load_part<T>(p, rest); },
          [&](Vector<T> value, T* p) HWY_ATTR { store_part<T>(value, p, rest); });
    }
  }
}

}  // namespace

InstructionFunction<float> adam_float() { return sweep_adam<float>; }
InstructionFunction<double> adam_double() { return sweep_adam<double>; }

}  // namespace HWY_NAMESPACE
}  // namespace longhand
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace longhand {

template <>
InstructionFunction<float> adam_function<float>() {
  return LONGHAND_KERNEL(adam_float)();
}
template <>
InstructionFunction<double> adam_function<double>() {
  return LONGHAND_KERNEL(adam_double)();
}

}  // namespace longhand
#endif
