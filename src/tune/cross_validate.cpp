#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <utility>

#include "base/thread_pool.h"
#include "longhand/tune.h"
#include "train/fit.h"
#include "train/hold_out.h"

namespace longhand {
namespace {

Spread spread_of(const std::vector<Fold>& folds, std::size_t metric) {
  std::vector<double> values;
  for (const auto& fold : folds) {
    if (const double value = fold.metrics.values[metric].second; !std::isnan(value)) values.push_back(value);
  }
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  const auto count = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  for (const double value : values) sum += value;
  for (const double value : values) squares += (value - sum / count) * (value - sum / count);
  return {values.empty() ? kNaN : sum / count, values.size() < 2 ? kNaN : std::sqrt(squares / (count - 1))};
}

class Folds {
 public:
  Folds(const Table& table, const TrainOptions& options, const FoldProgressFunction& progress)
      : table_(table), options_(options), progress_(progress) {
    if (options.from != nullptr) throw ArgumentError("cross-validation begins anew: a model to go on from may have seen the rows");
    if (options.resume != nullptr || options.checkpoint) throw ArgumentError("cross-validation has no checkpoints");
    if (options_.threads < 1) throw ArgumentError("the number of threads must be at least 1");
    if (!options_.optimizer) options_.optimizer = TrainOptions::default_optimizer(table.rows());
  }

  CrossValidation run(std::int64_t count) {
    const auto roles = train::column_roles(table_, options_);
    const auto task = train::task_of(table_, roles.target, options_);
    auto splits = train::folds_of(table_, roles, task, options_, count);
    options_.task = task;
    std::vector<Outcomes> outcomes(splits.size());
    found_.folds.resize(splits.size());
    ThreadPool pool(std::min(options_.threads, static_cast<int>(count)));
    options_.threads = std::max(1, options_.threads / pool.size());
    pool.run(static_cast<int>(count), [&](int, int share) {
      const auto fold = static_cast<std::size_t>(share);
      found_.folds[fold].rows = std::move(splits[fold]);
      outcomes[fold] = learn(found_.folds[fold], share + 1);
    });
    gather(outcomes);
    return std::move(found_);
  }

 private:
  Outcomes learn(Fold& fold, std::int64_t number) {
    const auto learned = fit_fold(table_.select_rows(fold.rows.train), number);
    const auto outcomes = outcomes_of(learned.model, table_.select_rows(fold.rows.held_out), options_.threads);
    fold.metrics = measure(outcomes);
    fold.epochs = learned.epochs;
    const std::scoped_lock lock(mutex_);
    ++done_;
    return outcomes;
  }

  TrainResult fit_fold(const Table& rows, std::int64_t number) {
    try {
      return train::fit_in({.whole = &table_}, rows, options_, [&](const TrainProgress& training) { return tell(number, training); });
    } catch (const DivergenceError& error) {
      throw DivergenceError("fold " + std::to_string(number) + ": " + error.what());
    }
  }

  bool tell(std::int64_t number, const TrainProgress& training) {
    const std::scoped_lock lock(mutex_);
    if (!is_stopped_ && progress_) {
      is_stopped_ = !progress_({.folds = static_cast<std::int64_t>(found_.folds.size()), .done = done_, .fold = number, .training = training});
    }
    return !is_stopped_;
  }

  // In the order of the table's rows.
  void gather(const std::vector<Outcomes>& outcomes) {
    struct Place {
      std::int32_t row;
      const Outcomes* fold;
      std::size_t at;
    };
    std::vector<Place> places;
    for (std::size_t fold = 0; fold < outcomes.size(); ++fold) {
      const auto& rows = found_.folds[fold].rows.held_out;
      for (std::size_t i = 0; i < rows.size(); ++i) places.push_back({rows[i], &outcomes[fold], i});
    }
    std::ranges::sort(places, {}, &Place::row);
    auto& all = found_.outcomes;
    all.task = outcomes.front().task;
    all.classes = outcomes.front().classes;
    for (const auto& [row, fold, at] : places) {
      found_.rows.push_back(row);
      if (all.task == Task::regression) all.values.push_back(fold->values[at]);
      else all.codes.push_back(fold->codes[at]);
      const auto width = all.task == Task::multiclass ? static_cast<std::size_t>(all.classes) : 1;
      const auto p = std::span(fold->predictions).subspan(at * width, width);
      all.predictions.insert(all.predictions.end(), p.begin(), p.end());
    }
    found_.metrics = measure(all);
    for (std::size_t i = 0; i < found_.metrics.values.size(); ++i) found_.spread.push_back(spread_of(found_.folds, i));
  }

  const Table& table_;
  TrainOptions options_;
  const FoldProgressFunction& progress_;
  CrossValidation found_;
  std::mutex mutex_;
  std::int64_t done_ = 0;
  bool is_stopped_ = false;
};

}  // namespace

CrossValidation cross_validate(const Table& table, const TrainOptions& options, std::int64_t folds, const FoldProgressFunction& progress) {
  return Folds(table, options, progress).run(folds);
}

}  // namespace longhand
