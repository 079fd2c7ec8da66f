// What is compared by folds, where folds have no metric or cannot be.
#include "tune/finalists.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace longhand::tuning {
namespace {

// Sixty days; y is that of a day, the same within its block of ten days where `is_flat` says so.
Table days(const std::function<bool(int)>& is_flat, int count = 60) {
  std::string text = "a,day,y\n";
  for (int i = 0; i < count; ++i) text += std::to_string(i * 7 % 19) + "," + std::to_string(i) + "," + (is_flat(i / 10) ? "4" : std::to_string(i * 7 % 19 + i % 3)) + "\n";
  return parse_csv(text, "days.csv");
}

TrainOptions options_for(double learning_rate = 0.02) {
  TrainOptions options;
  options.target = "y";
  options.task = Task::regression;
  options.split_time = "day";
  options.stop_on = "r2";
  options.hidden = {4};
  options.epochs = 5;
  options.optimizer = find_optimizer("sgd");
  options.optimizer->learning_rate = learning_rate;
  return options;
}

bool go_on(const FoldProgress&) { return true; }

// Five blocks are predicted, each from those before it; R² of one that does not vary is no number.
TEST(Finalists, AreComparedOverTheFoldsThatHaveTheMetric) {
  struct Case {
    const char* what;
    std::function<bool(int)> is_flat;
    std::size_t folds;
  };
  for (const auto& [what, is_flat, folds] :
       {Case{"all", [](int) { return false; }, 5}, Case{"but the last", [](int block) { return block == 5; }, 4}, Case{"the first alone", [](int block) { return block > 1; }, 1}}) {
    const auto table = days(is_flat);
    const std::vector<Candidate> candidates{{0, options_for()}, {3, options_for(0.1)}};
    const auto found = compare_by_folds(table, candidates, go_on);
    ASSERT_EQ(found.size(), 2U) << what;
    std::vector<double> gains;
    const auto a = cross_validate(table, candidates[0].training, 5), b = cross_validate(table, candidates[1].training, 5);
    for (std::size_t fold = 0; fold < folds; ++fold) gains.push_back(b.folds[fold].metrics.value("r2") - a.folds[fold].metrics.value("r2"));
    double sum = 0, squares = 0;
    for (const double gain : gains) sum += gain;
    for (const double gain : gains) squares += std::pow(gain - sum / static_cast<double>(folds), 2);
    EXPECT_EQ(found[1].trial, 3U);
    if (folds == 1) {
      EXPECT_EQ(found[1].gain, 0) << what;
      EXPECT_TRUE(std::isinf(found[1].error)) << what;
    } else {
      const auto count = static_cast<double>(folds);
      EXPECT_NEAR(found[1].gain, sum / count, 1e-12) << what;
      EXPECT_NEAR(found[1].error, std::sqrt(squares / (count - 1) / count), 1e-12) << what;
    }
  }
}

TEST(Finalists, ThatDivergeAreLeftOut) {
  const auto table = days([](int) { return false; });
  const auto found = compare_by_folds(table, {{0, options_for()}, {1, options_for(1e12)}, {2, options_for(0.1)}}, go_on);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[1].trial, 2U);
  EXPECT_TRUE(compare_by_folds(table, {{0, options_for(1e12)}, {1, options_for()}}, go_on).empty());
}

TEST(Finalists, AreNoneWhereThereCannotBeAsManyFolds) {
  // The first of six blocks is what the first fold learns from: one row, or none.
  for (const int rows : {5, 6}) EXPECT_TRUE(compare_by_folds(days([](int) { return false; }, rows), {{0, options_for()}}, go_on).empty()) << rows;
}

TEST(Finalists, AreForTablesOfFewRows) {
  const auto few = days([](int) { return false; }, 1999), many = days([](int) { return false; }, 2000);
  EXPECT_TRUE(needs_folds(few, options_for()));
  EXPECT_FALSE(needs_folds(many, options_for()));
  auto options = options_for();
  options.validation_table = &many;
  EXPECT_FALSE(needs_folds(few, options));
  options = options_for();
  const Model model;
  options.from = &model;
  EXPECT_FALSE(needs_folds(few, options)) << "it may have seen the rows";
}

TEST(Finalists, TheBestIsBeyondItsError) {
  const Finalist first{0, 0, 0};
  EXPECT_EQ(best_of({first, {1, 2, 2}, {2, 1, 0.5}}), 0U);
  EXPECT_EQ(best_of({first, {1, 2, 1.9}, {2, 1, 0.5}}), 1U);
  EXPECT_EQ(best_of({first, {1, -1, 0.1}}), 0U);
  EXPECT_EQ(best_of({first}), 0U);
}

}  // namespace
}  // namespace longhand::tuning
