// What this machine can do: the arithmetic and the memory reads of a second, measured.
#pragma once

#include <cstddef>

namespace longhand::bench {

/// Measures with a team of threads, of which there are no more than cores. Other work on the machine only lowers what is found: each figure
/// is the best of many short tries, and rises if asked for again.
class Machine {
 public:
  explicit Machine(int threads);

  int threads() const { return threads_; }
  /// Single-precision floating-point operations a second in fused multiply-adds between registers.
  double flops();
  /// Bytes a second that reading `held` bytes, shared out over the threads, again and again gives:
  /// that of the cache, or the memory, in which so much lies.
  double bytes(std::size_t held);

 private:
  int threads_;
  double flops_ = 0;
};

}  // namespace longhand::bench
