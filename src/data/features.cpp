#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "data/as_numbers.h"
#include "data/parse_number.h"
#include "longhand/data.h"

namespace longhand {
namespace {

// Columns to rows, a block of rows at a time, so that both sides stay in the cache.
template <class T>
void fill(std::span<T> matrix, std::span<const NumberView> columns) {
  constexpr std::size_t kBlock = 64;
  const std::size_t width = columns.size();
  const std::size_t rows = width == 0 ? 0 : columns[0].size();
  for (std::size_t begin = 0; begin < rows; begin += kBlock) {
    const std::size_t end = std::min(rows, begin + kBlock);
    for (std::size_t column = 0; column < width; ++column) {
      for (std::size_t row = begin; row < end; ++row) {
        matrix[row * width + column] = static_cast<T>(columns[column][row]);
      }
    }
  }
}

void require_finite_in_f32(const Table& table, const std::string& name,
                           const NumberView& values) {
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (std::isfinite(static_cast<float>(values[row]))) continue;
    throw DataError(table.where(static_cast<std::int64_t>(row), name) + ": " + data::shortest_decimal(values[row]) +
                    " is not a finite number in single precision");
  }
}

}  // namespace

Tensor feature_matrix(const Table& table, std::span<const std::string> columns, DType dtype) {
  if (dtype != DType::f32 && dtype != DType::f64) {
    throw ArgumentError("feature_matrix: element type " + std::string(name(dtype)) +
                        ", expected f32 or f64");
  }
  std::vector<std::vector<double>> converted(columns.size());
  std::vector<NumberView> values;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Column& column = table.column(columns[i]);
    if (!column.is_numbers()) {
      converted[i] = data::text_as_numbers(table, column, "; a network without columns of its own takes numbers only");
    }
    values.push_back(column.is_numbers() ? column.numbers() : NumberView(std::span<const double>(converted[i])));
    if (dtype == DType::f32) require_finite_in_f32(table, column.name(), values.back());
  }
  Tensor matrix(Shape{table.rows(), static_cast<std::int64_t>(columns.size())}, dtype);
  if (dtype == DType::f32)
    fill(matrix.values<float>(), values);
  else
    fill(matrix.values<double>(), values);
  return matrix;
}

}  // namespace longhand
