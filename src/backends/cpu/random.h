// Random numbers of a graph: Op::random_uniform. Op::random_normal is left to the fallback.
#pragma once

#include "backends/cpu/call.h"

namespace longhand {

/// The words of Philox's counter that are the same for all entries of a draw, and its key.
struct Draw {
  std::uint32_t step, stream;
  std::uint64_t seed;
};

/// Writes a row: y[j], for j < columns, is the number in [0, 1) that the first word of Philox makes
/// for the counter (j, row, step, stream).
template <class T>
using UniformFunction = void (*)(const Draw&, std::uint32_t row, std::int64_t columns, T* y);

/// The function for this machine; the numbers are the same on all.
template <class T>
UniformFunction<T> uniform_function();

std::unique_ptr<Call> make_random_uniform(const Plan& plan, NodeId id);

}  // namespace longhand
