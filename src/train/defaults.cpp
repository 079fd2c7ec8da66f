#include "train/defaults.h"

#include <algorithm>
#include <bit>

#include "train/schedule.h"

namespace longhand {

// A prior on the weights of one strength, beside a loss that is a mean over the rows, is a decay that
// falls with their number.
OptimizerSpec TrainOptions::default_optimizer(std::int64_t rows) {
  constexpr double kStrength = 35, kLeast = 0.01, kMost = 1;
  const double decay = std::clamp(kStrength / static_cast<double>(std::max<std::int64_t>(rows, 1)), kLeast, kMost);
  OptimizerSpec optimizer{"adamw", optim::AdamW{.weight_decay = decay}, 1e-3};
  optimizer.decay_biases = false;
  return optimizer;
}

namespace train {

NumberScaling number_scaling_for(const TrainOptions& options) {
  return options.number_scaling.value_or(NumberScaling::standard);
}

std::int64_t number_steps_for(const TrainOptions& options) { return options.number_steps.value_or(0); }

std::int64_t batch_size_for(const TrainOptions& options, std::int64_t rows) {
  if (options.batch_size > 0) return std::min(options.batch_size, std::max<std::int64_t>(rows, 1));
  constexpr std::int64_t kLeast = 32, kMost = 1024, kSteps = 256;
  const auto wanted = static_cast<std::uint64_t>(std::clamp(rows / kSteps, kLeast, kMost));
  return static_cast<std::int64_t>(std::bit_floor(wanted));
}

std::int64_t epochs_for(const TrainOptions& options, bool has_validation) {
  constexpr std::int64_t kUntilItStops = 1000, kWithoutAnEnd = 200, kOfASchedule = 100;
  if (options.epochs > 0) return options.epochs;
  const auto* network = options.network ? &options.network->schedule : nullptr;
  const auto* schedule = options.schedule ? &*options.schedule : network;
  if (schedule != nullptr && needs_end(*schedule)) return kOfASchedule;
  return has_validation && options.patience > 0 ? kUntilItStops : kWithoutAnEnd;
}

bool refits(const TrainOptions& options, std::int64_t rows, bool has_validation) {
  constexpr std::int64_t kMostRows = 20'000;
  return options.refit && has_validation && options.validation_table == nullptr && options.patience > 0 &&
         rows <= kMostRows;
}

}  // namespace train
}  // namespace longhand
