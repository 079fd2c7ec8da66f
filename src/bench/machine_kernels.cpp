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
  constexpr std::size_t kChains = 12;
  const hn::ScalableTag<float> d;
  const auto half = hn::Set(d, 0.5F), one = hn::Set(d, 1.0F);
  hn::Vec<decltype(d)> chain[kChains];
  // Each begins elsewhere, or the compiler would find them equal and keep one.
  HWY_UNROLL(12)
  for (std::size_t i = 0; i < kChains; ++i) chain[i] = hn::Iota(d, static_cast<float>(i));
  for (std::int64_t round = 0; round < rounds; ++round) {
    HWY_UNROLL(12)
    for (std::size_t i = 0; i < kChains; ++i) chain[i] = hn::MulAdd(chain[i], half, one);
  }
  auto sum = chain[0];
  HWY_UNROLL(12)
  for (std::size_t i = 1; i < kChains; ++i) sum = hn::Add(sum, chain[i]);
  *sink = hn::GetLane(hn::SumOfLanes(d, sum));
  constexpr double kOperations = 2;
  return kOperations * kChains * static_cast<double>(hn::Lanes(d)) * static_cast<double>(rounds);
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
