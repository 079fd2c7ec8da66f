// The loop: epochs of steps over rows in memory, early stopping, divergence.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "train/columns.h"

namespace longhand::train {

struct LoopOptions {
  std::int64_t batch_size = 32;
  std::int64_t epochs = 1;
  std::int64_t patience = 0;
  bool row_weights = false;
  bool refit = false;  ///< told to `progress`
  std::uint64_t seed = 0;
};

struct LoopResult {
  std::int64_t epochs = 0;  ///< that were run
  std::int64_t best_epoch = 0;  ///< whose weights the model has
  double loss = 0;              ///< mean over that epoch
  std::optional<double> validation_loss;
  double seconds = 0;
};

/// Trains the model's state in place. With validation rows and patience, the state ends as it was
/// after the epoch with the lowest validation loss. Throws DivergenceError and Interrupted.
LoopResult run_loop(Model& model, const Examples& examples, const Examples* validation,
                    const LoopOptions& options, const std::shared_ptr<ThreadPool>& pool,
                    const ProgressFunction& progress);

}  // namespace longhand::train
