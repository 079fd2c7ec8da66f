// The names of a CSV file's columns, and the guesses at what is wrong with a file that has odd
// ones.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/csv_scanner.h"
#include "data/csv_source.h"
#include "longhand/data.h"

namespace longhand::data {

/// Throws the DataError "NAME: line LINE: WHAT".
[[noreturn]] void throw_at_line(std::string_view name, std::int64_t line, const std::string& what);

/// What is wrong with a cell, in words.
std::string describe(CellFault fault, std::int64_t opened_on_line);

/// A scanner at the first window of a file, past a byte order mark and a line such as "sep=;", as spreadsheets
/// write it, which then says what the delimiter is. Throws DataError for a file that is empty or not text.
CsvScanner open_csv(const CsvSource& source, std::string_view name, char delimiter);

/// Whether this can stand between cells: one byte of ASCII that is in no number and no word.
bool can_be_delimiter(char letter);

/// Reads the header, or counts the columns of the first row and stays before it. Nothing where the
/// window ends too early to tell. `name` is the file's, for errors.
std::vector<std::string> read_column_names(CsvScanner& scanner, std::string_view name,
                                           const CsvOptions& options);

}  // namespace longhand::data
