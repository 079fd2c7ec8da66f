// A column where numbers or dates are needed.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/missing_cells.h"
#include "longhand/data.h"

namespace longhand::data {

/// The cells of a column as numbers, one at a time. Borrows the table.
class NumberCells {
 public:
  /// Numbers, NaN for a missing cell.
  NumberCells(const Table& table, const Column& column, const MissingCells& missing);
  /// The days of dates, NaN for a missing cell.
  NumberCells(const Table& table, const Column& column, const MissingCells& missing, DateOrder order);
  /// The values of a column of text, of which no cell is missing; `about_text` is added to what is said of a cell where most of the
  /// column is text.
  NumberCells(const Table& table, const Column& column, std::string_view about_text);

  /// Throws DataError with row, line, column and text of a cell that is no finite number, or no date.
  double at(std::size_t row) const {
    if (column_.is_numbers()) return is_missing(numbers_[row]) ? std::numeric_limits<double>::quiet_NaN() : numbers_[row];
    const auto& value = of_texts_[static_cast<std::size_t>(column_.codes()[row])];
    if (!value) refuse(row);
    return *value;
  }
  std::vector<double> all() const;

 private:
  template <class ValueOf>
  void convert_texts(const ValueOf& value_of);
  bool is_missing(double value) const { return has_missing_numbers_ && missing_->is_missing(value); }
  [[noreturn]] void refuse(std::size_t row) const;

  const Table& table_;
  const Column& column_;
  const MissingCells* missing_ = nullptr;
  const std::optional<DateOrder> order_;
  const std::string about_text_;
  NumberView numbers_;
  bool has_missing_numbers_ = false;
  std::vector<std::optional<double>> of_texts_;
};

/// All cells of a column of text, of which none is missing.
std::vector<double> text_as_numbers(const Table& table, const Column& column,
                                    std::string_view about_text = "");
/// All cells, NaN for a missing one.
std::vector<double> numbers_or_missing(const Table& table, const Column& column, const MissingCells& missing);
std::vector<double> days_or_missing(const Table& table, const Column& column, const MissingCells& missing,
                                    DateOrder order);

}  // namespace longhand::data
