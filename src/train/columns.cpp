#include "train/columns.h"

#include <algorithm>
#include <cmath>

namespace longhand::train {
namespace {

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  if (values.size() % 2 == 1) return *middle;
  return *middle / 2 + *std::max_element(values.begin(), middle) / 2;
}

// Rows of raw columns -> what the network is given.
Tensor preprocess(const Model& model, const Tensor& raw) {
  constexpr std::int64_t kBlock = 1024;
  const auto rows = raw.shape()[0], columns = raw.shape()[1];
  State none;
  const Program program(build_preprocessing(model), {.dtype = DType::f64, .max_rows = kBlock});
  Runner runner(program, std::as_const(none));
  Tensor x({rows, columns}, model.dtype);
  Tensor input = raw;  // shares the memory; borrow() below needs one that is not const
  for (std::int64_t first = 0; first < rows; first += kBlock) {
    const auto count = std::min(kBlock, rows - first);
    runner.bind("raw", Tensor::borrow(input.values<double>().data() + first * columns,
                                      {count, columns}, DType::f64));
    runner.run(count);
    const Tensor scaled = runner.output("x");
    for (std::int64_t i = 0; i < scaled.count(); ++i) x.set(first * columns + i, scaled.at(i));
  }
  return x;
}

}  // namespace

Scaling scaling_of(std::span<const double> values, const std::string& what) {
  const auto [least, greatest] = std::ranges::minmax(values);
  if (least == greatest) return {least, 1, true};
  const auto rows = static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += value - least;
  const double mean = least + sum / rows;
  const double reach = std::max(greatest - mean, mean - least);
  // Squares of shares of the reach neither overflow nor vanish.
  double squares = 0;
  for (const double value : values) squares += (value - mean) / reach * ((value - mean) / reach);
  const double scale = reach * std::sqrt(squares / rows);
  if (!std::isfinite(scale) || !(scale > 0)) {
    throw DataError(what + ": its values lie too far apart or too close together to be scaled");
  }
  return {mean, scale, false};
}

std::vector<std::string> input_names(const Table& table, const std::vector<std::string>& except) {
  std::vector<std::string> names;
  for (const auto& column : table.columns()) {
    if (std::ranges::find(except, column.name()) == except.end()) names.push_back(column.name());
  }
  return names;
}

std::vector<InputColumn> scale_columns(const Table& table, const std::vector<std::string>& names,
                                       std::vector<std::string>& warnings) {
  std::vector<InputColumn> inputs;
  for (const auto& name : names) {
    const auto what = table.name() + ": column '" + name + "'";
    const Tensor values = feature_matrix(table, std::span(&name, 1));
    const auto scaling = scaling_of(values.values<double>(), what);
    if (scaling.is_constant) warnings.push_back(what + " has one value in all rows and tells nothing");
    inputs.push_back({name, scaling.mean, scaling.scale});
  }
  return inputs;
}

TargetColumn describe_target(const Table& table, const std::string& column, Task task) {
  TargetColumn target{.name = column, .task = task, .classes = {}};
  if (task == Task::regression) {
    const auto scaling = scaling_of(table.numbers(column), table.name() + ": column '" + column + "'");
    target.mean = scaling.mean;
    target.scale = scaling.scale;
    return target;
  }
  target.classes = Classes::of(table, column).names();
  const auto count = target.classes.size();
  if (count == 1) {
    throw DataError(table.name() + ": column '" + column + "': only one class, '" +
                    target.classes[0] + "', and there is nothing to tell apart");
  }
  if (task == Task::binary && count != 2) {
    throw DataError(table.name() + ": column '" + column + "': " + std::to_string(count) +
                    " classes, where a binary task has 2");
  }
  return target;
}

Examples make_examples(const Model& model, const Table& table, std::span<const double> weights) {
  std::vector<std::string> names;
  for (const auto& column : model.inputs) names.push_back(column.name);
  Examples examples;
  examples.x = preprocess(model, feature_matrix(table, names));
  const auto rows = table.rows();
  const auto& target = *model.target;
  if (target.task == Task::regression) {
    examples.y = Tensor({rows, 1}, model.dtype);
    const auto values = table.numbers(target.name);
    for (std::int64_t i = 0; i < rows; ++i) {
      examples.y.set(i, (values[static_cast<std::size_t>(i)] - target.mean) / target.scale);
    }
  } else {
    const auto codes = Classes(target.classes).encode(table, target.name);
    const bool is_index = target_kind(model.network.loss) == TargetKind::class_number;
    examples.y = is_index ? Tensor({rows}, DType::i32) : Tensor({rows, 1}, model.dtype);
    for (std::int64_t i = 0; i < rows; ++i) examples.y.set(i, codes[static_cast<std::size_t>(i)]);
  }
  if (!weights.empty()) examples.weight = Tensor::from(weights, {rows}, model.dtype);
  return examples;
}

Tensor self_test_rows(const Model& model, const Table& table) {
  const auto columns = static_cast<std::int64_t>(model.inputs.size());
  Tensor rows({3, columns}, DType::f64);
  for (std::int64_t j = 0; j < columns; ++j) {
    const auto& column = model.inputs[static_cast<std::size_t>(j)];
    const double middle = median(table.numbers(column.name));
    rows.set(j, middle);
    rows.set(columns + j, middle + column.scale);
    rows.set(2 * columns + j, middle - column.scale);
  }
  return rows;
}

}  // namespace longhand::train
