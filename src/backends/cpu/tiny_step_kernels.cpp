// The step of a tiny network, for each SIMD target: entries one by one, functions by vectors.
#include "backends/cpu/targets.h"

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

template <class T>
void tiny_step(const TinyStep& step, void* const* buffers) {
  const auto at = [&](NodeId id) { return static_cast<T*>(buffers[id]); };
  T values[kTinyLayers + 1][kTinyWidth];
  const T* x = at(step.x);
  const auto count = step.layers.size();
  for (std::size_t i = 0; i < count; ++i) {
    const auto& layer = step.layers[i];
    const T* w = at(layer.weight);
    const T* b = at(layer.bias);
    for (std::int64_t o = 0; o < layer.out; ++o) {
      T sum = b[o];
      for (std::int64_t l = 0; l < layer.in; ++l) sum = multiply_add(x[l], *w++, sum);
      values[i][o] = activate(layer.activation, sum);
    }
    x = values[i];
  }

  const T z = x[0], y = *at(step.y), rate = *at(step.rate);
  const auto set = [](T value) HWY_ATTR { return Lanes<T>{hn::Set(Tag<T>(), value)}; };
  *at(step.loss) =
      hn::GetLane(Formula<Op::sigmoid_cross_entropy>::value(SimdContext<T>(), set(z), set(y)).v);

  T adjoints[2][kTinyWidth];
  adjoints[0][0] = value_of<T, Op::sigmoid>(z) - y;
  const T* dz = adjoints[0];
  for (std::size_t i = count; i-- > 0;) {
    const auto& layer = step.layers[i];
    T* w = at(layer.weight);
    T* b = at(layer.bias);
    const T* input = i == 0 ? at(step.x) : values[i - 1];
    T* dx = adjoints[dz == adjoints[0] ? 1 : 0];
    for (std::int64_t l = 0; i > 0 && l < layer.in; ++l) {
      T sum = 0;
      for (std::int64_t o = 0; o < layer.out; ++o) sum = multiply_add(dz[o], w[o * layer.in + l], sum);
      dx[l] = sum * slope(step.layers[i - 1].activation, input[l]);
    }
    for (std::int64_t o = 0; o < layer.out; ++o) {
      b[o] = b[o] - rate * (T(0) + dz[o]);
      for (std::int64_t l = 0; l < layer.in; ++l, ++w) *w = *w - rate * multiply_add(dz[o], input[l], T(0));
    }
    dz = dx;
  }
}

}  // namespace

TinyStepFunction<float> tiny_step_float() { return tiny_step<float>; }
TinyStepFunction<double> tiny_step_double() { return tiny_step<double>; }

}  // namespace HWY_NAMESPACE
}  // namespace longhand
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace longhand {

HWY_EXPORT(tiny_step_float);
HWY_EXPORT(tiny_step_double);

template <>
TinyStepFunction<float> tiny_step_function<float>() {
  return HWY_DYNAMIC_DISPATCH(tiny_step_float)();
}
template <>
TinyStepFunction<double> tiny_step_function<double>() {
  return HWY_DYNAMIC_DISPATCH(tiny_step_double)();
}

}  // namespace longhand
#endif
