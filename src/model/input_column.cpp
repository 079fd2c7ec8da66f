// What one column of a table becomes, and how its cells are read and written.
#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <set>

#include "data/parse_date.h"
#include "data/parse_number.h"
#include "longhand/model.h"

namespace longhand {
namespace {

std::string period_name(double days) {
  if (days == 1) return "day";
  if (days == 7) return "week";
  if (days > 365 && days < 366) return "year";
  return fmt::format("{} days", days);
}

void add_names(const InputColumn& column, std::vector<std::string>& names) {
  if (column.embedding > 0) {
    names.push_back(column.name + ": row of its table");
    return;
  }
  if (column.categories.size() == 2) {
    names.push_back(fmt::format("{} = {} (1) or {} (-1)", column.name, column.categories[1], column.categories[0]));
  } else if (column.is_category()) {
    for (const auto& category : column.categories) names.push_back(column.name + " = " + category);
  } else {
    names.push_back(column.name);
    for (std::size_t i = 1; i < column.edges.size(); ++i) {
      names.push_back(fmt::format("{} from {:.4g} to {:.4g}", column.name, column.edges[i - 1], column.edges[i]));
    }
    for (const double period : column.periods) {
      names.push_back(fmt::format("{}: sin of {}", column.name, period_name(period)));
      names.push_back(fmt::format("{}: cos of {}", column.name, period_name(period)));
    }
  }
  if (column.has_missing) names.push_back(column.name + " is missing");
}

// A module's name has no dots; letters, digits and _ are safe wherever it is read.
std::string safe_name(const std::string& column, std::set<std::string>& taken) {
  std::string name;
  for (const char c : column) name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  auto unique = name;
  for (int i = 2; !taken.insert(unique).second; ++i) unique = fmt::format("{}_{}", name, i);
  return unique;
}

}  // namespace

std::string_view name(NumberScaling scaling) {
  switch (scaling) {
    case NumberScaling::standard: return "standard";
    case NumberScaling::robust: return "robust";
    case NumberScaling::quantile_normal: return "quantile_normal";
    case NumberScaling::quantile_uniform: return "quantile_uniform";
  }
  return "?";
}

std::int64_t InputColumn::features() const {
  if (embedding > 0) return 1;
  const auto own = is_category() ? (categories.size() == 2 ? 1 : categories.size())
                                 : 1 + 2 * periods.size() + (edges.empty() ? 0 : edges.size() - 1);
  return static_cast<std::int64_t>(own) + (has_missing ? 1 : 0);
}

std::vector<EmbeddingTable> embedding_tables(const std::vector<InputColumn>& columns) {
  std::vector<EmbeddingTable> tables;
  std::set<std::string> taken;
  std::int64_t input = 0;
  for (const auto& column : columns) {
    if (column.embedding > 0) {
      const auto rows = static_cast<std::int64_t>(column.categories.size()) + (column.has_missing ? 2 : 1);
      tables.push_back({safe_name(column.name, taken), input, rows, column.embedding, {}});
    }
    input += column.features();
  }
  return tables;
}

std::vector<std::string> feature_names(const Model& model) {
  std::vector<std::string> names;
  for (const auto& column : model.inputs) add_names(column, names);
  return names;
}

std::string cell_text(const InputColumn& column, double raw) {
  if (std::isnan(raw)) return "missing";
  if (column.kind == ColumnKind::date) return data::date_text(raw, column.order);
  if (!column.is_category()) return data::shortest_decimal(raw);
  const auto place = static_cast<std::size_t>(std::max(raw, 0.0));
  return place < column.categories.size() ? column.categories[place] : "unknown";
}

}  // namespace longhand
