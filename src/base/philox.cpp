#include "base/philox.h"

#include <cmath>
#include <numbers>

#include "longhand/base.h"

namespace longhand {

void PhiloxStream::refill() {
  const auto low = [](std::uint64_t word) { return static_cast<std::uint32_t>(word); };
  const auto high = [](std::uint64_t word) { return static_cast<std::uint32_t>(word >> 32); };
  block_ = philox4x32({low(block_number_), high(block_number_), low(stream_), high(stream_)},
                      {low(seed_), high(seed_)});
  ++block_number_;
  used_ = 0;
}

double PhiloxStream::normal() {
  if (has_spare_normal_) {
    has_spare_normal_ = false;
    return spare_normal_;
  }
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));  // 1 - u is never zero
  const double angle = 2.0 * std::numbers::pi * uniform();
  spare_normal_ = radius * std::sin(angle);
  has_spare_normal_ = true;
  return radius * std::cos(angle);
}

std::uint64_t PhiloxStream::below(std::uint64_t n) {
  if (n == 0) throw ArgumentError("a random number below 0 was asked for");
  if (n <= 0xFFFFFFFF) {
    // The high word of word * n is the answer; the low word tells the few words that would be one
    // too many for some answers. The division that finds how many is almost never reached.
    const auto bound = static_cast<std::uint32_t>(n);
    std::uint64_t product = std::uint64_t{next()} * bound;
    if (static_cast<std::uint32_t>(product) < bound) {
      const std::uint32_t surplus = (0U - bound) % bound;
      while (static_cast<std::uint32_t>(product) < surplus) {
        product = std::uint64_t{next()} * bound;
      }
    }
    return product >> 32;
  }
  const std::uint64_t surplus = (std::uint64_t{0} - n) % n;
  for (;;) {
    const std::uint64_t high = next();
    const std::uint64_t word = high << 32 | next();
    if (word >= surplus) return word % n;
  }
}

}  // namespace longhand
