// Rows in as many parts, each of which is predicted once by what is learned from others.
#pragma once

#include <vector>

#include "longhand/data.h"

namespace longhand::data {

/// The fold of each row, from 0 to below `folds`. In each fold every class has its share of rows, to within
/// one, and folds differ by one row at most. Throws ArgumentError for fewer than 2 folds or rows than folds.
std::vector<std::int32_t> stratified_folds(std::span<const std::int32_t> codes, std::int64_t folds, std::uint64_t seed);

/// Each group in one fold: one after another, the largest first, where there are fewest rows. Throws
/// ArgumentError where there are fewer groups than folds.
std::vector<std::int32_t> grouped_folds(std::span<const std::int32_t> groups, std::int64_t folds, std::uint64_t seed);

/// Rows in order of time in folds + 1 blocks of about equal size, rows of one time together; the first block
/// is of no fold, -1. Throws ArgumentError where the times are too few or too uneven.
std::vector<std::int32_t> time_folds(std::span<const double> times, std::int64_t folds);

}  // namespace longhand::data
