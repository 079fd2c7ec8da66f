// The innermost loops of a matrix product: a tile of C held in registers over the whole inner
// dimension. Included once for each SIMD target.

// clang-format off
#if defined(LONGHAND_BACKENDS_CPU_GEMM_TILE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LONGHAND_BACKENDS_CPU_GEMM_TILE_INL_H_
#undef LONGHAND_BACKENDS_CPU_GEMM_TILE_INL_H_
#else
#define LONGHAND_BACKENDS_CPU_GEMM_TILE_INL_H_
#endif
// clang-format on

#include <algorithm>

#include "backends/cpu/gemm.h"
#include "backends/cpu/lanes-inl.h"
#include "hwy/cache_control.h"

HWY_BEFORE_NAMESPACE();
namespace longhand {
namespace HWY_NAMESPACE {

/// A tile of C: up to `rows` x (vectors * kLanes) entries from a panel of B.
template <class T>
struct Tile {
  std::int64_t inner;  ///< steps of the chain
  const T* a;
  std::int64_t a_row, a_inner;
  const T* b;  ///< row l of the panel is b[l * b_inner], readable for whole vectors
  std::int64_t b_inner;
  const T* start;  ///< where the chains start: a row for all, or `start_row` apart; null: zeros
  std::int64_t start_row;
  T* c;
  std::int64_t c_row;
  const void* const*
      ahead;  ///< where parts of rows start that are needed next, as wide as the tile:
  std::int64_t ahead_count;  ///< each step asks for a line of them
  Ending ending = Ending::none;
  const T* gate = nullptr;  ///< rows as far apart as those of c
  std::size_t columns;      ///< how many of the vectors' lanes are columns of C
};

template <class T>
using TileFunction = void (*)(const Tile<T>&);

/// Vector number v of a row of `columns` entries.
template <class T>
HWY_INLINE Vector<T> load_columns(const T* p, std::size_t v, std::size_t columns) {
  const auto first = v * kLanes<T>;
  if (first + kLanes<T> <= columns) return hn::LoadU(Tag<T>(), p + first);
  if (first >= columns) return hn::Zero(Tag<T>());
  return load_part<T>(p + first, columns - first);
}

template <class T>
HWY_INLINE void store_columns(Vector<T> value, T* p, std::size_t v, std::size_t columns) {
  const auto first = v * kLanes<T>;
  if (first + kLanes<T> <= columns)
    hn::StoreU(value, Tag<T>(), p + first);
  else if (first < columns)
    store_part<T>(value, p + first, columns - first);
}

template <class T>
HWY_INLINE Vector<T> relu_of(Vector<T> x) {
  const auto zero = hn::Zero(Tag<T>());
  return hn::IfThenElse(hn::Le(x, zero), zero, x);  // NaN passes through
}

template <class T>
HWY_INLINE Vector<T> gated(Vector<T> x, Vector<T> gate) {
  const Tag<T> d;
  return hn::Mul(x, hn::IfThenElseZero(hn::Lt(hn::Zero(d), gate), hn::Set(d, T(1))));
}

template <class T, int rows, int vectors>
void compute_tile(const Tile<T>& tile) {
  const Tag<T> d;
  constexpr auto kV = static_cast<std::size_t>(vectors);
  Vector<T> sum[rows][vectors];
  for (int v = 0; v < vectors; ++v) {
    sum[0][v] = tile.start == nullptr
                    ? hn::Zero(d)
                    : load_columns<T>(tile.start, static_cast<std::size_t>(v), tile.columns);
  }
  if (tile.start_row == 0) {
    for (int r = 1; r < rows; ++r) {
      for (int v = 0; v < vectors; ++v) sum[r][v] = sum[0][v];
    }
  } else {
    for (int r = 1; r < rows; ++r) {
      for (int v = 0; v < vectors; ++v) {
        sum[r][v] = load_columns<T>(tile.start + r * tile.start_row, static_cast<std::size_t>(v),
                                    tile.columns);
      }
    }
  }
  // Two pointers and a stride reach six rows within x86's addressing modes.
  const auto a_row = tile.a_row, a_inner = tile.a_inner, b_inner = tile.b_inner;
  const T* HWY_RESTRICT a = tile.a;
  const T* HWY_RESTRICT a3 = tile.a + 3 * a_row;
  const T* HWY_RESTRICT b = tile.b;
  const auto step = [&]() HWY_ATTR {
    Vector<T> right[vectors];
    for (int v = 0; v < vectors; ++v) {
      right[v] = hn::LoadU(d, b + static_cast<std::size_t>(v) * kLanes<T>);
    }
    for (int r = 0; r < rows; ++r) {
      const auto left = hn::Set(d, r < 3 ? a[r * a_row] : a3[(r - 3) * a_row]);
      for (int v = 0; v < vectors; ++v) sum[r][v] = hn::MulAdd(left, right[v], sum[r][v]);
    }
    a += a_inner;
    a3 += a_inner;
    b += b_inner;
  };
  constexpr std::int64_t kLine = 64;
  constexpr auto kLines =
      static_cast<std::int64_t>((kV * kLanes<T> * sizeof(T) + kLine - 1) / kLine);
  const auto with_ahead = std::min(tile.inner, tile.ahead_count * kLines);
  for (std::int64_t l = 0; l < with_ahead; ++l) {
    hwy::Prefetch(static_cast<const std::byte*>(tile.ahead[l / kLines]) + l % kLines * kLine);
    step();
  }
  for (auto l = tile.inner - with_ahead; l > 0; --l) step();
  // Unrolled, as indices that are not constants would keep the sums in memory throughout.
  if (tile.ending == Ending::relu) {
    HWY_UNROLL(8)
    for (int r = 0; r < rows; ++r) {
      HWY_UNROLL(4)
      for (int v = 0; v < vectors; ++v) sum[r][v] = relu_of<T>(sum[r][v]);
    }
  } else if (tile.ending == Ending::relu_slope) {
    HWY_UNROLL(8)
    for (int r = 0; r < rows; ++r) {
      HWY_UNROLL(4)
      for (int v = 0; v < vectors; ++v) {
        sum[r][v] = gated<T>(sum[r][v], load_columns<T>(tile.gate + r * tile.c_row,
                                                        static_cast<std::size_t>(v), tile.columns));
      }
    }
  }
  T* c = tile.c;
  if (tile.columns == kV * kLanes<T>) {
    for (int r = 0; r < rows; ++r, c += tile.c_row) {
      for (std::size_t v = 0; v < kV; ++v) hn::StoreU(sum[r][v], d, c + v * kLanes<T>);
    }
    return;
  }
  HWY_UNROLL(8)
  for (int r = 0; r < rows; ++r) {
    HWY_UNROLL(4)
    for (std::size_t v = 0; v < kV; ++v) {
      store_columns<T>(sum[r][v], c + r * tile.c_row, v, tile.columns);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace longhand
HWY_AFTER_NAMESPACE();

#endif  // LONGHAND_BACKENDS_CPU_GEMM_TILE_INL_H_
