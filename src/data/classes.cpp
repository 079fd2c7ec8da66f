#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <string>
#include <utility>

#include "base/text.h"
#include "data/names.h"
#include "data/parse_number.h"
#include "data/words.h"
#include "longhand/data.h"

namespace longhand {
namespace {

[[noreturn]] void throw_empty(const Table& table, const Column& column, std::size_t row) {
  throw DataError(table.where(static_cast<std::int64_t>(row), column.name()) +
                  ": the cell is empty, where a class is needed");
}

bool are_finite(const std::vector<std::string>& names) {
  return std::ranges::all_of(names, [](const std::string& name) { return data::parse_number(name).is_finite(); });
}

bool have_codes(const std::vector<std::string>& names) {
  return std::ranges::any_of(names, [](const std::string& name) { return data::is_code(data::trimmed(name)); });
}

bool have_lost_digits(const std::vector<std::string>& names) {
  return std::ranges::any_of(names, [](const std::string& name) {
    return data::loses_digits(data::trimmed(name), data::parse_number(name).value);
  });
}

bool have_equal_numbers(const std::vector<std::string>& names) {
  std::vector<double> values;
  for (const auto& name : names) values.push_back(data::parse_number(name).value);
  std::ranges::sort(values);
  return std::ranges::adjacent_find(values) != values.end();
}

bool are_yes_and_no(const std::string& a, const std::string& b) {
  const auto first = data::yes_or_no(a), second = data::yes_or_no(b);
  return first && second && first->pair == second->pair && first->is_yes != second->is_yes;
}

// Of equal numbers the first alone, unless they are codes, or more exact than numbers are.
std::vector<std::string> in_order_of_values(std::vector<std::string> names) {
  const auto value_of = [](const std::string& name) { return data::parse_number(name).value; };
  const bool are_apart = have_codes(names) || have_lost_digits(names);
  if (are_apart) std::ranges::sort(names);
  std::ranges::stable_sort(names, {}, value_of);
  if (are_apart) return names;
  const auto repeated = std::ranges::unique(names, {}, value_of);
  names.erase(repeated.begin(), repeated.end());
  return names;
}

// Of words such as yes and no, in capitals or not, one spelling of each.
std::vector<std::string> in_order_of_words(std::vector<std::string> names) {
  std::ranges::sort(names);
  std::array<const std::string*, 2> words{};
  for (const auto& name : names) {
    const auto word = data::yes_or_no(name);
    if (!word || word->pair != data::yes_or_no(names[0])->pair) return names;
    const std::string*& spelling = words[word->is_yes ? 1 : 0];
    if (spelling == nullptr) spelling = &name;
  }
  std::vector<std::string> result;
  for (const auto* word : words) {
    if (word != nullptr) result.push_back(*word);
  }
  return result;
}

}  // namespace

Classes::Classes(std::vector<std::string> names) : names_(std::move(names)) {
  are_words_ = names_.size() == 2 && are_yes_and_no(names_[0], names_[1]);
  are_numbers_ = are_finite(names_) && !(have_codes(names_) && have_equal_numbers(names_)) && !have_lost_digits(names_);
  by_name_.resize(names_.size());
  std::iota(by_name_.begin(), by_name_.end(), 0);
  const auto name_of = [this](std::int32_t code) -> const std::string& {
    return names_[static_cast<std::size_t>(code)];
  };
  std::ranges::sort(by_name_, {}, name_of);
  const auto refuse_twins = [](const std::string& a, const std::string& b) {
    throw ArgumentError("the classes '" + printable(a, 60) + "' and '" + printable(b, 60) +
                        "' are equal");
  };
  const auto twin = std::ranges::adjacent_find(by_name_, {}, name_of);
  if (twin != by_name_.end()) refuse_twins(name_of(twin[0]), name_of(twin[1]));
  if (!are_numbers_) return;
  for (std::size_t code = 0; code < names_.size(); ++code) {
    by_value_.emplace_back(data::parse_number(names_[code]).value, static_cast<std::int32_t>(code));
  }
  std::ranges::sort(by_value_);
  const auto equal =
      std::ranges::adjacent_find(by_value_, {}, &std::pair<double, std::int32_t>::first);
  if (equal != by_value_.end()) refuse_twins(name_of(equal[0].second), name_of(equal[1].second));
}

Classes Classes::of(const Table& table, std::string_view column_name) {
  const Column& column = table.column(column_name);
  if (column.is_numbers()) {
    auto values = column.numbers().to_doubles();
    for (double& value : values) value += 0.0;  // -0 is the class 0
    std::ranges::sort(values);
    const auto repeated = std::ranges::unique(values);
    values.erase(repeated.begin(), repeated.end());
    std::vector<std::string> names;
    for (const double value : values) names.push_back(column.spelled(value));
    return Classes(std::move(names));
  }
  // Texts that no row has any more, after select_rows, are no classes.
  std::vector<bool> is_used(column.texts().size());
  for (std::size_t row = 0; row < column.rows(); ++row) {
    const auto code = static_cast<std::size_t>(column.codes()[row]);
    if (!is_used[code] && data::trimmed(column.texts()[code]).empty()) {
      throw_empty(table, column, row);
    }
    is_used[code] = true;
  }
  std::vector<std::string> names;
  for (std::size_t i = 0; i < is_used.size(); ++i) {
    if (is_used[i]) names.emplace_back(column.texts()[i]);
  }
  return Classes(are_finite(names) ? in_order_of_values(std::move(names)) : in_order_of_words(std::move(names)));
}

std::optional<std::int32_t> Classes::find(double value) const {
  const auto found =
      std::ranges::lower_bound(by_value_, value, {}, &std::pair<double, std::int32_t>::first);
  if (found == by_value_.end() || found->first != value) return std::nullopt;
  return found->second;
}

std::optional<std::int32_t> Classes::find_word(std::string_view name) const {
  const auto word = data::yes_or_no(name), first = data::yes_or_no(names_[0]);
  if (!word || word->pair != first->pair) return std::nullopt;
  return word->is_yes == first->is_yes ? 0 : 1;
}

std::optional<std::int32_t> Classes::find_text(std::string_view name) const {
  const auto name_of = [this](std::int32_t code) -> std::string_view {
    return names_[static_cast<std::size_t>(code)];
  };
  const auto found = std::ranges::lower_bound(by_name_, name, {}, name_of);
  if (found == by_name_.end() || name_of(*found) != name) return std::nullopt;
  return *found;
}

std::optional<std::int32_t> Classes::find(std::string_view name) const {
  if (are_words_) return find_word(name);
  if (are_numbers_) {
    const data::ParsedNumber number = data::parse_number(name);
    return number.is_finite() ? find(number.value) : std::nullopt;
  }
  return find_text(name);
}

std::vector<std::int32_t> Classes::encode(const Table& table, std::string_view column_name) const {
  const Column& column = table.column(column_name);
  std::vector<std::optional<std::int32_t>> codes;  // of the column's texts
  for (std::size_t i = 0; i < column.texts().size(); ++i) codes.push_back(find(column.texts()[i]));
  std::vector<std::int32_t> encoded;
  encoded.reserve(column.rows());
  for (std::size_t row = 0; row < column.rows(); ++row) {
    std::optional<std::int32_t> code;
    if (!column.is_numbers())
      code = codes[static_cast<std::size_t>(column.codes()[row])];
    else if (are_numbers_)
      code = find(column.numbers()[row]);
    else
      code = find(column.cell(row));
    if (!code) {
      if (data::trimmed(column.cell(row)).empty()) throw_empty(table, column, row);
      throw DataError(table.where(static_cast<std::int64_t>(row), column.name()) + ": '" +
                      printable(column.cell(row), 60) + "' is not among the classes " +
                      data::list_names(names_));
    }
    encoded.push_back(*code);
  }
  return encoded;
}

}  // namespace longhand
