#include "bench/machine_kernels.h"

#include "base/simd_target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "bench/machine_kernels.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace longhand::bench {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Twelve chains keep two units of a latency of five busy, and fit into sixteen registers.
double MultiplyAddLoop(std::int64_t rounds, float* sink) {
  const hn::ScalableTag<float> d;
  const auto half = hn::Set(d, 0.5F), one = hn::Set(d, 1.0F);
  // Each begins elsewhere, or the compiler would find them equal and keep one.
  auto a = hn::Iota(d, 0.0F), b = hn::Iota(d, 1.0F), c = hn::Iota(d, 2.0F), e = hn::Iota(d, 3.0F);
  auto f = hn::Iota(d, 4.0F), g = hn::Iota(d, 5.0F), h = hn::Iota(d, 6.0F), i = hn::Iota(d, 7.0F);
  auto j = hn::Iota(d, 8.0F), k = hn::Iota(d, 9.0F), l = hn::Iota(d, 10.0F), m = hn::Iota(d, 11.0F);
  for (std::int64_t round = 0; round < rounds; ++round) {
    a = hn::MulAdd(a, half, one);
    b = hn::MulAdd(b, half, one);
    c = hn::MulAdd(c, half, one);
    e = hn::MulAdd(e, half, one);
    f = hn::MulAdd(f, half, one);
    g = hn::MulAdd(g, half, one);
    h = hn::MulAdd(h, half, one);
    i = hn::MulAdd(i, half, one);
    j = hn::MulAdd(j, half, one);
    k = hn::MulAdd(k, half, one);
    l = hn::MulAdd(l, half, one);
    m = hn::MulAdd(m, half, one);
  }
  const auto sum = hn::Add(hn::Add(hn::Add(a, b), hn::Add(c, e)), hn::Add(hn::Add(f, g), hn::Add(h, i)));
  *sink = hn::GetLane(hn::SumOfLanes(d, hn::Add(sum, hn::Add(hn::Add(j, k), hn::Add(l, m)))));
  constexpr double kChains = 12, kOperations = 2;
  return kChains * kOperations * static_cast<double>(hn::Lanes(d)) * static_cast<double>(rounds);
}

void ReadLoop(const float* values, std::size_t count, std::int64_t rounds, float* sink) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  auto a = hn::Zero(d), b = a, c = a, e = a;
  for (std::int64_t round = 0; round < rounds; ++round) {
    std::size_t i = 0;
    for (; i + 4 * lanes <= count; i += 4 * lanes) {
      a = hn::Max(a, hn::Load(d, values + i));
      b = hn::Max(b, hn::Load(d, values + i + lanes));
      c = hn::Max(c, hn::Load(d, values + i + 2 * lanes));
      e = hn::Max(e, hn::Load(d, values + i + 3 * lanes));
    }
    for (; i + lanes <= count; i += lanes) a = hn::Max(a, hn::Load(d, values + i));
  }
  *sink = hn::GetLane(hn::SumOfLanes(d, hn::Add(hn::Add(a, b), hn::Add(c, e))));
}

}  // namespace HWY_NAMESPACE
}  // namespace longhand::bench
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace longhand::bench {

double multiply_add_loop(std::int64_t rounds, float* sink) { return LONGHAND_KERNEL(MultiplyAddLoop)(rounds, sink); }

void read_loop(const float* values, std::size_t count, std::int64_t rounds, float* sink) {
  LONGHAND_KERNEL(ReadLoop)(values, count, rounds, sink);
}

}  // namespace longhand::bench
#endif
