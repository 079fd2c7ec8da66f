#include "cli/explain_values.h"
#include "cli/output.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <numeric>

#include "base/text.h"

namespace longhand::cli {
namespace {

std::vector<double> parse_numbers(const std::string& text, const std::string& flag) {
  std::vector<double> numbers;
  for (const auto& part : split_list(text, flag)) {
    double number = 0;
    const auto* end = part.data() + part.size();
    const auto [stop, error] = std::from_chars(part.data(), end, number);
    if (error != std::errc() || stop != end || !std::isfinite(number)) {
      throw UsageError(fmt::format("{}: '{}' is not a number", flag, part));
    }
    numbers.push_back(number);
  }
  return numbers;
}

Tensor row_of(const std::vector<double>& numbers) {
  return Tensor::from(numbers, {1, static_cast<std::int64_t>(numbers.size())}, DType::f64);
}

// Cells as in a CSV file: one with a comma in it is between quotes, and one without anything is missing.
Tensor raw_row_of(const Model& model, const std::string& input) {
  try {
    const auto table = parse_csv(input, "--input", {.header = false});
    std::vector<std::string> cells;
    for (const auto& column : table.columns()) cells.push_back(column.cell(0));
    if (table.rows() != 1) throw UsageError("--input: one row is needed");
    if (cells.size() != model.inputs.size()) {
      throw UsageError(fmt::format("--input: {}, the model reads {}", counted(std::ssize(cells), "cell"), counted(std::ssize(model.inputs), "column")));
    }
    std::vector<CellNote> notes;
    auto row = raw_row(model, cells, &notes);
    warn(warnings_of(notes));
    return row;
  } catch (const DataError& error) {
    throw UsageError(error.what());
  }
}

// Throws Problem where what stands for y cannot be learned by the model's loss.
template <class Problem>
void check_target(const Model& model, const Tensor& target, const std::string& where) {
  const auto outputs = model.network.outputs();
  const auto kind = target_kind(model.network.loss);
  const auto width = target_width(model);
  if (target.shape()[1] != width) {
    throw Problem(fmt::format("{}: {}, expected {}", where, counted(target.shape()[1], "value"), width));
  }
  for (const double y : target.to_doubles()) {
    const bool is_right = kind == TargetKind::class_number  ? y == std::floor(y) && y >= 0 && y < static_cast<double>(outputs)
                          : kind == TargetKind::probability ? y >= 0 && y <= 1
                          : kind == TargetKind::rate        ? y >= 0
                                                            : true;
    if (!is_right) throw Problem(fmt::format("{}: {} does not fit the loss {}", where, y, model.network.loss.type));
  }
}

}  // namespace

std::int64_t target_width(const Model& model) {
  return target_kind(model.network.loss) == TargetKind::class_number ? 1 : model.network.outputs();
}

SampleSpec sample_from_flags(const Model& model, const std::string& input, const std::string& label) {
  SampleSpec sample;
  if (!input.empty()) {
    sample.input = model.inputs.empty() ? row_of(parse_numbers(input, "--input")) : raw_row_of(model, input);
    if (model.inputs.empty() && sample.input.count() != model.network.inputs) {
      throw UsageError(fmt::format("--input: {}, the network takes {}", counted(sample.input.count(), "number"), model.network.inputs));
    }
  }
  if (label.empty()) return sample;
  if (model.target && !model.target->classes.empty()) {
    const auto code = Classes(model.target->classes).find(label);
    if (!code) throw UsageError(fmt::format("--label: '{}' is none of the model's classes", label));
    sample.target = row_of({static_cast<double>(*code)});
  } else {
    sample.target = row_of(parse_numbers(label, "--label"));
    check_target<UsageError>(model, sample.target, "--label");
  }
  return sample;
}

SampleSpec sample_from_table(const Model& model, const Table& table, std::int64_t first, std::int64_t last, bool is_batch,
                         const std::string& target) {
  if (first < 1 || last < first || last > table.rows()) {
    throw UsageError(fmt::format("{} has the rows 1 to {}, not {} to {}", table.name(), table.rows(), first, last));
  }
  std::vector<std::int32_t> numbers(static_cast<std::size_t>(last - first + 1));
  std::iota(numbers.begin(), numbers.end(), static_cast<std::int32_t>(first - 1));
  const auto rows = table.select_rows(numbers);
  std::vector<std::string> inputs;
  if (model.inputs.empty()) {
    for (const auto& column : table.columns()) {
      if (column.name() != target) inputs.push_back(column.name());
    }
    if (static_cast<std::int64_t>(inputs.size()) != model.network.inputs) {
      throw DataError(fmt::format("{}: {} beside '{}', the network takes {}", table.name(), counted(std::ssize(inputs), "column"),
                                  target, model.network.inputs));
    }
  }
  SampleSpec sample;
  std::vector<CellNote> notes;
  sample.is_batch = is_batch;
  sample.input = model.inputs.empty() ? feature_matrix(rows, inputs) : raw_rows(model, rows, &notes);
  warn(warnings_of(notes));
  if (target.empty()) return sample;
  std::vector<double> y;
  if (model.target && !model.target->classes.empty()) {
    for (const auto code : Classes(model.target->classes).encode(rows, target)) y.push_back(code);
  } else {
    y = rows.numbers(target);
  }
  sample.target = Tensor::from(y, {rows.rows(), 1}, DType::f64);
  check_target<DataError>(model, sample.target, table.name() + ": column '" + target + "'");
  return sample;
}

std::string meaning_of_target(const Model& model) {
  if (!model.target) return "";
  constexpr std::size_t kMostClasses = 10;
  auto text = model.target->name;
  const auto& classes = model.target->classes;
  for (std::size_t i = 0; i < std::min(classes.size(), kMostClasses); ++i) {
    text += fmt::format("{}{} is {}", i == 0 ? ": " : ", ", i, classes[i]);
  }
  return text + (classes.size() > kMostClasses ? ", …" : "");
}

}  // namespace longhand::cli
