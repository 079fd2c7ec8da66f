// Learning rates, against PyTorch's schedulers of these names (LinearLR for the rise at the start).
#include <gtest/gtest.h>

#include "train/schedule.h"

namespace longhand::train {
namespace {

struct Case {
  const char* name;
  ScheduleSpec schedule;
  Horizon horizon;
  std::vector<double> rates;
};

TEST(Schedule, GivesTheRatesOfPyTorch) {
  const std::vector<Case> cases{
      {"CosineAnnealingLR(T_max=12)", {.type = "cosine"}, {4, 3},
       {0.1, 0.0982962913145, 0.0933012701892, 0.0853553390593, 0.075, 0.0629409522551, 0.05, 0.0370590477449, 0.025,
        0.0146446609407, 0.00669872981078, 0.00170370868555}},
      {"OneCycleLR(total_steps=12)", {.type = "one_cycle"}, {3, 4},
       {0.004, 0.034978965422, 0.0879285159122, 0.0994415435451, 0.0933012969841, 0.081174565395, 0.0647378997695,
        0.0462637102667, 0.0283060998209, 0.0133477530189, 0.00345669874254, 4e-07}},
      {"StepLR(step_size=2, gamma=0.5)", {.type = "step", .factor = 0.5, .every = 2}, {6, 1}, {0.1, 0.1, 0.05, 0.05, 0.025, 0.025}},
      {"StepLR, two steps an epoch", {.type = "step", .factor = 0.5, .every = 1}, {3, 2}, {0.1, 0.1, 0.05, 0.05, 0.025, 0.025}},
      {"LinearLR(1/7, total_iters=6)", {.warmup = 1.5}, {3, 4},
       {0.0142857142857, 0.0285714285714, 0.0428571428571, 0.0571428571429, 0.0714285714286, 0.0857142857143, 0.1, 0.1, 0.1}},
      {"LinearLR(1/4, total_iters=3), CosineAnnealingLR(T_max=9)", {.type = "cosine", .warmup = 1}, {4, 3},
       {0.025, 0.05, 0.075, 0.1, 0.0969846310393, 0.0883022221559, 0.075, 0.0586824088833, 0.0413175911167, 0.025,
        0.0116977778441, 0.0030153689607}},
      {"constant", {}, {1, 2}, {0.1, 0.1, 0.1}}};
  for (const auto& [name, schedule, horizon, rates] : cases) {
    for (std::size_t step = 0; step < rates.size(); ++step) {
      EXPECT_NEAR(rate_at(static_cast<std::int64_t>(step), schedule, 0.1, horizon, {}), rates[step], 1e-12) << name << ", step " << step;
    }
  }
}

// ReduceLROnPlateau(factor=0.3, patience=1), by the validation loss or where there is none the loss.
TEST(Schedule, FallsOnThePlateausOfPyTorch) {
  const std::vector<double> losses{1, .9, .9, .89999, .95, .91, .8, .81, .82, .83, .84, .85};
  const std::vector<double> rates{0.1, 0.1, 0.1, 0.1, 0.03, 0.03, 0.009, 0.009, 0.009, 0.0027, 0.0027, 0.00081};
  const ScheduleSpec schedule{.type = "plateau", .factor = 0.3, .patience = 1};
  std::vector<EpochLoss> held_out, learned;
  for (std::size_t epoch = 0; epoch < losses.size(); ++epoch) {
    const auto step = static_cast<std::int64_t>(5 * epoch);
    EXPECT_NEAR(rate_at(step, schedule, 0.1, {20, 5}, held_out), rates[epoch], 1e-15) << epoch;
    EXPECT_NEAR(rate_at(step, schedule, 0.1, {20, 5}, learned), rates[epoch], 1e-15) << epoch;
    held_out.push_back({.loss = 1 / static_cast<double>(epoch + 1), .validation_loss = losses[epoch]});
    learned.push_back({.loss = losses[epoch]});
  }
}

}  // namespace
}  // namespace longhand::train
