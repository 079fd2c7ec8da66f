// From a file that is larger than memory to the rows that are learned from.
#pragma once

#include <memory>
#include <vector>

#include "train/example_source.h"
#include "train/known_rows.h"
#include "train/row_weights.h"

namespace longhand::train {

/// Reads the file again and keeps what the model is given of each row, but of those in `held_out`, in a file
/// without a name. `notes` tells of cells that the sample has none like; all rows of the file are added to
/// `known`. Throws DataError for a cell that the model cannot read, IoError where the disk is full.
std::unique_ptr<ExampleSource> store_examples(const StreamedTable& table, const Model& model, RowWeights& weights,
                                              const Table& held_out, std::int64_t batch_size, std::uint64_t seed,
                                              std::vector<CellNote>& notes, RowSum& known, std::shared_ptr<ThreadPool> pool);

}  // namespace longhand::train
