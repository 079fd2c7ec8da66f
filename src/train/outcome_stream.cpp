#include "train/outcome_stream.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "train/scored_rows.h"

namespace longhand::train {
namespace {

std::size_t predictions_a_row(const Outcomes& outcomes) {
  return outcomes.task == Task::multiclass ? static_cast<std::size_t>(outcomes.classes) : 1;
}

void append_to(auto& all, const auto& more) { all.insert(all.end(), more.begin(), more.end()); }

}  // namespace

OutcomeStream::OutcomeStream(std::uint64_t seed, double threshold, std::int64_t most_rows)
    : seed_(seed), threshold_(threshold), most_rows_(most_rows), draws_(seed, hash_name("outcomes")) {}

OutcomeStream OutcomeStream::of_all(std::uint64_t seed) {
  return OutcomeStream(seed, 0.5, std::numeric_limits<std::int64_t>::max());
}

std::int64_t OutcomeStream::rows_of(const Outcomes& outcomes) {
  return static_cast<std::int64_t>(outcomes.task == Task::regression ? outcomes.values.size() : outcomes.codes.size());
}

void OutcomeStream::add(Outcomes more) {
  const auto count = rows_of(more);
  if (rows_ + count <= most_rows_) {
    rows_ += count;
    append(std::move(more));
    return;
  }
  if (totals_.empty() && rows_ > 0) add_up(kept_);
  add_up(more);
  if (rows_ == 0) kept_ = {more.task, more.classes, {}, {}, {}};
  draw(more);
}

void OutcomeStream::append(Outcomes more) {
  if (kept_.predictions.empty()) {
    kept_ = std::move(more);
    return;
  }
  append_to(kept_.predictions, more.predictions);
  append_to(kept_.codes, more.codes);
  append_to(kept_.values, more.values);
}

void OutcomeStream::add_up(const Outcomes& more) {
  const ScoredRows rows(more, threshold_);
  const auto names = rows.names();
  const auto count = static_cast<double>(rows.size());
  std::vector<double> values(names.size());
  rows.measure(std::vector<std::int32_t>(rows.size(), 1), values);
  totals_.resize(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    totals_[i] += count * (std::string_view(names[i]) == "rmse" ? values[i] * values[i] : values[i]);
  }
  const auto confusion = rows.confusion();
  confusion_.resize(confusion.size(), std::vector<std::int64_t>(confusion.size()));
  for (std::size_t i = 0; i < confusion.size(); ++i) {
    for (std::size_t j = 0; j < confusion.size(); ++j) confusion_[i][j] += confusion[i][j];
  }
  for (const double value : more.values) {  // Welford (1962)
    const double before = value - target_mean_;
    target_mean_ += before / ++targets_;
    spread_ += before * (value - target_mean_);
  }
}

// Each of the rows so far is kept with the same chance (algorithm R, Vitter 1985).
void OutcomeStream::draw(const Outcomes& from) {
  const auto width = predictions_a_row(from);
  for (std::size_t row = 0; row < static_cast<std::size_t>(rows_of(from)); ++row) {
    const auto kept = static_cast<std::uint64_t>(kept_rows());
    const auto place = rows_ < most_rows_ ? kept : draws_.below(static_cast<std::uint64_t>(rows_) + 1);
    ++rows_;
    if (place >= static_cast<std::uint64_t>(most_rows_)) continue;
    if (place == kept) {
      kept_.predictions.resize(kept_.predictions.size() + width);
      from.task == Task::regression ? kept_.values.push_back(0) : kept_.codes.push_back(0);
    }
    const auto predictions = std::span(from.predictions).subspan(row * width, width);
    std::ranges::copy(predictions, kept_.predictions.begin() + static_cast<std::ptrdiff_t>(place * width));
    if (from.task == Task::regression) kept_.values[place] = from.values[row];
    else kept_.codes[place] = from.codes[row];
  }
}

Metrics OutcomeStream::metrics() const {
  auto metrics = measure(kept_, threshold_);
  if (!is_sampled()) return metrics;
  metrics.rows = rows_;
  metrics.confusion = confusion_;
  for (std::size_t i = 0; i < metrics.values.size(); ++i) {
    auto& [name, value] = metrics.values[i];
    if (!is_of_sample(name)) value = whole(name, totals_[i]);
  }
  return metrics;
}

double OutcomeStream::whole(std::string_view metric, double total) const {
  const auto rows = static_cast<double>(rows_);
  std::vector<ClassCounts> classes(confusion_.size());
  for (std::size_t i = 0; i < classes.size(); ++i) {
    classes[i].right = confusion_[i][i];
    for (std::size_t j = 0; j < classes.size(); ++j) {
      classes[i].occurs += confusion_[i][j];
      classes[j].predicted += confusion_[i][j];
    }
  }
  if (metric == "f1") return classes[1].f1();
  if (metric == "f1_macro") return f1_macro(classes);
  if (metric == "rmse") return std::sqrt(total / rows);
  if (metric != "r2") return total / rows;
  const double squares = totals_[0];  // of rmse
  return spread_ > 0 ? 1 - squares / spread_ : std::numeric_limits<double>::quiet_NaN();
}

Intervals OutcomeStream::intervals(int threads, std::span<const std::int32_t> groups) const {
  auto intervals = bootstrap_intervals(kept_, {.threshold = threshold_, .seed = seed_, .threads = threads, .groups = groups});
  if (!is_sampled()) return intervals;
  const auto all = metrics(), sample = measure(kept_, threshold_);
  const double shrinks = std::sqrt(static_cast<double>(kept_rows()) / static_cast<double>(rows_));
  for (std::size_t i = 0; i < all.values.size(); ++i) {
    const auto& [name, value] = all.values[i];
    if (is_of_sample(name)) continue;
    auto& [low, high] = intervals.bounds[i];
    low = value + (low - sample.values[i].second) * shrinks;
    high = value + (high - sample.values[i].second) * shrinks;
    if (is_higher_better(name)) high = std::min(high, 1.0);
    else low = std::max(low, 0.0);
  }
  return intervals;
}

}  // namespace longhand::train
