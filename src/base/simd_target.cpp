#include "base/simd_target.h"

#include <atomic>

namespace longhand {
namespace {

std::atomic<std::int64_t> only_target{0};

// What Highway lets the compiler use for each target. LZCNT and F16C, which not every compiler can
// be asked for, came with BMI2.
std::int64_t find_targets() {
  std::int64_t found = HWY_STATIC_TARGET;
#if HWY_ARCH_X86
  __builtin_cpu_init();
  const bool sse4 = __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("aes") &&
                    __builtin_cpu_supports("pclmul");
  const bool avx2 = sse4 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                    __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
  const bool avx3 = avx2 && __builtin_cpu_supports("avx512f") &&
                    __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
                    __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd");
  if (sse4) found |= HWY_SSE4;
  if (avx2) found |= HWY_AVX2;
  if (avx3) found |= HWY_AVX3;
#endif
  return found & HWY_TARGETS;
}

}  // namespace

std::int64_t simd_targets() {
  static const std::int64_t targets = find_targets();
  return targets;
}

std::int64_t simd_target() {
  if (const auto only = only_target.load(); only != 0) return only;
  const auto targets = simd_targets();
  return targets & -targets;  // a better target has a lower bit
}

void use_simd_target(std::int64_t target) { only_target = target; }

}  // namespace longhand
