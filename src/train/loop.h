// The loop: epochs of steps, early stopping, divergence.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "train/columns.h"
#include "train/example_source.h"

namespace longhand::train {

inline constexpr const char* kLoss = "loss";

struct LoopOptions {
  std::int64_t batch_size = 32;
  std::int64_t epochs = 1;
  std::int64_t patience = 0;
  bool row_weights = false;
  std::string stop_on = kLoss;  ///< or a metric: what the best epoch is the best by
  std::int64_t horizon = 1;  ///< epochs that a schedule is made for
  bool refit = false;  ///< told to `progress`
  std::vector<EpochLoss> history;  ///< where it is a refit, of the epochs before it
  double seconds_between_saves = 0;  ///< at least, between the ends of two epochs that are saved
  std::uint64_t seed = 0;
};

/// Where a loop is, and all that the rest of it depends on.
struct LoopState {
  std::string file;          ///< that it was read from, for errors
  State state;               ///< parameters and the optimiser's memory
  State best;                ///< parameters after the best epoch, where it may stop early
  std::int64_t epoch = 0;    ///< complete ones
  std::int64_t steps = 0;    ///< done in all
  std::int64_t rows = 0;     ///< done of the epoch begun
  double loss_sum = 0;       ///< over these rows
  double learning_rate = 0;  ///< of the last step, where a schedule decides it
  std::int64_t best_epoch = 0;
  std::vector<EpochLoss> history;  ///< of the complete epochs
};

struct LoopResult {
  std::int64_t epochs = 0;  ///< that were run
  std::int64_t best_epoch = 0;  ///< whose weights the model has
  double loss = 0;              ///< mean over that epoch
  std::optional<double> validation_loss;
  std::int64_t rows = 0;  ///< that were learned from in this call
  double seconds = 0;     ///< of this call, without those of `save`
  std::vector<EpochLoss> history;  ///< of all epochs
};

/// Throws the ModelError about the checkpoint of a file, which is empty where there was none.
[[noreturn]] void refuse(const std::string& file, const std::string& why);

/// The first of the parameters that is not among those that were read, or has another shape there.
std::optional<std::string> missing_parameter(const State& read, const State& parameters);
[[noreturn]] void refuse_without(const std::string& parameter, const std::string& file);

/// Which of two epochs held-out rows are predicted better after: by the metric, where it was measured; of two
/// equal ones that with the lower loss.
bool is_better(const EpochLoss& epoch, const EpochLoss& than, const std::string& metric);

/// Called at the end of epochs, that of the last one always, and before Interrupted is thrown.
using SaveFunction = std::function<void(const LoopState&)>;

/// Trains the model's state in place. With validation rows and patience, the state ends as it was
/// after the epoch with the lowest validation loss, or the best metric. `from` is where to go on, null for the beginning:
/// the result is then the same, bit for bit, as without a break.
/// Throws DivergenceError, Interrupted, and ModelError for a `from` that is not of this loop.
LoopResult run_loop(Model& model, ExampleSource& source, ExampleSource* validation,
                    const LoopOptions& options, const std::shared_ptr<ThreadPool>& pool,
                    const ProgressFunction& progress, const LoopState* from = nullptr,
                    const SaveFunction& save = {});

}  // namespace longhand::train
