// Cross-validation against learning and predicting each fold by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "longhand/tune.h"

namespace longhand {
namespace {

// A number with gaps, a category, a group of four rows, a day, and a target that depends on them.
std::string row_text(int i, double y) {
  const std::string number = i % 11 == 3 ? "" : std::to_string(i * 7 % 23 * 0.5);
  const std::string color = i % 5 == 0 ? "red" : i % 3 == 0 ? "green" : "blue";
  return number + "," + color + "," + std::to_string(i / 4) + "," + std::to_string(1 + i) + "," + std::to_string(y);
}

double truth(int i) { return i * 7 % 23 * 0.5 * 3 + (i % 5 == 0 ? 4 : 0) + i % 2; }

Table rows(const std::function<std::string(int)>& text_of, int count = 120) {
  std::string text = "number,color,group,day,y\n";
  for (int i = 0; i < count; ++i) text += text_of(i) + "\n";
  return parse_csv(text, "rows.csv");
}

Table numbers() {
  return rows([](int i) { return row_text(i, truth(i)); });
}

Table classes() {
  return rows([](int i) { return row_text(i, 0).substr(0, row_text(i, 0).rfind(',')) + (truth(i) > 20 ? ",high" : truth(i) > 8 ? ",middle" : ",low"); });
}

TrainOptions options_for(int epochs = 12) {
  TrainOptions options;
  options.target = "y";
  options.columns.categorical = {"color"};
  options.columns.numeric = {"day"};
  options.hidden = {8};
  options.epochs = epochs;
  options.optimizer = TrainOptions::default_optimizer(100);
  options.optimizer->learning_rate = 0.02;
  return options;
}

void expect_each_row_once(const CrossValidation& found, std::int64_t rows) {
  std::vector<std::int32_t> predicted;
  for (const auto& fold : found.folds) {
    predicted.insert(predicted.end(), fold.rows.held_out.begin(), fold.rows.held_out.end());
    for (const auto row : fold.rows.held_out) EXPECT_FALSE(std::ranges::binary_search(fold.rows.train, row));
  }
  std::ranges::sort(predicted);
  EXPECT_EQ(predicted, found.rows);
  std::vector<std::int32_t> all(static_cast<std::size_t>(rows));
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(predicted, all);
}

TEST(CrossValidate, PredictsEachFoldAsFitDoesThatHasNotSeenIt) {
  const auto table = numbers();
  const auto options = options_for();
  const auto found = cross_validate(table, options, 4);
  expect_each_row_once(found, table.rows());
  ASSERT_EQ(found.folds.size(), 4U);
  double squares = 0;
  const auto y = table.numbers("y");
  std::vector<double> of_folds;
  for (const auto& fold : found.folds) {
    const auto learned = fit(table.select_rows(fold.rows.train), options);
    EXPECT_EQ(fold.epochs, learned.epochs);
    const auto p = predict(learned.model, table.select_rows(fold.rows.held_out)).to_doubles();
    double of_fold = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
      const auto row = static_cast<std::size_t>(fold.rows.held_out[i]);
      EXPECT_EQ(found.outcomes.predictions[row], p[i]);
      of_fold += (p[i] - y[row]) * (p[i] - y[row]);
    }
    squares += of_fold;
    of_folds.push_back(std::sqrt(of_fold / static_cast<double>(p.size())));
    EXPECT_NEAR(fold.metrics.value("rmse"), of_folds.back(), 1e-12);
  }
  EXPECT_NEAR(found.metrics.value("rmse"), std::sqrt(squares / static_cast<double>(y.size())), 1e-12);
  const double mean = (of_folds[0] + of_folds[1] + of_folds[2] + of_folds[3]) / 4;
  double deviation = 0;
  for (const double value : of_folds) deviation += (value - mean) * (value - mean) / 3;
  EXPECT_NEAR(found.spread[0].mean, mean, 1e-12);
  EXPECT_NEAR(found.spread[0].deviation, std::sqrt(deviation), 1e-12);
}

TEST(CrossValidate, NothingIsLearnedFromTheFoldThatIsPredicted) {
  const auto before = cross_validate(numbers(), options_for(), 4);
  const auto& fold = before.folds[1].rows.held_out;
  const auto is_in_fold = [&](int i) { return std::ranges::binary_search(fold, i); };
  // Other targets, an outlier, and a category that is nowhere else.
  const auto changed = rows([&](int i) {
    if (i == fold[0]) return "1000000,purple," + std::to_string(i / 4) + "," + std::to_string(1 + i) + ",0.5";
    return row_text(i, is_in_fold(i) ? 1e6 + i : truth(i));
  });
  const auto after = cross_validate(changed, options_for(), 4);
  EXPECT_EQ(after.folds[1].rows.held_out, fold);
  for (const auto row : fold) {
    if (row == fold[0]) continue;
    const auto i = static_cast<std::size_t>(row);
    EXPECT_EQ(after.outcomes.predictions[i], before.outcomes.predictions[i]) << row;
  }
  EXPECT_NE(after.outcomes.predictions, before.outcomes.predictions);
}

TEST(CrossValidate, HasClassesInProportion) {
  const auto table = classes();
  const auto found = cross_validate(table, options_for(), 5);
  expect_each_row_once(found, table.rows());
  EXPECT_EQ(found.outcomes.codes, Classes::of(table, "y").encode(table, "y"));
  EXPECT_EQ(found.outcomes.predictions.size(), 3U * 120);
  for (std::int32_t code = 0; code < 3; ++code) {
    std::vector<std::int64_t> counts;
    for (const auto& fold : found.folds) {
      counts.push_back(std::ranges::count_if(fold.rows.held_out, [&](std::int32_t row) { return found.outcomes.codes[static_cast<std::size_t>(row)] == code; }));
    }
    EXPECT_LE(std::ranges::max(counts) - std::ranges::min(counts), 1);
  }
}

TEST(CrossValidate, AClassOfOneRowIsPredictedByANetworkThatHasNotSeenIt) {
  const auto table = rows([](int i) { return row_text(i, 0).substr(0, row_text(i, 0).rfind(',')) + (i == 7 ? ",rare" : i % 2 == 0 ? ",even" : ",odd"); });
  const auto found = cross_validate(table, options_for(3), 3);
  expect_each_row_once(found, table.rows());
  EXPECT_EQ(found.outcomes.classes, 3);
  EXPECT_EQ(found.metrics.confusion[2][2], 0);
}

TEST(CrossValidate, KeepsGroupsWhole) {
  const auto table = numbers();
  auto options = options_for(3);
  options.split_by = "group";
  const auto found = cross_validate(table, options, 3);
  expect_each_row_once(found, table.rows());
  for (const auto& fold : found.folds) {
    for (const auto row : fold.rows.held_out) {
      for (const auto other : fold.rows.train) EXPECT_NE(row / 4, other / 4);
    }
  }
}

TEST(CrossValidate, ByTimeLearnsFromTheRowsBefore) {
  auto options = options_for(3);
  options.split_time = "day";
  const auto found = cross_validate(numbers(), options, 3);
  std::size_t learned = 0;
  std::int32_t first = 30;
  for (const auto& fold : found.folds) {
    EXPECT_GT(fold.rows.train.size(), learned);
    learned = fold.rows.train.size();
    EXPECT_LT(fold.rows.train.back(), fold.rows.held_out.front());  // days ascend with rows
    EXPECT_EQ(fold.rows.held_out.front(), first);
    first = fold.rows.held_out.back() + 1;
  }
  EXPECT_EQ(found.rows.size(), 90U);
  EXPECT_EQ(found.outcomes.values.size(), 90U);
  EXPECT_EQ(found.outcomes.values.front(), numbers().numbers("y")[30]);
}

// R² of a fold in which the target does not vary is no number.
TEST(CrossValidate, SpreadsAreOfTheFoldsThatHaveTheMetric) {
  for (const int varied : {0, 1, 2}) {
    auto options = options_for(3);
    options.split_time = "day";
    const auto table = rows([&](int i) { return row_text(i, i / 30 <= varied ? truth(i) : 4); });
    const auto found = cross_validate(table, options, 3);
    const auto at = static_cast<std::size_t>(std::ranges::find(found.metrics.values, "r2", &std::pair<std::string, double>::first) - found.metrics.values.begin());
    const auto [mean, deviation] = found.spread[at];
    const double a = found.folds[0].metrics.value("r2"), b = found.folds[1].metrics.value("r2");
    EXPECT_EQ(std::isnan(mean), varied == 0);
    EXPECT_EQ(std::isnan(deviation), varied < 2);
    if (varied == 1) {
      EXPECT_EQ(mean, a);
    }
    if (varied == 2) {
      EXPECT_NEAR(mean, (a + b) / 2, 1e-12);
      EXPECT_NEAR(deviation, std::abs(a - b) / std::sqrt(2), 1e-12);
    }
  }
}

TEST(CrossValidate, TellsHowManyFoldsAreDone) {
  std::vector<std::pair<std::int64_t, std::int64_t>> told;
  cross_validate(numbers(), options_for(2), 4, [&](const FoldProgress& now) {
    EXPECT_EQ(now.folds, 4);
    if (told.empty() || told.back().second != now.fold) told.emplace_back(now.done, now.fold);
    return true;
  });
  EXPECT_EQ(told, (std::vector<std::pair<std::int64_t, std::int64_t>>{{0, 1}, {1, 2}, {2, 3}, {3, 4}}));
}

TEST(CrossValidate, TheSameWithAnyNumberOfThreads) {
  auto options = options_for();
  options.dropout = 0.3;
  const auto once = cross_validate(classes(), options, 5);
  for (const int threads : {2, 3, 11}) {
    options.threads = threads;
    const auto again = cross_validate(classes(), options, 5);
    EXPECT_EQ(again.outcomes.predictions, once.outcomes.predictions) << threads;
    EXPECT_EQ(again.metrics.values, once.metrics.values) << threads;
  }
  options.seed = 1;
  EXPECT_NE(cross_validate(classes(), options, 5).outcomes.predictions, once.outcomes.predictions);
}

TEST(CrossValidate, WhatCannotBeIsRefused) {
  const auto table = numbers();
  EXPECT_THROW(cross_validate(table, options_for(), 1), ArgumentError);
  EXPECT_THROW(cross_validate(table, options_for(), 121), ArgumentError);
  auto grouped = options_for();
  grouped.split_by = "color";
  EXPECT_THROW(cross_validate(table, grouped, 4), ArgumentError);
  const auto model = fit(table, options_for(1)).model;
  auto from = options_for();
  from.from = &model;
  EXPECT_THROW(cross_validate(table, from, 4), ArgumentError);
  auto kept = options_for();
  kept.checkpoint = [](const Checkpoint&) {};
  EXPECT_THROW(cross_validate(table, kept, 4), ArgumentError);
  auto wild = options_for();
  wild.optimizer = find_optimizer("sgd");
  wild.optimizer->learning_rate = 1e12;
  try {
    cross_validate(table, wild, 4);
    ADD_FAILURE();
  } catch (const DivergenceError& error) {
    EXPECT_EQ(std::string(error.what()).find("fold 1: training diverged"), 0U) << error.what();
  }
}

TEST(CrossValidate, StopsWhenItIsTold) {
  for (const int threads : {1, 3}) {
    auto options = options_for();
    options.threads = threads;
    int calls = 0;
    EXPECT_THROW(cross_validate(numbers(), options, 4, [&](const FoldProgress&) { return ++calls < 20; }), Interrupted);
    EXPECT_EQ(calls, 20);
  }
}

}  // namespace
}  // namespace longhand
