// The vectors' context for ir/formulas-inl.h. Included once for each SIMD target.

// clang-format off
#if defined(LONGHAND_BACKENDS_CPU_SIMD_CONTEXT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LONGHAND_BACKENDS_CPU_SIMD_CONTEXT_INL_H_
#undef LONGHAND_BACKENDS_CPU_SIMD_CONTEXT_INL_H_
#else
#define LONGHAND_BACKENDS_CPU_SIMD_CONTEXT_INL_H_
#endif
// clang-format on

#include "backends/cpu/lanes-inl.h"
#include "backends/cpu/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace longhand {
namespace HWY_NAMESPACE {

/// A vector with the operators that the formulas are written in.
template <class T>
struct Lanes {
  Vector<T> v;
  friend HWY_INLINE Lanes operator+(Lanes a, Lanes b) { return {hn::Add(a.v, b.v)}; }
  friend HWY_INLINE Lanes operator-(Lanes a, Lanes b) { return {hn::Sub(a.v, b.v)}; }
  friend HWY_INLINE Lanes operator*(Lanes a, Lanes b) { return {hn::Mul(a.v, b.v)}; }
  friend HWY_INLINE Lanes operator/(Lanes a, Lanes b) { return {hn::Div(a.v, b.v)}; }
  friend HWY_INLINE Lanes operator-(Lanes a) { return {hn::Neg(a.v)}; }
};

template <class T>
struct SimdContext {
  using V = Lanes<T>;
  using M = hn::Mask<Tag<T>>;
  HWY_INLINE V number(double value) const { return {hn::Set(Tag<T>(), static_cast<T>(value))}; }
  HWY_INLINE M less(V a, V b) const { return hn::Lt(a.v, b.v); }
  HWY_INLINE M less_equal(V a, V b) const { return hn::Le(a.v, b.v); }
  HWY_INLINE M equal(V a, V b) const { return hn::Eq(a.v, b.v); }
  // Not hn::Ne, which on some targets is false where an operand is NaN.
  HWY_INLINE M not_equal(V a, V b) const { return hn::Not(hn::Eq(a.v, b.v)); }
  HWY_INLINE V select(M condition, V a, V b) const { return {hn::IfThenElse(condition, a.v, b.v)}; }
  HWY_INLINE V exp(V x) const { return {math::exp<T>(x.v)}; }
  HWY_INLINE V log(V x) const { return {math::log<T>(x.v)}; }
  HWY_INLINE V log1p(V x) const { return {math::log1p<T>(x.v)}; }
  HWY_INLINE V expm1(V x) const { return {math::expm1<T>(x.v)}; }
  HWY_INLINE V sqrt(V x) const { return {hn::Sqrt(x.v)}; }
  HWY_INLINE V abs(V x) const { return {hn::Abs(x.v)}; }
  HWY_INLINE V erf(V x) const { return {math::erf<T>(x.v)}; }
  HWY_INLINE V sin(V x) const { return {math::sin<T>(x.v)}; }
  HWY_INLINE V cos(V x) const { return {math::cos<T>(x.v)}; }
  HWY_INLINE V tanh(V x) const { return {math::tanh<T>(x.v)}; }
  HWY_INLINE V power(V a, V b) const { return {math::power<T>(a.v, b.v)}; }
};

}  // namespace HWY_NAMESPACE
}  // namespace longhand
HWY_AFTER_NAMESPACE();

#endif  // LONGHAND_BACKENDS_CPU_SIMD_CONTEXT_INL_H_
