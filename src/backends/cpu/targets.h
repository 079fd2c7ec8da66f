// Which instruction sets the kernels are compiled for; included before anything of Highway.
// Vectors of fixed size only: arrays of them are the kernels' accumulators. SSSE3 would be a
// fifth copy of every kernel for processors older than 2008. A build for one processor may disable
// more.
#pragma once

#ifndef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#endif
