// Rows of a table drawn, repeated, and with one column exchanged.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "longhand/data.h"

namespace longhand::report {

using Rows = std::vector<std::int32_t>;

/// At most `most` rows of `count`, drawn by the seed, ascending.
Rows draw_rows(std::int64_t count, std::int64_t most, std::uint64_t seed);

/// The table with `column`'s cells taken from these rows of it, one for each row.
Table with_column_from(const Table& table, const std::string& column, const Rows& rows);

}  // namespace longhand::report
