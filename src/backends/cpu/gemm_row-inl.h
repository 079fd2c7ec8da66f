// One row times a matrix, read once and in place. Included once for each SIMD target.

// clang-format off
#if defined(LONGHAND_BACKENDS_CPU_GEMM_ROW_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LONGHAND_BACKENDS_CPU_GEMM_ROW_INL_H_
#undef LONGHAND_BACKENDS_CPU_GEMM_ROW_INL_H_
#else
#define LONGHAND_BACKENDS_CPU_GEMM_ROW_INL_H_
#endif
// clang-format on

#include "backends/cpu/gemm.h"
#include "backends/cpu/gemm_pack-inl.h"
#include "backends/cpu/gemm_tile-inl.h"
#include "backends/cpu/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace longhand {
namespace HWY_NAMESPACE {

/// The chains' starts.
template <class T, int vectors>
HWY_INLINE void start_row(const T* bias, std::size_t columns, Vector<T> (&sum)[vectors]) {
  for (int v = 0; v < vectors; ++v) {
    sum[v] = bias == nullptr ? hn::Zero(Tag<T>())
                             : load_columns<T>(bias, static_cast<std::size_t>(v), columns);
  }
}

template <class T, int vectors>
HWY_INLINE void store_row(const Vector<T> (&sum)[vectors], std::size_t columns, T* c) {
  for (int v = 0; v < vectors; ++v)
    store_columns<T>(sum[v], c, static_cast<std::size_t>(v), columns);
}

/// Columns j, …, j + columns - 1 where rows of B are contiguous.
template <class T, int vectors>
void row_over_rows(const Product<T>& p, std::int64_t j, std::size_t columns, T* c) {
  constexpr auto kLast = static_cast<std::size_t>(vectors - 1);
  const Tag<T> d;
  Vector<T> sum[vectors];
  start_row<T, vectors>(p.bias == nullptr ? nullptr : p.bias + j, columns, sum);
  const T* b = p.b + j;
  const T* a = p.a;
  const auto rest = columns - kLast * kLanes<T>;
  for (auto l = p.k; l > 0; --l, a += p.a_inner, b += p.b_inner) {
    const auto left = hn::Set(d, *a);
    for (std::size_t v = 0; v < kLast; ++v) {
      sum[v] = hn::MulAdd(left, hn::LoadU(d, b + v * kLanes<T>), sum[v]);
    }
    const auto last = rest == kLanes<T> ? hn::LoadU(d, b + kLast * kLanes<T>)
                                        : load_part<T>(b + kLast * kLanes<T>, rest);
    sum[kLast] = hn::MulAdd(left, last, sum[kLast]);
  }
  store_row<T, vectors>(sum, columns, c);
}

#if HWY_TARGET != HWY_SCALAR
/// The same where columns of B are contiguous, of at least kPiece entries: transposed on the way.
template <class T, int vectors>
void row_over_columns(const Product<T>& p, std::int64_t j, std::size_t columns, T* c) {
  const Tag<T> d;
  const T* column[vectors * kLanes<T>];
  find_columns(p.b + j * p.b_column, p.b_column, columns, vectors * kLanes<T>, column);
  Vector<T> sum[vectors];
  start_row<T, vectors>(p.bias == nullptr ? nullptr : p.bias + j, columns, sum);
  std::int64_t l = 0;
  for (; l + kPiece<T> <= p.k; l += kPiece<T>) {
    for (int v = 0; v < vectors; ++v) {
      Vector<T> rows[kPiece<T>];
      transpose_pieces(column + static_cast<std::size_t>(v) * kLanes<T>, l, rows);
      for (std::int64_t i = 0; i < kPiece<T>; ++i) {
        sum[v] = hn::MulAdd(hn::Set(d, p.a[(l + i) * p.a_inner]), rows[i], sum[v]);
      }
    }
  }
  if (l < p.k) {  // a piece that ends with the last entry, of which only what is new is added
    for (int v = 0; v < vectors; ++v) {
      Vector<T> rows[kPiece<T>];
      transpose_pieces(column + static_cast<std::size_t>(v) * kLanes<T>, p.k - kPiece<T>, rows);
      for (std::int64_t i = 0; i < kPiece<T>; ++i) {
        const auto at = p.k - kPiece<T> + i;
        if (at >= l) sum[v] = hn::MulAdd(hn::Set(d, p.a[at * p.a_inner]), rows[i], sum[v]);
      }
    }
  }
  store_row<T, vectors>(sum, columns, c);
}
#endif

template <class T, int vectors>
void row_of(const Product<T>& p, std::int64_t j, std::size_t columns, T* c) {
#if HWY_TARGET != HWY_SCALAR
  if (p.b_inner == 1 && p.k >= kPiece<T>) {
    row_over_columns<T, vectors>(p, j, columns, c);
    return;
  }
#endif
  row_over_rows<T, vectors>(p, j, columns, c);
}

/// Whether row_product can compute it.
template <class T>
bool is_row_product(const Product<T>& p) {
  return p.m == 1 && (p.b_column == 1 || (p.k >= static_cast<std::int64_t>(16 / sizeof(T)) &&
                                          HWY_TARGET != HWY_SCALAR));
}

/// Columns begin, …, end - 1 of a product of one row: as many chains at once as registers hold.
template <class T, class Finish>
void row_product(const Product<T>& p, Share share, T* part, Finish finish) {
  // Each contiguous column is another place in memory: where these lie a power of two apart, the
  // first-level cache holds two vectors of them.
  constexpr std::int64_t kNear = 16 * 1024;  // bytes
  const bool is_spread = p.b_inner == 1 && p.n * p.k * static_cast<std::int64_t>(sizeof(T)) > kNear;
  const auto most = static_cast<std::int64_t>((is_spread ? 2 : kMostVectors) * kLanes<T>);
  constexpr void (*kFunctions[])(const Product<T>&, std::int64_t, std::size_t, T*) = {
      row_of<T, 1>, row_of<T, 2>, row_of<T, 3>, row_of<T, 4>,
      row_of<T, 5>, row_of<T, 6>, row_of<T, 7>, row_of<T, 8>};
  for (auto j = share.begin; j < share.end; j += most) {
    const auto columns = std::min(most, share.end - j);
    T* c = p.c != nullptr ? p.c + j : part;
    const auto used = static_cast<std::size_t>(columns);
    kFunctions[(used - 1) / kLanes<T>](p, j, used, c);
    finish({c, columns, 0, j, 1, columns});
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace longhand
HWY_AFTER_NAMESPACE();

#endif  // LONGHAND_BACKENDS_CPU_GEMM_ROW_INL_H_
