// Some of a table's rows, where they lie.
#pragma once

#include "longhand/base.h"

namespace longhand {

/// Rows first, …, first + count - 1 of [rows, columns]; borrows the memory of `table`.
inline Tensor rows_of(const Tensor& table, std::int64_t first, std::int64_t count) {
  const auto columns = table.shape()[1];
  Tensor shared = table;  // borrow() below needs one that is not const
  auto* begin = static_cast<std::byte*>(shared.data()) + static_cast<std::size_t>(first * columns) * size_of(table.dtype());
  return Tensor::borrow(begin, {count, columns}, table.dtype());
}

}  // namespace longhand
