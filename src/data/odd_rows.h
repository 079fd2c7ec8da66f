// Rows that are none of a table's data.
#pragma once

#include <string>
#include <vector>

#include "longhand/data.h"

namespace longhand::data {

/// A line for each thing that looks like no row of data: the header once more (two cells or all are their column's name),
/// and totals at the end: a cell says so, or its numbers are the sums of those above.
std::vector<std::string> odd_rows(const Table& table);

}  // namespace longhand::data
