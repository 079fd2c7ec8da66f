// How a sweep over the entries of a result reads an operand.
#pragma once

#include "longhand/ir.h"

namespace longhand {

/// An entry each, one for all, one a column (a row of them), one a row (a column of them), or in a
/// way that a sweep cannot.
enum class Reach : std::uint8_t { entry, one, row, column, other };

Reach reach(const Shape& operand, const Shape& result);

}  // namespace longhand
