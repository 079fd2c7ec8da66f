// Rows of tables as numbers that are equal where their cells are.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "longhand/data.h"

namespace longhand::data {

/// Of each row a hash of its cells in these columns, in this order. Numbers are equal as numbers, also where
/// another table has text in their column; other cells as they are written. Throws DataError for a column
/// that is not there.
std::vector<std::uint64_t> row_hashes(const Table& table, std::span<const std::string> columns);

}  // namespace longhand::data
