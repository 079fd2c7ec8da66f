// A part of a matrix product, tile after tile. Included once for each SIMD target.

// clang-format off
#if defined(LONGHAND_BACKENDS_CPU_GEMM_PANELS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LONGHAND_BACKENDS_CPU_GEMM_PANELS_INL_H_
#undef LONGHAND_BACKENDS_CPU_GEMM_PANELS_INL_H_
#else
#define LONGHAND_BACKENDS_CPU_GEMM_PANELS_INL_H_
#endif
// clang-format on

#include <algorithm>

#include "backends/cpu/gemm.h"
#include "backends/cpu/gemm_pack-inl.h"
#include "backends/cpu/gemm_tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace longhand {
namespace HWY_NAMESPACE {

// A tile needs about ten accumulators to keep two multiply-adds a cycle going, and they and the
// vectors of B must fit the registers: 16 (SSE4, AVX2), 32 (AVX-512, NEON).
constexpr bool kManyRegisters = HWY_TARGET == HWY_AVX3 || HWY_ARCH_ARM_A64;

/// The tiles of one width, by their number of rows less one.
template <class T>
struct Tiles {
  int vectors;
  int most_rows;
  TileFunction<T> functions[8];

  std::int64_t width() const {
    return static_cast<std::int64_t>(vectors) * static_cast<std::int64_t>(kLanes<T>);
  }
};

template <class T>
constexpr Tiles<T> kNarrow = {
    1,
    8,
    {compute_tile<T, 1, 1>, compute_tile<T, 2, 1>, compute_tile<T, 3, 1>, compute_tile<T, 4, 1>,
     compute_tile<T, 5, 1>, compute_tile<T, 6, 1>, compute_tile<T, 7, 1>, compute_tile<T, 8, 1>}};
template <class T>
constexpr Tiles<T> kMiddle = {
    2,
    6,
    {compute_tile<T, 1, 2>, compute_tile<T, 2, 2>, compute_tile<T, 3, 2>, compute_tile<T, 4, 2>,
     compute_tile<T, 5, 2>, compute_tile<T, 6, 2>}};
template <class T>
constexpr Tiles<T> kThree = {
    3,
    8,
    {compute_tile<T, 1, 3>, compute_tile<T, 2, 3>, compute_tile<T, 3, 3>, compute_tile<T, 4, 3>,
     compute_tile<T, 5, 3>, compute_tile<T, 6, 3>, compute_tile<T, 7, 3>, compute_tile<T, 8, 3>}};
template <class T>
constexpr Tiles<T> kWide = [] {
  Tiles<T> wide{4, 3, {compute_tile<T, 1, 4>, compute_tile<T, 2, 4>, compute_tile<T, 3, 4>}};
  if constexpr (kManyRegisters) {
    wide.most_rows = 6;
    wide.functions[3] = compute_tile<T, 4, 4>;
    wide.functions[4] = compute_tile<T, 5, 4>;
    wide.functions[5] = compute_tile<T, 6, 4>;
  }
  return wide;
}();

template <class T>
const Tiles<T>& choose_tiles(std::int64_t rows, std::int64_t columns) {
  constexpr auto kVector = static_cast<std::int64_t>(kLanes<T>);
  if (columns <= kVector) return kNarrow<T>;
  if (columns <= 2 * kVector) return kMiddle<T>;
  if constexpr (kManyRegisters) {
    if (columns <= 3 * kVector) return kThree<T>;
  }
  return kManyRegisters || rows <= kWide<T>.most_rows ? kWide<T> : kMiddle<T>;
}

HWY_INLINE std::int64_t divide_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

/// Computes `rows` x `columns` of C, panel after panel of B: a tile needs the panel, packed into
/// scratch so that it is read in order, and rows of A. The panel stays in the second-level cache.
template <class T, class Finish>
class ProductPart {
 public:
  ProductPart(const Product<T>& p, Share rows, Share columns, const ProductScratch& scratch,
              std::byte* memory, Finish finish)
      : p_(p),
        rows_(rows),
        columns_(columns),
        tiles_(choose_tiles<T>(rows.end - rows.begin, p.n)),
        panel_(reinterpret_cast<T*>(memory)),
        panel_bytes_(scratch.left_at),
        left_(reinterpret_cast<T*>(memory + scratch.left_at)),
        sums_(reinterpret_cast<T*>(memory + scratch.sums_at)),
        part_(reinterpret_cast<T*>(memory + scratch.part_at)),
        packs_left_(scratch.packs_left),
        is_deep_(scratch.is_deep),
        finish_(finish),
        left_is_far_(p.a_inner == 1 &&
                     static_cast<std::size_t>((rows.end - rows.begin) * p.k) * sizeof(T) >
                         kNearLeft) {}

  void run() {
    if (is_deep_ && p_.k > kDeep) {
      run_by_depth();
      return;
    }
    if (packs_left_) pack_left_part({0, p_.k});
    if (finish_.is_far && all_panels_fit())
      run_by_rows();
    else
      run_by_panels();
  }

 private:
  // The sum over a large batch, a part of it after the other, with the sums so far in memory: what
  // is packed of both operands would not fit the caches.
  void run_by_depth() {
    const auto count = divide_up(rows_.end - rows_.begin, tiles_.most_rows);
    const auto depths = static_cast<int>(divide_up(p_.k, kDeep));
    T* sums = p_.c != nullptr ? p_.c + rows_.begin * p_.n + columns_.begin : sums_;
    const auto stride = p_.c != nullptr ? p_.n : columns_.end - columns_.begin;
    for (int part = 0; part < depths; ++part) {
      const auto depth = part_of(p_.k, part, depths);
      if (packs_left_) pack_left_part(depth);
      for (auto j = columns_.begin; j < columns_.end; j += tiles_.width()) {
        auto tile = tile_of(j, std::min(tiles_.width(), columns_.end - j));
        set_panel(tile, j, tiles_.width(), depth);
        for (std::int64_t t = 0; t < count; ++t) {
          const auto share = block_of(t, count);
          T* sum = sums + share.begin * stride + j - columns_.begin;
          if (part > 0) {
            tile.start = sum;
            tile.start_row = stride;
          }
          if (part + 1 < depths) {
            set_left(tile, share, depth);
            tile.ahead_count = 0;
            tile.ending = Ending::none;
            tile.c = sum;
            tile.c_row = stride;
            tiles_.functions[share.end - share.begin - 1](tile);
          } else {
            add_tile(tile, tiles_, t, count, j, depth);
          }
        }
      }
    }
  }

  void pack_left_part(Share depth) {
    const auto count = divide_up(rows_.end - rows_.begin, tiles_.most_rows);
    // So few steps that their lines are still near when the next tile's rows are taken from them.
    constexpr std::int64_t kSteps = 16;
    for (auto l = depth.begin; l < depth.end; l += kSteps) {
      for (std::int64_t t = 0; t < count; ++t) {
        const auto share = block_of(t, count);
        const auto tall = share.end - share.begin;
        pack_left(p_.a + (rows_.begin + share.begin) * p_.a_row + l * p_.a_inner, p_.a_inner,
                  std::min(kSteps, depth.end - l), tall,
                  left_ + share.begin * (depth.end - depth.begin) + (l - depth.begin) * tall);
      }
    }
  }

  // Panel after panel: the one at hand stays in the caches, whatever B takes.
  void run_by_panels() {
    for (auto j = columns_.begin; j < columns_.end; j += tiles_.width()) {
      const auto used = std::min(tiles_.width(), columns_.end - j);
      // A panel of fewer vectors has tiles of more rows, unless A is packed for these.
      const auto& kind = packs_left_ || used == tiles_.width()
                             ? tiles_
                             : choose_tiles<T>(rows_.end - rows_.begin, used);
      auto tile = tile_of(j, used);
      set_panel(tile, j, kind.width(), {0, p_.k});
      const auto count = divide_up(rows_.end - rows_.begin, kind.most_rows);
      for (std::int64_t t = 0; t < count; ++t) add_tile(tile, kind, t, count, j, {0, p_.k});
    }
  }

  // Row after row, where B is packed as a whole and the sweep reads much: in the order in which it
  // lies, which the processor foresees.
  void run_by_rows() {
    const auto width = tiles_.width();
    const auto count = divide_up(rows_.end - rows_.begin, tiles_.most_rows);
    T* panel = panel_;
    for (auto j = columns_.begin; j < columns_.end; j += width, panel += p_.k * width) {
      pack_panel(j, static_cast<std::size_t>(std::min(width, columns_.end - j)), width, {0, p_.k},
                 panel);
    }
    for (std::int64_t t = 0; t < count; ++t) {
      panel = panel_;
      for (auto j = columns_.begin; j < columns_.end; j += width, panel += p_.k * width) {
        auto tile = tile_of(j, std::min(width, columns_.end - j));
        tile.b = panel;
        tile.b_inner = width;
        add_tile(tile, tiles_, t, count, j, {0, p_.k});
        finish_made();
      }
    }
  }

  bool all_panels_fit() const {
    const auto columns = divide_up(columns_.end - columns_.begin, tiles_.width()) * tiles_.width();
    return static_cast<std::size_t>(p_.k * columns) * sizeof(T) <= panel_bytes_;
  }

  Tile<T> tile_of(std::int64_t j, std::int64_t used) {
    Tile<T> tile;
    tile.ahead = ahead_;
    tile.start = p_.bias == nullptr ? nullptr : p_.bias + j;
    tile.start_row = 0;
    tile.ending = p_.ending;
    tile.columns = static_cast<std::size_t>(used);
    return tile;
  }

  // Computes tile t of `count` and adds it to the part that is being made.
  void add_tile(Tile<T>& tile, const Tiles<T>& kind, std::int64_t t, std::int64_t count,
                std::int64_t j, Share depth) {
    const auto share = block_of(t, count);
    const auto tall = share.end - share.begin, row = rows_.begin + share.begin;
    const auto used = static_cast<std::int64_t>(tile.columns);
    set_left(tile, share, depth);
    tile.ahead_count = 0;
    if (made_.rows == 0) {
      made_ = {p_.c != nullptr ? p_.c + row * p_.n + j : part_,
               p_.c != nullptr ? p_.n : used,
               row,
               j,
               0,
               used};
      // A tile of fewer steps would wait for what it asks for.
      constexpr std::int64_t kWorthAsking = 8;
      if (p_.k >= kWorthAsking) {
        const Part<T> first{made_.values, made_.stride, row, j, tall, used};
        tile.ahead_count = static_cast<std::int64_t>(finish_.list_ahead(first, ahead_));
      }
    }
    if (left_is_far_ && t + 1 < count) list_left_ahead(tile, block_of(t + 1, count));
    tile.c = made_.values + made_.rows * made_.stride;
    tile.c_row = made_.stride;
    tile.gate = p_.gate == nullptr ? nullptr : p_.gate + row * p_.n + j;
    kind.functions[tall - 1](tile);
    made_.rows += tall;
    // A few narrow tiles are one part.
    const bool is_full =
        (made_.rows + kind.most_rows) * used > static_cast<std::int64_t>(kMostPart);
    if (is_full || t + 1 == count) finish_made();
  }

  // Has the rows of A that the next tile needs asked for by this one.
  void list_left_ahead(Tile<T>& tile, Share share) {
    for (std::int64_t l = 0; l < p_.k; l += tiles_.width()) {
      for (auto i = share.begin; i < share.end && tile.ahead_count < kMostAhead; ++i)
        ahead_[tile.ahead_count++] = p_.a + (rows_.begin + i) * p_.a_row + l;
    }
  }

  // The rows of A that a tile needs, for some steps of its chains.
  void set_left(Tile<T>& tile, Share share, Share depth) const {
    tile.inner = depth.end - depth.begin;
    tile.a = packs_left_ ? left_ + share.begin * tile.inner
                         : p_.a + (rows_.begin + share.begin) * p_.a_row + depth.begin * p_.a_inner;
    tile.a_row = packs_left_ ? 1 : p_.a_row;
    tile.a_inner = packs_left_ ? share.end - share.begin : p_.a_inner;
  }

  void finish_made() {
    if (made_.rows != 0) finish_(made_);
    made_.rows = 0;
  }

  Share block_of(std::int64_t t, std::int64_t count) const {
    return part_of(rows_.end - rows_.begin, static_cast<int>(t), static_cast<int>(count));
  }

  void pack_panel(std::int64_t j, std::size_t used, std::int64_t width, Share depth, T* to) const {
    const T* b = p_.b + j * p_.b_column + depth.begin * p_.b_inner;
    const auto w = static_cast<std::size_t>(width);
    if (p_.b_column == 1)
      pack_rows(b, p_.b_inner, depth.end - depth.begin, used, w, to);
    else
      pack_columns(b, p_.b_column, depth.end - depth.begin, used, w, to);
  }

  void set_panel(Tile<T>& tile, std::int64_t j, std::int64_t width, Share depth) {
    const T* b = p_.b + j * p_.b_column + depth.begin * p_.b_inner;
    if (p_.b_column == 1 && static_cast<std::int64_t>(tile.columns) == width &&
        (rows_.end - rows_.begin <= kFewRows || stays_near(b, width))) {
      tile.b = b;
      tile.b_inner = p_.b_inner;
      return;
    }
    pack_panel(j, tile.columns, width, depth, panel_);
    tile.b = panel_;
    tile.b_inner = width;
  }

  static constexpr std::size_t kNearLeft = 512 * 1024;

  // Fewer take as long to pack for as to read unpacked.
  static constexpr std::int64_t kFewRows = 12;

  // Whether a panel where it lies is as good as packed: aligned, and B no wider, or its lines
  // spread over the first-level cache, which takes an odd number of them from row to row, and half
  // filling it.
  bool stays_near(const T* b, std::int64_t width) const {
    constexpr std::size_t kLine = 64, kNear = 16 * 1024;
    if (reinterpret_cast<std::uintptr_t>(b) % kLine != 0) return false;
    const auto row_bytes = static_cast<std::size_t>(p_.b_inner) * sizeof(T);
    return p_.b_inner == width || (row_bytes % (2 * kLine) == kLine &&
                                   static_cast<std::size_t>(p_.k * width) * sizeof(T) <= kNear);
  }

  const Product<T>& p_;
  const Share rows_, columns_;
  const Tiles<T>& tiles_;
  T* panel_;
  const std::size_t panel_bytes_;
  T* left_;
  T* sums_;
  T* part_;
  const bool packs_left_, is_deep_;
  Finish finish_;
  Part<T> made_{};
  static constexpr std::int64_t kMostAhead = 128;
  static_assert(kMostAhead >= SweepRun<T>::kMostAhead);
  const bool left_is_far_;  ///< rows of A come from beyond the second-level cache for each panel
  const void* ahead_[kMostAhead];
};

}  // namespace HWY_NAMESPACE
}  // namespace longhand
HWY_AFTER_NAMESPACE();

#endif  // LONGHAND_BACKENDS_CPU_GEMM_PANELS_INL_H_
