// train: learning from a table. From rows and options to a model; how good it is. Knows nothing of
// flags, files or terminals.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "longhand/model.h"

namespace longhand {

/// How good predictions are.
struct Metrics {
  Task task = Task::regression;
  std::int64_t rows = 0;
  /// binary: accuracy, auc, log_loss, f1, brier; multiclass: accuracy, log_loss, f1_macro;
  /// regression: rmse, mae, r2. NaN where the rows do not say: auc with one class only, r2 of a
  /// target that does not vary.
  std::vector<std::pair<std::string, double>> values;
  /// confusion[i][j]: rows of class i that were taken for class j; empty for regression.
  std::vector<std::vector<std::int64_t>> confusion;

  /// Throws ArgumentError where there is no value of that name.
  double value(const std::string& name) const;
};

/// Predictions beside what came true.
struct Outcomes {
  Task task = Task::regression;
  std::int32_t classes = 0;         ///< how many, of multiclass
  std::vector<double> predictions;  ///< of each row: the probability of class 1; of each class; the value
  std::vector<std::int32_t> codes;  ///< the true classes
  std::vector<double> values;       ///< of regression: the true values
};

/// For p the predictions and y what is true: a row is binary taken for class 1 where p >= threshold,
/// multiclass for its most probable class, the first of several. auc is the area under the ROC curve, f1
/// that of class 1 (0 where no row is or is taken for class 1), f1_macro the mean over the classes that
/// occur in y or are predicted; log_loss takes p within [2.2e-16, 1 - 2.2e-16], multiclass after dividing
/// each row by its sum; brier = mean((p - y)^2); rmse = sqrt(mean((p - y)^2)), mae = mean|p - y|,
/// r2 = 1 - sum((p - y)^2) / sum((y - mean y)^2). All as scikit-learn computes them.
/// Throws ArgumentError for outcomes that are none, do not fit together or are not finite.
Metrics measure(const Outcomes& outcomes, double threshold = 0.5);

inline constexpr double kConfidence = 0.95;

/// Between them lies a metric in the share kConfidence of resamples; NaN where most do not have it.
struct Bounds {
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};
struct Intervals {
  std::vector<Bounds> bounds;  ///< of each of Metrics::values
  std::int64_t resamples = 0;
};
struct BootstrapOptions {
  double threshold = 0.5;
  std::int64_t resamples = 0;  ///< 0: 1000, above 100,000 rows fewer, and 200 at least
  std::uint64_t seed = 0;
  int threads = 1;             ///< never changes a bit of the result
  /// For each row a number that the rows of its group share, such as those of one patient. Empty: each row is one.
  std::span<const std::int32_t> groups = {};
};
/// How far the metrics might be others on rows like these: the percentile bootstrap (Efron 1979). Each
/// resample draws as many rows, or whole groups (Field and Welsh 2007), as there are, with replacement. The time is
/// that of counting rows * resamples rows. Of fewer than five groups there are no bounds. Throws ArgumentError where groups and
/// rows are not as many.
Intervals bootstrap_intervals(const Outcomes& outcomes, const BootstrapOptions& options = {});

/// The predictions for the rows of a table, as Predictor makes them; `notes` are raw_rows'. Throws
/// DataError naming a column that is missing, a cell that is no number and a row whose prediction is
/// not finite.
Tensor predict(const Model& model, const Table& table, int threads = 1, std::vector<CellNote>* notes = nullptr);

/// The predictions for a table beside its target column. Throws DataError as `predict` does, and for a
/// class that the model does not know.
Outcomes outcomes_of(const Model& model, const Table& table, int threads = 1,
                     std::vector<CellNote>* notes = nullptr);
/// How well the model predicts the target column of a table: measure(outcomes_of(...)).
Metrics evaluate(const Model& model, const Table& table, int threads = 1, double threshold = 0.5);

/// What a column is taken for where nobody says. Text: classes, two of them binary; but regression for over
/// 20 distinct numbers that are kept as text for their leading zeros or many digits. Numbers: classes
/// where there are two distinct values, or where all are whole and there are at most 20 distinct
/// ones, each of them 3 times on average or more; else regression.
/// Throws DataError where all rows have one value.
Task choose_task(const Table& table, const std::string& target);

/// How to learn. What is 0 or empty is chosen by the data; docs/defaults.md says how and why.
struct TrainOptions {
  std::string target;         ///< as Table::find takes it
  std::optional<Task> task;   ///< nothing: choose_task
  /// Of two classes that which is found or missed: class 1, of which f1 is and what predictions are the
  /// probability of. Empty: the second in their order.
  std::string positive;
  KindOptions columns;        ///< what the other columns are taken for
  std::optional<NumberScaling> number_scaling;  ///< nothing: by the data
  /// Steps of the piecewise linear encoding of each column of numbers, at most: their edges stand at equal
  /// shares of the rows. 0: none; nothing: by the data.
  std::optional<std::int64_t> number_steps;
  /// Entries of the learnt row of each category, for columns of three categories or more; 0 or
  /// nothing: one-hot.
  std::optional<std::int64_t> embedding;
  std::optional<NetworkSpec> network;  ///< its layers and loss, in place of `hidden` and `activation`
  /// Units of each hidden layer, none where it is empty. {0}: by the data, and where that is so, what is not
  /// given of dropout, members, number_steps, number_scaling, schedule and epochs goes with them.
  std::vector<std::int64_t> hidden = {0};
  std::string activation = "relu";
  std::optional<double> dropout;  ///< after each activation; not with `network`
  std::int64_t members = 0;   ///< of an ensemble
  double label_smoothing = 0;
  std::optional<OptimizerSpec> optimizer;  ///< nothing: default_optimizer(rows); lbfgs needs f64
  std::optional<ScheduleSpec> schedule;    ///< nothing: the network's
  /// A model to go on from: its columns, its layers and its weights. Not with `network`.
  const Model* from = nullptr;
  std::int64_t batch_size = 0;
  std::int64_t epochs = 0;  ///< at most
  double validation = 0.2;    ///< the share of rows held out, classes in proportion; 0: none
  std::string split_by;       ///< a column whose equal cells are held out together, or not; no input
  std::string split_time;     ///< a column of numbers or dates: the latest rows are held out; no input
  bool learn_split_time = false;  ///< it is an input too
  const Table* validation_table = nullptr;  ///< held-out rows in place of a share
  std::int64_t patience = 20;  ///< epochs without a lower validation loss before it stops; 0: never
  /// What the best epoch is the best by: "loss", or one of the task's metrics.
  std::string stop_on = "loss";
  /// After stopping early, learn again from all rows for the number of epochs that was best.
  bool refit = true;
  bool balance_classes = false;  ///< row weights rows / (classes * rows of the class)
  std::string sample_weight;     ///< a column of weights above 0; no input
  DType dtype = DType::f32;
  std::uint64_t seed = 0;
  int threads = 1;            ///< never changes a bit of the result
  /// Where to go on, from a run with the same table and options: the result is then the same, bit
  /// for bit, as without a break. Null begins anew.
  const Checkpoint* resume = nullptr;
  /// Is given where training is at the end of an epoch, and before `fit` throws Interrupted. The
  /// tensors are those that training goes on to change: write or clone them.
  std::function<void(const Checkpoint&)> checkpoint;
  /// Epochs that end sooner after a checkpoint make none; the last one always does.
  double seconds_between_checkpoints = 0;

  /// AdamW, 0.001, with a weight decay of 35 / rows, but from 0.01 to 1, for weights alone.
  static OptimizerSpec default_optimizer(std::int64_t rows);
};

/// Where learning is, after some steps.
struct TrainProgress {
  bool refit = false;            ///< learning again from all rows
  std::int64_t epoch = 0;        ///< from 1
  std::int64_t epochs = 0;       ///< at most
  double done = 0;               ///< the share of this epoch
  double loss = 0;               ///< mean over this epoch so far
  std::optional<double> validation_loss;  ///< once the epoch is complete
  std::string metric_name;                ///< TrainOptions::stop_on, where that is a metric
  std::optional<double> metric;           ///< once the epoch is complete
  double learning_rate = 0;               ///< of the last step
  double seconds = 0;                     ///< in the loop of this call
  double rows_per_second = 0;
  double seconds_left = 0;  ///< to the last epoch; it may stop sooner
};
/// Returns false to stop; `fit` then throws Interrupted.
using ProgressFunction = std::function<bool(const TrainProgress&)>;

/// Learning was stopped from outside.
class Interrupted : public Error {
 public:
  using Error::Error;
};

/// What an epoch came to.
struct EpochLoss {
  double loss = 0;  ///< mean over the epoch, while it learned
  std::optional<double> validation_loss;  ///< after it
  std::optional<double> metric;  ///< on the held-out rows after it, where TrainOptions::stop_on names one

  friend bool operator==(const EpochLoss&, const EpochLoss&) = default;
};

struct TrainResult {
  Model model;
  /// The model that `validation` is about, where `model` has learned again from all rows since.
  std::optional<Model> before_refit;
  Split split;                        ///< which rows were held out; of no use with a validation_table
  std::vector<EpochLoss> history;     ///< of each epoch before any refit
  Metrics train;                      ///< on the rows it learned from
  std::optional<Metrics> validation;  ///< on held-out rows, before any refit
  std::int64_t epochs = 0;            ///< that made the weights
  std::int64_t epochs_run = 0;        ///< all of them, refit included
  std::int64_t parameters = 0;
  std::vector<ColumnProfile> columns;  ///< all of the table's, learned from or not
  double seconds = 0;                 ///< in the loop of this call, without its checkpoints
  double samples_per_second = 0;      ///< of this call
  std::vector<std::string> warnings;
  std::int64_t rows = 0;               ///< that it learned from
  std::vector<CellNote> notes;         ///< of a streamed table: cells that its sample has none like
};

/// Learns to predict `target` from all other columns but those that are constant or identifiers,
/// which a warning names. All that is known of a column (its mean, its categories, …) is from the rows
/// learned from, as is the scaling of a regression's target, by mean and standard deviation. Each epoch
/// takes the rows in another random order from the seed. The same table, options and seed give the
/// same model, bit for bit, with any number of threads.
///
/// Throws ArgumentError for an option out of range or a column that is not there, DataError for a
/// table that cannot be learned from, ModelError for a network that does not fit it or a checkpoint
/// of another run, and DivergenceError where the loss leaves the finite numbers.
TrainResult fit(const Table& table, const TrainOptions& options,
                const ProgressFunction& progress = {});

/// A table that may be larger than memory.
struct StreamedTable {
  TableBlocks& blocks;
  const TableSample& sample;      ///< sample_rows of these blocks, for the target
  std::string folder;             ///< where there is room for the rows as the network takes them
  std::int64_t window_bytes = std::int64_t{1} << 25;  ///< of rows that are in memory at a time
  std::function<void()> after_block;  ///< while the file is read; may throw
};

/// The same from all rows of a file, in memory that does not grow with it. What is known of columns, target
/// and classes' weights, which rows are held out, and the metrics of rows learned from, is from the sample. The file is read
/// once more; each epoch takes blocks of rows in another random order, and shuffles the rows of as many as fit
/// into the window. It does not learn again from all rows. Throws ArgumentError also for lbfgs, split_by
/// and split_time, DataError also for a file that changes, IoError where the disk is full.
TrainResult fit(const StreamedTable& table, const TrainOptions& options,
                const ProgressFunction& progress = {});

}  // namespace longhand
