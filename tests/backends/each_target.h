// Runs a check once for every SIMD target that this machine has.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "backends/cpu/targets.h"
#include "hwy/targets.h"

namespace longhand::testing {

/// Calls check() with kernels chosen for each target in turn. Programs must be compiled inside.
template <class Check>
void each_target(Check check) {
  for (const auto target : {HWY_AVX3, HWY_AVX2, HWY_SSE4, HWY_NEON, HWY_SCALAR}) {
    hwy::SetSupportedTargetsForTest(0);
    if ((hwy::SupportedTargets() & target) == 0) continue;
    hwy::SetSupportedTargetsForTest(target);
    const ::testing::ScopedTrace trace(__FILE__, __LINE__,
                                       std::string("target ") + hwy::TargetName(target));
    check();
  }
  hwy::SetSupportedTargetsForTest(0);
}

}  // namespace longhand::testing
