// When trials are compared, and how many of them go on.
#pragma once

#include <cstdint>
#include <vector>

namespace longhand::tuning {

/// Trials that begin together. After each of `rungs` epochs the better third goes on, rounded up; what is left
/// then runs to its end.
struct Bracket {
  std::int64_t trials = 0;
  std::vector<std::int64_t> rungs;
};

/// Bracket `index`, from 0: of 9 trials with two rungs, of 5 with one, of 3 with none, and again. The rungs are
/// at 10 and 30 epochs, earlier where there are few epochs at all.
Bracket bracket(std::int64_t index, std::int64_t epochs);

/// How many of these trials go on from a rung.
std::int64_t better_third(std::int64_t trials);

}  // namespace longhand::tuning
