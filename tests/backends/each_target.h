// Runs a check once for every SIMD target that this machine has.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "base/simd_target.h"

namespace longhand::testing {

/// Calls check() with kernels chosen for each target in turn. Programs must be compiled inside.
template <class Check>
void each_target(Check check) {
  for (const auto& [target, name] :
       {std::pair{HWY_AVX3, "AVX3"}, std::pair{HWY_AVX2, "AVX2"}, std::pair{HWY_SSE4, "SSE4"},
        std::pair{HWY_NEON, "NEON"}, std::pair{HWY_SCALAR, "SCALAR"}}) {
    if ((simd_targets() & target) == 0) continue;
    use_simd_target(target);
    const ::testing::ScopedTrace trace(__FILE__, __LINE__, std::string("target ") + name);
    check();
  }
  use_simd_target(0);
}

}  // namespace longhand::testing
