// Whether a column of whole numbers has each number of a range once, without keeping them.
#pragma once

#include <cmath>
#include <cstdint>

#include "data/mixed_bits.h"
#include "longhand/data.h"

namespace longhand::data {

/// Compares the sum of the numbers' hashes with that of the range: by chance they are equal once in 2^64.
class RowCounter {
 public:
  void add(const NumberView& values) {
    for (const double value : values) {
      if (!is_possible_) return;
      is_possible_ = value == std::floor(value) && std::abs(value) < kWhole;
      if (!is_possible_) return;
      const auto number = static_cast<std::int64_t>(value);
      least_ = rows_ == 0 || number < least_ ? number : least_;
      greatest_ = rows_ == 0 || number > greatest_ ? number : greatest_;
      sum_ += hash_of(number);
      ++rows_;
    }
  }

  /// Whether the numbers are those from some least to some greatest, in any order.
  bool counts_rows() const {
    if (!is_possible_ || rows_ == 0 || greatest_ - least_ != rows_ - 1) return false;
    std::uint64_t sum = 0;
    for (auto number = least_; number <= greatest_; ++number) sum += hash_of(number);
    return sum == sum_;
  }

 private:
  static constexpr double kWhole = 9007199254740992.0;  // 2^53

  static std::uint64_t hash_of(std::int64_t number) { return mixed(static_cast<std::uint64_t>(number) + kGoldenStep); }

  bool is_possible_ = true;
  std::int64_t rows_ = 0, least_ = 0, greatest_ = 0;
  std::uint64_t sum_ = 0;
};

}  // namespace longhand::data
