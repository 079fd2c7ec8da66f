// Which cells hold nothing.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "longhand/data.h"

namespace longhand::data {

/// An empty cell, one of spaces alone, or one of the words, in capitals or not. A word that is a
/// number means every cell of that value.
class MissingCells {
 public:
  explicit MissingCells(std::span<const std::string> words);

  bool is_missing(std::string_view cell) const;
  bool is_missing(double value) const;
  /// Whether some word is a number.
  bool has_numbers() const { return !numbers_.empty(); }

 private:
  std::vector<std::string> words_;  // in small letters
  std::vector<double> numbers_;
};

/// For each of a column's texts whether it is missing; empty for a column of numbers.
std::vector<bool> missing_texts(const Column& column, const MissingCells& missing);

}  // namespace longhand::data
