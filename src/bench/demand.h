// What a case cannot do without, counted from its shapes.
#pragma once

#include "bench/case.h"

namespace longhand::bench {

struct Demand {
  /// Of the matrix products: two operations for each multiply-add of forward, of the gradients by the
  /// weights, and of those by each layer's input but the first.
  double flops = 0;
  /// Bytes read or written: the input and, to predict, each parameter once. To learn, each parameter
  /// is read going forward, read again and written with its gradient, and the optimiser's memory read
  /// and written.
  double bytes_moved = 0;
  /// Bytes of parameters, the optimiser's memory and the input.
  std::size_t bytes_held = 0;
};

Demand demand_of(const Case& what);

}  // namespace longhand::bench
