// A column where numbers or dates are needed.
#pragma once

#include <string_view>
#include <vector>

#include "data/missing_cells.h"
#include "longhand/data.h"

namespace longhand::data {

/// The values of a column of text. Throws DataError with row, line, column and text of the first
/// cell that is not a finite number; `about_text` is added where most of the column is text.
std::vector<double> text_as_numbers(const Table& table, const Column& column,
                                    std::string_view about_text = "");

/// The same with NaN for a missing cell.
std::vector<double> numbers_or_missing(const Table& table, const Column& column, const MissingCells& missing);

/// The days of a column of dates, NaN for a missing cell. Throws DataError for a cell that is none.
std::vector<double> days_or_missing(const Table& table, const Column& column, const MissingCells& missing,
                                    DateOrder order);

}  // namespace longhand::data
