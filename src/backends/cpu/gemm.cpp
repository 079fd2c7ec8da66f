// Matrix products for each SIMD target: which tiles, in what order, on which thread. None of it can
// be seen in a result, since every entry of C is one chain over the whole inner dimension.
#include "base/simd_target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "backends/cpu/gemm.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

#include <algorithm>
#include <limits>

#include "backends/cpu/gemm.h"
#include "backends/cpu/gemm_panels-inl.h"
#include "backends/cpu/gemm_row-inl.h"
#include "backends/cpu/gemm_small-inl.h"

HWY_BEFORE_NAMESPACE();
namespace longhand {
namespace HWY_NAMESPACE {
namespace {

/// How many shares of the columns and of the rows.
struct Split {
  int columns = 1, rows = 1;
  int shares() const { return columns * rows; }
};

/// That which the threads should be through with first, in the finest shares: each share packs its
/// panels anew, which takes about as long as two tiles, and its rows of A, if these are packed.
/// A weight's gradient is shared out by rows, so that who updates a part of the weight is who reads
/// it in the next step's product, x W^T by columns: another core's line takes some 20 ns to come.
Split split(std::int64_t panels, std::int64_t row_tiles, bool is_gradient, bool packs_left,
            int shares, int threads) {
  Split best;
  auto least = std::numeric_limits<std::int64_t>::max();
  const int most_columns = is_gradient && row_tiles >= threads ? 1 : shares;
  for (int columns = 1; columns <= most_columns; ++columns) {
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

/// Whether it is computed by tiles or as a short product, which know `ending`.
template <class T>
bool ends_in_registers(const Product<T>& p) {
  if (p.is_dots || p.m * p.n * p.k <= kTinyProduct) return false;
  return is_short_product(p) || !(is_row_product(p) || is_narrow_product(p));
}

/// About the nanoseconds that a byte of C takes to end in registers.
constexpr double kEndingWork = 0.02;

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
  if (is_short_product(p)) {
    const int shares = shares_of(pool, entries * sizeof(T) * 0.05 + entries * epilogue_work);
    share_out(pool, shares, [&](int thread, int index) {
      auto* mine = memory_of(thread);
      short_product(p, part_of(p.m, index, shares, 16), part(mine), make_finish(mine));
    });
    return;
  }
  if (is_narrow_product(p)) {
    const int shares = shares_of(pool, nanoseconds + entries * epilogue_work);
    share_out(pool, shares, [&](int thread, int index) {
      auto* mine = memory_of(thread);
      narrow_product(p, part_of(p.m, index, shares, kNarrowVectors * kLanes<T>), part(mine),
                     make_finish(mine));
    });
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
  const bool is_gradient = p.a_row == 1;
  Split by;
  if (shares > 1)
    by = split(panels, row_tiles, is_gradient, scratch.packs_left, shares, pool->size());
  share_out(pool, by.shares(), [&](int thread, int index) {
    auto* mine = memory_of(thread);
    ProductPart(p, part_of(p.m, index / by.columns, by.rows, tiles.most_rows),
                part_of(p.n, index % by.columns, by.columns, tiles.width()), scratch, mine,
                make_finish(mine))
        .run();
  });
}

/// What is done with a part once it is computed, and the lines of memory that this will read: here
/// nothing but what `ending` of the product says.
template <class T>
struct NoSweep {
  const Product<T>& p;
  bool is_far;
  std::size_t list_ahead(const Part<T>& part, const void** ahead) const {
    if (!is_far) return 0;
    std::size_t count = 0;
    for (const T* rows : {p.gate, static_cast<const T*>(p.c)}) {
      for (std::int64_t i = 0; i < part.rows && rows != nullptr; ++i)
        ahead[count++] = rows + (part.row + i) * p.n + part.column;
    }
    return count;
  }
  void operator()(const Part<T>&) const {}
};
template <class T>
struct WithSweep {
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
  constexpr double kNear = 256 * 1024;  // bytes
  const auto is_far_of = [&](std::size_t streams) {
    return static_cast<double>(p.m * p.n) * static_cast<double>(sizeof(T) * streams) > kNear;
  };
  if (epilogue.ending != Ending::none && ends_in_registers(p)) {
    auto direct = p;
    direct.c = epilogue.result;
    direct.ending = epilogue.ending;
    direct.gate = epilogue.gate;
    const bool is_far = is_far_of(direct.gate == nullptr ? 1 : 2);
    compute(direct, kEndingWork * sizeof(T), scratch, memory, pool, [&](std::byte*) {
      return NoSweep<T>{direct, is_far};
    });
    return;
  }
  if (epilogue.sweep == nullptr) {
    compute(p, 0, scratch, memory, pool, [&](std::byte*) { return NoSweep<T>{p, false}; });
    return;
  }
  const bool is_far = is_far_of(epilogue.sweep->streams());
  compute(p, epilogue.sweep->work(), scratch, memory, pool, [&](std::byte* mine) {
    return WithSweep<T>{{*epilogue.sweep, *epilogue.memory, mine + scratch.sweep_at}, p.n, is_far};
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
  ProductScratch scratch;
  scratch.is_deep = left_transposed && k > kDeep;
  const auto depth = std::min(k, kDeep);
  // Where columns of A are contiguous, a tile touches another line, of another page if A is large,
  // at each step: such rows are packed too, once for all panels.
  const std::int64_t worth_packing = (scratch.is_deep ? 4 : 16) * 64;  // columns of C
  scratch.packs_left = left_transposed && n >= worth_packing;
  // Of a gradient over few rows the right operand is packed as a whole: reading what the sweep
  // reads takes longer than the products, so that its order counts.
  constexpr std::int64_t kFewRows = 32;
  constexpr std::size_t kSmall = 512 * 1024;
  const auto panels = (static_cast<std::size_t>(n) * entry_bytes + kPanelRow - 1) / kPanelRow;
  const auto panel = static_cast<std::size_t>(scratch.is_deep ? depth : k) * kPanelRow;
  const bool packs_all =
      left_transposed && sweep_bytes != 0 && k <= kFewRows && panels * panel <= kSmall;
  const auto entries = [&](std::int64_t rows, std::int64_t columns) {
    return padded(static_cast<std::size_t>(rows * columns) * entry_bytes);
  };
  scratch.left_at = is_tiny ? 0 : packs_all ? panels * panel : panel;
  scratch.sums_at = scratch.left_at + (scratch.packs_left ? entries(m, depth) : 0);
  scratch.part_at = scratch.sums_at + (scratch.is_deep && sweep_bytes != 0 ? entries(m, n) : 0);
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
