// Where a fit is, as a checkpoint has it, and whether a checkpoint is of this very fit.
#pragma once

#include "base/json.h"
#include "train/loop.h"

namespace longhand::train {

/// What learning with held-out rows found, before learning again from all rows.
struct FirstPart {
  LoopResult result;
  std::optional<Metrics> validation;
  State state;  ///< the parameters that it found
};

struct FitState {
  Json settings;  ///< all that the result depends on, the rows by a hash
  std::optional<FirstPart> first;  ///< there while learning again from all rows
  LoopState loop;
};

std::string hash_of(const Examples& examples);
std::string hash_of(const State& state);

/// Borrows the tensors of the state.
Checkpoint to_checkpoint(const Model& model, const FitState& fit);
/// Throws ModelError for a checkpoint that is not as `to_checkpoint` makes it.
FitState from_checkpoint(const Checkpoint& checkpoint);

/// Of the last step before the checkpoint; 0 where no schedule had decided it. Throws as from_checkpoint.
double last_learning_rate(const Checkpoint& checkpoint);

/// Throws ModelError about `file` that says which setting is another one than before.
void require_same(const Json& before, const Json& now, const std::string& file);

/// What files of how far learning is hold.
Json to_json(const Metrics& metrics);
Metrics metrics_from(const Json& json);
Json to_json(const EpochLoss& epoch);
EpochLoss epoch_from(const Json& json);

}  // namespace longhand::train
