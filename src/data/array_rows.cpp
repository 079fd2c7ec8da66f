#include "data/array_rows.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>

#include "base/text.h"
#include "data/column_builder.h"
#include "data/names.h"
#include "data/parse_number.h"

namespace longhand::data {
namespace {

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

// As in a CSV file with an empty cell, which is no number.
Column text_column(const std::string& name, const auto& values) {
  TextIndex texts;
  std::vector<std::int32_t> codes;
  codes.reserve(values.size());
  for (const double value : values) codes.push_back(texts.code_of(std::isnan(value) ? "" : shortest_decimal(value)));
  return Column::of_codes(name, texts.take(), std::move(codes));
}

Column number_column(const std::string& name, std::vector<double> values) { return Column::of_numbers(name, std::move(values)); }
Column number_column(const std::string& name, auto values) { return Column::of_compact(name, std::move(values)); }

}  // namespace

ArrayRows::ArrayRows(ArrayReader array, std::optional<ArrayReader> labels, const std::vector<std::string>& drop,
                     std::size_t block_bytes)
    : array_(std::move(array)), labels_(std::move(labels)), kept_(kept_columns(array_, drop)) {
  for (const auto column : kept_) values_.push_back({std::to_string(column + 1), room_for(array_.element())});
  const auto width = static_cast<std::size_t>(array_.columns());
  const auto rows = std::clamp<std::size_t>(block_bytes / sizeof(double) / width, 1, static_cast<std::size_t>(array_.rows()));
  piece_.resize(rows * width);
  if (!labels_) return;
  if (labels_->columns() != 1) {
    throw DataError(labels_->name() + ": " + with_commas(labels_->columns()) + " numbers a row, where one label is expected");
  }
  if (labels_->rows() != array_.rows()) {
    throw DataError(labels_->name() + ": " + counted(labels_->rows()) + " of labels, but " + array_.name() + " has " +
                    counted(array_.rows()));
  }
  values_.push_back({std::string(kLabelColumn), room_for(labels_->element())});
  piece_of_labels_.resize(rows);
}

ArrayRows::Numbers ArrayRows::room_for(Element element) {
  switch (element) {
    case Element::boolean:
    case Element::u8: return std::vector<std::uint8_t>();
    case Element::i8:
    case Element::i16:
    case Element::u16:
    case Element::f16:
    case Element::f32: return std::vector<float>();
    default: return std::vector<double>();
  }
}

std::optional<Table> ArrayRows::next() {
  if (read_piece() == 0) return std::nullopt;
  return take();
}

Table ArrayRows::rest() {
  while (read_piece() > 0) {
  }
  return take();
}

void ArrayRows::rewind() {
  array_.rewind();
  if (labels_) labels_->rewind();
  first_row_ = 0;
}

// Adds the rows of a block to the values; says how many they are.
std::size_t ArrayRows::read_piece() {
  const auto width = static_cast<std::size_t>(array_.columns());
  const auto rows = static_cast<std::size_t>(array_.read(piece_));
  const auto add = [&](Values& values, const double* from, std::size_t step) {
    const auto add_to = [&]<class T>(std::vector<T>& numbers) {
      for (std::size_t row = 0; row < rows; ++row) numbers.push_back(static_cast<T>(from[row * step]));
    };
    std::visit(add_to, values.numbers);
  };
  for (std::size_t i = 0; i < kept_.size(); ++i) add(values_[i], piece_.data() + kept_[i], width);
  if (!labels_) return rows;
  labels_->read(std::span(piece_of_labels_).first(rows));
  add(values_.back(), piece_of_labels_.data(), 1);
  return rows;
}

Table ArrayRows::take() {
  std::vector<Column> columns;
  for (auto& values : values_) {
    columns.push_back(std::visit([&](auto& numbers) {
      values.are_text = values.are_text || !std::ranges::all_of(numbers, [](double value) { return std::isfinite(value); });
      auto column = values.are_text ? text_column(values.column, numbers) : number_column(values.column, std::move(numbers));
      numbers = {};
      return column;
    }, values.numbers));
  }
  Table table(name(), std::move(columns), {}, first_row_);
  first_row_ += table.rows();
  return table;
}

}  // namespace longhand::data
