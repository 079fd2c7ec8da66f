#include "tune/brackets.h"

#include <algorithm>

namespace longhand::tuning {

Bracket bracket(std::int64_t index, std::int64_t epochs) {
  constexpr std::int64_t kFactor = 3, kFirstRung = 10;
  const auto first = std::clamp<std::int64_t>(epochs / (kFactor * kFactor), 1, kFirstRung);
  switch (index % 3) {
    case 0: return {9, {first, kFactor * first}};
    case 1: return {5, {kFactor * first}};
    default: return {3, {}};
  }
}

std::int64_t better_third(std::int64_t trials) { return (trials + 2) / 3; }

}  // namespace longhand::tuning
