// A column where numbers are needed.
#pragma once

#include <string_view>
#include <vector>

#include "longhand/data.h"

namespace longhand::data {

/// The values of a column of text. Throws DataError with row, line, column and text of the first
/// cell that is not a finite number; `about_text` is added where most of the column is text.
std::vector<double> text_as_numbers(const Table& table, const Column& column,
                                    std::string_view about_text = "");

}  // namespace longhand::data
