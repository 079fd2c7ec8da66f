#include "train/defaults.h"

#include <algorithm>
#include <bit>

namespace longhand {

OptimizerSpec TrainOptions::default_optimizer() {
  return {"adamw", optim::AdamW{.weight_decay = 0.1}, 1e-3};
}

namespace train {

std::int64_t batch_size_for(const TrainOptions& options, std::int64_t rows) {
  if (options.batch_size > 0) return std::min(options.batch_size, std::max<std::int64_t>(rows, 1));
  constexpr std::int64_t kLeast = 32, kMost = 1024, kSteps = 256;
  const auto wanted = static_cast<std::uint64_t>(std::clamp(rows / kSteps, kLeast, kMost));
  return static_cast<std::int64_t>(std::bit_floor(wanted));
}

bool refits(const TrainOptions& options, std::int64_t rows, bool has_validation) {
  constexpr std::int64_t kMostRows = 20'000;
  return options.refit && has_validation && options.validation_table == nullptr && options.patience > 0 &&
         rows <= kMostRows;
}

}  // namespace train
}  // namespace longhand
