// Rows of a model's tables that no row of the table names: they learn nothing.
#pragma once

#include "train/columns.h"

namespace longhand::train {

/// For a new model: such rows are 0.
void clear_unseen(Model& model, const Examples& examples);

/// After learning: such rows are the mean of the others, so that a category that is met for the first time
/// is taken for one like the rest.
void average_unseen(Model& model, const Examples& examples);

}  // namespace longhand::train
