// Which instruction sets kernels are compiled for, and which of them is used. Included before
// anything of Highway, of which only headers are used: its library measures the clock for some
// milliseconds whenever a process starts.
#pragma once

// Vectors of fixed size only: arrays of them are the kernels' accumulators. SSSE3 would be a
// fifth copy of every kernel for processors older than 2008. A build for one processor may disable
// more.
#ifndef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#endif
// What Highway's own assertions call is in its library.
#ifndef HWY_IS_DEBUG_BUILD
#define HWY_IS_DEBUG_BUILD 0
#endif

#include <cstdint>
#include <initializer_list>

#include "hwy/detect_targets.h"

namespace longhand {

/// Highway's bits of the targets that kernels are compiled for and this processor has.
std::int64_t simd_targets();

/// The best of them, or the one that use_simd_target said last.
std::int64_t simd_target();

/// For tests of each target: `target` is one of simd_targets(), or 0 for the best again.
void use_simd_target(std::int64_t target);

template <class Function>
struct TargetKernel {
  std::int64_t target;
  Function function;  ///< null where not compiled
};

template <class Function>
Function choose_kernel(std::initializer_list<TargetKernel<Function>> kernels, Function otherwise) {
  const auto target = simd_target();
  for (const auto& kernel : kernels) {
    if (kernel.target == target && kernel.function != nullptr) return kernel.function;
  }
  return otherwise;
}

}  // namespace longhand

/// The function, of the namespace HWY_NAMESPACE of each target, for this machine. At the namespace
/// around those, under HWY_ONCE.
#define LONGHAND_KERNEL(function)                                      \
  ::longhand::choose_kernel<decltype(&HWY_STATIC_DISPATCH(function))>( \
      {{HWY_AVX3, HWY_CHOOSE_AVX3(function)},                          \
       {HWY_AVX2, HWY_CHOOSE_AVX2(function)},                          \
       {HWY_SSE4, HWY_CHOOSE_SSE4(function)},                          \
       {HWY_NEON, HWY_CHOOSE_NEON(function)}},                         \
      &HWY_STATIC_DISPATCH(function))
