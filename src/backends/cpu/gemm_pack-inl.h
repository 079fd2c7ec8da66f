// A panel of B copied so that a tile reads it in order. Included once for each SIMD target.

// clang-format off
#if defined(LONGHAND_BACKENDS_CPU_GEMM_PACK_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LONGHAND_BACKENDS_CPU_GEMM_PACK_INL_H_
#undef LONGHAND_BACKENDS_CPU_GEMM_PACK_INL_H_
#else
#define LONGHAND_BACKENDS_CPU_GEMM_PACK_INL_H_
#endif
// clang-format on

#include <algorithm>

#include "backends/cpu/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace longhand {
namespace HWY_NAMESPACE {

/// Rows of B are contiguous: each of the panel's rows is `width` entries of it.
template <class T>
void pack_rows(const T* b, std::int64_t b_inner, std::int64_t inner, std::size_t columns,
               std::size_t width, T* HWY_RESTRICT panel) {
  const Tag<T> d;
  for (std::int64_t l = 0; l < inner; ++l, b += b_inner, panel += width) {
    std::size_t j = 0;
    for (; j + kLanes<T> <= columns; j += kLanes<T>) hn::StoreU(hn::LoadU(d, b + j), d, panel + j);
    if (j < columns) {
      hn::StoreU(load_part<T>(b + j, columns - j), d, panel + j);
      j += kLanes<T>;
    }
    for (; j < width; j += kLanes<T>) hn::StoreU(hn::Zero(d), d, panel + j);
  }
}

#if HWY_TARGET != HWY_SCALAR
/// A vector whose 128-bit pieces are read from different places.
template <class D>
HWY_INLINE hn::Vec<D> load_pieces(D d, const hn::TFromD<D>* const* places, std::int64_t offset) {
  using T = hn::TFromD<D>;
  if constexpr (hn::MaxLanes(d) * sizeof(T) == 16) {
    return hn::LoadU(d, places[0] + offset);
  } else {
    const hn::Half<D> half;
    constexpr auto kColumns = hn::MaxLanes(half);
    return hn::Combine(d, load_pieces(half, places + kColumns, offset),
                       load_pieces(half, places, offset));
  }
}

/// Entries l, …, l + 3 (float) or l + 1 (double) of kLanes columns, stored as rows of the panel.
HWY_INLINE void transpose_pieces(const float* const* columns, std::int64_t l, std::size_t width,
                                 float* HWY_RESTRICT to) {
  const Tag<float> d;
  const hn::RepartitionToWide<hn::RebindToUnsigned<Tag<float>>> pairs;
  const auto v0 = load_pieces(d, columns, l), v1 = load_pieces(d, columns + 1, l);
  const auto v2 = load_pieces(d, columns + 2, l), v3 = load_pieces(d, columns + 3, l);
  const auto low01 = hn::BitCast(pairs, hn::InterleaveLower(d, v0, v1));
  const auto high01 = hn::BitCast(pairs, hn::InterleaveUpper(d, v0, v1));
  const auto low23 = hn::BitCast(pairs, hn::InterleaveLower(d, v2, v3));
  const auto high23 = hn::BitCast(pairs, hn::InterleaveUpper(d, v2, v3));
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pairs, low01, low23)), d, to);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pairs, low01, low23)), d, to + width);
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pairs, high01, high23)), d, to + 2 * width);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pairs, high01, high23)), d, to + 3 * width);
}

HWY_INLINE void transpose_pieces(const double* const* columns, std::int64_t l, std::size_t width,
                                 double* HWY_RESTRICT to) {
  const Tag<double> d;
  const auto v0 = load_pieces(d, columns, l), v1 = load_pieces(d, columns + 1, l);
  hn::StoreU(hn::InterleaveLower(d, v0, v1), d, to);
  hn::StoreU(hn::InterleaveUpper(d, v0, v1), d, to + width);
}
#endif

/// Columns of B are contiguous: a transposition. Lanes past the last column repeat it, since what
/// is computed from them is not stored. Width is at most 8 vectors.
template <class T>
void pack_columns(const T* b, std::int64_t b_column, std::int64_t inner, std::size_t columns,
                  std::size_t width, T* HWY_RESTRICT panel) {
  const T* column[8 * kLanes<T>];
  for (std::size_t j = 0; j < width; ++j) {
    column[j] = b + static_cast<std::int64_t>(std::min(j, columns - 1)) * b_column;
  }
  std::int64_t l = 0;
#if HWY_TARGET != HWY_SCALAR
  constexpr auto kPiece = static_cast<std::int64_t>(16 / sizeof(T));
  for (; l + kPiece <= inner; l += kPiece) {
    for (std::size_t j = 0; j < width; j += kLanes<T>) {
      transpose_pieces(column + j, l, width, panel + static_cast<std::size_t>(l) * width + j);
    }
  }
#endif
  for (; l < inner; ++l) {
    for (std::size_t j = 0; j < width; ++j) {
      panel[static_cast<std::size_t>(l) * width + j] = column[j][l];
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace longhand
HWY_AFTER_NAMESPACE();

#endif  // LONGHAND_BACKENDS_CPU_GEMM_PACK_INL_H_
