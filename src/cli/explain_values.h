// The rows that a network is worked out with: raw columns of a model, else the network's inputs.
#pragma once

#include <string>

#include "cli/data_options.h"
#include "longhand/explain.h"
#include "longhand/model.h"

namespace longhand::cli {

/// Numbers that stand for the target of a row: a class number, or one for each output.
std::int64_t target_width(const Model& model);

/// From "3,22" and "malignant" (for a trained model, else numbers); an empty one stays open. Tells of cells
/// that the model has learned from none like. Throws UsageError.
SampleSpec sample_from_flags(const Model& model, const std::string& input, const std::string& label);

/// Rows first to last of a table, from 1. `target` is its column, empty where the table has none. Throws UsageError
/// for rows that are not there, DataError for cells that do not fit.
SampleSpec sample_from_table(const Model& model, const Table& table, std::int64_t first, std::int64_t last, bool is_batch,
                         const std::string& target);

/// A model's columns, with the cells of the first of these raw rows and, where not every column is read
/// alike, what became of them.
std::vector<TableColumn> table_columns(const Model& model, const Tensor& raw, int digits);
/// What a model's target is, and which class each of its numbers stands for: "diagnosis: 0 is benign, 1 is malignant".
std::string meaning_of_target(const Model& model);

}  // namespace longhand::cli
