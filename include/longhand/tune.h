// tune: learning from one table many times: how much what is learned is worth whichever rows it sees, and
// which settings are best for it. Knows nothing of flags, files or terminals.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "longhand/train.h"

namespace longhand {

/// One of the models of a cross-validation.
struct Fold {
  Split rows;        ///< of the table: learned from (a part held out to stop early), and predicted
  Metrics metrics;   ///< on the rows that it predicted
  std::int64_t epochs = 0;  ///< that made its weights
};

/// Of a metric over folds: of those where it is a number; NaN for none, and a deviation of one.
struct Spread {
  double mean = 0;
  double deviation = 0;  ///< standard deviation: sqrt(sum (value - mean)^2 / (folds - 1))
};

struct CrossValidation {
  std::vector<Fold> folds;
  std::vector<std::int32_t> rows;  ///< of the table, ascending: those that were predicted
  Outcomes outcomes;               ///< of these rows, each from the one fold that has not seen it
  Metrics metrics;                 ///< of all outcomes together
  std::vector<Spread> spread;      ///< of each of Metrics::values over the folds
};

/// How far a cross-validation is; folds may learn beside each other.
struct FoldProgress {
  std::int64_t folds = 0, done = 0;
  std::int64_t fold = 0;  ///< from 1: the one that `training` is of
  const TrainProgress& training;
};
/// Returns false to stop; Interrupted is then thrown. It is called by one thread at a time.
using FoldProgressFunction = std::function<bool(const FoldProgress&)>;

/// Learns `folds` times as `fit` does, each time from all rows but a fold of its own, and predicts that. All
/// that is learned, preprocessing and when to stop included, is from the other rows; what kind each column
/// is, and which classes there are, is from the whole table. Classes are in proportion in each fold; with
/// TrainOptions::split_by groups stay whole; with split_time the rows are cut into folds + 1 blocks of time,
/// and each block but the first is predicted by what is learned from those before it. The same table, options
/// and seed give the same result, bit for bit, with any number of threads.
/// Throws as `fit` does, and ArgumentError where there cannot be as many folds and for a model to go on from,
/// which may have seen the rows.
CrossValidation cross_validate(const Table& table, const TrainOptions& options, std::int64_t folds,
                               const FoldProgressFunction& progress = {});

/// What `tune` looks for; what is not set is as TrainOptions have it.
struct TrialSettings {
  std::optional<double> learning_rate, weight_decay, dropout;
  std::optional<std::vector<std::int64_t>> hidden;
  std::optional<std::int64_t> number_steps, batch_size;
};

enum class TrialEnd : std::uint8_t {
  finished,  ///< learned until it stopped by itself
  halved,    ///< others were better after as many epochs
  out_of_time,
  diverged,
};
const char* name(TrialEnd end);

/// Where a trial was when it was compared with others.
struct Rung {
  std::int64_t epochs = 0;  ///< learned so far
  EpochLoss best;           ///< the best of these epochs
};

struct Trial {
  TrialSettings settings;    ///< all of them, also those that no trial changes
  std::vector<Rung> rungs;   ///< the last one tells what it is worth; empty where it diverged at once
  TrialEnd end = TrialEnd::halved;
  std::optional<Metrics> validation;  ///< where it finished
};

struct TuneOptions {
  TrainOptions training;    ///< trial 1, and what no trial changes
  std::int64_t trials = 0;  ///< at most; 0: no end
  double seconds = 0;       ///< to search in, those before a break included; 0: no end. Trial 1 is finished always
  /// What trials may change. A network or a model to go on from has its own layers, and L-BFGS neither
  /// rate, batch nor dropout: those stay as they are.
  bool learning_rate = true, weight_decay = true, hidden = true, dropout = true, number_steps = true, batch_size = true;
  /// What `save` was given, to go on from; empty: begins anew. The result is then the same, bit for bit, as
  /// without a break, where only `trials` ends the search.
  std::string resume;
  std::string resume_name;  ///< of its file, for errors
  /// Is given the trials so far whenever one has come to a rung, and before Interrupted is thrown.
  std::function<void(const std::string&)> save;
};

/// A trial that was better on the held-out rows than trial 1, beside it on 5 folds of all rows.
struct Finalist {
  std::size_t trial = 0;  ///< index
  double gain = 0;        ///< what its metric is better by on a fold, in the mean; of trial 1 itself 0
  double error = 0;       ///< standard error of the gain
};

struct TuneProgress {
  std::int64_t trials = 0;   ///< so far
  std::int64_t of = 0;       ///< 0: no end but that of time
  double seconds = 0, of_seconds = 0;
  std::int64_t trial = 0;    ///< from 1: the one that `training` is of; 0: the best one is learned again
  bool by_folds = false;     ///< or the best ones are compared
  std::optional<EpochLoss> best;  ///< of all trials so far
  const TrainProgress& training;
};
/// Returns false to stop. It is called by one thread at a time.
using TuneProgressFunction = std::function<bool(const TuneProgress&)>;

struct TuneResult {
  std::vector<Trial> trials;
  /// Indices of trials: the one that is taken, then the others, the best first; of equal ones the first;
  /// diverged ones last.
  std::vector<std::size_t> ranking;
  std::vector<Finalist> finalists;  ///< trial 1 and what was compared with it by folds; empty where nothing was
  std::string compared_by;          ///< the metric of that
  TrainResult result;    ///< of learning as the one that is taken says, by `fit`
  double seconds = 0;    ///< of the search, those before a break included
};

/// Looks for settings by successive halving with several brackets, as Hyperband does (Jamieson and Talwalkar
/// 2016; Li, Jamieson, DeSalvo, Rostamizadeh and Talwalkar 2018): of 9 trials the better third goes on after 10
/// epochs and the best of these after 30; then 5 begin with 30 epochs, then 3 run to their end, and so on. Trials
/// are drawn from the seed, half of them after the first bracket near the best so far. All learn from the same
/// rows and are compared by TrainOptions::stop_on on the same held-out rows, those of `fit`. Trial 1 is the
/// options as they are and runs to its end, so that the best trial is never worse than they are, there.
/// The figures on these rows have been used to choose, and promise a little too much of other rows. Below 2,000
/// rows the best of many trials is then the luckiest: the best three that beat trial 1 are compared with it by
/// `cross_validate` (in the metric that TrainOptions::stop_on names; for the loss, log_loss or rmse), and trial 1 is
/// taken unless one's mean gain is above its standard error. A model to go on from and a validation_table leave that out.
/// With `trials` the result is the same, bit for bit, for any number of threads.
/// Throws as `fit` does for trial 1, and ArgumentError where there are neither trials nor seconds, no rows are
/// held out or nothing stops early; ModelError for a `resume` of another search.
TuneResult tune(const Table& table, const TuneOptions& options, const TuneProgressFunction& progress = {});

}  // namespace longhand
