// The step of a tiny network, for each SIMD target: entries one by one, functions by vectors.
#include "base/simd_target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "backends/cpu/tiny_step_kernels.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

#include "backends/cpu/simd_context-inl.h"
#include "backends/cpu/tiny_step.h"
#include "ir/formulas-inl.h"

HWY_BEFORE_NAMESPACE();
namespace longhand {
namespace HWY_NAMESPACE {
namespace {

// As the chains of products do it: one rounding where the machine has such a multiply-add.
template <class T>
HWY_INLINE T multiply_add(T a, T b, T sum) {
  const hn::CappedTag<T, 1> d;
  return hn::GetLane(hn::MulAdd(hn::Set(d, a), hn::Set(d, b), hn::Set(d, sum)));
}

template <class T, Op op>
HWY_INLINE T value_of(T x) {
  return hn::GetLane(Formula<op>::value(SimdContext<T>(), Lanes<T>{hn::Set(Tag<T>(), x)}).v);
}

template <class T>
HWY_INLINE T activate(Op activation, T z) {
  switch (activation) {
    case Op::relu:
      return z <= 0 ? T(0) : z;
    case Op::sigmoid:
      return value_of<T, Op::sigmoid>(z);
    case Op::tanh:
      return value_of<T, Op::tanh>(z);
    default:
      return z;
  }
}

template <class T>
HWY_INLINE T slope(Op activation, T value) {
  switch (activation) {
    case Op::relu:
      return T(0) < value ? T(1) : T(0);
    case Op::sigmoid:
      return value * (T(1) - value);
    default:
      return T(1) - value * value;
  }
}

/// The losses of as many steps as a vector has lanes, computed together: nothing waits for them.
template <class T>
class Losses {
 public:
  Losses(T* last, double* all) : last_(last), all_(all) {}

  HWY_INLINE void add(T z, T y) {
    z_[count_] = z;
    y_[count_] = y;
    if (++count_ == kLanes<T>) compute();
  }

  void compute() {
    const Tag<T> d;
    if (count_ == 0) return;
    HWY_ALIGN T losses[kLanes<T>];
    const Lanes<T> z{hn::Load(d, z_)}, y{hn::Load(d, y_)};
    hn::Store(Formula<Op::sigmoid_cross_entropy>::value(SimdContext<T>(), z, y).v, d, losses);
    *last_ = losses[count_ - 1];
    for (std::size_t i = 0; i < count_ && all_ != nullptr; ++i)
      *all_++ = static_cast<double>(losses[i]);
    count_ = 0;
  }

 private:
  T* last_;
  double* all_;
  std::size_t count_ = 0;
  HWY_ALIGN T z_[kLanes<T>] = {};
  HWY_ALIGN T y_[kLanes<T>] = {};
};

/// A layer and where its parameters lie.
template <class T>
struct Placed {
  std::int64_t in, out;
  Op activation;
  T* weight;
  T* bias;
};

template <class T>
HWY_INLINE void forward(const Placed<T>& layer, const T* HWY_RESTRICT x, T* HWY_RESTRICT value) {
  const T* w = layer.weight;
  for (std::int64_t o = 0; o < layer.out; ++o) {
    T sum = layer.bias[o];
    for (std::int64_t l = 0; l < layer.in; ++l) sum = multiply_add(x[l], *w++, sum);
    value[o] = activate(layer.activation, sum);
  }
}

template <class T>
HWY_INLINE void adjoint_of_input(const Placed<T>& layer, const T* HWY_RESTRICT dz, Op activation,
                                 const T* HWY_RESTRICT input, T* HWY_RESTRICT dx) {
  for (std::int64_t l = 0; l < layer.in; ++l) {
    T sum = 0;
    for (std::int64_t o = 0; o < layer.out; ++o) {
      sum = multiply_add(dz[o], layer.weight[o * layer.in + l], sum);
    }
    dx[l] = sum * slope(activation, input[l]);
  }
}

template <class T>
HWY_INLINE void descend(const Placed<T>& layer, const T* HWY_RESTRICT dz,
                        const T* HWY_RESTRICT input, T rate) {
  T* w = layer.weight;
  for (std::int64_t o = 0; o < layer.out; ++o) {
    layer.bias[o] -= rate * (T(0) + dz[o]);
    for (std::int64_t l = 0; l < layer.in; ++l) *w++ -= rate * multiply_add(dz[o], input[l], T(0));
  }
}

template <class T>
void tiny_steps(const TinyStep& step, void* const* buffers, const TinySteps<T>& steps) {
  const auto at = [&](NodeId id) { return static_cast<T*>(buffers[id]); };
  Placed<T> layers[kTinyLayers];
  const auto count = step.layers.size();
  for (std::size_t i = 0; i < count; ++i) {
    const auto& layer = step.layers[i];
    layers[i] = {layer.in, layer.out, layer.activation, at(layer.weight), at(layer.bias)};
  }
  T rate = *at(step.rate);
  Losses<T> losses(at(step.loss), steps.losses);
  T values[kTinyLayers][kTinyWidth];
  T adjoints[2][kTinyWidth];
  for (std::size_t k = 0; k < steps.order.size(); ++k) {
    const auto row = static_cast<std::size_t>(steps.order[k]);
    const T* x = steps.x + row * steps.x_row;
    const T y = steps.y[row * steps.y_row];
    if (steps.rates != nullptr) rate = static_cast<T>(steps.rates[k]);
    for (std::size_t i = 0; i < count; ++i)
      forward(layers[i], i == 0 ? x : values[i - 1], values[i]);
    const T z = values[count - 1][0];
    losses.add(z, y);
    adjoints[0][0] = value_of<T, Op::sigmoid>(z) - y;
    std::size_t which = 0;
    for (std::size_t i = count; i-- > 1; which = 1 - which) {
      adjoint_of_input(layers[i], adjoints[which], layers[i - 1].activation, values[i - 1],
                       adjoints[1 - which]);
      descend(layers[i], adjoints[which], values[i - 1], rate);
    }
    descend(layers[0], adjoints[which], x, rate);
  }
  losses.compute();
}

}  // namespace

TinyStepFunction<float> tiny_step_float() { return tiny_steps<float>; }
TinyStepFunction<double> tiny_step_double() { return tiny_steps<double>; }

}  // namespace HWY_NAMESPACE
}  // namespace longhand
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace longhand {

template <>
TinyStepFunction<float> tiny_step_function<float>() {
  return LONGHAND_KERNEL(tiny_step_float)();
}
template <>
TinyStepFunction<double> tiny_step_function<double>() {
  return LONGHAND_KERNEL(tiny_step_double)();
}

}  // namespace longhand
#endif
