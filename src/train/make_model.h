// The model that is to learn, before it has learned.
#pragma once

#include "train/columns.h"

namespace longhand::train {

/// A freshly drawn model for these columns and this target; `inputs` and `target` scaled as given.
/// Throws ModelError where options.network does not fit them, ArgumentError for a bad option.
Model make_model(const TrainOptions& options, std::vector<InputColumn> inputs, TargetColumn target);

/// The task that a network given in the options leaves: cross_entropy learns any classes as several.
Task task_for(const TrainOptions& options, Task task);

/// The model of options.from with the options' optimizer and schedule, for a target column of the
/// table. Throws ArgumentError where it predicts another column.
Model model_to_go_on_from(const TrainOptions& options, const std::string& target);

}  // namespace longhand::train
