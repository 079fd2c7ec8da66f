#include "train/schedule.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace longhand::train {
namespace {

// From 1 at 0 to 0 at 1.
double half_cosine(double share) { return (1 + std::cos(std::numbers::pi * share)) / 2; }

double between(double from, double to, double share) { return to + (from - to) * half_cosine(share); }

// PyTorch's OneCycleLR (Smith, Topin 2018): up within the first steps, down to nearly nothing at the last.
double one_cycle(double step, double steps) {
  constexpr double kRising = 0.3, kStart = 1.0 / 25, kEnd = kStart / 1e4;
  const double top = kRising * steps - 1, end = steps - 1;
  if (step <= top) return between(kStart, 1, step / top);
  return between(1, kEnd, std::min(1.0, (step - top) / (end - top)));
}

// How often the validation loss has stayed without a fall for longer than the patience.
int plateaus(const ScheduleSpec& schedule, std::span<const EpochLoss> epochs) {
  constexpr double kNoticed = 1e-4;  // a smaller fall, relative, is none
  double best = std::numeric_limits<double>::infinity();
  std::int64_t waited = 0;
  int count = 0;
  for (const auto& epoch : epochs) {
    const double loss = epoch.validation_loss.value_or(epoch.loss);
    if (loss < best * (1 - kNoticed)) {
      best = loss;
      waited = 0;
    } else if (++waited > schedule.patience) {
      ++count;
      waited = 0;
    }
  }
  return count;
}

}  // namespace

bool needs_end(const ScheduleSpec& schedule) { return schedule.type == "cosine" || schedule.type == "one_cycle"; }

double rate_at(std::int64_t step, const ScheduleSpec& schedule, double rate, const Horizon& horizon,
               std::span<const EpochLoss> before) {
  const double warm_up = std::round(schedule.warmup * static_cast<double>(horizon.steps_per_epoch));
  const double at = static_cast<double>(step), steps = static_cast<double>(horizon.epochs * horizon.steps_per_epoch);
  if (schedule.type == "one_cycle") return rate * one_cycle(at, steps);
  if (at < warm_up) return rate * (at + 1) / (warm_up + 1);
  if (schedule.type == "cosine") return rate * half_cosine(std::min(1.0, (at - warm_up) / std::max(1.0, steps - warm_up)));
  if (schedule.type == "step") {
    return rate * std::pow(schedule.factor, static_cast<double>(step / horizon.steps_per_epoch / schedule.every));
  }
  if (schedule.type == "plateau") return rate * std::pow(schedule.factor, plateaus(schedule, before));
  return rate;
}

}  // namespace longhand::train
