// Matrix products that have no use for panels: few steps, few rows or few columns. Included once
// for each SIMD target.

// clang-format off
#if defined(LONGHAND_BACKENDS_CPU_GEMM_SMALL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LONGHAND_BACKENDS_CPU_GEMM_SMALL_INL_H_
#undef LONGHAND_BACKENDS_CPU_GEMM_SMALL_INL_H_
#else
#define LONGHAND_BACKENDS_CPU_GEMM_SMALL_INL_H_
#endif
// clang-format on

#include <algorithm>

#include "backends/cpu/dot-inl.h"
#include "backends/cpu/gemm.h"
#include "backends/cpu/gemm_pack-inl.h"
#include "backends/cpu/gemm_tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace longhand {
namespace HWY_NAMESPACE {

/// So few products that preparing tiles would take longer: chains of single entries, four at once.
template <class T>
void tiny_product(const Product<T>& p, T* to) {
  const hn::CappedTag<T, 1> d;
  for (std::int64_t i = 0; i < p.m; ++i) {
    const T* a = p.a + i * p.a_row;
    T* c = to + i * p.n;
    std::int64_t j = 0;
    const auto start = [&](std::int64_t column) HWY_ATTR {
      return hn::Set(d, p.bias == nullptr ? T(0) : p.bias[column]);
    };
    for (; j + 4 <= p.n; j += 4) {
      auto s0 = start(j), s1 = start(j + 1), s2 = start(j + 2), s3 = start(j + 3);
      const T* b = p.b + j * p.b_column;
      for (std::int64_t l = 0; l < p.k; ++l, b += p.b_inner) {
        const auto left = hn::Set(d, a[l * p.a_inner]);
        s0 = hn::MulAdd(left, hn::Set(d, b[0]), s0);
        s1 = hn::MulAdd(left, hn::Set(d, b[p.b_column]), s1);
        s2 = hn::MulAdd(left, hn::Set(d, b[2 * p.b_column]), s2);
        s3 = hn::MulAdd(left, hn::Set(d, b[3 * p.b_column]), s3);
      }
      c[j] = hn::GetLane(s0);
      c[j + 1] = hn::GetLane(s1);
      c[j + 2] = hn::GetLane(s2);
      c[j + 3] = hn::GetLane(s3);
    }
    for (; j < p.n; ++j) {
      auto s = start(j);
      const T* b = p.b + j * p.b_column;
      for (std::int64_t l = 0; l < p.k; ++l) {
        s = hn::MulAdd(hn::Set(d, a[l * p.a_inner]), hn::Set(d, b[l * p.b_inner]), s);
      }
      c[j] = hn::GetLane(s);
    }
  }
}

/// Rows begin, …, end - 1 of a product whose columns are few.
template <class T, class Finish>
void dot_products(const Product<T>& p, Share share, T* part, Finish finish) {
  const auto most = static_cast<std::int64_t>(kMostPart) / p.n;
  for (auto i = share.begin; i < share.end; i += most) {
    const auto rows = std::min(most, share.end - i);
    T* c = p.c != nullptr ? p.c + i * p.n : part;
    T* to = c;
    for (auto row = i; row < i + rows; ++row) {
      for (std::int64_t j = 0; j < p.n; ++j) {
        const T sum = dot(p.a + row * p.a_row, p.b + j * p.b_column, static_cast<std::size_t>(p.k));
        *to++ = p.bias == nullptr ? sum : p.bias[j] + sum;
      }
    }
    finish({c, p.n, i, 0, rows, p.n});
  }
}

/// Chains so short that a tile would take longer to start and to store than to compute.
template <class T>
bool is_short_product(const Product<T>& p) {
  return p.k >= 1 && p.k <= 4 && p.m > 1 && p.b_column == 1;
}

template <class T, int steps>
void short_rows(const Product<T>& p, std::int64_t row, std::int64_t rows, std::int64_t column,
                std::int64_t columns, T* c, std::int64_t c_row) {
  const Tag<T> d;
  const auto ending = p.ending;
  for (std::int64_t i = 0; i < rows; ++i, c += c_row) {
    const T* a = p.a + (row + i) * p.a_row;
    const T* gate = p.gate == nullptr ? nullptr : p.gate + (row + i) * p.n + column;
    Vector<T> left[steps];
    for (int l = 0; l < steps; ++l) left[l] = hn::Set(d, a[l * p.a_inner]);
    const auto chain = [&](std::int64_t j, auto load) HWY_ATTR {
      auto sum = p.bias == nullptr ? hn::Zero(d) : load(p.bias + column + j);
      for (int l = 0; l < steps; ++l) {
        sum = hn::MulAdd(left[l], load(p.b + l * p.b_inner + column + j), sum);
      }
      if (ending == Ending::relu) sum = relu_of<T>(sum);
      if (ending == Ending::relu_slope) sum = gated<T>(sum, load(gate + j));
      return sum;
    };
    std::int64_t j = 0;
    constexpr auto kVector = static_cast<std::int64_t>(kLanes<T>);
    for (; j + kVector <= columns; j += kVector) {
      hn::StoreU(chain(j, [&](const T* from) HWY_ATTR { return hn::LoadU(d, from); }), d, c + j);
    }
    if (j == columns) continue;
    const auto rest = static_cast<std::size_t>(columns - j);
    store_part<T>(chain(j, [&](const T* from) HWY_ATTR { return load_part<T>(from, rest); }), c + j,
                  rest);
  }
}

/// Rows begin, …, end - 1, as many whole ones at once as a part holds.
template <class T, class Finish>
void short_product(const Product<T>& p, Share share, T* part, Finish finish) {
  constexpr void (*kFunctions[])(const Product<T>&, std::int64_t, std::int64_t, std::int64_t,
                                 std::int64_t, T*, std::int64_t) = {
      short_rows<T, 1>, short_rows<T, 2>, short_rows<T, 3>, short_rows<T, 4>};
  constexpr auto kMost = static_cast<std::int64_t>(kMostPart);
  const auto height = std::max<std::int64_t>(1, kMost / p.n), width = std::min(p.n, kMost);
  for (auto i = share.begin; i < share.end; i += height) {
    const auto rows = std::min(height, share.end - i);
    for (std::int64_t j = 0; j < p.n; j += width) {
      const auto columns = std::min(width, p.n - j);
      T* c = p.c != nullptr ? p.c + i * p.n + j : part;
      const auto stride = p.c != nullptr ? p.n : columns;
      kFunctions[p.k - 1](p, i, rows, j, columns, c, stride);
      finish({c, stride, i, j, rows, columns});
    }
  }
}

/// Whether C is the gradient of a weight with so few inputs that they fill little of a vector.
template <class T>
bool is_narrow_product(const Product<T>& p) {
  constexpr auto kVector = static_cast<std::int64_t>(kLanes<T>);
  return p.a_row == 1 && p.a_inner != 1 && p.b_column == 1 && p.bias == nullptr &&
         4 * p.n <= 3 * kVector && p.m >= 2 * kVector;
}

inline constexpr std::size_t kNarrowVectors = 2;

/// Rows begin, …, end - 1: columns of the transposed product, whose tiles are then turned.
template <class T, class Finish>
void narrow_product(const Product<T>& p, Share share, T* part, Finish finish) {
  constexpr TileFunction<T> kFunctions[] = {
      compute_tile<T, 1, kNarrowVectors>, compute_tile<T, 2, kNarrowVectors>,
      compute_tile<T, 3, kNarrowVectors>, compute_tile<T, 4, kNarrowVectors>,
      compute_tile<T, 5, kNarrowVectors>, compute_tile<T, 6, kNarrowVectors>};
  constexpr std::int64_t kTallest = 6;
  constexpr auto kLane = kLanes<T>, kWidth = kNarrowVectors * kLane;
  const auto n = static_cast<std::size_t>(p.n);
  const auto tiles = static_cast<int>((p.n + kTallest - 1) / kTallest);
  HWY_ALIGN T sums[kLane * kWidth] = {};
  HWY_ALIGN T turned[kLane * kWidth];
  Tile<T> tile{};
  tile.inner = p.k;
  tile.a_row = 1;
  tile.a_inner = p.b_inner;
  tile.b_inner = p.a_inner;
  tile.c_row = static_cast<std::int64_t>(kWidth);
  tile.columns = kWidth;
  for (auto i = share.begin; i < share.end; i += tile.c_row) {
    const auto rows = std::min(tile.c_row, share.end - i);
    // Whole vectors, some of whose lanes were there before, as there is nothing to read beyond A.
    const auto first = std::min(i, p.m - tile.c_row);
    tile.b = p.a + first;
    for (int t = 0; t < tiles; ++t) {
      const auto few = part_of(p.n, t, tiles);
      tile.a = p.b + few.begin;
      tile.c = sums + few.begin * tile.c_row;
      kFunctions[few.end - few.begin - 1](tile);
    }
    pack_columns(sums + i - first, tile.c_row, rows, n, kLane, turned);
    T* c = p.c != nullptr ? p.c + i * p.n : part;
    for (std::int64_t row = 0; row < rows; ++row) {
      store_part<T>(hn::Load(Tag<T>(), turned + static_cast<std::size_t>(row) * kLane),
                    c + row * p.n, n);
    }
    finish({c, p.n, i, 0, rows, p.n});
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace longhand
HWY_AFTER_NAMESPACE();

#endif  // LONGHAND_BACKENDS_CPU_GEMM_SMALL_INL_H_
