#include "tune/finalists.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "train/scored_rows.h"

namespace longhand::tuning {
namespace {

std::optional<CrossValidation> by_folds(const Table& table, const TrainOptions& training, const FoldProgressFunction& progress) {
  constexpr std::int64_t kFolds = 5;
  try {
    return cross_validate(table, training, kFolds, progress);
  } catch (const DivergenceError&) {
    return {};
  }
}

// What `found` is better by than `first`, over the folds that have the metric.
Finalist compared(std::size_t trial, const CrossValidation& found, const CrossValidation& first, const std::string& metric) {
  const double sign = train::is_higher_better(metric) ? 1 : -1;
  std::vector<double> gains;
  for (std::size_t fold = 0; fold < found.folds.size(); ++fold) {
    const double gain = sign * (found.folds[fold].metrics.value(metric) - first.folds[fold].metrics.value(metric));
    if (!std::isnan(gain)) gains.push_back(gain);
  }
  const auto count = static_cast<double>(gains.size());
  double sum = 0, squares = 0;
  for (const double gain : gains) sum += gain;
  for (const double gain : gains) squares += (gain - sum / count) * (gain - sum / count);
  if (gains.size() < 2) return {trial, 0, std::numeric_limits<double>::infinity()};
  return {trial, sum / count, std::sqrt(squares / (count - 1) / count)};
}

}  // namespace

bool needs_folds(const Table& table, const TrainOptions& options) {
  constexpr std::int64_t kManyRows = 2000;
  return table.rows() < kManyRows && options.from == nullptr && options.validation_table == nullptr;
}

std::string metric_of(Task task, const TrainOptions& options) {
  if (options.stop_on != "loss") return options.stop_on;
  return task == Task::regression ? "rmse" : "log_loss";
}

std::vector<Finalist> compare_by_folds(const Table& table, const std::vector<Candidate>& candidates, const FoldProgressFunction& progress) {
  std::optional<CrossValidation> first;
  try {
    first = by_folds(table, candidates.front().training, progress);
  } catch (const ArgumentError&) {  // as few rows, groups or times as that
  } catch (const DataError&) {
  }
  if (!first) return {};
  const auto metric = metric_of(first->metrics.task, candidates.front().training);
  std::vector<Finalist> finalists{{candidates.front().trial, 0, 0}};
  for (std::size_t i = 1; i < candidates.size(); ++i) {
    const auto found = by_folds(table, candidates[i].training, progress);
    if (found) finalists.push_back(compared(candidates[i].trial, *found, *first, metric));
  }
  return finalists;
}

std::size_t best_of(const std::vector<Finalist>& finalists) {
  const auto best = std::ranges::max_element(finalists, {}, &Finalist::gain);
  return best->gain > best->error ? best->trial : finalists.front().trial;
}

}  // namespace longhand::tuning
