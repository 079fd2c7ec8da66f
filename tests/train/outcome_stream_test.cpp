// Metrics of predictions that come in parts, against those of all at once.
#include "train/outcome_stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "base/philox.h"

namespace longhand::train {
namespace {

// Rows from `begin` to before `end` of an endless table, whose predictions are right about as often.
Outcomes rows(Task task, std::int64_t begin, std::int64_t end) {
  Outcomes outcomes{task, task == Task::regression ? 0 : task == Task::binary ? 2 : 3, {}, {}, {}};
  for (auto row = begin; row < end; ++row) {
    PhiloxStream random(7, static_cast<std::uint64_t>(row));
    if (task == Task::regression) {
      outcomes.values.push_back(1e6 + random.normal());
      outcomes.predictions.push_back(outcomes.values.back() + 0.5 * random.normal());
    } else if (task == Task::binary) {
      outcomes.predictions.push_back(random.uniform());
      outcomes.codes.push_back(random.uniform() < outcomes.predictions.back() ? 1 : 0);
    } else {
      outcomes.codes.push_back(static_cast<std::int32_t>(random.below(3)));
      for (int k = 0; k < 3; ++k) outcomes.predictions.push_back(random.uniform() + (k == outcomes.codes.back() ? 0.5 : 0));
    }
  }
  return outcomes;
}

OutcomeStream in_parts(Task task, std::int64_t count, std::int64_t part, std::int64_t most) {
  OutcomeStream stream(3, 0.4, most);
  for (std::int64_t begin = 0; begin < count; begin += part) stream.add(rows(task, begin, std::min(begin + part, count)));
  return stream;
}

constexpr Task kTasks[] = {Task::binary, Task::multiclass, Task::regression};
constexpr std::int64_t kRows = 20'000;

TEST(OutcomeStream, ThatKeepsAllRowsGivesTheirMetricsBitForBit) {
  for (const auto task : kTasks) {
    const auto all = rows(task, 0, 1000);
    const auto expected = measure(all, 0.4);
    const auto bounds = bootstrap_intervals(all, {.threshold = 0.4, .seed = 3}).bounds;
    for (const std::int64_t part : {1, 17, 1000}) {
      const auto stream = in_parts(task, 1000, part, 1000);
      EXPECT_FALSE(stream.is_sampled());
      EXPECT_EQ(stream.metrics().values, expected.values);
      EXPECT_EQ(stream.metrics().confusion, expected.confusion);
      const auto intervals = stream.intervals(2);
      for (std::size_t i = 0; i < bounds.size(); ++i) EXPECT_EQ(intervals.bounds[i].low, bounds[i].low);
    }
  }
}

TEST(OutcomeStream, AddsUpWhatItDoesNotKeep) {
  for (const auto task : kTasks) {
    SCOPED_TRACE(name(task));
    const auto expected = measure(rows(task, 0, kRows), 0.4);
    std::vector<double> kept;
    for (const std::int64_t part : {1000, 333, 20'000}) {
      const auto stream = in_parts(task, kRows, part, 2000);
      EXPECT_TRUE(stream.is_sampled());
      EXPECT_EQ(stream.kept_rows(), 2000);
      const auto metrics = stream.metrics();
      EXPECT_EQ(metrics.rows, kRows);
      EXPECT_EQ(metrics.confusion, expected.confusion);
      for (const auto& [name, value] : expected.values) {
        EXPECT_NEAR(metrics.value(name), value, OutcomeStream::is_of_sample(name) ? 0.03 : 1e-10) << name;
      }
      if (kept.empty()) kept = stream.kept().predictions;
      EXPECT_EQ(stream.kept().predictions, kept);  // whatever the parts
    }
  }
}

TEST(OutcomeStream, KeepsEachRowAsOften) {
  constexpr int kSeeds = 400, kCount = 50, kKept = 10;
  std::vector<int> times(kCount);
  for (int seed = 0; seed < kSeeds; ++seed) {
    OutcomeStream stream(static_cast<std::uint64_t>(seed), 0.5, kKept);
    for (int row = 0; row < kCount; ++row) {
      const auto value = static_cast<double>(row);
      stream.add({Task::regression, 0, {value}, {}, {value}});
    }
    for (const double value : stream.kept().values) ++times[static_cast<std::size_t>(value)];
    EXPECT_EQ(stream.kept().values, stream.kept().predictions);
  }
  // Binomial, 400 draws of 0.2: 80 +- 8.
  EXPECT_GT(std::ranges::min(times), 80 - 5 * 8);
  EXPECT_LT(std::ranges::max(times), 80 + 5 * 8);
}

TEST(OutcomeStream, GivesTheIntervalsOfAllRowsFromASample) {
  for (const auto task : kTasks) {
    const auto all = bootstrap_intervals(rows(task, 0, kRows), {.threshold = 0.4, .seed = 3}).bounds;
    const auto stream = in_parts(task, kRows, 1000, 2000);
    const auto intervals = stream.intervals(1);
    const auto metrics = stream.metrics();
    for (std::size_t i = 0; i < all.size(); ++i) {
      SCOPED_TRACE(metrics.values[i].first);
      const auto [low, high] = intervals.bounds[i];
      const double expected = (all[i].high - all[i].low) * (OutcomeStream::is_of_sample(metrics.values[i].first) ? std::sqrt(10) : 1);
      EXPECT_NEAR(high - low, expected, 0.25 * expected);
      EXPECT_LT(low, metrics.values[i].second);
      EXPECT_GT(high, metrics.values[i].second);
    }
  }
}

}  // namespace
}  // namespace longhand::train
