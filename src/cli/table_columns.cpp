// How each cell of a row became entries of x, in a line for each column.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "cli/explain_values.h"
#include "explain/numbers.h"

namespace longhand::cli {
namespace {

constexpr std::size_t kCategoriesShown = 8;

// One that a person can follow: with all numbers in it.
bool is_read_by_one_formula(const Model& model) {
  return !is_long(static_cast<std::int64_t>(model.inputs.size())) && std::ranges::all_of(model.inputs, [](const InputColumn& column) {
    return column.kind == ColumnKind::number && !column.has_missing && column.edges.empty() && column.scaling == NumberScaling::standard;
  });
}

std::string rule_of_category(const InputColumn& column) {
  const auto& names = column.categories;
  if (names.size() == 2) return fmt::format("1 for {}, -1 for {}, 0 for others", printable(names[1], 30), printable(names[0], 30));
  std::string list;
  for (std::size_t i = 0; i < std::min(names.size(), kCategoriesShown); ++i) list += (i == 0 ? "" : ", ") + printable(names[i], 30);
  return "1 where it is " + list + (names.size() > kCategoriesShown ? ", …" : "") + ", else 0";
}

// "3 - 2", or "3 + 2" for b = -2; with as many digits more as it takes that what is shown gives `digits` of the difference.
std::string difference(double a, double b, int digits) {
  constexpr int kMostDigits = 17;
  const auto read = [](double value, int shown) { return std::stod(fmt::format("{:.{}g}", value, shown)); };
  int shown = digits;
  const double most = std::pow(10.0, -digits) * std::abs(a - b);
  while (shown < kMostDigits && std::abs(read(a, shown) - read(b, shown) - (a - b)) > most) ++shown;
  return fmt::format("{} {} {}", display(a, shown), b < 0 ? "+" : "-", display(std::abs(b), shown));
}

// Where the cell stands among the edges of its column.
std::string rule_of_steps(const InputColumn& column, double cell, int digits) {
  const auto& edges = column.edges;
  if (edges.empty()) return "";
  const auto whole = std::ranges::count_if(edges, [&](double edge) { return edge <= cell; }) - 1;
  const auto steps = static_cast<std::ptrdiff_t>(edges.size()) - 1;
  if (whole < 0) return fmt::format("; 0 for all {} steps", steps);
  if (whole >= steps) return fmt::format("; 1 for all {} steps", steps);
  const auto i = static_cast<std::size_t>(whole);
  return fmt::format("; 1 for {} steps, ({}) / ({}) for the next, 0 for {}", whole, difference(cell, edges[i], digits),
                     difference(edges[i + 1], edges[i], digits), steps - whole - 1);
}

std::string rule_of_number(const InputColumn& column, double cell, int digits) {
  const auto shown = [&](double value) { return display(value, digits); };
  if (!column.knots.empty()) {
    const auto above = std::ranges::upper_bound(column.knots, cell);
    const auto after = static_cast<std::size_t>(above - column.knots.begin());
    if (after == 0 || above == column.knots.end()) {
      return fmt::format("beyond the knots, whose last level is {}", shown(after == 0 ? column.levels.front() : column.levels.back())) +
             rule_of_steps(column, cell, digits);
    }
    return fmt::format("from {} at {} to {} at {}, linear", shown(column.levels[after - 1]), shown(column.knots[after - 1]),
                       shown(column.levels[after]), shown(column.knots[after])) +
           rule_of_steps(column, cell, digits);
  }
  const auto u = fmt::format("({}) / {}", difference(cell, column.mean, digits), shown(column.scale));
  auto text = column.scaling == NumberScaling::robust ? "u / sqrt(1 + (u / 3)^2) for u = " + u : u;
  text += rule_of_steps(column, cell, digits);
  for (const double period : column.periods) {
    text += fmt::format(", sin and cos of 2 pi {} / {}", shown(cell), fmt::format("{:.7g}", period));
  }
  return text;
}

std::string rule_of(const InputColumn& column, double cell, int digits) {
  std::string rule;
  if (column.embedding > 0) {
    const auto rows = column.categories.size();
    const auto row = std::isnan(cell) ? rows + 1 : static_cast<std::size_t>(cell);
    return fmt::format("row {} of its table, from 0{}", row, row == rows ? ", of what the model does not know" : row > rows ? ", of missing cells" : "");
  }
  if (column.is_category()) {
    rule = rule_of_category(column);
  } else if (std::isnan(cell)) {
    rule = "the median, " + cell_text(column, column.fill) + ", in its place: " + rule_of_number(column, column.fill, digits);
  } else {
    rule = rule_of_number(column, cell, digits);
  }
  return column.has_missing ? rule + "; then 1 where it is missing, else 0" : rule;
}

}  // namespace

std::vector<TableColumn> table_columns(const Model& model, const Tensor& raw, int digits) {
  std::vector<TableColumn> columns;
  const bool is_plain = is_read_by_one_formula(model);
  for (const auto& column : model.inputs) {
    const double cell = raw.at(static_cast<std::int64_t>(columns.size()));
    TableColumn shown{.name = column.name, .features = column.embedding > 0 ? column.embedding : column.features()};
    if (!is_plain) {
      shown.cell = cell_text(column, cell);
      shown.rule = rule_of(column, cell, digits);
    }
    columns.push_back(std::move(shown));
  }
  return columns;
}

}  // namespace longhand::cli
