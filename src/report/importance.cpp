#include "report/importance.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/philox.h"
#include "report/cells.h"
#include "report/rows.h"

namespace longhand::report {
namespace {

const char* error_name(Task task) { return task == Task::regression ? "rmse" : "log_loss"; }
const char* score_name(Task task) { return task == Task::regression ? "r2" : "accuracy"; }

// The outcomes of `count` rows from `first` on.
Outcomes part_of(const Outcomes& all, std::size_t first, std::size_t count) {
  Outcomes part{all.task, all.classes, {}, {}, {}};
  const auto take = [&](const auto& from, auto& to, std::size_t width) {
    const auto begin = from.begin() + static_cast<std::ptrdiff_t>(first * width);
    to.assign(begin, begin + static_cast<std::ptrdiff_t>(count * width));
  };
  take(all.predictions, part.predictions, all.task == Task::multiclass ? static_cast<std::size_t>(all.classes) : 1);
  if (all.task == Task::regression) take(all.values, part.values, 1);
  else take(all.codes, part.codes, 1);
  return part;
}

// Of the values, that which is nearest in rank.
double nearest_quantile(std::vector<double>& values, double q) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1) + 0.5);
  std::ranges::nth_element(values, at);
  return *at;
}

// The rows whose values stand for the column: at even quantiles, each value once.
Rows rows_at_quantiles(std::span<const double> values, std::size_t points) {
  Rows ascending;
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (!std::isnan(values[row])) ascending.push_back(static_cast<std::int32_t>(row));
  }
  std::ranges::stable_sort(ascending, {}, [&](std::int32_t row) { return values[static_cast<std::size_t>(row)]; });
  Rows rows;
  for (std::size_t i = 0; i < points && !ascending.empty(); ++i) {
    const auto row = ascending[i * (ascending.size() - 1) / (points - 1)];
    if (rows.empty() || values[static_cast<std::size_t>(row)] != values[static_cast<std::size_t>(rows.back())]) rows.push_back(row);
  }
  return rows;
}

// A row of each of the most frequent values.
Rows rows_of_values(std::span<const double> values, std::size_t most) {
  std::map<double, std::pair<std::int64_t, std::int32_t>> found;  // how many, and the first row
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (std::isnan(values[row])) continue;
    ++found.try_emplace(values[row], 0, static_cast<std::int32_t>(row)).first->second.first;
  }
  std::vector<std::pair<std::int64_t, std::int32_t>> order;
  for (const auto& [value, one] : found) order.push_back(one);
  std::ranges::stable_sort(order, std::greater(), &std::pair<std::int64_t, std::int32_t>::first);
  if (order.size() > most) order.resize(most);
  Rows rows;
  for (const auto& [count, row] : order) rows.push_back(row);
  return rows;
}

}  // namespace

std::vector<Importance> importance_of(const Model& model, const Table& table, const ImportanceOptions& options) {
  const auto columns = static_cast<std::int64_t>(model.inputs.size());
  const auto repeats = static_cast<std::size_t>(options.repeats);
  const auto affordable = std::max<std::int64_t>(50, options.most_predictions / std::max<std::int64_t>(1, columns * options.repeats));
  const auto drawn = table.select_rows(draw_rows(table.rows(), std::min(options.most_rows, affordable), options.seed));
  const auto rows = static_cast<std::size_t>(drawn.rows());
  Rows repeated;
  for (std::size_t repeat = 0; repeat < repeats; ++repeat) {
    for (std::size_t row = 0; row < rows; ++row) repeated.push_back(static_cast<std::int32_t>(row));
  }
  const auto stacked = drawn.select_rows(repeated);
  const auto whole = measure(outcomes_of(model, drawn, options.threads));
  const auto* error = error_name(whole.task);
  const auto* score = score_name(whole.task);
  std::vector<Importance> all;
  for (const auto& input : model.inputs) {
    auto order = repeated;
    for (std::size_t repeat = 0; repeat < repeats; ++repeat) {
      PhiloxStream stream(options.seed, hash_name("importance of " + input.name) + repeat);
      shuffle(std::span(order).subspan(repeat * rows, rows), stream);
    }
    const auto outcomes = outcomes_of(model, with_column_from(stacked, input.name, order), options.threads);
    Importance one{input.name, 0, 0, 0};
    double squares = 0;
    const auto count = static_cast<double>(repeats);
    for (std::size_t repeat = 0; repeat < repeats; ++repeat) {
      const auto shuffled = measure(part_of(outcomes, repeat * rows, rows));
      const double rise = shuffled.value(error) - whole.value(error);
      one.rise += rise / count;
      squares += rise * rise / count;
      one.fall += (whole.value(score) - shuffled.value(score)) / count;
    }
    one.spread = std::sqrt(std::max(0.0, squares - one.rise * one.rise));
    all.push_back(one);
  }
  std::ranges::stable_sort(all, std::greater(), &Importance::rise);
  return all;
}

Dependence dependence_of(const Model& model, const Table& table, const std::string& name, const DependenceOptions& options) {
  const auto& column = table.column(name);
  const auto cells = cells_of(model, table, name);
  Dependence dependence{name, cells.are_numbers, {}};
  const auto values = cells.are_numbers ? rows_at_quantiles(cells.values, options.points) : rows_of_values(cells.values, options.most_cells);
  const auto drawn = draw_rows(table.rows(), options.most_rows, options.seed);
  Rows repeated, given;
  for (const auto value : values) {
    repeated.insert(repeated.end(), drawn.begin(), drawn.end());
    given.insert(given.end(), drawn.size(), value);
  }
  std::vector<Column> columns;
  for (const auto& one : table.columns()) columns.push_back(one.select_rows(one.name() == name ? given : repeated));
  const auto predictions = predict(model, {table.name(), std::move(columns)}, options.threads);
  const auto outputs = static_cast<std::size_t>(predictions.shape()[1]);
  const auto p = predictions.values<double>();
  for (std::size_t at = 0; at < values.size(); ++at) {
    const auto row = static_cast<std::size_t>(values[at]);
    DependencePoint point{column.cell(row), cells.values[row], {}, {}, {}};
    for (std::size_t output = 0; output < outputs; ++output) {
      std::vector<double> of_rows;
      for (std::size_t i = 0; i < drawn.size(); ++i) of_rows.push_back(p[(at * drawn.size() + i) * outputs + output]);
      point.mean.push_back(std::accumulate(of_rows.begin(), of_rows.end(), 0.0) / static_cast<double>(of_rows.size()));
      point.low.push_back(nearest_quantile(of_rows, 0.1));
      point.high.push_back(nearest_quantile(of_rows, 0.9));
    }
    dependence.points.push_back(std::move(point));
  }
  return dependence;
}

}  // namespace longhand::report
