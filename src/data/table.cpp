#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "base/text.h"
#include "data/as_numbers.h"
#include "data/names.h"
#include "longhand/data.h"

namespace longhand {

Table::Table(std::string name, std::vector<Column> columns, std::vector<LineRun> lines, std::int64_t first_row)
    : name_(std::move(name)), first_row_(first_row), columns_(std::move(columns)), lines_(std::move(lines)) {
  if (columns_.empty()) return;
  const std::size_t rows = columns_.front().rows();
  if (rows > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
    throw ArgumentError(name_ + ": too many rows, " + std::to_string(rows));
  }
  rows_ = static_cast<std::int64_t>(rows);
  by_name_.resize(columns_.size());
  std::iota(by_name_.begin(), by_name_.end(), std::size_t{0});
  const auto name_of = [this](std::size_t i) -> const std::string& { return columns_[i].name(); };
  std::ranges::sort(by_name_, {}, name_of);
  const auto twin = std::ranges::adjacent_find(by_name_, {}, name_of);
  if (twin != by_name_.end()) {
    throw ArgumentError(name_ + ": two columns are named '" + printable(name_of(*twin), 60) + "'");
  }
  for (const Column& column : columns_) {
    if (column.rows() == rows) continue;
    throw ArgumentError(name_ + ": column '" + printable(column.name(), 60) + "' has " +
                        std::to_string(column.rows()) + " rows, the first column " +
                        std::to_string(rows));
  }
}

Table::Table(std::string name, std::vector<Column> columns, std::vector<LineRun> lines,
             std::vector<std::int64_t> file_rows)
    : Table(std::move(name), std::move(columns), std::move(lines)) {
  if (static_cast<std::int64_t>(file_rows.size()) != rows_) {
    throw ArgumentError(name_ + ": " + std::to_string(file_rows.size()) + " numbers for " +
                        std::to_string(rows_) + " rows");
  }
  file_rows_ = std::move(file_rows);
}

std::optional<std::size_t> Table::find(std::string_view name) const {
  const auto name_of = [this](std::size_t i) -> std::string_view { return columns_[i].name(); };
  const auto found = std::ranges::lower_bound(by_name_, name, {}, name_of);
  if (found != by_name_.end() && name_of(*found) == name) return *found;
  return data::place_from_end(name, columns_.size());
}

const Column& Table::column(std::string_view name) const {
  if (const auto index = find(name)) return columns_[*index];
  std::vector<std::string> names;
  for (const Column& column : columns_) names.push_back(column.name());
  const auto what = name_ + ": no column '" + printable(name, 60) + "'";
  if (const auto* alike = data::alike_name(names, name)) throw DataError(what + "; '" + printable(*alike, 60) + "' is there");
  throw DataError(what + " among " + data::list_names(names));
}

std::vector<double> Table::numbers(std::string_view name) const {
  const Column& found = column(name);
  if (!found.is_numbers()) return data::text_as_numbers(*this, found);
  return found.numbers().to_doubles();
}

Table Table::select_rows(std::span<const std::int32_t> rows) const {
  std::vector<std::int64_t> file_rows;
  file_rows.reserve(rows.size());
  for (const std::int32_t row : rows) {
    if (row < 0 || row >= rows_) {
      throw ArgumentError(name_ + ": row index " + std::to_string(row) + " of " +
                          std::to_string(rows_) + " rows");
    }
    file_rows.push_back(file_row(row));
  }
  std::vector<Column> columns;
  for (const Column& column : columns_) columns.push_back(column.select_rows(rows));
  return Table(name_, std::move(columns), lines_, std::move(file_rows));
}

Table Table::with_column(Column column) const {
  Table table = *this;
  const auto place = find(column.name());
  if (!place || columns_[*place].name() != column.name() || static_cast<std::int64_t>(column.rows()) != rows_) {
    throw ArgumentError(name_ + ": no column '" + printable(column.name(), 60) + "' of " + std::to_string(column.rows()) + " rows");
  }
  table.columns_[*place] = std::move(column);
  return table;
}

std::optional<std::int64_t> Table::line_of(std::int64_t row) const {
  if (lines_.empty()) return std::nullopt;
  const std::int64_t in_file = file_row(row);
  const auto after = std::ranges::upper_bound(lines_, in_file, {}, &LineRun::row);
  const LineRun& run = *std::prev(after);
  return run.line + (in_file - run.row);
}

std::string Table::where(std::int64_t row) const {
  std::string text = name_ + ": row " + std::to_string(file_row(row) + 1);
  if (const auto line = line_of(row)) text += " (line " + std::to_string(*line) + ")";
  return text;
}

std::string Table::where(std::int64_t row, std::string_view column) const {
  return where(row) + ", column '" + printable(column, 60) + "'";
}

std::int64_t Table::file_row(std::int64_t row) const {
  return file_rows_.empty() ? first_row_ + row : file_rows_[static_cast<std::size_t>(row)];
}

}  // namespace longhand
