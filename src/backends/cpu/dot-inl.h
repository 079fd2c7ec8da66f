// Dot products of contiguous entries. Included once for each SIMD target.

// clang-format off
#if defined(LONGHAND_BACKENDS_CPU_DOT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LONGHAND_BACKENDS_CPU_DOT_INL_H_
#undef LONGHAND_BACKENDS_CPU_DOT_INL_H_
#else
#define LONGHAND_BACKENDS_CPU_DOT_INL_H_
#endif
// clang-format on

#include "backends/cpu/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace longhand {
namespace HWY_NAMESPACE {

/// The sum of the lanes as a tree: halves, then halves of halves.
template <class D>
HWY_INLINE hn::TFromD<D> sum_of_lanes(D d, hn::Vec<D> v) {
#if HWY_TARGET == HWY_SCALAR
  (void)d;
  return hn::GetLane(v);
#else
  if constexpr (hn::MaxLanes(d) * sizeof(hn::TFromD<D>) > 16) {
    const hn::Half<D> half;
    return sum_of_lanes(half, hn::Add(hn::LowerHalf(half, v), hn::UpperHalf(half, v)));
  } else if constexpr (hn::MaxLanes(d) == 4) {
    const auto pairs = hn::Add(v, hn::Shuffle1032(v));
    return hn::GetLane(hn::Add(pairs, hn::Shuffle2301(pairs)));
  } else {
    return hn::GetLane(hn::Add(v, hn::Shuffle01(v)));
  }
#endif
}

/// sum of a[l] b[l]: four vectors of chains that take turns, added as a tree.
template <class T>
HWY_INLINE T dot(const T* HWY_RESTRICT a, const T* HWY_RESTRICT b, std::size_t n) {
  const Tag<T> d;
  Vector<T> sum[4] = {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
  std::size_t l = 0;
  for (; l + 4 * kLanes<T> <= n; l += 4 * kLanes<T>) {
    for (std::size_t v = 0; v < 4; ++v) {
      const auto at = l + v * kLanes<T>;
      sum[v] = hn::MulAdd(hn::LoadU(d, a + at), hn::LoadU(d, b + at), sum[v]);
    }
  }
  HWY_UNROLL(4)
  for (std::size_t v = 0; v < 4; ++v, l += kLanes<T>) {
    if (l >= n) break;
    const bool whole = l + kLanes<T> <= n;
    sum[v] = hn::MulAdd(whole ? hn::LoadU(d, a + l) : load_part<T>(a + l, n - l),
                        whole ? hn::LoadU(d, b + l) : load_part<T>(b + l, n - l), sum[v]);
  }
  return sum_of_lanes(d, hn::Add(hn::Add(sum[0], sum[1]), hn::Add(sum[2], sum[3])));
}

}  // namespace HWY_NAMESPACE
}  // namespace longhand
HWY_AFTER_NAMESPACE();

#endif  // LONGHAND_BACKENDS_CPU_DOT_INL_H_
