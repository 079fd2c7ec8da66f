#include "train/hold_out.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "data/as_numbers.h"
#include "data/folds.h"
#include "data/missing_cells.h"
#include "data/parse_number.h"

namespace longhand::train {
namespace {

template <class Value>
void require_difference(const std::vector<Value>& values, const Table& table, const std::string& column) {
  if (std::ranges::any_of(values, [&](const Value& value) { return value != values.front(); })) return;
  throw DataError(table.name() + ": column '" + column + "' has one value in all rows, and they cannot be held out by it");
}

std::vector<std::int32_t> different_groups_of(const Table& table, const std::string& name) {
  auto groups = groups_of(table.column(name));
  require_difference(groups, table, name);
  return groups;
}

void require_numbers(const Table& table, const Column& column, const data::MissingCells& missing) {
  for (std::size_t row = 0; !column.is_numbers() && row < column.rows(); ++row) {
    const auto cell = column.cell(row);
    if (missing.is_missing(cell) || data::parse_number(cell).is_finite()) continue;
    throw DataError(table.where(static_cast<std::int64_t>(row), column.name()) + ": '" + printable(cell, 40) + "' is neither a number nor a date, and rows are to be held out by it");
  }
}

// Numbers, or days.
std::vector<double> times_of(const Table& table, const std::string& name, const KindOptions& options) {
  const auto& column = table.column(name);
  const data::MissingCells missing(options.missing);
  const auto profile = profile_columns(Table(table.name(), {column}), {.missing = options.missing})[0];
  if (profile.kind == ColumnKind::date && !profile.problem.empty()) {
    throw DataError(table.name() + ": column '" + name + "': its dates can be read in two ways; write the year first");
  }
  if (profile.kind != ColumnKind::date) require_numbers(table, column, missing);
  const auto times = profile.kind == ColumnKind::date ? data::days_or_missing(table, column, missing, profile.order)
                                                      : data::numbers_or_missing(table, column, missing);
  const auto gap = std::ranges::find_if(times, [](double time) { return std::isnan(time); });
  if (gap != times.end()) {
    throw DataError(table.where(gap - times.begin(), name) + ": the cell has no time, and rows are to be held out by it");
  }
  require_difference(times, table, name);
  return times;
}

// One class for all rows of a regression.
std::vector<std::int32_t> classes_of(const Table& table, const ColumnRoles& roles, Task task) {
  if (task == Task::regression) return std::vector<std::int32_t>(static_cast<std::size_t>(table.rows()));
  return Classes::of(table, roles.target).encode(table, roles.target);
}

}  // namespace

std::vector<std::int32_t> groups_of(const Column& column) {
  if (!column.is_numbers()) return {column.codes().begin(), column.codes().end()};
  auto sorted = column.numbers().to_doubles();
  std::ranges::sort(sorted);
  std::vector<std::int32_t> codes;
  codes.reserve(column.rows());
  for (const double value : column.numbers()) {
    codes.push_back(static_cast<std::int32_t>(std::ranges::lower_bound(sorted, value) - sorted.begin()));
  }
  return codes;
}

Split hold_out(const Table& table, const ColumnRoles& roles, Task task, const TrainOptions& options) {
  if (!roles.group.empty()) return grouped_split(different_groups_of(table, roles.group), options.validation, options.seed);
  if (!roles.time.empty()) return latest_split(times_of(table, roles.time, options.columns), options.validation);
  return stratified_split(classes_of(table, roles, task), options.validation, options.seed);
}

std::vector<Split> folds_of(const Table& table, const ColumnRoles& roles, Task task, const TrainOptions& options, std::int64_t folds) {
  const bool is_by_time = !roles.time.empty();
  const auto fold_of = !roles.group.empty() ? data::grouped_folds(different_groups_of(table, roles.group), folds, options.seed)
                       : is_by_time         ? data::time_folds(times_of(table, roles.time, options.columns), folds)
                                            : data::stratified_folds(classes_of(table, roles, task), folds, options.seed);
  std::vector<Split> splits(static_cast<std::size_t>(folds));
  for (std::size_t row = 0; row < fold_of.size(); ++row) {
    for (std::int32_t fold = 0; fold < folds; ++fold) {
      auto& split = splits[static_cast<std::size_t>(fold)];
      if (fold_of[row] == fold) split.held_out.push_back(static_cast<std::int32_t>(row));
      else if (!is_by_time || fold_of[row] < fold) split.train.push_back(static_cast<std::int32_t>(row));
    }
  }
  return splits;
}

}  // namespace longhand::train
