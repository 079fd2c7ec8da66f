#include "backends/cpu/reach.h"

#include <algorithm>

namespace longhand {
namespace {

Shape without_leading_ones(const Shape& shape) {
  std::size_t first = 0;
  while (first < shape.rank() && shape[first] == 1) ++first;
  return Shape(shape.extents().subspan(first));
}

}  // namespace

Reach reach(const Shape& operand, const Shape& result) {
  if (without_leading_ones(operand) == without_leading_ones(result)) return Reach::entry;
  if (!operand.has_batch() && operand.count() == 1) return Reach::one;
  const auto rank = operand.rank();
  if (rank == 0 || result.rank() == 0) return Reach::other;
  const auto columns = result[result.rank() - 1];
  const auto last = operand[rank - 1];
  const auto others = operand.extents().first(rank - 1);
  if (last == columns && std::ranges::all_of(others, [](auto extent) { return extent == 1; })) {
    return Reach::row;
  }
  if (last == 1 && rank == result.rank() && operand.with_extent(rank - 1, columns) == result) {
    return Reach::column;
  }
  return Reach::other;
}

}  // namespace longhand
