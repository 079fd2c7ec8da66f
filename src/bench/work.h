// A case made ready to run, and the check that it does what it says.
#pragma once

#include <memory>

#include "bench/case.h"

namespace longhand::bench {

/// A benchmark whose result is not what the reference backend computes, or not the same each time.
class WrongResult : public Error {
 public:
  using Error::Error;
};

class Work {
 public:
  virtual ~Work() = default;
  /// Does it `count` times in one call, from the same beginning each call: the seconds that took.
  /// Throws WrongResult where the outcome is not finite, or not that of an earlier call.
  virtual double run(std::int64_t count) = 0;
  /// Throws WrongResult, naming the case and both values, where the reference backend in double
  /// precision comes to something else.
  virtual void check() = 0;
};

/// Parameters and rows are drawn from the seed.
std::unique_ptr<Work> make_work(const Case& what, int threads, std::uint64_t seed);

/// The two kinds of work.
std::unique_ptr<Work> make_inference(const Case& what, int threads, std::uint64_t seed);
std::unique_ptr<Work> make_training(const Case& what, int threads, std::uint64_t seed);

/// Throws WrongResult unless `value` is `expected` to 1e-4 relative and 1e-6 absolute.
void require_close(const std::string& what, double value, double expected);

}  // namespace longhand::bench
