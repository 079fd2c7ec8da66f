// report: how good a model is, what it goes by and what to beware of, as a page for those who will use it.
// Knows nothing of files or flags.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "longhand/tune.h"

namespace longhand {

/// What the errors about a target of two classes cost, in any unit.
struct ErrorCosts {
  double false_positive = 1;  ///< of a row taken for class 1 that is not
  double false_negative = 1;  ///< of one of class 1 that is not taken for it
};

struct ReportOptions {
  std::string model_file;             ///< as it is named in the page; empty: not
  std::vector<std::string> left_out;  ///< columns of the file that are not in the table
  std::vector<std::string> told;      ///< lines about the rows, beside what was told while it learned
  /// The rows that TrainOptions::validation_table was; else the split of the result says which they are.
  const Table* validation_table = nullptr;
  std::string split_by, split_time;   ///< as in TrainOptions
  std::int64_t file_rows = 0;         ///< of the file that the table is a sample of; 0: the table is all of it
  const CrossValidation* folds = nullptr;  ///< of the same table: the figures and plots are then of all rows that they predicted
  std::optional<ErrorCosts> costs;    ///< adds the threshold that is cheapest
  /// Of two classes that which curves, thresholds and F1 are about; empty: class 1 of the model.
  std::string positive;
  /// Is told the share of the work that is done; may throw to stop.
  std::function<void(double)> progress;
  std::uint64_t seed = 0;             ///< what resamples and shuffled columns are drawn from
  int threads = 1;                    ///< never changes a byte of the page
};

/// A page of HTML in one file, without script and with its plots in it: what was learned from `table`,
/// measured on the held-out rows by the model that had not seen them, or on all rows where none were held
/// out. The same table, result and options give the same bytes. Of a wide table or a large network, what the
/// columns matter is found for the leading ones on a part of the rows, so that it takes seconds.
/// Throws DataError as `evaluate` does, ArgumentError for a `positive` that is no class.
std::string write_report(const Table& table, const TrainResult& result, const ReportOptions& options = {});

/// The same of a model on the rows of any table with its columns and its target.
std::string write_report(const Model& model, const Table& table, const ReportOptions& options = {});

/// The gravest of what a report would say, a line for each: columns that give the target away by themselves, held-out rows that
/// repeat learned ones, a rare class, predictions no better than a constant guess. Takes about as long as to predict the
/// held-out rows and to draw their intervals.
std::vector<std::string> warnings_about(const Table& table, const TrainResult& result, const ReportOptions& options = {});

}  // namespace longhand
