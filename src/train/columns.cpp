#include "train/columns.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/cell_notes.h"
#include "model/preprocess.h"

namespace longhand::train {

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

double Examples::weight_of(std::int64_t begin, std::int64_t end) const {
  if (weight.shape().rank() == 0) return static_cast<double>(end - begin);
  double sum = 0;
  for (auto i = begin; i < end; ++i) sum += weight.at(i);
  return sum;
}

Examples make_examples(const Model& model, const Table& table, std::span<const double> weights, std::vector<CellNote>* notes, bool is_raw) {
  Examples examples;
  RawRows raw(model, table);
  examples.x = is_raw ? raw.read(0, raw.rows()) : preprocess_as(model.dtype, model, raw);
  if (notes != nullptr) add_notes(*notes, raw.notes());
  const auto rows = table.rows();
  const auto& target = *model.target;
  if (target.task == Task::regression) {
    examples.y = Tensor({rows, 1}, model.dtype);
    const auto values = table.numbers(target.name);
    const auto negative = std::ranges::find_if(values, [](double value) { return value < 0; });
    if (target_kind(model.network.loss) == TargetKind::rate && negative != values.end()) {
      throw DataError(table.where(negative - values.begin(), target.name) + ": the poisson loss needs values from 0");
    }
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

Tensor self_test_rows(const Model& model) {
  const auto columns = static_cast<std::int64_t>(model.inputs.size());
  const bool has_gaps = std::ranges::any_of(
      model.inputs, [](const InputColumn& column) { return column.has_missing || column.is_category(); });
  Tensor rows({has_gaps ? 4 : 3, columns}, DType::f64);
  for (std::int64_t j = 0; j < columns; ++j) {
    const auto& column = model.inputs[static_cast<std::size_t>(j)];
    const auto count = static_cast<std::int64_t>(column.categories.size());
    for (std::int64_t i = 0; i < rows.shape()[0]; ++i) {
      constexpr double kSteps[] = {0, 1, -1, 0};
      double cell = column.is_category() ? static_cast<double>(i == 3 ? count : i % count)
                                         : column.fill + kSteps[i] * column.scale;
      if (i == 3 && column.has_missing) cell = std::numeric_limits<double>::quiet_NaN();
      rows.set(i * columns + j, cell);
    }
  }
  return rows;
}

}  // namespace longhand::train
