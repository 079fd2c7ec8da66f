#include "bench/work.h"

#include <fmt/format.h>

#include <cmath>

namespace longhand::bench {

std::unique_ptr<Work> make_work(const Case& what, int threads, std::uint64_t seed) {
  return what.trains ? make_training(what, threads, seed) : make_inference(what, threads, seed);
}

void require_close(const std::string& what, double value, double expected) {
  constexpr double kRelative = 1e-4, kAbsolute = 1e-6;
  if (std::abs(value - expected) <= kRelative * std::abs(expected) + kAbsolute) return;  // NaN is not
  throw WrongResult(fmt::format("{} is {:.9g}, and the reference backend's {:.9g}", what, value, expected));
}

}  // namespace longhand::bench
