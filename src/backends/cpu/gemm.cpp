// Matrix products for each SIMD target: which tiles, in what order, on which thread. None of it can
// be seen in a result, since every entry of C is one chain over the whole inner dimension.
#include "backends/cpu/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "backends/cpu/gemm.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

#include <algorithm>

#include "backends/cpu/gemm.h"
#include "backends/cpu/gemm_pack-inl.h"
#include "backends/cpu/gemm_tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace longhand {
namespace HWY_NAMESPACE {
namespace {

// A tile needs about ten accumulators to keep two multiply-adds a cycle going, and they and the
// vectors of B must fit the registers: 16 (SSE4, AVX2), 32 (AVX-512, NEON).
constexpr int kMainVectors = HWY_TARGET == HWY_AVX3 || HWY_ARCH_ARM_A64 ? 4 : 2;

/// The tiles of one width, by their number of rows less one.
template <class T>
struct Tiles {
  int vectors;
  int most_rows;
  TileFunction<T> functions[8];
};

template <class T>
constexpr Tiles<T> kMainTiles = {
    kMainVectors, 6,
    {compute_tile<T, 1, kMainVectors>, compute_tile<T, 2, kMainVectors>,
     compute_tile<T, 3, kMainVectors>, compute_tile<T, 4, kMainVectors>,
     compute_tile<T, 5, kMainVectors>, compute_tile<T, 6, kMainVectors>}};
// Where C has at most one vector of columns.
template <class T>
constexpr Tiles<T> kNarrowTiles = {
    1, 8,
    {compute_tile<T, 1, 1>, compute_tile<T, 2, 1>, compute_tile<T, 3, 1>, compute_tile<T, 4, 1>,
     compute_tile<T, 5, 1>, compute_tile<T, 6, 1>, compute_tile<T, 7, 1>, compute_tile<T, 8, 1>}};
// Where C has one or two rows.
template <class T>
constexpr Tiles<T> kWideTiles = {8, 1, {compute_tile<T, 1, 8>}};
template <class T>
constexpr Tiles<T> kTwoRowTiles = {4, 2, {compute_tile<T, 1, 4>, compute_tile<T, 2, 4>}};

template <class T>
const Tiles<T>& choose_tiles(std::int64_t m, std::int64_t n) {
  if (n <= static_cast<std::int64_t>(kLanes<T>)) return kNarrowTiles<T>;
  if (m == 1) return kWideTiles<T>;
  if (m == 2) return kTwoRowTiles<T>;
  return kMainTiles<T>;
}

/// So few products that preparing tiles would take longer: chains of single entries, four at once.
template <class T>
void tiny_product(const Product<T>& p) {
  const hn::CappedTag<T, 1> d;
  for (std::int64_t i = 0; i < p.m; ++i) {
    const T* a = p.a + i * p.a_row;
    T* c = p.c + i * p.n;
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

/// Rows and columns of C: a panel of B at a time, packed into scratch, under which all rows pass.
template <class T>
void product_part(const Product<T>& p, const Tiles<T>& tiles, Share rows, Share columns, T* panel) {
  const auto width = static_cast<std::int64_t>(tiles.vectors) * static_cast<std::int64_t>(kLanes<T>);
  const auto height = rows.end - rows.begin;
  const auto row_tiles = (height + tiles.most_rows - 1) / tiles.most_rows;
  const auto deepest = static_cast<std::int64_t>(kProductScratch / sizeof(T)) / width;
  for (auto j = columns.begin; j < columns.end; j += width) {
    const auto used = std::min(width, columns.end - j);
    // Packing pays when more than a few tiles read the panel.
    const bool in_place = p.b_column == 1 && used == width && row_tiles <= 2;
    const auto blocks = in_place ? 1 : std::max<std::int64_t>(1, (p.k + deepest - 1) / deepest);
    for (std::int64_t block = 0; block < blocks; ++block) {
      const auto inner = share_of(p.k, static_cast<int>(block), static_cast<int>(blocks));
      const T* b = p.b + j * p.b_column + inner.begin * p.b_inner;
      Tile<T> tile;
      tile.inner = inner.end - inner.begin;
      tile.a_row = p.a_row;
      tile.a_inner = p.a_inner;
      tile.bias = p.bias == nullptr ? nullptr : p.bias + j;
      tile.goes_on = block > 0;
      tile.c_row = p.n;
      tile.columns = static_cast<std::size_t>(used);
      if (in_place) {
        tile.b = b;
        tile.b_inner = p.b_inner;
      } else {
        if (p.b_column == 1) {
          pack_rows(b, p.b_inner, tile.inner, tile.columns, static_cast<std::size_t>(width), panel);
        } else {
          pack_columns(b, p.b_column, tile.inner, tile.columns, static_cast<std::size_t>(width), panel);
        }
        tile.b = panel;
        tile.b_inner = width;
      }
      for (std::int64_t t = 0; t < row_tiles; ++t) {
        const auto part = share_of(height, static_cast<int>(t), static_cast<int>(row_tiles));
        const auto first = rows.begin + part.begin;
        tile.a = p.a + first * p.a_row + inner.begin * p.a_inner;
        tile.c = p.c + first * p.n + j;
        tiles.functions[part.end - part.begin - 1](tile);
      }
    }
  }
}

/// How many shares of the columns and of the rows: those whose largest part is smallest.
struct Split {
  int columns = 1, rows = 1;
};

Split split(std::int64_t panels, std::int64_t row_tiles, int shares) {
  const auto up = [](std::int64_t a, std::int64_t b) { return (a + b - 1) / b; };
  Split best;
  auto least = panels * row_tiles;
  for (int columns = 1; columns <= shares; ++columns) {
    const int rows = shares / columns;
    const auto largest = up(panels, columns) * up(row_tiles, rows);
    if (largest < least) {
      least = largest;
      best = {columns, rows};
    }
  }
  return best;
}

template <class T>
void product(const Product<T>& p, std::byte* scratch, ThreadPool* pool) {
  constexpr std::int64_t kTiny = 128;
  if (p.m == 0 || p.n == 0) return;
  if (p.m * p.n * p.k <= kTiny) {
    tiny_product(p);
    return;
  }
  const auto& tiles = choose_tiles<T>(p.m, p.n);
  const auto width = static_cast<std::int64_t>(tiles.vectors) * static_cast<std::int64_t>(kLanes<T>);
  const auto panels = (p.n + width - 1) / width;
  const auto row_tiles = (p.m + tiles.most_rows - 1) / tiles.most_rows;
  const auto nanoseconds = static_cast<double>(p.m) * static_cast<double>(p.n * p.k) * sizeof(T) / 200;
  share_out(pool, nanoseconds, [&](int index, int shares) {
    const auto by = split(panels, row_tiles, shares);
    if (index >= by.columns * by.rows) return;
    product_part(p, tiles, share_of(p.m, index / by.columns, by.rows, tiles.most_rows),
                 share_of(p.n, index % by.columns, by.columns, width),
                 reinterpret_cast<T*>(scratch + kProductScratch * static_cast<std::size_t>(index)));
  });
}

}  // namespace

ProductFunction<float> product_float() { return product<float>; }
ProductFunction<double> product_double() { return product<double>; }

}  // namespace HWY_NAMESPACE
}  // namespace longhand
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace longhand {

HWY_EXPORT(product_float);
HWY_EXPORT(product_double);

template <>
ProductFunction<float> product_function<float>() {
  return HWY_DYNAMIC_DISPATCH(product_float)();
}
template <>
ProductFunction<double> product_function<double>() {
  return HWY_DYNAMIC_DISPATCH(product_double)();
}

}  // namespace longhand
#endif
