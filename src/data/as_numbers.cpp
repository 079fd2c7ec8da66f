#include "data/as_numbers.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>

#include "base/text.h"
#include "data/number_notation.h"
#include "data/parse_date.h"
#include "data/parse_number.h"

namespace longhand::data {
namespace {

constexpr std::optional<double> kNone = std::numeric_limits<double>::quiet_NaN();

std::string what_is_wrong(std::string_view cell, NumberState state, const Column& column,
                          std::string_view about_text, bool may_be_missing) {
  const std::string shown = '\'' + printable(cell, 60) + '\'';
  if (state == NumberState::empty) return "the cell is empty, where a number is needed";
  if (state == NumberState::not_finite) return shown + " is not a finite number";
  const bool is_of_text = !about_text.empty() && column.share_of_numbers() < 0.5;
  const auto advice = is_of_text ? std::string(about_text) : advice_on_number(cell);
  return shown + " is not a number" + (advice.empty() && may_be_missing ? "; a cell without a value is to be empty" : advice);
}

std::optional<double> number_of(std::string_view text) {
  const ParsedNumber number = parse_number(text);
  return number.is_finite() ? std::optional(number.value) : std::nullopt;
}

}  // namespace

NumberCells::NumberCells(const Table& table, const Column& column, const MissingCells& missing)
    : table_(table), column_(column), missing_(&missing), numbers_(column.numbers()), has_missing_numbers_(missing.has_numbers()) {
  convert_texts(number_of);
}

NumberCells::NumberCells(const Table& table, const Column& column, const MissingCells& missing, DateOrder order)
    : table_(table), column_(column), missing_(&missing), order_(order), numbers_(column.numbers()) {
  if (column.is_numbers() && column.rows() > 0) refuse(0);
  convert_texts([order](std::string_view text) { return parse_date(text, order); });
}

NumberCells::NumberCells(const Table& table, const Column& column, std::string_view about_text)
    : table_(table), column_(column), about_text_(about_text), numbers_(column.numbers()) {
  convert_texts(number_of);
}

template <class ValueOf>
void NumberCells::convert_texts(const ValueOf& value_of) {
  of_texts_.reserve(column_.texts().size());
  for (std::size_t i = 0; i < column_.texts().size(); ++i) {
    const auto text = column_.texts()[i];
    of_texts_.push_back(missing_ != nullptr && missing_->is_missing(text) ? kNone : value_of(text));
  }
}

std::vector<double> NumberCells::all() const {
  if (column_.is_numbers() && !has_missing_numbers_) return numbers_.to_doubles();
  std::vector<double> values(column_.rows());
  for (std::size_t row = 0; row < values.size(); ++row) values[row] = at(row);
  return values;
}

void NumberCells::refuse(std::size_t row) const {
  const auto text = column_.cell(row);
  const auto where = table_.where(static_cast<std::int64_t>(row), column_.name()) + ": ";
  if (order_) {
    throw DataError(where + "'" + printable(text, 60) + "' is not a " +
                    (*order_ == DateOrder::time ? "time of day" : "date (" + std::string(name(*order_)) + ")"));
  }
  throw DataError(where + what_is_wrong(text, parse_number(text).state, column_, about_text_, missing_ != nullptr));
}

std::vector<double> text_as_numbers(const Table& table, const Column& column, std::string_view about_text) {
  return NumberCells(table, column, about_text).all();
}

std::vector<double> numbers_or_missing(const Table& table, const Column& column, const MissingCells& missing) {
  return NumberCells(table, column, missing).all();
}

std::vector<double> days_or_missing(const Table& table, const Column& column, const MissingCells& missing,
                                    DateOrder order) {
  return NumberCells(table, column, missing, order).all();
}

}  // namespace longhand::data
