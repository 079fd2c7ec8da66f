// Functions of vectors. Included once for each SIMD target.

// clang-format off
#if defined(LONGHAND_BACKENDS_CPU_MATH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LONGHAND_BACKENDS_CPU_MATH_INL_H_
#undef LONGHAND_BACKENDS_CPU_MATH_INL_H_
#else
#define LONGHAND_BACKENDS_CPU_MATH_INL_H_
#endif
// clang-format on

#include <cmath>

#include "backends/cpu/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace longhand {
namespace HWY_NAMESPACE {
namespace math {

/// f of each lane, one after the other.
template <class T, T (*f)(T)>
HWY_INLINE Vector<T> each(Vector<T> x) {
  const Tag<T> d;
  HWY_ALIGN T lanes[kLanes<T>];
  hn::Store(x, d, lanes);
  for (auto& lane : lanes) lane = f(lane);
  return hn::Load(d, lanes);
}

template <class T>
HWY_INLINE Vector<T> exp(Vector<T> x) { return each<T, std::exp>(x); }
template <class T>
HWY_INLINE Vector<T> log(Vector<T> x) { return each<T, std::log>(x); }
template <class T>
HWY_INLINE Vector<T> log1p(Vector<T> x) { return each<T, std::log1p>(x); }
template <class T>
HWY_INLINE Vector<T> expm1(Vector<T> x) { return each<T, std::expm1>(x); }
template <class T>
HWY_INLINE Vector<T> erf(Vector<T> x) { return each<T, std::erf>(x); }
template <class T>
HWY_INLINE Vector<T> sin(Vector<T> x) { return each<T, std::sin>(x); }
template <class T>
HWY_INLINE Vector<T> cos(Vector<T> x) { return each<T, std::cos>(x); }
template <class T>
HWY_INLINE Vector<T> tanh(Vector<T> x) { return each<T, std::tanh>(x); }
template <class T>
HWY_INLINE Vector<T> power(Vector<T> a, Vector<T> b) {
  const Tag<T> d;
  HWY_ALIGN T bases[kLanes<T>];
  HWY_ALIGN T exponents[kLanes<T>];
  hn::Store(a, d, bases);
  hn::Store(b, d, exponents);
  for (std::size_t i = 0; i < kLanes<T>; ++i) bases[i] = std::pow(bases[i], exponents[i]);
  return hn::Load(d, bases);
}

}  // namespace math
}  // namespace HWY_NAMESPACE
}  // namespace longhand
HWY_AFTER_NAMESPACE();

#endif  // LONGHAND_BACKENDS_CPU_MATH_INL_H_
