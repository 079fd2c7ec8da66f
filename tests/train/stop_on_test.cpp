// What an epoch is the best by, what is told of each, label smoothing, going on from a model.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "longhand/train.h"

namespace longhand {
namespace {

Table table() {
  std::string text = "a,b,y\n";
  for (int i = 0; i < 120; ++i) {
    const double a = i % 8, b = i * 7 % 13 * 0.5;
    text += std::to_string(a) + "," + std::to_string(b) + "," + (a + b + i * 5 % 7 > 9 ? "yes" : "no") + "\n";
  }
  return parse_csv(text, "rows.csv");
}

TrainOptions options_for() {
  TrainOptions options;
  options.target = "y";
  options.hidden = {8};
  options.epochs = 40;
  options.refit = false;
  options.optimizer = *find_optimizer("adam");
  options.optimizer->learning_rate = 0.05;
  return options;
}

TEST(StopOn, KeepsTheEpochThatIsBestByTheMetric) {
  for (const auto& [metric, is_higher_better] : {std::pair("accuracy", true), {"auc", true}, {"f1", true}, {"brier", false}, {"log_loss", false}}) {
    auto options = options_for();
    options.stop_on = metric;
    const auto result = fit(table(), options);
    const auto& best = result.history[static_cast<std::size_t>(result.epochs - 1)];
    for (const auto& epoch : result.history) {
      ASSERT_TRUE(epoch.metric) << metric;
      const double sign = is_higher_better ? 1 : -1;
      EXPECT_LE(sign * *epoch.metric, sign * *best.metric) << metric;
      if (*epoch.metric == *best.metric) { EXPECT_GE(*epoch.validation_loss, *best.validation_loss) << metric; }
    }
    // The weights that were kept give that very figure.
    EXPECT_NEAR(result.validation->value(metric), *best.metric, 1e-6) << metric;
  }
}

TEST(StopOn, RefusesWhatIsNoMetricOfTheTask) {
  auto options = options_for();
  options.stop_on = "rmse";
  EXPECT_THROW(fit(table(), options), ArgumentError);
}

TEST(Progress, TellsTheMetricTheRateAndTheTimeLeft) {
  auto options = options_for();
  options.stop_on = "auc";
  options.schedule = ScheduleSpec{.type = "step", .factor = 0.5, .every = 3};
  options.epochs = 9;
  options.patience = 0;
  std::vector<double> rates, left;
  fit(table(), options, [&](const TrainProgress& progress) {
    if (progress.done < 1) return true;
    EXPECT_EQ(progress.metric_name, "auc");
    EXPECT_TRUE(progress.metric);
    EXPECT_GT(progress.rows_per_second, 0);
    rates.push_back(progress.learning_rate);
    left.push_back(progress.seconds_left);
    return true;
  });
  EXPECT_EQ(rates, (std::vector<double>{0.05, 0.05, 0.05, 0.025, 0.025, 0.025, 0.0125, 0.0125, 0.0125}));
  EXPECT_GT(left.front(), 0);
  EXPECT_EQ(left.back(), 0);
}

// One unit without inputs that matter: the least smoothed loss is at the mean of the smoothed targets.
TEST(LabelSmoothing, PullsThePredictionsInwards) {
  const auto rows = parse_csv("a,y\n1,no\n1,no\n1,no\n2,yes\n1,no\n2,yes\n2,yes\n2,yes\n", "apart.csv");
  TrainOptions options;
  options.target = "y";
  options.hidden = {};
  options.validation = 0;
  options.dtype = DType::f64;
  options.optimizer = *find_optimizer("lbfgs");
  options.label_smoothing = 0.2;  // of two classes: 0.9 and 0.1
  const auto p = predict(fit(rows, options).model, rows).to_doubles();
  EXPECT_NEAR(p[0], 0.1, 1e-6);
  EXPECT_NEAR(p[3], 0.9, 1e-6);
}

TEST(GoingOn, BeginsFromTheWeightsAndColumnsOfAModel) {
  auto options = options_for();
  const auto first = fit(table(), options).model;
  auto on = options;
  on.from = &first;
  on.epochs = 1;
  on.optimizer->learning_rate = 1e-300;
  const auto same = fit(table().select_rows(std::vector<std::int32_t>{0, 3, 5, 9, 12, 20, 31, 44, 50, 63, 70, 99}), on).model;
  EXPECT_EQ(same.inputs.front().mean, first.inputs.front().mean);
  for (const auto& [name, tensor] : first.state.entries()) EXPECT_TRUE(identical(tensor, same.state.get(name))) << name;
  on.optimizer->learning_rate = 0.05;
  const auto further = fit(table(), on).model;
  EXPECT_FALSE(identical(further.state.get("fc1.weight"), first.state.get("fc1.weight")));
  on.target = "a";
  EXPECT_THROW(fit(table(), on), ArgumentError);
}

}  // namespace
}  // namespace longhand
