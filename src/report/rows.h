// Rows of a table, drawn.
#pragma once

#include <cstdint>
#include <vector>

#include "longhand/data.h"

namespace longhand::report {

using Rows = std::vector<std::int32_t>;

/// At most `most` rows of `count`, drawn by the seed, ascending.
Rows draw_rows(std::int64_t count, std::int64_t most, std::uint64_t seed);

}  // namespace longhand::report
