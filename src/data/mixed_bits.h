// Bits that look random, from bits that count.
#pragma once

#include <cstdint>

namespace longhand::data {

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): a bijection that moves every bit.
inline std::uint64_t mixed(std::uint64_t bits) {
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
  return bits ^ (bits >> 31);
}

/// What SplitMix64 adds between two numbers: 2^64 divided by the golden ratio, odd.
inline constexpr std::uint64_t kGoldenStep = 0x9E3779B97F4A7C15;

}  // namespace longhand::data
