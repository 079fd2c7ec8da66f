#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "cli/inspect_parts.h"
#include "longhand/train.h"

namespace longhand::cli {
namespace {

constexpr std::size_t kMostCounted = 1000;

struct Summary {
  bool is_numbers;
  std::size_t distinct;  ///< up to kMostCounted
  double least = 0, mean = 0, greatest = 0;
  std::string as_target;  ///< "binary", "multiclass", "regression", or why it cannot be one
};

Summary summarize(const Table& table, const Column& column) {
  Summary summary{.is_numbers = column.is_numbers(), .distinct = column.count_distinct(kMostCounted), .as_target = {}};
  if (summary.is_numbers) {
    const auto values = column.numbers();
    std::tie(summary.least, summary.greatest) = std::pair(std::ranges::min(values), std::ranges::max(values));
    for (const double value : values) summary.mean += value / static_cast<double>(values.size());
  }
  if (summary.distinct == 1) {
    summary.as_target = "constant";
    return summary;
  }
  try {
    summary.as_target = name(choose_task(table, column.name()));
  } catch (const DataError&) {
    summary.as_target = "none: some cells are no numbers";
  }
  return summary;
}

std::string count_text(std::size_t distinct) {
  return distinct < kMostCounted ? with_commas(static_cast<std::int64_t>(distinct)) : "1,000+";
}

}  // namespace

void add_table(Json& json, const Table& table) {
  json["kind"] = "table";
  json["rows"] = table.rows();
  for (const auto& column : table.columns()) {
    const auto summary = summarize(table, column);
    Json entry{{"name", column.name()}, {"type", summary.is_numbers ? "number" : "text"}};
    entry["distinct"] = summary.distinct;
    entry["distinct_is_exact"] = summary.distinct < kMostCounted;
    if (summary.is_numbers) {
      entry.update({{"min", summary.least}, {"mean", summary.mean}, {"max", summary.greatest}});
    }
    entry["as_target"] = summary.as_target;
    json["columns"].push_back(std::move(entry));
  }
}

std::string table_text(const Table& table) {
  std::vector<std::vector<std::string>> rows{{"column", "type", "distinct", "least", "mean", "greatest", "as a target"}};
  for (const auto& column : table.columns()) {
    const auto summary = summarize(table, column);
    const auto number = [&](double value) { return summary.is_numbers ? fmt::format("{:.4g}", value) : ""; };
    rows.push_back({printable(column.name(), 40), summary.is_numbers ? "number" : "text", count_text(summary.distinct),
                    number(summary.least), number(summary.mean), number(summary.greatest), summary.as_target});
  }
  return fmt::format("{} rows, {} columns\n\n", with_commas(table.rows()), table.columns().size()) +
         aligned(rows, {false, false, true, true, true, true, false});
}

}  // namespace longhand::cli
