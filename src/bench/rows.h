// Made-up rows to learn from.
#pragma once

#include "longhand/model.h"

namespace longhand::bench {

/// x [rows, inputs] and y as build_step's graph takes them.
struct Rows {
  Tensor x, y;
};

/// x uniform in [-1, 1); y classes, 0 or 1, or numbers in [-1, 1), as the loss has it (never below 0
/// for poisson).
Rows make_rows(const NetworkSpec& network, std::int64_t rows, std::uint64_t seed);

/// The rows of `table` that `chosen` names, in its order.
Tensor take_rows(const Tensor& table, const std::vector<std::int64_t>& chosen);

}  // namespace longhand::bench
