// Loads and stores of fewer entries than a vector holds, without touching memory beyond them.
// Included once for each SIMD target.

// clang-format off
#if defined(LONGHAND_BACKENDS_CPU_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LONGHAND_BACKENDS_CPU_LANES_INL_H_
#undef LONGHAND_BACKENDS_CPU_LANES_INL_H_
#else
#define LONGHAND_BACKENDS_CPU_LANES_INL_H_
#endif
// clang-format on

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace longhand {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class T>
using Tag = hn::ScalableTag<T>;
template <class T>
using Vector = hn::Vec<Tag<T>>;
template <class T>
inline constexpr std::size_t kLanes = HWY_LANES(T);

// Targets whose masked loads touch only what the mask asks for.
#define LONGHAND_HAS_MASKED_LOADS (HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3)

#if !LONGHAND_HAS_MASKED_LOADS && HWY_TARGET != HWY_SCALAR
template <class D>
HWY_INLINE hn::Vec<D> load_halves(D d, const hn::TFromD<D>* HWY_RESTRICT p, std::size_t n) {
  if constexpr (hn::MaxLanes(d) == 1) {
    return n == 0 ? hn::Zero(d) : hn::LoadU(d, p);
  } else {
    const hn::Half<D> half;
    constexpr std::size_t kHalf = hn::MaxLanes(half);
    if (n < kHalf) return hn::ZeroExtendVector(d, load_halves(half, p, n));
    return hn::Combine(d, load_halves(half, p + kHalf, n - kHalf), hn::LoadU(half, p));
  }
}
#endif

/// The first n entries at p, n < kLanes<T>, and zeros.
template <class T>
HWY_INLINE Vector<T> load_part(const T* HWY_RESTRICT p, std::size_t n) {
  const Tag<T> d;
#if LONGHAND_HAS_MASKED_LOADS
  return hn::MaskedLoad(hn::FirstN(d, n), d, p);
#elif HWY_TARGET == HWY_SCALAR
  (void)p, (void)n;  // a vector of one entry has no part
  return hn::Zero(d);
#else
  return load_halves(d, p, n);
#endif
}

#if HWY_TARGET != HWY_SCALAR
/// Stores the first n entries of v, n < kLanes<T>. Not by a masked store, which takes tens of
/// cycles on AMD's processors with AVX2: halves, then halves of halves.
template <class D>
HWY_INLINE void store_halves(D d, hn::Vec<D> v, hn::TFromD<D>* HWY_RESTRICT p, std::size_t n) {
  if constexpr (hn::MaxLanes(d) == 1) {
    if (n != 0) hn::StoreU(v, d, p);
  } else {
    const hn::Half<D> half;
    constexpr std::size_t kHalf = hn::MaxLanes(half);
    if (n >= kHalf) {
      hn::StoreU(hn::LowerHalf(half, v), half, p);
      store_halves(half, hn::UpperHalf(half, v), p + kHalf, n - kHalf);
    } else {
      store_halves(half, hn::LowerHalf(half, v), p, n);
    }
  }
}
#endif

template <class T>
HWY_INLINE void store_part(Vector<T> v, T* HWY_RESTRICT p, std::size_t n) {
  const Tag<T> d;
#if HWY_TARGET == HWY_AVX3
  hn::BlendedStore(v, hn::FirstN(d, n), d, p);
#elif HWY_TARGET == HWY_SCALAR
  (void)d, (void)v, (void)p, (void)n;
#else
  store_halves(d, v, p, n);
#endif
}

#undef LONGHAND_HAS_MASKED_LOADS

}  // namespace HWY_NAMESPACE
}  // namespace longhand
HWY_AFTER_NAMESPACE();

#endif  // LONGHAND_BACKENDS_CPU_LANES_INL_H_
