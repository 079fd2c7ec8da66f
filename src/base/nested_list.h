// Tensors as nested lists of text, row by row.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "longhand/base.h"

namespace longhand {

/// Writes the entry at an index, counted row by row.
using WriteEntry = std::function<std::string(std::int64_t index)>;
/// The indices of an axis that are written, in their order; -1 stands for a gap, "…".
using ShownIndices = std::function<std::vector<std::int64_t>(std::int64_t extent)>;

/// "[[a, b], [c, d]]"; of no axis the entry alone. All entries unless `shown` says which.
std::string nested_list(const Shape& shape, const WriteEntry& write, const ShownIndices& shown = {});

}  // namespace longhand
