#include "report/importance.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include "base/philox.h"
#include "model/periods.h"
#include "report/cells.h"
#include "report/rows.h"

namespace longhand::report {
namespace {

const char* error_name(Task task) { return task == Task::regression ? "rmse" : "log_loss"; }
const char* score_name(Task task) { return task == Task::regression ? "r2" : "accuracy"; }

const InputColumn& input_of(const Model& model, const std::string& column) { return *std::ranges::find(model.inputs, column, &InputColumn::name); }

bool has_week(const InputColumn& input) { return std::ranges::find(input.periods, kWeek) != input.periods.end(); }

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

// Drawn rows of which one column is to have other values.
class RowsWithout {
 public:
  RowsWithout(const Model& model, const Table& table, const std::string& column, const DependenceOptions& options)
      : model_(model), threads_(options.threads),
        rows_(raw_rows(model, table.select_rows(draw_rows(table.rows(), options.most_rows, options.seed)))),
        place_(static_cast<std::size_t>(&input_of(model, column) - model.inputs.data())) {}

  /// Predictions at so many points, where the column's value is value(point, row, the row's own value).
  template <class Value>
  std::vector<DependencePoint> predict(std::size_t points, const Value& value) const {
    const auto count = static_cast<std::size_t>(rows_.shape()[0]), width = model_.inputs.size();
    Tensor raw({static_cast<std::int64_t>(points * count), static_cast<std::int64_t>(width)}, DType::f64);
    for (std::size_t at = 0; at < points; ++at) {
      for (std::size_t i = 0; i < count; ++i) {
        const auto row = raw.values<double>().subspan((at * count + i) * width, width);
        std::ranges::copy(rows_.values<double>().subspan(i * width, width), row.begin());
        row[place_] = value(at, i, row[place_]);
      }
    }
    const auto predictions = Predictor(model_, 256, threads_).predict(raw);
    std::vector<DependencePoint> found;
    for (std::size_t at = 0; at < points; ++at) found.push_back(point_of(predictions, at * count, count));
    return found;
  }

 private:
  static DependencePoint point_of(const Tensor& predictions, std::size_t first, std::size_t count) {
    const auto outputs = static_cast<std::size_t>(predictions.shape()[1]);
    const auto p = predictions.values<double>();
    DependencePoint point;
    for (std::size_t output = 0; output < outputs; ++output) {
      std::vector<double> of_rows;
      for (std::size_t i = 0; i < count; ++i) of_rows.push_back(p[(first + i) * outputs + output]);
      point.mean.push_back(std::accumulate(of_rows.begin(), of_rows.end(), 0.0) / static_cast<double>(of_rows.size()));
      point.low.push_back(nearest_quantile(of_rows, 0.1));
      point.high.push_back(nearest_quantile(of_rows, 0.9));
    }
    return point;
  }

  const Model& model_;
  const int threads_;
  const Tensor rows_;  // raw
  const std::size_t place_;
};

}  // namespace

Effort effort_for(const Model& model, std::int64_t rows) {
  constexpr double kShuffles = 4e10, kDependences = 1e10;  // products of numbers: together a few seconds
  constexpr double kOfFeature = 30;     // a feature takes as long to prepare
  constexpr double kColumns = 6, kPoints = 21;
  double features = 0;
  for (const auto& input : model.inputs) features += static_cast<double>(input.features());
  const double of_row = static_cast<double>(model.network.parameters()) + kOfFeature * features;
  Effort effort;
  const double predictions = kShuffles / of_row;
  constexpr double kFewRows = 200, kMostColumns = 200, kLeastColumns = 20;
  const auto inputs = static_cast<double>(model.inputs.size());
  const double columns = std::min(inputs, std::clamp(predictions / (2 * kFewRows), kLeastColumns, kMostColumns));
  effort.columns = static_cast<std::size_t>(columns);
  const double of_column = predictions / columns;
  effort.repeats = static_cast<int>(std::clamp(of_column / kFewRows, 2.0, 5.0));
  effort.rows = std::min(rows, static_cast<std::int64_t>(std::clamp(of_column / effort.repeats, kFewRows, 2000.0)));
  effort.dependence_rows = std::min(rows, static_cast<std::int64_t>(std::clamp(kDependences / of_row / (kColumns * kPoints), 50.0, 300.0)));
  return effort;
}

std::vector<Importance> importance_of(const Model& model, const Table& table, const ImportanceOptions& options) {
  const auto repeats = static_cast<std::size_t>(options.repeats);
  const auto drawn = table.select_rows(draw_rows(table.rows(), options.most_rows, options.seed));
  const auto rows = static_cast<std::size_t>(drawn.rows()), width = model.inputs.size();
  Predictor predictor(model, 256, options.threads);
  auto truth = outcomes_of(model, drawn, options.threads);
  const auto whole = measure(truth);
  const auto* error = error_name(whole.task);
  const auto* score = score_name(whole.task);
  const auto once = raw_rows(model, drawn);
  Tensor raw({static_cast<std::int64_t>(repeats * rows), static_cast<std::int64_t>(width)}, DType::f64);
  for (std::size_t repeat = 0; repeat < repeats; ++repeat) std::ranges::copy(once.values<double>(), raw.values<double>().begin() + static_cast<std::ptrdiff_t>(repeat * rows * width));
  std::vector<Importance> all;
  const auto count = static_cast<double>(repeats);
  const auto add = [&](std::size_t place) {
    const auto& name = model.inputs[place].name;
    const auto cell = [&](std::size_t row) -> double& { return raw.values<double>()[row * width + place]; };
    for (std::size_t repeat = 0; repeat < repeats; ++repeat) {
      Rows order(rows);
      std::iota(order.begin(), order.end(), 0);
      PhiloxStream stream(options.seed, hash_name("importance of " + name) + repeat);
      shuffle(std::span(order), stream);
      for (std::size_t row = 0; row < rows; ++row) cell(repeat * rows + row) = once.values<double>()[static_cast<std::size_t>(order[row]) * width + place];
    }
    const auto predictions = predictor.predict(raw).to_doubles();
    for (std::size_t row = 0; row < repeats * rows; ++row) cell(row) = once.values<double>()[row % rows * width + place];
    Importance one{name, 0, 0, 0};
    double squares = 0;
    const auto of_repeat = predictions.size() / repeats;
    for (std::size_t repeat = 0; repeat < repeats; ++repeat) {
      const auto begin = predictions.begin() + static_cast<std::ptrdiff_t>(repeat * of_repeat);
      truth.predictions.assign(begin, begin + static_cast<std::ptrdiff_t>(of_repeat));
      const auto shuffled = measure(truth);
      const double rise = shuffled.value(error) - whole.value(error);
      one.rise += rise / count;
      squares += rise * rise / count;
      one.fall += (whole.value(score) - shuffled.value(score)) / count;
    }
    one.spread = std::sqrt(std::max(0.0, squares - one.rise * one.rise));
    all.push_back(one);
  };
  const auto wanted = options.columns.empty() ? width : options.columns.size();
  for (std::size_t place = 0; place < width; ++place) {
    if (!options.columns.empty() && std::ranges::find(options.columns, model.inputs[place].name) == options.columns.end()) continue;
    if (options.progress) options.progress(static_cast<double>(all.size()) / static_cast<double>(wanted));
    add(place);
  }
  std::ranges::stable_sort(all, std::greater(), &Importance::rise);
  return all;
}

Dependence dependence_of(const Model& model, const Table& table, const std::string& name, const DependenceOptions& options) {
  const auto& column = table.column(name);
  const auto cells = cells_of(model, table, name);
  const auto values = cells.are_numbers ? rows_at_quantiles(cells.values, options.points) : rows_of_values(cells.values, options.most_cells);
  const RowsWithout rows(model, table, name, options);
  // Each of seven rows has another day of the week, which would be the point's alone.
  const bool has_days = has_week(input_of(model, name));
  const auto points = rows.predict(values.size(), [&](std::size_t at, std::size_t row, double) {
    return cells.values[static_cast<std::size_t>(values[at])] + (has_days ? static_cast<double>(row % 7) - 3 : 0);
  });
  Dependence dependence{name, cells.are_numbers, has_days, points};
  for (std::size_t at = 0; at < values.size(); ++at) {
    const auto row = static_cast<std::size_t>(values[at]);
    dependence.points[at].cell = shown_cell(cells, column, row);
    dependence.points[at].value = cells.values[row];
  }
  return dependence;
}

std::optional<Dependence> weekday_dependence_of(const Model& model, const Table& table, const std::string& name, const DependenceOptions& options) {
  if (!has_week(input_of(model, name))) return std::nullopt;
  const RowsWithout rows(model, table, name, options);
  constexpr std::array kNames{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  constexpr double kOfFirstDay = 3;  // 1970-01-01 was a Thursday
  Dependence dependence{name + ", weekday", false, false, rows.predict(kNames.size(), [](std::size_t weekday, std::size_t, double days) {
                          const double here = std::floor(days) + kOfFirstDay;
                          return days - (here - kWeek * std::floor(here / kWeek)) + static_cast<double>(weekday);
                        })};
  for (std::size_t i = 0; i < kNames.size(); ++i) dependence.points[i].cell = kNames[i];
  return dependence;
}

}  // namespace longhand::report
