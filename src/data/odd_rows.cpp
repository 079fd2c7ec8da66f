#include "data/odd_rows.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "base/text.h"
#include "data/parse_number.h"
#include "data/words.h"

namespace longhand::data {
namespace {

// In how many columns each row has the column's name, in capitals or not.
std::vector<std::int32_t> count_names(const Table& table) {
  std::vector<std::int32_t> names(static_cast<std::size_t>(table.rows()));
  for (const auto& column : table.columns()) {
    const auto name = in_small_letters(trimmed(column.name()));
    if (column.is_numbers() || parse_number(column.name()).is_finite()) continue;
    std::vector<bool> are_names(column.texts().size());
    for (std::size_t i = 0; i < are_names.size(); ++i) are_names[i] = in_small_letters(trimmed(column.texts()[i])) == name;
    if (std::ranges::find(are_names, true) == are_names.end()) continue;
    for (std::size_t row = 0; row < names.size(); ++row) names[row] += are_names[static_cast<std::size_t>(column.codes()[row])];
  }
  return names;
}

void look_for_headers(const Table& table, std::vector<std::string>& found) {
  const auto names = count_names(table);
  const auto least = std::min<std::int32_t>(2, static_cast<std::int32_t>(table.columns().size()));
  const auto is_header = [&](std::int32_t count) { return count >= least; };
  const auto first = std::ranges::find_if(names, is_header);
  if (first == names.end()) return;
  const auto rows = std::ranges::count_if(names, is_header);
  found.push_back(table.where(first - names.begin()) + ": repeats the header" + (rows == 1 ? std::string() : ", as " + with_commas(rows) + " rows do") +
                  ", and is learned from as data; remove it");
}

bool says_total(const Column& column, std::size_t row) {
  static constexpr std::array<std::string_view, 9> kWords{"total", "totals", "sum", "grand total", "overall", "summe", "gesamt", "total general", "totaal"};
  if (column.is_numbers()) return false;
  auto word = in_small_letters(trimmed(column.cell(row)));
  while (word.ends_with(':')) word.pop_back();
  return std::ranges::find(kWords, word) != kWords.end() && std::ranges::count(column.codes(), column.codes()[row]) == 1;
}

// Whether the last number is the sum of the others, of which three or more are not 0.
bool is_sum(const Column& column) {
  constexpr double kRounding = 1e-9;
  if (!column.is_numbers()) return false;
  const auto& numbers = column.numbers();
  double sum = 0, size = 0;
  std::size_t summands = 0;
  const auto last = numbers.size() - 1;
  for (std::size_t i = 0; i < last; ++i) {
    summands += numbers[i] != 0;
    sum += numbers[i];
    size += std::abs(numbers[i]);
  }
  return summands > 2 && numbers[last] != 0 && std::abs(sum - numbers[last]) <= kRounding * size;
}

void look_for_totals(const Table& table, std::vector<std::string>& found) {
  constexpr std::int64_t kLeastRows = 10;
  if (table.rows() < kLeastRows) return;
  const auto last = static_cast<std::size_t>(table.rows() - 1);
  const auto columns = table.columns();
  const auto word = std::ranges::find_if(columns, [&](const Column& column) { return says_total(column, last); });
  const auto sum = std::ranges::find_if(columns, is_sum);
  const bool are_sums = sum != columns.end() && std::ranges::count_if(columns, is_sum) * 2 >= std::ranges::count_if(columns, &Column::is_numbers);
  if (word == columns.end() && !are_sums) return;
  const auto& column = word != columns.end() ? *word : *sum;
  found.push_back(table.where(table.rows() - 1, column.name()) + ": '" + printable(column.cell(last), 40) + "'" +
                  (word != columns.end() ? " looks like a row of totals" : " is the sum of those above") + ", which is learned from as data; remove such rows");
}

}  // namespace

std::vector<std::string> odd_rows(const Table& table) {
  std::vector<std::string> found;
  look_for_headers(table, found);
  look_for_totals(table, found);
  return found;
}

}  // namespace longhand::data
