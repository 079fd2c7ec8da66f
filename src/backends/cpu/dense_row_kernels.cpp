// Dense layers of one row, for each SIMD target.
#include "base/simd_target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "backends/cpu/dense_row_kernels.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

#include <algorithm>

#include "backends/cpu/dense_row.h"
#include "backends/cpu/dot-inl.h"
#include "backends/cpu/gemm_pack-inl.h"
#include "backends/cpu/gemm_tile-inl.h"
#include "backends/cpu/simd_context-inl.h"
#include "ir/formulas-inl.h"

HWY_BEFORE_NAMESPACE();
namespace longhand {
namespace HWY_NAMESPACE {
namespace {

// As many chains as hide the time of a multiply-add.
constexpr std::size_t kPanelVectors = 4;

template <class T>
std::size_t vectors_of(const DenseRow& layer) {
  return (static_cast<std::size_t>(layer.out) + kLanes<T> - 1) / kLanes<T>;
}

template <class T>
std::size_t bias_bytes(const DenseRow& layer) {
  // Whole lines, so that what follows is aligned.
  return (vectors_of<T>(layer) * kLanes<T> * sizeof(T) + 63) / 64 * 64;
}

template <class T>
std::size_t weight_bytes(const DenseRow& layer) {
  const auto columns =
      layer.is_dots ? static_cast<std::size_t>(layer.out) : vectors_of<T>(layer) * kLanes<T>;
  return (static_cast<std::size_t>(layer.in) * columns * sizeof(T) + 63) / 64 * 64;
}

template <class T>
void pack(const DenseRow& layer, const T* weight, const T* bias, std::byte* prepared) {
  T* to = reinterpret_cast<T*>(prepared + layer.weights_at);
  T* bias_to = reinterpret_cast<T*>(prepared + layer.bias_at);
  std::fill_n(bias_to, bias_bytes<T>(layer) / sizeof(T), T(0));
  std::copy_n(bias, layer.out, bias_to);
  if (layer.is_dots) {
    std::copy_n(weight, layer.in * layer.out, to);
    return;
  }
  const auto all = vectors_of<T>(layer) * kLanes<T>, out = static_cast<std::size_t>(layer.out);
  constexpr auto kWidth = kPanelVectors * kLanes<T>;
  for (std::size_t j = 0; j < all; j += kWidth) {
    const auto width = std::min(kWidth, all - j);
    pack_columns(weight + static_cast<std::int64_t>(j) * layer.in, layer.in, layer.in,
                 std::min(width, out - j), width, to);
    to += width * static_cast<std::size_t>(layer.in);
  }
}

template <class T>
HWY_INLINE Vector<T> activate(Op op, Vector<T> z) {
  const SimdContext<T> c;
  switch (op) {
    case Op::relu:
      return Formula<Op::relu>::value(c, Lanes<T>{z}).v;
    case Op::sigmoid:
      return Formula<Op::sigmoid>::value(c, Lanes<T>{z}).v;
    case Op::tanh:
      return Formula<Op::tanh>::value(c, Lanes<T>{z}).v;
    default:
      return z;
  }
}

// A panel of columns; `columns` of them are stored, or all where rest is kept in between.
template <class T, int vectors>
HWY_INLINE void panel(const DenseRow& layer, const T* HWY_RESTRICT x, const T* HWY_RESTRICT w,
                      const T* HWY_RESTRICT bias, T* HWY_RESTRICT to, std::size_t columns) {
  const Tag<T> d;
  constexpr auto kV = static_cast<std::size_t>(vectors);
  Vector<T> sum[kV];
  for (std::size_t v = 0; v < kV; ++v) sum[v] = hn::Load(d, bias + v * kLanes<T>);
  for (std::int64_t l = 0; l < layer.in; ++l, w += kV * kLanes<T>) {
    const auto left = hn::Set(d, x[l]);
    for (std::size_t v = 0; v < kV; ++v)
      sum[v] = hn::MulAdd(left, hn::Load(d, w + v * kLanes<T>), sum[v]);
  }
  HWY_UNROLL(4)
  for (std::size_t v = 0; v < kV; ++v) {
    store_columns<T>(activate<T>(layer.activation, sum[v]), to, v, columns);
  }
}

template <class T>
HWY_INLINE void dots(const DenseRow& layer, const T* x, const T* w, const T* bias, T* to,
                     std::size_t stored) {
  const Tag<T> d;
  HWY_ALIGN T z[16 * kLanes<T>] = {};
  for (std::int64_t j = 0; j < layer.out; ++j) {
    z[j] = bias[j] + dot(x, w + j * layer.in, static_cast<std::size_t>(layer.in));
  }
  for (std::size_t v = 0; v < vectors_of<T>(layer); ++v) {
    store_columns<T>(activate<T>(layer.activation, hn::Load(d, z + v * kLanes<T>)), to, v, stored);
  }
}

template <class T>
void run(const DenseRow* layers, std::size_t count, const T* x, const std::byte* prepared,
         T* between, std::size_t between_row, T* result) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto& layer = layers[i];
    const bool is_last = i + 1 == count;
    const auto* w = reinterpret_cast<const T*>(prepared + layer.weights_at);
    const auto* bias = reinterpret_cast<const T*>(prepared + layer.bias_at);
    T* to = is_last ? result : between + (i % 2) * between_row;
    const auto all = vectors_of<T>(layer) * kLanes<T>;
    // Between layers whole vectors are kept, as a load of more than was stored at once would wait.
    auto stored = is_last ? static_cast<std::size_t>(layer.out) : all;
    if (layer.is_dots) {
      dots(layer, x, w, bias, to, stored);
    } else {
      T* from = to;
      for (auto left = vectors_of<T>(layer); left > 0;) {
        switch (std::min(left, kPanelVectors)) {
          case 1:
            panel<T, 1>(layer, x, w, bias, from, stored);
            break;
          case 2:
            panel<T, 2>(layer, x, w, bias, from, stored);
            break;
          case 3:
            panel<T, 3>(layer, x, w, bias, from, stored);
            break;
          default:
            panel<T, 4>(layer, x, w, bias, from, stored);
            break;
        }
        if (left <= kPanelVectors) break;
        left -= kPanelVectors;
        constexpr auto kWidth = kPanelVectors * kLanes<T>;
        from += kWidth;
        bias += kWidth;
        stored -= kWidth;
        w += static_cast<std::size_t>(layer.in) * kWidth;
      }
    }
    x = to;
  }
}

template <class T>
DenseRowFunctions<T> select() {
  return {weight_bytes<T>, bias_bytes<T>, pack<T>, run<T>};
}

}  // namespace

DenseRowFunctions<float> dense_row_float() { return select<float>(); }
DenseRowFunctions<double> dense_row_double() { return select<double>(); }

}  // namespace HWY_NAMESPACE
}  // namespace longhand
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace longhand {

template <>
DenseRowFunctions<float> dense_row_functions<float>() {
  return LONGHAND_KERNEL(dense_row_float)();
}
template <>
DenseRowFunctions<double> dense_row_functions<double>() {
  return LONGHAND_KERNEL(dense_row_double)();
}

}  // namespace longhand
#endif
