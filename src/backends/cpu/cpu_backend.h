// The CPU backend: SIMD kernels chosen for the machine when a plan is compiled.
#pragma once

#include <memory>

#include "exec/backend.h"

namespace longhand {

/// Named "cpu". float32 and float64. Every result is the same bits whatever the number of threads
/// and whatever the rows beside it: each entry is computed by one chain of operations whose order
/// depends on shapes alone. Between CPU targets (AVX-512, AVX2, SSE4, NEON, none) bits may differ.
std::unique_ptr<Backend> make_cpu_backend();

}  // namespace longhand
