// What is chosen where nobody says. docs/defaults.md has the evidence.
#pragma once

#include <span>

#include "longhand/train.h"

namespace longhand::train {

/// The options with a network, and how it learns, for a table of so many rows that has these inputs.
/// Options that name the layers, or an optimizer that takes all rows at once, are left plain: one network
/// without dropout, at a constant rate, of numbers without steps.
TrainOptions with_network_for(TrainOptions options, std::int64_t rows, const std::vector<ColumnProfile>& inputs);

/// options.number_scaling, or standard, but robust for values of which a few would rule the standard deviation.
/// `values` ascend.
NumberScaling number_scaling_for(const TrainOptions& options, std::span<const double> values, double standard_deviation);

/// options.embedding, or none: one-hot is more accurate on the tables tried. None for two categories.
std::int64_t embedding_for(const TrainOptions& options, std::size_t categories);

/// options.batch_size, or one by the number of rows; at most all rows.
std::int64_t batch_size_for(const TrainOptions& options, std::int64_t rows);

/// options.epochs, or many where it may stop early and fewer where it may not.
std::int64_t epochs_for(const TrainOptions& options, bool has_validation);

/// Whether it learns again from all rows once the best number of epochs is known: where it may stop
/// early, and the table is small enough for the held-out rows to matter.
bool refits(const TrainOptions& options, std::int64_t rows, bool has_validation);

}  // namespace longhand::train
