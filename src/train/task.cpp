// What a target column is taken for.
#include <algorithm>
#include <cmath>

#include "data/parse_number.h"
#include "longhand/train.h"

namespace longhand {
namespace {

constexpr std::size_t kMostNumberedClasses = 20;
constexpr std::int64_t kLeastRowsOfNumberedClass = 3;

[[noreturn]] void throw_single_value(const Table& table, const Column& column) {
  throw DataError(table.name() + ": column '" + column.name() + "': only one class, '" +
                  column.cell(0) + "', and there is nothing to tell apart");
}

// Whether each text reads as a number, though some are not finite.
bool are_numbers(const Column& column) {
  for (std::size_t i = 0; i < column.texts().size(); ++i) {
    const auto state = data::parse_number(column.texts()[i]).state;
    if (state != data::NumberState::finite && state != data::NumberState::not_finite) return false;
  }
  return true;
}

}  // namespace

Task choose_task(const Table& table, const std::string& target) {
  const Column& column = table.column(target);
  const auto distinct = column.count_distinct(kMostNumberedClasses + 1);
  if (distinct < 2) throw_single_value(table, column);
  if (!column.is_numbers()) {
    // Numbers with a stray cell: what is wrong is told with its row.
    const bool are_many = distinct > kMostNumberedClasses && column.share_of_numbers() > 0.5;
    if (are_many || are_numbers(column)) table.numbers(target);
    if (are_many) return Task::regression;  // kept as texts for their zeros or digits
    const auto classes = Classes::of(table, target).size();
    if (classes < 2) throw_single_value(table, column);
    return classes == 2 ? Task::binary : Task::multiclass;
  }
  if (distinct == 2) return Task::binary;
  const auto is_whole = [](double value) { return value == std::floor(value); };
  const bool are_classes = distinct <= kMostNumberedClasses &&
                           table.rows() >= kLeastRowsOfNumberedClass * static_cast<std::int64_t>(distinct) &&
                           std::ranges::all_of(column.numbers(), is_whole);
  return are_classes ? Task::multiclass : Task::regression;
}

}  // namespace longhand
