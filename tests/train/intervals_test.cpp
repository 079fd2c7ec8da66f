// Bootstrap intervals against closed forms and against many resamples that numpy drew.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/philox.h"
#include "longhand/train.h"
#include "train/bootstrap_gain.h"

namespace longhand {
namespace {

using Json = nlohmann::json;

// `right` of `rows` rows are right, with p so that each metric but accuracy is as simple.
Outcomes right_ones(int rows, int right) {
  Outcomes outcomes{Task::multiclass, 2, {}, {}, {}};
  for (int i = 0; i < rows; ++i) {
    outcomes.codes.push_back(i < right ? 0 : 1);
    outcomes.predictions.insert(outcomes.predictions.end(), {0.75, 0.25});
  }
  return outcomes;
}

TEST(Intervals, OfAccuracyAreThoseOfTheBinomial) {
  struct Case {
    int rows, right;
    double low, high;  // scipy.stats.binom.ppf([.025, .975], rows, right / rows) / rows
  };
  for (const auto& [rows, right, low, high] : {Case{50, 45, 0.82, 0.98}, Case{200, 120, 0.53, 0.665}, Case{1000, 30, 0.02, 0.041}}) {
    const auto accuracy = bootstrap_intervals(right_ones(rows, right), {.resamples = 20'000}).bounds[0];
    EXPECT_NEAR(accuracy.low, low, 1.01 / rows) << rows;
    EXPECT_NEAR(accuracy.high, high, 1.01 / rows) << rows;
  }
}

// All ten rows of a group are right or all wrong, so that there is as much to learn from as from fifty rows.
TEST(Intervals, OfGroupsAreThoseOfAsManyRows) {
  const auto outcomes = right_ones(500, 450);
  std::vector<std::int32_t> groups;
  for (int i = 0; i < 500; ++i) groups.push_back(7 + i / 10 * 3);  // codes need not be without gaps
  const auto of_groups = bootstrap_intervals(outcomes, {.resamples = 20'000, .groups = groups}).bounds[0];
  EXPECT_NEAR(of_groups.low, 0.82, 1.01 / 50);   // scipy.stats.binom.ppf([.025, .975], 50, .9) / 50
  EXPECT_NEAR(of_groups.high, 0.98, 1.01 / 50);
  const auto of_rows = bootstrap_intervals(outcomes, {.resamples = 20'000}).bounds[0];
  EXPECT_GT(of_groups.high - of_groups.low, 2.5 * (of_rows.high - of_rows.low));
  groups.pop_back();
  EXPECT_THROW(bootstrap_intervals(outcomes, {.groups = groups}), ArgumentError);
}

TEST(Intervals, OfOneGroupAreNotKnown) {
  const std::vector<std::int32_t> groups(50, 3);
  const auto intervals = bootstrap_intervals(right_ones(50, 40), {.groups = groups});
  EXPECT_EQ(intervals.bounds.size(), measure(right_ones(50, 40)).values.size());
  EXPECT_TRUE(std::isnan(intervals.bounds[0].low) && std::isnan(intervals.bounds[0].high));
}

// The same for two classes, whose rows are looked at in the order of their probabilities.
TEST(Intervals, OfGroupsOfTwoClassesToo) {
  Outcomes outcomes{Task::binary, 2, {}, {}, {}};
  std::vector<std::int32_t> groups;
  for (int i = 0; i < 500; ++i) {
    const int group = i * 7 % 50;
    groups.push_back(group);
    outcomes.predictions.push_back(0.6 + i * 37 % 500 * 0.0005);
    outcomes.codes.push_back(group < 45 ? 1 : 0);
  }
  const auto of_groups = bootstrap_intervals(outcomes, {.resamples = 20'000, .groups = groups}).bounds[0];
  EXPECT_NEAR(of_groups.low, 0.82, 1.01 / 50);
  EXPECT_NEAR(of_groups.high, 0.98, 1.01 / 50);
}

// Errors of both are large or small in the same rows; one is always a little better. The mean of the differences is known.
TEST(Intervals, OfAGainAreOfTheDifferencesOfRows) {
  Outcomes better, worse;
  PhiloxStream stream(5, 1);
  for (int i = 0; i < 400; ++i) {
    const double error = std::exp(3 * stream.normal());
    for (auto* outcomes : {&better, &worse}) outcomes->values.push_back(0);
    better.predictions.push_back(std::sqrt(error));
    worse.predictions.push_back(std::sqrt(error + 2));
  }
  const auto gain = train::bootstrap_gain(better, worse), loss = train::bootstrap_gain(worse, better);
  EXPECT_NEAR(gain.low, 2, 1e-6);
  EXPECT_NEAR(gain.high, 2, 1e-6);
  EXPECT_NEAR(loss.high, -2, 1e-6);
  for (auto* outcomes : {&better, &worse}) {
    for (auto& prediction : outcomes->predictions) prediction *= 1e170;
  }
  EXPECT_GT(train::bootstrap_gain(better, worse).low, 0);  // its squares would overflow
}

TEST(Intervals, OfAMeanHaveTheWidthOfTheCentralLimit) {
  constexpr int kRows = 4000;
  Outcomes outcomes;
  PhiloxStream stream(3, 1);
  double squares = 0, sum = 0;
  for (int i = 0; i < kRows; ++i) {
    outcomes.values.push_back(0);
    outcomes.predictions.push_back(stream.normal());
    const double absolute = std::abs(outcomes.predictions.back());
    sum += absolute;
    squares += absolute * absolute;
  }
  const double mean = sum / kRows, deviation = std::sqrt(squares / kRows - mean * mean);
  const auto mae = bootstrap_intervals(outcomes).bounds[1];
  const double half = 1.959964 * deviation / std::sqrt(kRows);
  EXPECT_NEAR(mae.low, mean - half, 0.15 * half);
  EXPECT_NEAR(mae.high, mean + half, 0.15 * half);
}

TEST(Intervals, AreThoseOfManyResamplesWithScikitLearn) {
  std::ifstream file(LONGHAND_SOURCE_DIR "/tests/goldens/metrics.json");
  const auto document = Json::parse(file);
  int checked = 0;
  for (const auto& golden : document["cases"]) {
    if (!golden.contains("intervals")) continue;
    SCOPED_TRACE(golden["name"].get<std::string>());
    Outcomes outcomes{Task::regression, 0, golden["p"], {}, {}};
    if (golden["task"] == "regression") {
      outcomes.values = golden["y"].get<std::vector<double>>();
    } else {
      outcomes.task = golden["task"] == "binary" ? Task::binary : Task::multiclass;
      outcomes.classes = golden.value("classes", 2);
      outcomes.codes = golden["y"].get<std::vector<std::int32_t>>();
    }
    const auto names = measure(outcomes).values;
    const auto intervals = bootstrap_intervals(outcomes, {.resamples = 10'000});
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto& expected = golden["intervals"][names[i].first];
      const double low = expected[0], high = expected[1];
      EXPECT_NEAR(intervals.bounds[i].low, low, 0.06 * (high - low)) << names[i].first;
      EXPECT_NEAR(intervals.bounds[i].high, high, 0.06 * (high - low)) << names[i].first;
      ++checked;
    }
  }
  EXPECT_EQ(checked, 11);
}

TEST(Intervals, TheSameWithAnyNumberOfThreadsAndOthersWithAnotherSeed) {
  Outcomes outcomes;
  PhiloxStream stream(1, 1);
  for (int i = 0; i < 90; ++i) {
    outcomes.values.push_back(i);
    outcomes.predictions.push_back(i + stream.normal());
  }
  const auto one = bootstrap_intervals(outcomes, {.seed = 5});
  EXPECT_EQ(one.resamples, 1000);
  const auto many = bootstrap_intervals(outcomes, {.seed = 5, .threads = 4});
  const auto other = bootstrap_intervals(outcomes, {.seed = 6});
  for (std::size_t i = 0; i < one.bounds.size(); ++i) {
    EXPECT_EQ(one.bounds[i].low, many.bounds[i].low);
    EXPECT_EQ(one.bounds[i].high, many.bounds[i].high);
  }
  EXPECT_NE(one.bounds[1].low, other.bounds[1].low);
}

TEST(Intervals, OfWhatIsAlwaysTheSameOrNeverThere) {
  const auto all_right = bootstrap_intervals(right_ones(20, 20)).bounds[0];
  EXPECT_EQ(all_right.low, 1);
  EXPECT_EQ(all_right.high, 1);
  const auto one_class = bootstrap_intervals({Task::binary, 2, {0.5, 0.25}, {1, 1}, {}});
  EXPECT_TRUE(std::isnan(one_class.bounds[1].low));
  const auto constant = bootstrap_intervals({Task::regression, 0, {1, 2, 3}, {}, {0.1, 0.1, 0.1}});
  EXPECT_TRUE(std::isnan(constant.bounds[2].high));
}

TEST(Intervals, ManyRowsGetFewerResamples) {
  EXPECT_EQ(bootstrap_intervals(right_ones(250'000, 1000)).resamples, 400);
}

}  // namespace
}  // namespace longhand
