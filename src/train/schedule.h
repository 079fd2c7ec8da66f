// How the learning rate goes on.
#pragma once

#include <cstdint>
#include <span>

#include "longhand/train.h"

namespace longhand::train {

/// How long a run may become; cosine and one_cycle end with it.
struct Horizon {
  std::int64_t epochs = 1;
  std::int64_t steps_per_epoch = 1;
};

/// The rate of a step, counted from 0. `before` are the epochs that are complete; plateau goes by the
/// validation losses there, as PyTorch's ReduceLROnPlateau does.
double rate_at(std::int64_t step, const ScheduleSpec& schedule, double rate, const Horizon& horizon,
               std::span<const EpochLoss> before);

/// Whether it is to be told how long the run becomes.
bool needs_end(const ScheduleSpec& schedule);

}  // namespace longhand::train
