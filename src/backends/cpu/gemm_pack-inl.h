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
#include "hwy/cache_control.h"

HWY_BEFORE_NAMESPACE();
namespace longhand {
namespace HWY_NAMESPACE {

/// Rows of B are contiguous: each of the panel's rows is `width` entries of it.
template <class T>
void pack_rows(const T* b, std::int64_t b_inner, std::int64_t inner, std::size_t columns,
               std::size_t width, T* HWY_RESTRICT panel) {
  const Tag<T> d;
  constexpr std::int64_t kAhead = 16;
  for (std::int64_t l = 0; l < inner; ++l, b += b_inner, panel += width) {
    for (std::size_t at = 0; at < columns && l + kAhead < inner; at += 64 / sizeof(T)) {
      hwy::Prefetch(b + kAhead * b_inner + at);
    }
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

/// How many entries of a column a transposition takes at once.
template <class T>
inline constexpr std::int64_t kPiece = 16 / sizeof(T);

/// Entries l, …, l + kPiece - 1 of kLanes columns, as that many rows.
HWY_INLINE void transpose_pieces(const float* const* columns, std::int64_t l,
                                 Vector<float> (&rows)[4]) {
  const Tag<float> d;
  const hn::RepartitionToWide<hn::RebindToUnsigned<Tag<float>>> pairs;
  const auto v0 = load_pieces(d, columns, l), v1 = load_pieces(d, columns + 1, l);
  const auto v2 = load_pieces(d, columns + 2, l), v3 = load_pieces(d, columns + 3, l);
  const auto low01 = hn::BitCast(pairs, hn::InterleaveLower(d, v0, v1));
  const auto high01 = hn::BitCast(pairs, hn::InterleaveUpper(d, v0, v1));
  const auto low23 = hn::BitCast(pairs, hn::InterleaveLower(d, v2, v3));
  const auto high23 = hn::BitCast(pairs, hn::InterleaveUpper(d, v2, v3));
  rows[0] = hn::BitCast(d, hn::InterleaveLower(pairs, low01, low23));
  rows[1] = hn::BitCast(d, hn::InterleaveUpper(pairs, low01, low23));
  rows[2] = hn::BitCast(d, hn::InterleaveLower(pairs, high01, high23));
  rows[3] = hn::BitCast(d, hn::InterleaveUpper(pairs, high01, high23));
}

HWY_INLINE void transpose_pieces(const double* const* columns, std::int64_t l,
                                 Vector<double> (&rows)[2]) {
  const Tag<double> d;
  const auto v0 = load_pieces(d, columns, l), v1 = load_pieces(d, columns + 1, l);
  rows[0] = hn::InterleaveLower(d, v0, v1);
  rows[1] = hn::InterleaveUpper(d, v0, v1);
}
#endif

/// Where `count` contiguous columns start. Those past the last `used` repeat it, since what is
/// computed from them is not stored.
template <class T>
HWY_INLINE void find_columns(const T* b, std::int64_t b_column, std::size_t used, std::size_t count,
                             const T** column) {
  for (std::size_t j = 0; j < count; ++j) {
    column[j] = b + static_cast<std::int64_t>(std::min(j, used - 1)) * b_column;
  }
}

/// The widest panel and the most vectors of a row.
inline constexpr std::size_t kMostVectors = 8;

/// Columns of B are contiguous: a transposition.
template <class T>
void pack_columns(const T* b, std::int64_t b_column, std::int64_t inner, std::size_t columns,
                  std::size_t width, T* HWY_RESTRICT panel) {
  const T* column[kMostVectors * kLanes<T>];
  find_columns(b, b_column, columns, width, column);
  std::int64_t packed = 0;
#if HWY_TARGET != HWY_SCALAR
  const Tag<T> d;
  // A vector of columns after the other: so many places in memory can be read on from at once.
  for (std::size_t j = 0; j < width && inner >= kPiece<T>; j += kLanes<T>) {
    const auto transpose = [&](std::int64_t at) HWY_ATTR {
      Vector<T> rows[kPiece<T>];
      transpose_pieces(column + j, at, rows);
      T* to = panel + static_cast<std::size_t>(at) * width + j;
      for (const auto& row : rows) {
        hn::StoreU(row, d, to);
        to += width;
      }
    };
    constexpr std::int64_t kLine = 64 / sizeof(T), kAhead = 4 * kLine;
    std::int64_t l = 0;
    for (; l + kLine <= inner; l += kLine) {
      if (l + kAhead < inner) {
        for (std::size_t i = 0; i < kLanes<T>; ++i) hwy::Prefetch(column[j + i] + l + kAhead);
      }
      for (std::int64_t at = l; at < l + kLine; at += kPiece<T>) transpose(at);
    }
    for (; l + kPiece<T> <= inner; l += kPiece<T>) transpose(l);
    if (l < inner) transpose(inner - kPiece<T>);  // some rows once more
    packed = inner;
  }
#endif
  for (auto l = packed; l < inner; ++l) {
    for (std::size_t j = 0; j < width; ++j) {
      panel[static_cast<std::size_t>(l) * width + j] = column[j][l];
    }
  }
}

/// So many rows of a column of A, side by side.
template <int height, class T>
HWY_INLINE void copy_rows(const T* HWY_RESTRICT from, T* HWY_RESTRICT to) {
  for (int r = 0; r < height; ++r) to[r] = from[r];
}

template <int height, class T>
void pack_tile(const T* HWY_RESTRICT a, std::int64_t a_inner, std::int64_t inner,
               T* HWY_RESTRICT to) {
  for (std::int64_t l = 0; l < inner; ++l, a += a_inner, to += height) copy_rows<height>(a, to);
}

/// Columns of A are contiguous: the rows of a tile, each column's entries side by side.
template <class T>
void pack_left(const T* a, std::int64_t a_inner, std::int64_t inner, std::int64_t height, T* to) {
  switch (height) {
    case 1:
      pack_tile<1>(a, a_inner, inner, to);
      break;
    case 2:
      pack_tile<2>(a, a_inner, inner, to);
      break;
    case 3:
      pack_tile<3>(a, a_inner, inner, to);
      break;
    case 4:
      pack_tile<4>(a, a_inner, inner, to);
      break;
    case 5:
      pack_tile<5>(a, a_inner, inner, to);
      break;
    default:
      pack_tile<6>(a, a_inner, inner, to);
      break;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace longhand
HWY_AFTER_NAMESPACE();

#endif  // LONGHAND_BACKENDS_CPU_GEMM_PACK_INL_H_
