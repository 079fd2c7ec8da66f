#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "cli/inspect_parts.h"
#include "data/as_numbers.h"
#include "data/odd_rows.h"
#include "data/parse_date.h"
#include "explain/text_lines.h"
#include "longhand/train.h"
#include "train/columns.h"
#include "train/data_warnings.h"

namespace longhand::cli {
namespace {

constexpr std::size_t kMostCounted = 1000;

struct Summary {
  std::size_t distinct = 0;  ///< with a value, up to kMostCounted
  bool has_range = false;
  double least = 0, mean = 0, greatest = 0;
  std::string as_target;  ///< "binary", "multiclass", "regression", or why it cannot be one
};

void find_range(Summary& summary, const std::vector<double>& cells) {
  double count = 0;
  for (const double cell : cells) {
    if (std::isnan(cell)) continue;
    summary.least = count == 0 ? cell : std::min(summary.least, cell);
    summary.greatest = count == 0 ? cell : std::max(summary.greatest, cell);
    count += 1;
    summary.mean += (cell - summary.mean) / count;
  }
  summary.has_range = count > 0;
}

Summary summarize(const Table& table, const Column& column, const ColumnProfile& profile, const KindOptions& kinds) {
  Summary summary{.distinct = count_distinct(column, kinds, kMostCounted), .as_target = {}};
  const data::MissingCells missing(kinds.missing);
  if (profile.problem.empty() && profile.kind == ColumnKind::date) {
    find_range(summary, data::days_or_missing(table, column, missing, profile.order));
  } else if (column.is_numbers() || (profile.problem.empty() && profile.kind == ColumnKind::number)) {
    find_range(summary, data::numbers_or_missing(table, column, missing));
  }
  if (summary.distinct < 2) {
    summary.as_target = "constant";
    return summary;
  }
  try {
    summary.as_target = name(choose_task(table, column.name()));
  } catch (const DataError&) {
    summary.as_target = profile.missing > 0 ? "none: some cells have no value" : "none: some cells are no numbers";
  }
  return summary;
}

// What may be meant otherwise; `profiles` are the table's.
std::vector<std::string> warnings_of(const Table& table, const std::vector<ColumnProfile>& profiles, const KindOptions& kinds) {
  auto warnings = data::odd_rows(table);
  TrainOptions options;
  options.columns = kinds;
  std::vector<ColumnProfile> numbers;  // and dates
  for (const auto& profile : profiles) {
    for (const auto& text : {profile.warning, profile.doubt}) {
      if (!text.empty()) warnings.push_back(text);
    }
    const bool is_number = profile.kind == ColumnKind::number || profile.kind == ColumnKind::date;
    if (is_number && profile.problem.empty()) numbers.push_back(profile);
  }
  try {
    append(warnings, train::far_values(table, train::describe_columns(table, table, numbers, options), options));
  } catch (const DataError& error) {  // numbers too large to be scaled
    warnings.push_back(error.what());
  }
  return warnings;
}

std::string count_text(std::size_t distinct) {
  return distinct < kMostCounted ? with_commas(static_cast<std::int64_t>(distinct)) : "1,000+";
}

}  // namespace

void add_table(Json& json, const TableSample& sample, const KindOptions& kinds) {
  const auto& table = sample.table;
  json["kind"] = "table";
  json["rows"] = sample.rows;
  if (table.rows() < sample.rows) json["sample_rows"] = table.rows();
  const auto profiles = profile_columns(table, kinds);
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    const auto &column = table.columns()[i];
    const auto& profile = profiles[i];
    const auto summary = summarize(table, column, profile, kinds);
    Json entry{{"name", column.name()}, {"kind", name(profile.kind)}, {"why", profile.why}};
    entry["problem"] = profile.problem.empty() ? Json() : Json(profile.problem);
    entry["warning"] = profile.warning.empty() ? Json() : Json(profile.warning);
    entry["type"] = column.is_numbers() ? "number" : "text";
    entry["missing"] = profile.missing;
    entry["distinct"] = summary.distinct;
    entry["distinct_is_exact"] = summary.distinct < kMostCounted;
    if (summary.has_range) {
      if (profile.kind == ColumnKind::date) entry["order"] = name(profile.order);
      entry.update({{"min", summary.least}, {"mean", summary.mean}, {"max", summary.greatest}});
    }
    entry["as_target"] = summary.as_target;
    json["columns"].push_back(std::move(entry));
  }
  json["warnings"] = warnings_of(table, profiles, kinds);
}

std::string table_text(const TableSample& sample, const KindOptions& kinds) {
  constexpr std::size_t kLongestName = 30;
  const auto& table = sample.table;
  std::vector<std::vector<std::string>> kinds_of{{"column", "kind", "missing", "distinct", "why this kind"}};
  std::vector<std::vector<std::string>> values{{"column", "least", "mean", "greatest", "as a target"}};
  std::string problems, doubts;
  const auto profiles = profile_columns(table, kinds);
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    const auto &column = table.columns()[i];
    const auto& profile = profiles[i];
    const auto summary = summarize(table, column, profile, kinds);
    const auto number = [&](double value) {
      if (!summary.has_range) return std::string();
      return profile.kind == ColumnKind::date ? data::date_text(value, profile.order) : fmt::format("{:.4g}", value);
    };
    const auto shown_name = printable(column.name(), kLongestName);
    kinds_of.push_back({shown_name, std::string(name(profile.kind)), profile.missing > 0 ? with_commas(profile.missing) : "",
                        count_text(summary.distinct), printable(profile.why)});
    values.push_back({shown_name, number(summary.least), number(summary.mean), number(summary.greatest), summary.as_target});
    if (!profile.problem.empty()) problems += wrapped("", "  ", profile.problem, kTerminalWidth);
  }
  for (const auto& warning : warnings_of(table, profiles, kinds)) doubts += wrapped("", "  ", warning, kTerminalWidth);
  auto title = fmt::format("{}, {}\n", counted(sample.rows, "row"), counted(std::ssize(table.columns()), "column"));
  if (table.rows() < sample.rows) {
    title += fmt::format("What is said of columns is of {} of the rows, drawn at random.\n", with_commas(table.rows()));
  }
  return title + "\n" + aligned(kinds_of, {false, false, true, true, false}) + "\n" + aligned(values, {false, true, true, true, false}) +
         (problems.empty() ? "" : "\nCannot be learned from as they are:\n" + problems) +
         (doubts.empty() ? "" : "\nMay be meant otherwise:\n" + doubts);
}

}  // namespace longhand::cli
