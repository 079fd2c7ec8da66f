// Philox for many counters at once, for each SIMD target.
#include "base/simd_target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "backends/cpu/random_kernels.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

#include <algorithm>

#include "backends/cpu/lanes-inl.h"
#include "backends/cpu/random.h"
#include "base/philox.h"

HWY_BEFORE_NAMESPACE();
namespace longhand {
namespace HWY_NAMESPACE {
namespace {

#if HWY_TARGET == HWY_SCALAR

template <class T>
void draw_uniform(const Draw& draw, std::uint32_t row, std::int64_t columns, T* y) {
  for (std::int64_t j = 0; j < columns; ++j) {
    const auto word = philox4x32(
        {static_cast<std::uint32_t>(j), row, draw.step, draw.stream},
        {static_cast<std::uint32_t>(draw.seed), static_cast<std::uint32_t>(draw.seed >> 32)});
    y[j] = static_cast<T>(uniform_from_bits<float>(word[0]));
  }
}

#else

using Wide = hn::ScalableTag<std::uint64_t>;
using WideVector = hn::Vec<Wide>;
constexpr std::size_t kWide = HWY_LANES(std::uint64_t);

/// A word of the counter in the low half of each lane; the high half is of no account, as a product
/// of even 32-bit lanes does not read it.
HWY_INLINE WideVector multiply_low(WideVector a, WideVector b) {
  const hn::Repartition<std::uint32_t, Wide> halves;
  return hn::MulEven(hn::BitCast(halves, a), hn::BitCast(halves, b));
}

/// The low halves as numbers in [0, 1), multiples of 2^-24.
HWY_INLINE hn::Vec<hn::Rebind<float, Wide>> to_uniform(hn::Rebind<float, Wide> d, WideVector word) {
  const hn::Rebind<std::uint32_t, Wide> words;
  const hn::RebindToSigned<decltype(words)> integers;
  const auto top = hn::ShiftRight<8>(hn::TruncateTo(words, word));
  return hn::Mul(hn::ConvertTo(d, hn::BitCast(integers, top)), hn::Set(d, 0x1p-24F));
}
HWY_INLINE hn::Vec<hn::Rebind<double, Wide>> to_uniform(hn::Rebind<double, Wide> d,
                                                        WideVector word) {
  return hn::PromoteTo(d, to_uniform(hn::Rebind<float, Wide>(), word));
}

template <class T>
void draw_uniform(const Draw& draw, std::uint32_t row, std::int64_t columns, T* y) {
  constexpr std::uint64_t kMultiplier0 = 0xD2511F53, kMultiplier2 = 0xCD9E8D57;
  constexpr std::uint32_t kGoldenRatio = 0x9E3779B9, kRootOfThree = 0xBB67AE85;
  constexpr std::size_t kRounds = 10;
  const Wide d;
  const hn::Rebind<T, Wide> numbers;
  std::uint32_t key0[kRounds], key1[kRounds];
  key0[0] = static_cast<std::uint32_t>(draw.seed);
  key1[0] = static_cast<std::uint32_t>(draw.seed >> 32);
  for (std::size_t r = 1; r < kRounds; ++r) {
    key0[r] = key0[r - 1] + kGoldenRatio;
    key1[r] = key1[r - 1] + kRootOfThree;
  }
  const auto multiplier0 = hn::Set(d, kMultiplier0), multiplier2 = hn::Set(d, kMultiplier2);
  const auto uniform = [&](WideVector word0) HWY_ATTR {
    auto word1 = hn::Set(d, std::uint64_t{row});
    auto word2 = hn::Set(d, std::uint64_t{draw.step}),
         word3 = hn::Set(d, std::uint64_t{draw.stream});
    HWY_UNROLL(10)
    for (std::size_t r = 0; r < kRounds; ++r) {
      const auto product0 = multiply_low(word0, multiplier0);
      const auto product2 = multiply_low(word2, multiplier2);
      word0 =
          hn::Xor(hn::Xor(hn::ShiftRight<32>(product2), word1), hn::Set(d, std::uint64_t{key0[r]}));
      word2 =
          hn::Xor(hn::Xor(hn::ShiftRight<32>(product0), word3), hn::Set(d, std::uint64_t{key1[r]}));
      word1 = product2;
      word3 = product0;
    }
    return to_uniform(numbers, word0);
  };
  constexpr auto kStep = static_cast<std::int64_t>(kWide);
  // Counted on: an Iota of another start each time goes through memory.
  auto column = hn::Iota(d, 0);
  std::int64_t j = 0;
  for (; j + kStep <= columns; j += kStep) {
    hn::StoreU(uniform(column), numbers, y + j);
    column = hn::Add(column, hn::Set(d, std::uint64_t{kWide}));
  }
  if (j < columns) {
    HWY_ALIGN T last[kWide];
    hn::StoreU(uniform(column), numbers, last);
    std::copy_n(last, columns - j, y + j);
  }
}

#endif

}  // namespace

UniformFunction<float> uniform_float() { return draw_uniform<float>; }
UniformFunction<double> uniform_double() { return draw_uniform<double>; }

}  // namespace HWY_NAMESPACE
}  // namespace longhand
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace longhand {

template <>
UniformFunction<float> uniform_function<float>() {
  return LONGHAND_KERNEL(uniform_float)();
}
template <>
UniformFunction<double> uniform_function<double>() {
  return LONGHAND_KERNEL(uniform_double)();
}

}  // namespace longhand
#endif
