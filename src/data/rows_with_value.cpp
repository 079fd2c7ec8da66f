#include <string>
#include <utility>
#include <vector>

#include "data/column_builder.h"
#include "data/missing_cells.h"
#include "data/parse_number.h"
#include "longhand/data.h"

namespace longhand {
namespace {

// As the reader would have read it without the other cells.
Column as_read(const Column& column) {
  if (column.is_numbers()) return column;
  std::vector<double> values;
  data::SpellingIndex spellings;
  for (std::size_t row = 0; row < column.rows(); ++row) {
    const auto text = column.cell(row);
    const auto number = data::parse_number(text);
    if (!number.is_finite() || data::is_code(text) || data::loses_digits(text, number.value)) return column;
    values.push_back(number.value);
    if (!number.is_shortest) spellings.note(number.value, text);
  }
  return Column::of_numbers(column.name(), std::move(values), spellings.take());
}

}  // namespace

Table rows_with_value(const Table& table, std::string_view name, const std::vector<std::string>& words) {
  const auto& column = table.column(name);
  const data::MissingCells missing(words);
  const auto are_missing = data::missing_texts(column, missing);
  std::vector<std::int32_t> rows;
  for (std::size_t row = 0; row < column.rows(); ++row) {
    const bool is_missing = column.is_numbers() ? missing.is_missing(column.numbers()[row])
                                                : are_missing[static_cast<std::size_t>(column.codes()[row])];
    if (!is_missing) rows.push_back(static_cast<std::int32_t>(row));
  }
  if (rows.size() == column.rows()) return table;
  const auto selected = table.select_rows(rows);
  return selected.with_column(as_read(selected.column(name)));
}

}  // namespace longhand
