#include "data/array_table.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "base/text.h"
#include "data/column_builder.h"
#include "data/names.h"
#include "data/parse_number.h"

namespace longhand::data {
namespace {

constexpr std::size_t kPieceNumbers = std::size_t{1} << 17;

std::string counted(std::int64_t rows) { return with_commas(rows) + (rows == 1 ? " row" : " rows"); }

// Columns that are kept, from 0, ascending.
std::vector<std::size_t> kept_columns(const ArrayReader& array, const std::vector<std::string>& drop) {
  const auto count = static_cast<std::size_t>(array.columns());
  std::vector<bool> is_dropped(count);
  for (const auto& name : drop) {
    const auto number = parse_number(name);
    const double last = static_cast<double>(count);
    const bool is_name = number.is_finite() && number.value >= 1 && number.value <= last &&
                         std::to_string(static_cast<std::size_t>(number.value)) == name;
    const auto place = is_name ? static_cast<std::size_t>(number.value) - 1 : place_from_end(name, count).value_or(count);
    if (place == count) {
      throw ArgumentError(array.name() + ": no column '" + printable(name, 60) + "' among 1 to " + std::to_string(count));
    }
    is_dropped[place] = true;
  }
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_dropped[i]) kept.push_back(i);
  }
  if (kept.empty()) throw ArgumentError(array.name() + ": every column is dropped");
  return kept;
}

// Numbers, or texts where a cell is none: a CSV file's column with an empty cell is one of text too.
Column column_of(std::string name, std::vector<double> values) {
  if (std::ranges::all_of(values, [](double value) { return std::isfinite(value); })) {
    return Column::of_numbers(std::move(name), std::move(values));
  }
  TextIndex texts;
  std::vector<std::int32_t> codes;
  codes.reserve(values.size());
  for (const double value : values) codes.push_back(texts.code_of(std::isnan(value) ? "" : shortest_decimal(value)));
  return Column::of_codes(std::move(name), texts.take(), std::move(codes));
}

std::vector<std::vector<double>> read_columns(ArrayReader& array, const std::vector<std::size_t>& kept) {
  const auto width = static_cast<std::size_t>(array.columns());
  const auto piece_rows = std::clamp<std::size_t>(kPieceNumbers / width, 1, static_cast<std::size_t>(array.rows()));
  std::vector<double> piece(piece_rows * width);
  std::vector<std::vector<double>> columns(kept.size());
  while (const auto rows = array.read(piece)) {
    for (std::size_t i = 0; i < kept.size(); ++i) {
      for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) {
        columns[i].push_back(piece[row * width + kept[i]]);
      }
    }
  }
  return columns;
}

}  // namespace

Table read_array(ArrayReader& array, const std::vector<std::string>& drop, ArrayReader* labels) {
  if (labels != nullptr && labels->columns() != 1) {
    throw DataError(labels->name() + ": " + with_commas(labels->columns()) + " numbers a row, where one label is expected");
  }
  if (labels != nullptr && labels->rows() != array.rows()) {
    throw DataError(labels->name() + ": " + counted(labels->rows()) + " of labels, but " + array.name() + " has " +
                    counted(array.rows()));
  }
  const auto kept = kept_columns(array, drop);
  std::vector<Column> columns;
  auto values = read_columns(array, kept);
  for (std::size_t i = 0; i < kept.size(); ++i) columns.push_back(column_of(std::to_string(kept[i] + 1), std::move(values[i])));
  if (labels != nullptr) columns.push_back(column_of(std::string(kLabelColumn), std::move(read_columns(*labels, {0})[0])));
  return Table(array.name(), std::move(columns));
}

}  // namespace longhand::data
