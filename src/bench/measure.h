// Timing a case, and the least time the machine would allow it.
#pragma once

#include <string>

#include "bench/case.h"
#include "bench/machine.h"

namespace longhand::bench {

struct Timing {
  double best_ns = 0;    ///< once through the case, in the best of many short samples
  double median_ns = 0;  ///< in the middle one
  /// The longer of the arithmetic and the memory traffic that the case cannot do without, at the
  /// rates that the machine showed in the same run.
  double floor_ns = 0;
  bool is_memory_bound = false;  ///< the floor is that of the traffic
};

/// Checks the case against the reference backend, then times it for `seconds`, and three samples at
/// least. Throws WrongResult.
Timing measure(const Case& what, Machine& machine, int threads, double seconds, std::uint64_t seed);

}  // namespace longhand::bench
