// An array of numbers -> a table.
#pragma once

#include <string>
#include <vector>

#include "formats/array_reader.h"
#include "longhand/data.h"

namespace longhand::data {

/// All rows. `drop` are columns as Table::find finds them; `labels`, where there are any, have a row for each.
/// Throws as read_table.
Table read_array(ArrayReader& array, const std::vector<std::string>& drop, ArrayReader* labels);

}  // namespace longhand::data
