#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <string>
#include <type_traits>
#include <unordered_set>
#include <utility>

#include "base/text.h"
#include "data/column_builder.h"
#include "data/parse_number.h"
#include "longhand/data.h"

namespace longhand {

std::vector<double> NumberView::to_doubles() const {
  std::vector<double> doubles(size_);
  for (std::size_t i = 0; i < size_; ++i) doubles[i] = (*this)[i];
  return doubles;
}

Column Column::of_numbers(std::string name, std::vector<double> values,
                          std::vector<Spelling> spellings) {
  // The top bit of |value| + one unit of the exponent is set where the exponent is that of infinities
  // and NaNs: no branches, and no sum in which each step waits for the one before.
  constexpr std::uint64_t kUnit = std::uint64_t{1} << 52, kTop = std::uint64_t{1} << 63;
  std::uint64_t any = 0;
  for (const double value : values) any |= (std::bit_cast<std::uint64_t>(value) & ~kTop) + kUnit;
  if ((any & kTop) != 0) {
    throw ArgumentError("column '" + printable(name, 60) + "': a number is not finite");
  }
  Column column;
  column.name_ = std::move(name);
  column.numbers_ = std::move(values);
  column.spellings_ = std::move(spellings);
  return column;
}

Column Column::of_compact(std::string name, std::vector<float> values) {
  for (const float value : values) {
    if (!std::isfinite(value)) throw ArgumentError("column '" + printable(name, 60) + "': a number is not finite");
  }
  Column column;
  column.name_ = std::move(name);
  column.numbers_ = std::move(values);
  return column;
}

Column Column::of_compact(std::string name, std::vector<std::uint8_t> values) {
  Column column;
  column.name_ = std::move(name);
  column.numbers_ = std::move(values);
  return column;
}

Column Column::of_text(std::string name, std::span<const std::string> cells) {
  data::TextIndex index;
  std::vector<std::int32_t> codes;
  for (const std::string& cell : cells) codes.push_back(index.code_of(cell));
  return of_codes(std::move(name), index.take(), std::move(codes));
}

Column Column::of_codes(std::string name, TextList texts, std::vector<std::int32_t> codes) {
  for (const std::int32_t code : codes) {
    if (code < 0 || static_cast<std::size_t>(code) >= texts.size()) {
      throw ArgumentError("column '" + printable(name, 60) + "': code " + std::to_string(code) +
                          " among " + std::to_string(texts.size()) + " texts");
    }
  }
  Column column;
  column.name_ = std::move(name);
  column.is_numbers_ = false;
  column.texts_ = std::move(texts);
  column.codes_ = std::move(codes);
  return column;
}

std::string Column::spelled(double value) const {
  const auto found = std::ranges::lower_bound(spellings_, value, {}, &Spelling::value);
  if (found != spellings_.end() && found->value == value) return found->text;
  return data::shortest_decimal(value);
}

std::string Column::cell(std::size_t row) const {
  if (is_numbers_) return spelled(numbers()[row]);
  return std::string(texts_[static_cast<std::size_t>(codes_[row])]);
}

double Column::share_of_numbers() const {
  if (rows() == 0) return 0;
  if (is_numbers_) return 1;
  std::vector<double> is_number(texts_.size());
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    is_number[i] = data::parse_number(texts_[i]).is_finite() ? 1 : 0;
  }
  double count = 0;
  for (const std::int32_t code : codes_) count += is_number[static_cast<std::size_t>(code)];
  return count / static_cast<double>(rows());
}

std::size_t Column::count_distinct(std::size_t most) const {
  const auto count = [most](const auto& cells) {
    std::unordered_set<std::decay_t<decltype(cells[0])>> seen;
    for (std::size_t i = 0; i < cells.size() && seen.size() < most; ++i) seen.insert(cells[i]);
    return seen.size();
  };
  return is_numbers_ ? count(numbers()) : count(codes_);
}

Column Column::select_rows(std::span<const std::int32_t> rows) const {
  Column column;
  column.name_ = name_;
  column.is_numbers_ = is_numbers_;
  column.spellings_ = spellings_;
  column.texts_ = texts_;
  const auto select = [rows](const auto& from) {
    std::decay_t<decltype(from)> selected;
    selected.reserve(rows.size());
    for (const std::int32_t row : rows) selected.push_back(from[static_cast<std::size_t>(row)]);
    return selected;
  };
  if (is_numbers_) std::visit([&](const auto& values) { column.numbers_ = select(values); }, numbers_);
  else column.codes_ = select(codes_);
  return column;
}

}  // namespace longhand
