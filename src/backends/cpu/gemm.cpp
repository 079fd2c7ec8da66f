// Matrix products for each SIMD target: which tiles, in what order, on which thread. None of it can
// be seen in a result, since every entry of C is one chain over the whole inner dimension.
#include "base/simd_target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "backends/cpu/gemm.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

#include <algorithm>
#include <limits>

#include "backends/cpu/dot-inl.h"
#include "backends/cpu/gemm.h"
#include "backends/cpu/gemm_pack-inl.h"
#include "backends/cpu/gemm_row-inl.h"
#include "backends/cpu/gemm_tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace longhand {
namespace HWY_NAMESPACE {
namespace {

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
  return kManyRegisters || rows <= kWide<T>.most_rows ? kWide<T> : kMiddle<T>;
}

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

std::int64_t divide_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

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
        part_(reinterpret_cast<T*>(memory + scratch.part_at)),
        packs_left_(scratch.part_at != scratch.left_at),
        finish_(finish) {}

  void run() {
    const auto count = divide_up(rows_.end - rows_.begin, tiles_.most_rows);
    for (std::int64_t t = 0; packs_left_ && t < count; ++t) {
      const auto part = block_of(t, count);
      pack_left(p_.a + (rows_.begin + part.begin) * p_.a_row, p_.a_inner, p_.k,
                part.end - part.begin, left_ + part.begin * p_.k);
    }
    if (finish_.is_far && all_panels_fit())
      run_by_rows();
    else
      run_by_panels();
  }

 private:
  // Panel after panel: the one at hand stays in the caches, whatever B takes.
  void run_by_panels() {
    for (auto j = columns_.begin; j < columns_.end; j += tiles_.width()) {
      const auto used = std::min(tiles_.width(), columns_.end - j);
      // A panel of fewer vectors has tiles of more rows, unless A is packed for these.
      const auto& kind = packs_left_ || used == tiles_.width()
                             ? tiles_
                             : choose_tiles<T>(rows_.end - rows_.begin, used);
      auto tile = tile_of(j, used);
      set_panel(tile, j, kind.width());
      const auto count = divide_up(rows_.end - rows_.begin, kind.most_rows);
      for (std::int64_t t = 0; t < count; ++t) add_tile(tile, kind, t, count, j);
    }
  }

  // Row after row, where B is packed as a whole and the sweep reads much: in the order in which it
  // lies, which the processor foresees.
  void run_by_rows() {
    const auto width = tiles_.width();
    const auto count = divide_up(rows_.end - rows_.begin, tiles_.most_rows);
    T* panel = panel_;
    for (auto j = columns_.begin; j < columns_.end; j += width, panel += p_.k * width) {
      pack_panel(j, static_cast<std::size_t>(std::min(width, columns_.end - j)), width, panel);
    }
    for (std::int64_t t = 0; t < count; ++t) {
      panel = panel_;
      for (auto j = columns_.begin; j < columns_.end; j += width, panel += p_.k * width) {
        auto tile = tile_of(j, std::min(width, columns_.end - j));
        tile.b = panel;
        tile.b_inner = width;
        add_tile(tile, tiles_, t, count, j);
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
    tile.inner = p_.k;
    tile.ahead = ahead_;
    tile.bias = p_.bias == nullptr ? nullptr : p_.bias + j;
    tile.columns = static_cast<std::size_t>(used);
    return tile;
  }

  // Computes tile t of `count` and adds it to the part that is being made.
  void add_tile(Tile<T>& tile, const Tiles<T>& kind, std::int64_t t, std::int64_t count,
                std::int64_t j) {
    const auto share = block_of(t, count);
    const auto tall = share.end - share.begin, row = rows_.begin + share.begin;
    const auto used = static_cast<std::int64_t>(tile.columns);
    tile.a = packs_left_ ? left_ + share.begin * p_.k : p_.a + row * p_.a_row;
    tile.a_row = packs_left_ ? 1 : p_.a_row;
    tile.a_inner = packs_left_ ? tall : p_.a_inner;
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
    tile.c = made_.values + made_.rows * made_.stride;
    tile.c_row = made_.stride;
    kind.functions[tall - 1](tile);
    made_.rows += tall;
    // A few narrow tiles are one part.
    const bool is_full =
        (made_.rows + kind.most_rows) * used > static_cast<std::int64_t>(kMostPart);
    if (is_full || t + 1 == count) finish_made();
  }

  void finish_made() {
    if (made_.rows != 0) finish_(made_);
    made_.rows = 0;
  }

  Share block_of(std::int64_t t, std::int64_t count) const {
    return part_of(rows_.end - rows_.begin, static_cast<int>(t), static_cast<int>(count));
  }

  void pack_panel(std::int64_t j, std::size_t used, std::int64_t width, T* to) const {
    const T* b = p_.b + j * p_.b_column;
    const auto w = static_cast<std::size_t>(width);
    if (p_.b_column == 1)
      pack_rows(b, p_.b_inner, p_.k, used, w, to);
    else
      pack_columns(b, p_.b_column, p_.k, used, w, to);
  }

  void set_panel(Tile<T>& tile, std::int64_t j, std::int64_t width) {
    const T* b = p_.b + j * p_.b_column;
    const auto height = rows_.end - rows_.begin;
    if (p_.b_column == 1 && static_cast<std::int64_t>(tile.columns) == width &&
        (height <= kFewRows || stays_near(b, width))) {
      tile.b = b;
      tile.b_inner = p_.b_inner;
      return;
    }
    pack_panel(j, tile.columns, width, panel_);
    tile.b = panel_;
    tile.b_inner = width;
  }

  // Fewer take as long to pack for as to read unpacked.
  static constexpr std::int64_t kFewRows = 12;

  // Whether a panel where it lies is as good as packed: aligned, and its lines spread over the
  // first-level cache, which takes an odd number of them from row to row, and half filling it.
  bool stays_near(const T* b, std::int64_t width) const {
    constexpr std::size_t kLine = 64, kNear = 16 * 1024;
    const auto row_bytes = static_cast<std::size_t>(p_.b_inner) * sizeof(T);
    return reinterpret_cast<std::uintptr_t>(b) % kLine == 0 && row_bytes % (2 * kLine) == kLine &&
           static_cast<std::size_t>(p_.k * width) * sizeof(T) <= kNear;
  }

  const Product<T>& p_;
  const Share rows_, columns_;
  const Tiles<T>& tiles_;
  T* panel_;
  const std::size_t panel_bytes_;
  T* left_;
  T* part_;
  const bool packs_left_;
  Finish finish_;
  Part<T> made_{};
  const void* ahead_[SweepRun<T>::kMostAhead];
};

/// How many shares of the columns and of the rows.
struct Split {
  int columns = 1, rows = 1;
  int shares() const { return columns * rows; }
};

/// That which the threads should be through with first, in the finest shares: each share packs its
/// panels anew, which takes about as long as two tiles, and its rows of A, if these are packed.
Split split(std::int64_t panels, std::int64_t row_tiles, bool packs_left, int shares, int threads) {
  Split best;
  auto least = std::numeric_limits<std::int64_t>::max();
  for (int columns = 1; columns <= shares; ++columns) {
    for (int rows = 1; rows <= shares / columns; ++rows) {
      const auto wide = divide_up(panels, columns), tall = divide_up(row_tiles, rows);
      const auto cost = 4 * wide * (tall + 2) + (packs_left ? tall : 0);
      const auto time = divide_up(columns * rows, threads) * cost;
      const bool is_finer = columns * rows > best.shares();
      if (time > least || (time == least && !is_finer)) continue;
      least = time;
      best = {columns, rows};
    }
  }
  return best;
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

/// Computes C, and calls on each part of it finish(part) of make_finish(scratch of the thread).
template <class T, class MakeFinish>
void compute(const Product<T>& p, double epilogue_work, const ProductScratch& scratch,
             std::byte* memory, ThreadPool* pool, MakeFinish make_finish) {
  const auto part = [&](std::byte* mine) { return reinterpret_cast<T*>(mine + scratch.part_at); };
  const auto entries = static_cast<double>(p.m) * static_cast<double>(p.n);
  const auto nanoseconds = entries * static_cast<double>(p.k) * sizeof(T) / 200;
  const auto memory_of = [&](int thread) {
    return memory + scratch.bytes * static_cast<std::size_t>(thread);
  };
  if (p.is_dots) {
    const int shares = shares_of(pool, nanoseconds * 3 + entries * epilogue_work);
    share_out(pool, shares, [&](int thread, int index) {
      auto* mine = memory_of(thread);
      dot_products(p, part_of(p.m, index, shares, 16), part(mine), make_finish(mine));
    });
    return;
  }
  if (p.m * p.n * p.k <= kTinyProduct && p.m * p.n <= static_cast<std::int64_t>(kMostPart)) {
    T* c = p.c != nullptr ? p.c : part(memory);
    tiny_product(p, c);
    make_finish(memory)({c, p.n, 0, 0, p.m, p.n});
    return;
  }
  if (is_row_product(p)) {
    const int shares = shares_of(pool, nanoseconds * 3 + entries * epilogue_work);
    share_out(pool, shares, [&](int thread, int index) {
      auto* mine = memory_of(thread);
      row_product(p, part_of(p.n, index, shares, kMostVectors * kLanes<T>), part(mine),
                  make_finish(mine));
    });
    return;
  }
  const auto& tiles = choose_tiles<T>(p.m, p.n);
  const auto panels = divide_up(p.n, tiles.width()), row_tiles = divide_up(p.m, tiles.most_rows);
  const int shares = shares_of(pool, nanoseconds + entries * epilogue_work);
  Split by;
  if (shares > 1)
    by = split(panels, row_tiles, scratch.part_at != scratch.left_at, shares, pool->size());
  share_out(pool, by.shares(), [&](int thread, int index) {
    auto* mine = memory_of(thread);
    ProductPart(p, part_of(p.m, index / by.columns, by.rows, tiles.most_rows),
                part_of(p.n, index % by.columns, by.columns, tiles.width()), scratch, mine,
                make_finish(mine))
        .run();
  });
}

/// What is done with a part once it is computed, and the lines of memory that this will read.
template <class T>
struct NoFinish {
  static constexpr bool is_far = false;
  std::size_t list_ahead(const Part<T>&, const void**) const { return 0; }
  void operator()(const Part<T>&) const {}
};
template <class T>
struct SweepFinish {
  SweepRun<T> run;
  std::int64_t columns;
  bool is_far;  ///< what the sweep reads is too much for the second-level cache
  std::size_t list_ahead(const Part<T>& part, const void** ahead) const {
    return is_far ? run.list_ahead(part, columns, ahead) : 0;
  }
  void operator()(const Part<T>& part) { run.part(part, columns); }
};

template <class T>
void product(const Product<T>& p, const Epilogue<T>& epilogue, const ProductScratch& scratch,
             std::byte* memory, ThreadPool* pool) {
  if (p.m == 0 || p.n == 0) return;
  if (epilogue.sweep == nullptr) {
    compute(p, 0, scratch, memory, pool, [](std::byte*) { return NoFinish<T>(); });
    return;
  }
  constexpr double kNear = 256 * 1024;  // bytes
  const bool is_far =
      static_cast<double>(p.m * p.n) * static_cast<double>(sizeof(T) * epilogue.sweep->streams()) >
      kNear;
  compute(p, epilogue.sweep->work(), scratch, memory, pool, [&](std::byte* mine) {
    return SweepFinish<T>{
        {*epilogue.sweep, *epilogue.memory, mine + scratch.sweep_at}, p.n, is_far};
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

ProductScratch product_scratch(std::int64_t m, std::int64_t n, std::int64_t k,
                               std::size_t entry_bytes, bool left_transposed,
                               std::size_t sweep_bytes) {
  constexpr std::size_t kPanelRow = 256;  // the widest tile
  const auto padded = [](std::size_t bytes) { return (bytes + 63) / 64 * 64; };
  const auto is_tiny = m * n * k <= kTinyProduct;
  // Where columns of A are contiguous, a tile touches another line, of another page if A is large,
  // at each step: such rows are packed too, once for all panels.
  constexpr std::int64_t kWorthPacking = 16 * 64;  // columns of C
  const bool packs_left = left_transposed && n >= kWorthPacking;
  ProductScratch scratch;
  // Of a gradient over few rows the right operand is packed as a whole: reading what the sweep
  // reads takes longer than the products, so that its order counts.
  constexpr std::int64_t kFewRows = 32;
  constexpr std::size_t kSmall = 512 * 1024;
  const auto panels = (static_cast<std::size_t>(n) * entry_bytes + kPanelRow - 1) / kPanelRow;
  const auto panel = static_cast<std::size_t>(k) * kPanelRow;
  const bool packs_all =
      left_transposed && sweep_bytes != 0 && k <= kFewRows && panels * panel <= kSmall;
  scratch.left_at = is_tiny ? 0 : packs_all ? panels * panel : panel;
  scratch.part_at =
      scratch.left_at + (packs_left ? padded(static_cast<std::size_t>(m * k) * entry_bytes) : 0);
  scratch.sweep_at = scratch.part_at + kMostPart * entry_bytes;
  scratch.bytes = scratch.sweep_at + padded(sweep_bytes);
  return scratch;
}

template <>
ProductFunction<float> product_function<float>() {
  return LONGHAND_KERNEL(product_float)();
}
template <>
ProductFunction<double> product_function<double>() {
  return LONGHAND_KERNEL(product_double)();
}

}  // namespace longhand
#endif
