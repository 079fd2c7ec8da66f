// Comparing lists of numbers in tests.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace longhand::testing {

/// How far a number may be from what is expected: relative * |expected| + absolute.
struct Tolerance {
  double relative;
  double absolute;
};

/// Entry by entry; NaN is close to NaN and an infinity to itself alone.
inline ::testing::AssertionResult close(const std::vector<double>& found,
                                        const std::vector<double>& expected, Tolerance tolerance) {
  if (found.size() != expected.size()) {
    return ::testing::AssertionFailure()
           << found.size() << " entries, expected " << expected.size();
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i] == expected[i] || (std::isnan(found[i]) && std::isnan(expected[i]))) continue;
    const double limit = tolerance.relative * std::abs(expected[i]) + tolerance.absolute;
    if (std::isfinite(expected[i]) && std::abs(found[i] - expected[i]) <= limit) continue;
    return ::testing::AssertionFailure()
           << "entry " << i << " is " << ::testing::PrintToString(found[i]) << ", expected "
           << ::testing::PrintToString(expected[i]) << ", off by " << found[i] - expected[i];
  }
  return ::testing::AssertionSuccess();
}

}  // namespace longhand::testing
