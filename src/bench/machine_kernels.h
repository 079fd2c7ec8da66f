// The two loops that Machine times, for the best instruction set of this machine.
#pragma once

#include <cstddef>
#include <cstdint>

namespace longhand::bench {

/// Floating-point operations done by `rounds` of the loop. Writes to `sink` what depends on them all.
double multiply_add_loop(std::int64_t rounds, float* sink);
/// Reads `count` floats, aligned to a vector, `rounds` times.
void read_loop(const float* values, std::size_t count, std::int64_t rounds, float* sink);

}  // namespace longhand::bench
