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

struct MeasureOptions {
  int threads = 1;
  double seconds = 0.5;  ///< how long it is timed, but three samples at least
  std::uint64_t seed = 0;
  bool check = true;  ///< against the reference backend, first
};

/// Throws WrongResult.
Timing measure(const Case& what, Machine& machine, const MeasureOptions& options);

}  // namespace longhand::bench
