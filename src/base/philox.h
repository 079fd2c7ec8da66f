// Random numbers that depend on their place and on nothing else: a counter-based generator.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace longhand {

/// Philox4x32-10: four words that look random, a function of `counter` and `key` alone.
/// Source: Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011.
inline constexpr std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                                         std::array<std::uint32_t, 2> key) {
  constexpr std::uint64_t kMultiplier0 = 0xD2511F53, kMultiplier2 = 0xCD9E8D57;
  constexpr std::uint32_t kGoldenRatio = 0x9E3779B9, kRootOfThree = 0xBB67AE85;
  constexpr int kRounds = 10;
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t product0 = kMultiplier0 * counter[0];
    const std::uint64_t product2 = kMultiplier2 * counter[2];
    counter = {static_cast<std::uint32_t>(product2 >> 32) ^ counter[1] ^ key[0],
               static_cast<std::uint32_t>(product2),
               static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key[1],
               static_cast<std::uint32_t>(product0)};
    key[0] += kGoldenRatio;
    key[1] += kRootOfThree;
  }
  return counter;
}

/// A number in [0, 1): a multiple of 2^-24 from the top 24 bits of `high` for float, a multiple of
/// 2^-53 from the top 53 bits of `high` and `low` for double. Exact, so equal on every machine.
template <class T>
constexpr T uniform_from_bits(std::uint32_t high, std::uint32_t low = 0) {
  if constexpr (std::is_same_v<T, float>) {
    return static_cast<float>(high >> 8) * 0x1p-24F;
  } else {
    static_assert(std::is_same_v<T, double>);
    return static_cast<double>((std::uint64_t{high} << 32 | low) >> 11) * 0x1p-53;
  }
}

/// The numbers of one seed and stream, one after another: streams of the same seed are independent
/// (until 2^66 words), so that each parameter draws from its own, whatever is drawn beside it.
/// Copying keeps the place. Not for several threads at once.
class PhiloxStream {
 public:
  PhiloxStream(std::uint64_t seed, std::uint64_t stream) : seed_(seed), stream_(stream) {}

  /// 32 random bits.
  std::uint32_t next() {
    if (used_ == block_.size()) refill();
    return block_[used_++];
  }

  /// Uniform on [0, 1), 53 bits; takes two words.
  double uniform() {
    const std::uint32_t high = next();
    return uniform_from_bits<double>(high, next());
  }

  /// Standard normal, by Box and Muller (1958): two uniforms make two normals, one is kept.
  double normal();

  /// Uniform on 0, …, n - 1, without bias. Throws ArgumentError for n = 0.
  /// Source: Lemire, "Fast Random Integer Generation in an Interval", 2019, for n below 2^32.
  std::uint64_t below(std::uint64_t n);

 private:
  void refill();

  std::uint64_t seed_;
  std::uint64_t stream_;
  std::uint64_t block_number_ = 0;
  std::array<std::uint32_t, 4> block_{};
  std::size_t used_ = 4;
  double spare_normal_ = 0;
  bool has_spare_normal_ = false;
};

/// A uniformly random order of `items` (a span, a vector, an array), by Fisher and Yates.
template <class Items>
void shuffle(Items&& items, PhiloxStream& stream) {
  std::span all(items);
  for (std::size_t left = all.size(); left > 1; --left) {
    using std::swap;
    swap(all[left - 1], all[static_cast<std::size_t>(stream.below(left))]);
  }
}

/// 64 bits of a name (FNV-1a), equal on every machine: the stream of the parameter of that name.
constexpr std::uint64_t hash_name(std::string_view name) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char letter : name) {
    hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001B3;
  }
  return hash;
}

}  // namespace longhand
