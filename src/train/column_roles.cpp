#include "train/column_roles.h"

#include <algorithm>

#include "base/text.h"
#include "data/missing_cells.h"
#include "data/parse_number.h"

namespace longhand::train {
namespace {

void tell_left_out(const std::vector<ColumnProfile>& columns, const char* why, const Table& table, std::vector<std::string>& warnings) {
  constexpr std::size_t kNamed = 5;
  if (columns.empty()) return;
  auto text = table.name() + ": left out " + std::to_string(columns.size()) +
              (columns.size() == 1 ? " column: " : " columns that ");
  if (columns.size() == 1) {
    warnings.push_back(text + "'" + printable(columns[0].name, 40) + "' (" + std::string(name(columns[0].kind)) + ": " +
                       columns[0].why + ")");
    return;
  }
  text += why;
  for (std::size_t i = 0; i < std::min(columns.size(), kNamed); ++i) {
    text += (i == 0 ? ": '" : ", '") + printable(columns[i].name, 40) + "'";
  }
  warnings.push_back(text + (columns.size() > kNamed ? ", …" : ""));
}

// A network that says how many inputs it takes may mean the constant columns too.
void choose_inputs(ColumnRoles& roles, const Table& table, const TrainOptions& options) {
  std::vector<ColumnProfile> constant, identifiers;
  for (const auto& profile : roles.profiles) {
    if (!roles.is_input_or_left_out(profile.name)) continue;
    if (profile.kind == ColumnKind::constant) constant.push_back(profile);
    else if (profile.kind == ColumnKind::identifier) identifiers.push_back(profile);
    else roles.inputs.push_back(profile);
  }
  const auto wanted = options.network ? static_cast<std::size_t>(options.network->inputs) : 0;
  if (wanted > roles.inputs.size() && wanted == roles.inputs.size() + constant.size()) {
    roles.inputs.clear();
    for (auto profile : roles.profiles) {
      if (!roles.is_input_or_left_out(profile.name) || profile.kind == ColumnKind::identifier) continue;
      if (profile.kind == ColumnKind::constant) profile.kind = ColumnKind::number;
      roles.inputs.push_back(std::move(profile));
    }
    constant.clear();
  }
  tell_left_out(constant, "have one value in all rows", table, roles.warnings);
  tell_left_out(identifiers, "tell rows apart and nothing more", table, roles.warnings);
  if (roles.inputs.empty() && table.rows() == 1) throw DataError(table.name() + ": 1 row, and a network needs two or more to learn from");
  if (roles.inputs.empty()) {
    std::string why;
    for (const auto& warning : roles.warnings) why += "; " + warning.substr(table.name().size() + 2);
    throw DataError(table.name() + ": no column to learn from beside '" + roles.target + "'" + why);
  }
  for (const auto& profile : roles.inputs) {
    if (!profile.problem.empty()) throw DataError(profile.problem);
    require_utf8(table, profile.name, "the column name");
  }
}

void require(bool is_right, const std::string& what) {
  if (!is_right) throw ArgumentError(what);
}

// The table's own name of a column, which a flag may name by its place.
std::string column_named(const Table& table, const std::string& name) {
  try {
    return table.column(name).name();
  } catch (const DataError& error) {
    throw ArgumentError(error.what());
  }
}

}  // namespace

void require_target(const Table& table, const std::string& name, const KindOptions& options) {
  const auto& column = table.column(name);
  const data::MissingCells missing(options.missing);
  constexpr std::size_t kMostClasses = 20;  // of numbers; more are amounts
  if (column.is_numbers() && (!missing.has_numbers() || column.count_distinct(kMostClasses + 1) <= kMostClasses)) return;
  const bool are_numbers = column.is_numbers() || column.share_of_numbers() > 0.5;
  const auto has_none = [&](std::size_t row) {
    if (column.is_numbers()) return missing.is_missing(column.numbers()[row]);
    const auto cell = column.texts()[static_cast<std::size_t>(column.codes()[row])];
    return data::trimmed(cell).empty() || (are_numbers && missing.is_missing(cell));
  };
  std::int64_t first = -1, rows = 0;
  for (std::size_t row = 0; row < column.rows(); ++row) {
    if (has_none(row) && rows++ == 0) first = static_cast<std::int64_t>(row);
  }
  if (rows == 0) return;
  const auto cell = column.cell(static_cast<std::size_t>(first));
  throw DataError(table.where(first, name) + (data::trimmed(cell).empty() ? ": the cell is empty" : ": '" + printable(cell, 40) + "' is no value") +
                  ", where a target is needed" + (rows == 1 ? "" : ", as in " + with_commas(rows) + " rows") +
                  "; --skip-missing-target leaves out rows without one");
}

void require_classes(const Table& table, const ColumnRoles& roles) {
  constexpr std::string_view kRemedy = "; --task multiclass takes each text for a class";
  const auto& profile = *std::ranges::find(roles.profiles, roles.target, &ColumnProfile::name);
  if (table.column(roles.target).is_numbers()) return;
  const auto where = table.name() + ": column '" + printable(roles.target, 60) + "': ";
  if (!profile.warning.empty()) throw DataError(profile.warning + std::string(kRemedy));
  if (profile.kind == ColumnKind::date) throw DataError(where + "dates cannot be predicted; write them as numbers, such as days from a day" + std::string(kRemedy));
  if (profile.kind == ColumnKind::identifier) throw DataError(where + "nearly every row has a text of its own (" + profile.why + "), and nothing can be learned from one row" + std::string(kRemedy));
}

void require_utf8(const Table& table, const std::string& text, const char* what, const std::string& column) {
  if (find_invalid_utf8(text) == std::string::npos) return;
  std::int64_t row = 0;
  while (!column.empty() && row + 1 < table.rows() && table.column(column).cell(static_cast<std::size_t>(row)) != text) ++row;
  throw DataError((column.empty() ? table.name() : table.where(row, column)) + ": " + what + " '" + printable(text) + "' is not UTF-8; save the table as UTF-8");
}

ColumnRoles column_roles(const Table& table, const TrainOptions& options) {
  ColumnRoles roles;
  roles.target = column_named(table, options.target);
  require_target(table, roles.target, options.columns);
  if (!options.sample_weight.empty()) {
    roles.weight = column_named(table, options.sample_weight);
    require(roles.weight != roles.target, "the column '" + roles.target + "' is the target, and cannot be the weight");
  }
  if (!options.split_by.empty()) {
    roles.group = column_named(table, options.split_by);
    require(roles.group != roles.target, "the column '" + roles.target + "' is the target, and cannot be what rows are held out by");
  }
  if (!options.split_time.empty()) {
    roles.time = column_named(table, options.split_time);
    require(roles.time != roles.target, "the column '" + roles.target + "' is the target, and cannot be what rows are held out by");
  }
  roles.learns_time = options.learn_split_time;
  require(!roles.learns_time || !roles.time.empty(), "there is no column of time to learn from");
  if (options.from == nullptr) {
    roles.profiles = profile_columns(table, options.columns);
    choose_inputs(roles, table, options);
  }
  require_utf8(table, roles.target, "the column name");
  return roles;
}

}  // namespace longhand::train
