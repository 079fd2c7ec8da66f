// Whether options can be meant. Each throws ArgumentError that says why not.
#pragma once

#include "longhand/train.h"

namespace longhand::train {

/// What a table in blocks cannot be learned with.
void check_for_stream(const TrainOptions& options);
/// What can be said before the table is looked at; options.optimizer is there.
void check(const TrainOptions& options);
/// What depends on the task.
void check_for_task(const TrainOptions& options, Task task, const std::string& target);
/// What depends on the network that learns, and on how many rows are learned from.
void check_for_network(const NetworkSpec& network, std::int64_t rows, std::int64_t batch_size);

}  // namespace longhand::train
