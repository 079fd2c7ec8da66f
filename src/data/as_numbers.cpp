#include "data/as_numbers.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>

#include "base/text.h"
#include "data/parse_date.h"
#include "data/parse_number.h"

namespace longhand::data {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::string what_is_wrong(std::string_view cell, NumberState state, const Column& column,
                          std::string_view about_text) {
  const std::string shown = '\'' + printable(cell, 60) + '\'';
  if (state == NumberState::empty) return "the cell is empty, where a number is needed";
  if (state == NumberState::not_finite) return shown + " is not a finite number";
  const std::string message = shown + " is not a number";
  return column.share_of_numbers() < 0.5 ? message + std::string(about_text) : message;
}

// For each row the value of its text, where `value_of` gives one; else `refuse` is to throw.
template <class ValueOf, class Refuse>
std::vector<double> values_of(const Column& column, const ValueOf& value_of, const Refuse& refuse) {
  std::vector<std::optional<double>> values;
  values.reserve(column.texts().size());
  for (std::size_t i = 0; i < column.texts().size(); ++i) values.push_back(value_of(column.texts()[i]));
  std::vector<double> result;
  result.reserve(column.rows());
  for (const std::int32_t code : column.codes()) {
    const auto i = static_cast<std::size_t>(code);
    if (!values[i]) refuse(static_cast<std::int64_t>(result.size()), column.texts()[i]);
    result.push_back(*values[i]);
  }
  return result;
}

std::optional<double> number_of(std::string_view text) {
  const ParsedNumber number = parse_number(text);
  return number.is_finite() ? std::optional(number.value) : std::nullopt;
}

}  // namespace

std::vector<double> text_as_numbers(const Table& table, const Column& column,
                                    std::string_view about_text) {
  return values_of(column, number_of, [&](std::int64_t row, std::string_view text) {
    throw DataError(table.where(row, column.name()) + ": " +
                    what_is_wrong(text, parse_number(text).state, column, about_text));
  });
}

std::vector<double> numbers_or_missing(const Table& table, const Column& column, const MissingCells& missing) {
  if (column.is_numbers()) {
    std::vector<double> values(column.numbers().begin(), column.numbers().end());
    if (missing.has_numbers()) {
      for (double& value : values) value = missing.is_missing(value) ? kNone : value;
    }
    return values;
  }
  const auto value_of = [&](std::string_view text) { return missing.is_missing(text) ? kNone : number_of(text); };
  return values_of(column, value_of, [&](std::int64_t row, std::string_view text) {
    throw DataError(table.where(row, column.name()) + ": " +
                    what_is_wrong(text, parse_number(text).state, column, ""));
  });
}

std::vector<double> days_or_missing(const Table& table, const Column& column, const MissingCells& missing,
                                    DateOrder order) {
  const auto refuse = [&](std::int64_t row, std::string_view text) {
    throw DataError(table.where(row, column.name()) + ": '" + printable(text, 60) + "' is not a " +
                    (order == DateOrder::time ? "time of day" : "date (" + std::string(name(order)) + ")"));
  };
  if (column.is_numbers()) refuse(0, column.cell(0));
  const auto value_of = [&](std::string_view text) { return missing.is_missing(text) ? kNone : parse_date(text, order); };
  return values_of(column, value_of, refuse);
}

}  // namespace longhand::data
