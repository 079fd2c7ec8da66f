// bench_step: one step of a 2-2-1 network (ReLU, sigmoid, binary cross-entropy, SGD, one row), as one
// line of JSON: nanoseconds a step where many are run in one call.
#include <cstdio>

#include "training.h"

using namespace longhand;
using namespace longhand::benchmarks;

int main() {
  constexpr std::int64_t kSteps = 20'000;
  constexpr int kRepeats = 51;
  const auto model = make_model({2, 2, 1}, "bce", "sgd", 0.1);
  Training training(model, random_rows(kSteps, 2, 1), random_targets(kSteps, 2), 1);
  training.epoch();
  std::vector<double> nanoseconds;
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
    nanoseconds.push_back(1e9 * seconds_of([&] { training.epoch(); }) / kSteps);
  }
  std::ranges::sort(nanoseconds);
  std::printf("{\"name\": \"step 2-2-1 SGD B1\", \"threads\": 1, \"best_ns\": %.1f, \"median_ns\": %.1f}\n",
              nanoseconds.front(), nanoseconds[nanoseconds.size() / 2]);
}
