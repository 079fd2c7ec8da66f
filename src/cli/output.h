// What goes to standard output, to standard error and to files.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/text.h"

namespace longhand::cli {

/// Writes to standard output, or for another path than "-" to that file, whole or not at all.
/// Throws IoError.
void write_output(std::string_view text, const std::string& path = "-");

/// Throws IoError where there is no such folder, or the path is one itself: long work should not end at a
/// folder that was never there.
void require_folder(const std::string& output);

/// Throws UsageError where to write to `output` would be to replace one of the files that are read.
void refuse_to_replace(const std::string& output, std::initializer_list<std::string> inputs);

/// Throws UsageError where two of the outputs, each a flag and its path or "", are one file.
void refuse_one_file_for_two(std::span<const std::pair<const char*, std::string>> outputs);

/// A document {"schema": "longhand.COMMAND/1", ...} as text.
Json document(const char* command);
std::string to_text(const Json& json);

/// Writes to standard error, as well as it can be.
void tell(std::string_view text);
void warn(const std::string& message);
void warn(const std::vector<std::string>& messages);
void append(std::vector<std::string>& all, const std::vector<std::string>& more);

/// A number as its shortest decimal, in single precision where `is_f32`.
std::string shortest(double value, bool is_f32 = false);

/// A cell of CSV, between quotes where it needs them.
std::string csv_cell(std::string_view cell);

/// What text is wrapped to.
constexpr int kTerminalWidth = 80;

/// Rows of cells as text in columns, two spaces apart; a column is flush right where `right[column]`. What is
/// too long in a last column that is flush left goes on in further lines.
std::string aligned(const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& right);

}  // namespace longhand::cli
