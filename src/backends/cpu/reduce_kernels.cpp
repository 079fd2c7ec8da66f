// Reductions for each SIMD target.
#include "base/simd_target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "backends/cpu/reduce_kernels.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

#include <algorithm>
#include <limits>

#include "backends/cpu/dot-inl.h"
#include "backends/cpu/gemm_pack-inl.h"
#include "backends/cpu/lanes-inl.h"
#include "backends/cpu/reduce.h"
#include "backends/cpu/simd_context-inl.h"
#include "ir/formulas-inl.h"

HWY_BEFORE_NAMESPACE();
namespace longhand {
namespace HWY_NAMESPACE {
namespace {

/// How two partial results become one, and what changes none.
template <class T>
struct Plus {
  static HWY_INLINE Vector<T> combine(Vector<T> a, Vector<T> b) { return hn::Add(a, b); }
  static constexpr T kNeutral = 0;
};
template <class T>
struct Largest {  // NaN if either is
  static HWY_INLINE Vector<T> combine(Vector<T> a, Vector<T> b) {
    return Formula<Op::maximum>::value(SimdContext<T>(), Lanes<T>{a}, Lanes<T>{b}).v;
  }
  static constexpr T kNeutral = -std::numeric_limits<T>::infinity();
};

/// The lanes of v combined as a tree: halves, then halves of halves.
template <class T, template <class> class How>
HWY_INLINE T combine_lanes(Vector<T> v) {
  const Tag<T> d;
  if constexpr (std::is_same_v<How<T>, Plus<T>>) return sum_of_lanes(d, v);
  HWY_ALIGN T lanes[kLanes<T>];
  hn::Store(v, d, lanes);
  for (auto width = kLanes<T> / 2; width > 0; width /= 2) {
    for (std::size_t i = 0; i < width; ++i) {
      const T a = lanes[i], b = lanes[i + width];
      lanes[i] = a < b ? b : (b == b ? a : b);
    }
  }
  return lanes[0];
}

/// Entries begin, …, n - 1 of a vector replaced by what changes no result.
template <class T, template <class> class How>
HWY_INLINE Vector<T> load_rest(const T* x, std::size_t n) {
  const Tag<T> d;
  return hn::IfThenElse(hn::FirstN(d, n), load_part<T>(x, n), hn::Set(d, How<T>::kNeutral));
}

/// Up to kSumBlock entries side by side.
template <class T, template <class> class How>
T reduce_block(const T* x, std::size_t n) {
  const Tag<T> d;
  Vector<T> partial[4];
  for (auto& lanes : partial) lanes = hn::Set(d, How<T>::kNeutral);
  std::size_t i = 0;
  for (; i + 4 * kLanes<T> <= n; i += 4 * kLanes<T>) {
    for (std::size_t v = 0; v < 4; ++v) {
      partial[v] = How<T>::combine(partial[v], hn::LoadU(d, x + i + v * kLanes<T>));
    }
  }
  for (std::size_t v = 0; i + kLanes<T> <= n; ++v, i += kLanes<T>) {
    partial[v] = How<T>::combine(partial[v], hn::LoadU(d, x + i));
  }
  if (i < n) partial[3] = How<T>::combine(partial[3], load_rest<T, How>(x + i, n - i));
  return combine_lanes<T, How>(How<T>::combine(How<T>::combine(partial[0], partial[1]),
                                               How<T>::combine(partial[2], partial[3])));
}

template <class T, template <class> class How>
T reduce_run(const T* x, std::int64_t n) {
  if (n == 1) return x[0];
  T total = reduce_block<T, How>(x, static_cast<std::size_t>(std::min(n, kSumBlock)));
  for (auto i = kSumBlock; i < n; i += kSumBlock) {
    const T next =
        reduce_block<T, How>(x + i, static_cast<std::size_t>(std::min(n - i, kSumBlock)));
    if constexpr (std::is_same_v<How<T>, Plus<T>>)
      total += next;
    else
      total = total < next ? next : (next == next ? total : next);
  }
  return total;
}

/// `vectors` vectors of columns, the last of which may have fewer than kLanes of them.
template <class T, template <class> class How, int vectors>
void reduce_columns(const T* x, std::int64_t rows, std::int64_t stride, std::size_t columns, T* y) {
  const Tag<T> d;
  Vector<T> sum[vectors];
  for (auto& lanes : sum) lanes = hn::Set(d, How<T>::kNeutral);
  const auto whole = static_cast<int>(columns / kLanes<T>);
  for (std::int64_t row = 0; row < rows; ++row, x += stride) {
    if (whole == vectors) {
      for (int v = 0; v < vectors; ++v) {
        sum[v] = How<T>::combine(sum[v], hn::LoadU(d, x + static_cast<std::size_t>(v) * kLanes<T>));
      }
    } else {
      sum[0] = How<T>::combine(sum[0], load_part<T>(x, columns));
    }
  }
  if (whole == vectors) {
    for (int v = 0; v < vectors; ++v) {
      hn::StoreU(sum[v], d, y + static_cast<std::size_t>(v) * kLanes<T>);
    }
  } else {
    store_part<T>(sum[0], y, columns);
  }
}

template <class T, template <class> class How>
void reduce(const Reduction<T>& r, Share share) {
  if (r.along_rows) {
    for (auto row = share.begin; row < share.end; ++row) {
      r.y[row] = reduce_run<T, How>(r.x + row * r.count, r.count);
    }
    return;
  }
  constexpr auto kWidth = static_cast<std::int64_t>(kLanes<T>);
  const bool by_columns = r.outer == 1;
  const Share rows = by_columns ? Share{0, 1} : share;
  const Share columns = by_columns ? share : Share{0, r.inner};
  for (auto row = rows.begin; row < rows.end; ++row) {
    const T* x = r.x + row * r.count * r.inner;
    T* y = r.y + row * r.inner;
    auto j = columns.begin;
    for (; j + 4 * kWidth <= columns.end; j += 4 * kWidth) {
      reduce_columns<T, How, 4>(x + j, r.count, r.inner, 4 * kLanes<T>, y + j);
    }
    for (; j < columns.end; j += kWidth) {
      const auto left = static_cast<std::size_t>(std::min(kWidth, columns.end - j));
      reduce_columns<T, How, 1>(x + j, r.count, r.inner, left, y + j);
    }
  }
}

/// What a class adds: nothing where its y is 0, however unlikely it is.
template <class T>
HWY_INLINE Vector<T> weighed(Vector<T> weight, Vector<T> log_total, Vector<T> shifted) {
  const auto zero = hn::Zero(Tag<T>());
  const auto term = hn::Mul(weight, hn::Sub(log_total, shifted));
  return hn::IfThenElse(hn::Eq(weight, zero), zero, term);
}

/// A row at a time, its classes side by side.
template <class T>
void cross_entropy_of_many(const CrossEntropy<T>& c, Share share) {
  const Tag<T> d;
  const auto classes = static_cast<std::size_t>(c.classes);
  for (auto row = share.begin; row < share.end; ++row) {
    const T* z = c.z + row * c.classes;
    const T* y = c.y + row * c.classes;
    const T largest = reduce_run<T, Largest>(z, c.classes);
    const auto shift = hn::Set(d, largest);
    auto total = hn::Zero(d);
    const auto add = [&](Vector<T> lanes, std::size_t n) HWY_ATTR {
      const auto terms = math::exp<T>(hn::Sub(lanes, shift));
      total = hn::Add(total, n == kLanes<T> ? terms : hn::IfThenElseZero(hn::FirstN(d, n), terms));
    };
    std::size_t j = 0;
    for (; j + kLanes<T> <= classes; j += kLanes<T>) add(hn::LoadU(d, z + j), kLanes<T>);
    if (j < classes) add(load_part<T>(z + j, classes - j), classes - j);
    const auto log_total = math::log<T>(hn::Set(d, combine_lanes<T, Plus>(total)));
    auto loss = hn::Zero(d);
    const auto weigh = [&](Vector<T> lanes, Vector<T> weights) HWY_ATTR {
      loss = hn::Add(loss, weighed<T>(weights, log_total, hn::Sub(lanes, shift)));
    };
    j = 0;
    for (; j + kLanes<T> <= classes; j += kLanes<T>)
      weigh(hn::LoadU(d, z + j), hn::LoadU(d, y + j));
    if (j < classes) weigh(load_part<T>(z + j, classes - j), load_part<T>(y + j, classes - j));
    c.loss[row] = combine_lanes<T, Plus>(loss);
  }
}

/// So few classes leave lanes idle, and each row a chain to be waited for: then rows lie side by side.
inline constexpr std::int64_t kFewClasses = 16;

template <class T>
void cross_entropy_of_few(const CrossEntropy<T>& c, Share share) {
  const Tag<T> d;
  constexpr auto kWidth = static_cast<std::int64_t>(kLanes<T>);
  HWY_ALIGN T z[static_cast<std::size_t>(kFewClasses) * kLanes<T>] = {};
  HWY_ALIGN T y[static_cast<std::size_t>(kFewClasses) * kLanes<T>] = {};
  for (auto row = share.begin; row < share.end; row += kWidth) {
    const auto rows = static_cast<std::size_t>(std::min(kWidth, share.end - row));
    pack_columns(c.z + row * c.classes, c.classes, c.classes, rows, kLanes<T>, z);
    pack_columns(c.y + row * c.classes, c.classes, c.classes, rows, kLanes<T>, y);
    const auto of_class = [&](const T* of, std::int64_t j)
                              HWY_ATTR { return hn::Load(d, of + j * kWidth); };
    auto largest = of_class(z, 0);
    for (std::int64_t j = 1; j < c.classes; ++j)
      largest = Largest<T>::combine(largest, of_class(z, j));
    auto total = hn::Zero(d);
    for (std::int64_t j = 0; j < c.classes; ++j)
      total = hn::Add(total, math::exp<T>(hn::Sub(of_class(z, j), largest)));
    const auto log_total = math::log<T>(total);
    auto loss = hn::Zero(d);
    for (std::int64_t j = 0; j < c.classes; ++j) {
      loss = hn::Add(loss, weighed<T>(of_class(y, j), log_total, hn::Sub(of_class(z, j), largest)));
    }
    if (rows == kLanes<T>)
      hn::StoreU(loss, d, c.loss + row);
    else
      store_part<T>(loss, c.loss + row, rows);
  }
}

template <class T>
void cross_entropy(const CrossEntropy<T>& c, Share share) {
  if (c.classes <= kFewClasses)
    cross_entropy_of_few(c, share);
  else
    cross_entropy_of_many(c, share);
}

template <class T>
ReduceFunctions<T> select() {
  return {reduce<T, Plus>, reduce<T, Largest>, cross_entropy<T>};
}

}  // namespace

ReduceFunctions<float> reduce_float() { return select<float>(); }
ReduceFunctions<double> reduce_double() { return select<double>(); }

}  // namespace HWY_NAMESPACE
}  // namespace longhand
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace longhand {

template <>
ReduceFunctions<float> reduce_functions<float>() {
  return LONGHAND_KERNEL(reduce_float)();
}
template <>
ReduceFunctions<double> reduce_functions<double>() {
  return LONGHAND_KERNEL(reduce_double)();
}

}  // namespace longhand
#endif
