// Which of the best trials is taken, where the held-out rows are too few to tell.
#pragma once

#include "longhand/tune.h"

namespace longhand::tuning {

/// Whether trials are compared by folds before one is taken: where there are few rows, and folds of them are like
/// the held-out rows.
bool needs_folds(const Table& table, const TrainOptions& options);

struct Candidate {
  std::size_t trial = 0;
  TrainOptions training;
};

/// The metric that candidates are compared by: TrainOptions::stop_on; in place of the loss log_loss or rmse.
std::string metric_of(Task task, const TrainOptions& options);

/// Each candidate by the same folds of the table, beside the first one, whose gain is 0. Those that diverge are
/// left out; empty where there cannot be as many folds, or the first one diverges. Throws Interrupted.
std::vector<Finalist> compare_by_folds(const Table& table, const std::vector<Candidate>& candidates, const FoldProgressFunction& progress);

/// Which of them: the one with the largest gain, where that is beyond its error; else the first.
std::size_t best_of(const std::vector<Finalist>& finalists);

}  // namespace longhand::tuning
