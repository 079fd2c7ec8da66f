// What a report draws, against scikit-learn and scipy (scripts/goldens/curves.py).
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "report/calibration.h"
#include "base/quantile.h"
#include "report/scale.h"
#include "report/thresholds.h"

namespace longhand::report {
namespace {

using Json = nlohmann::json;

const Json& goldens() {
  static const Json kDocument = [] {
    std::ifstream file(LONGHAND_SOURCE_DIR "/tests/goldens/curves.json");
    return Json::parse(file);
  }();
  return kDocument;
}

void expect_points(const std::vector<Point>& points, const Json& golden, const char* what) {
  ASSERT_EQ(points.size(), golden.size()) << what;
  for (std::size_t i = 0; i < points.size(); ++i) {
    EXPECT_NEAR(points[i].x, golden[i][0].get<double>(), 1e-12) << what << " " << i;
    EXPECT_NEAR(points[i].y, golden[i][1].get<double>(), 1e-12) << what << " " << i;
  }
}

TEST(Curves, AreScikitLearns) {
  for (const auto& golden : goldens()["binary"]) {
    SCOPED_TRACE(golden["name"].get<std::string>());
    const auto p = golden["p"].get<std::vector<double>>();
    const auto y = golden["y"].get<std::vector<std::int32_t>>();
    const auto thresholds = thresholds_of(p, y);
    expect_points(roc_curve(thresholds), golden["roc"], "ROC");
    // scikit-learn ends where recall is 1.
    auto points = precision_recall_curve(thresholds);
    points.resize(std::min(points.size(), golden["precision_recall"].size()));
    expect_points(points, golden["precision_recall"], "precision and recall");
    EXPECT_NEAR(average_precision(thresholds), golden["average_precision"].get<double>(), 1e-12);
    std::vector<bool> came_true;
    for (const auto code : y) came_true.push_back(code == 1);
    const auto calibration = calibration_of(p, came_true);
    points.clear();
    for (const auto& bin : calibration.bins) points.push_back({bin.predicted, bin.observed});
    expect_points(points, golden["calibration"], "calibration");
    EXPECT_NEAR(calibration.expected_error, golden["expected_calibration_error"].get<double>(), 1e-12);
  }
}

TEST(Curves, NormalQuantilesAndWilsonIntervalsAreScipys) {
  for (const auto& golden : goldens()["normal"]) {
    const double expected = golden[1];
    EXPECT_NEAR(normal_quantile(golden[0]), expected, 1e-10 * std::max(1.0, std::abs(expected))) << golden[0];
  }
  for (const auto& golden : goldens()["wilson"]) {
    const auto interval = wilson_interval(golden[0], golden[1]);
    EXPECT_NEAR(interval.low, golden[2].get<double>(), 1e-12) << golden;
    EXPECT_NEAR(interval.high, golden[3].get<double>(), 1e-12) << golden;
    EXPECT_TRUE(interval.low >= 0 && interval.high <= 1) << golden;
  }
}

TEST(Curves, TheThresholdThatSuitsACost) {
  // Taken from .9, .6, .4, .2 on: 1 0, 1 1, 2 1 and 2 2 right and wrong ones; 2 rows are of class 1.
  const std::vector<double> p{0.9, 0.6, 0.4, 0.2};
  const std::vector<std::int32_t> y{1, 0, 1, 0};
  const auto thresholds = thresholds_of(p, y);
  ASSERT_EQ(thresholds.size(), 5u);
  struct Case {
    double false_positive, false_negative, at;
  };
  constexpr double kNever = std::numeric_limits<double>::infinity();
  for (const auto& [a, b, at] : {Case{1, 10, 0.4}, Case{10, 1, 0.9}, Case{1, 0, kNever}, Case{2, 1, 0.9}}) {
    EXPECT_EQ(cheapest(thresholds, {a, b}).at, at) << a << " " << b;
  }
  EXPECT_EQ(threshold_at(thresholds, 0.5).cost({2, 10}), 12);  // one wrong, one missed
  EXPECT_EQ(best_f1(thresholds).at, 0.4);  // 2 * 2 / (2 + 3)
  EXPECT_NEAR(best_f1(thresholds).f1(), 0.8, 1e-15);
  EXPECT_EQ(halfway(thresholds, best_f1(thresholds)), 0.2 + 0.1);
  EXPECT_EQ(halfway(thresholds, thresholds.front()), 1);
  EXPECT_EQ(halfway(thresholds, thresholds.back()), 0);
  EXPECT_EQ(threshold_at(thresholds, 0.5).true_positives, 1);
  EXPECT_EQ(threshold_at(thresholds, 0.5).false_positives, 1);
  EXPECT_EQ(threshold_at(thresholds, 0.9).true_positives, 1);  // from there on, and at it
  EXPECT_EQ(threshold_at(thresholds, 0.9).false_positives, 0);
  EXPECT_EQ(threshold_at(thresholds, 0.95).true_positives, 0);
  EXPECT_TRUE(std::isnan(threshold_at(thresholds, 0.95).precision()));  // of nothing
}

TEST(Scale, OfDatesHasTicksWhereCalendarsDo) {
  struct Case {
    double low, high;
    bool is_time;
    std::vector<std::string> labels;
  };
  // Days since 1970: 18,628 is 1 January 2021, 19,782 is 29 February 2024.
  for (const auto& [low, high, is_time, labels] :
       {Case{18'628, 19'928, false, {"2021", "2022", "2023", "2024"}}, Case{18'700, 19'000, false, {"2021-04", "2021-07", "2021-10", "2022-01"}},
        Case{19'780, 19'784, false, {"2024-02-27", "2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02"}},
        Case{19'775, 19'800, false, {"2024-02-26", "2024-03-04", "2024-03-11", "2024-03-18"}}, Case{-40'000, 20'000, false, {"1900", "1950", "2000"}},
        Case{19'782, 19'782.7, false, {"02-29 00:00", "02-29 06:00", "02-29 12:00"}}, Case{0.25, 0.92, true, {"06:00", "12:00", "18:00"}}}) {
    const auto scale = date_scale(low, high, is_time);
    EXPECT_EQ(tick_labels(scale), labels) << low << " " << high;
    EXPECT_EQ(scale.ticks.size(), scale.labels.size());
    for (const double tick : scale.ticks) EXPECT_TRUE(tick >= low && tick <= high + 1e-9) << tick;
  }
}

TEST(Scale, HasFewRoundTicks) {
  struct Case {
    double low, high;
    std::vector<std::string> labels;
  };
  for (const auto& [low, high, labels] : {Case{0, 1, {"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"}}, Case{-104.7, 98, {"−150", "−100", "−50", "0", "50", "100"}},
                                          Case{3, 3, {"2.6", "2.8", "3.0", "3.2", "3.4"}}, Case{0, 48'000, {"0", "10,000", "20,000", "30,000", "40,000", "50,000"}},
                                          Case{0, 3e8, {"0", "1e+08", "2e+08", "3e+08"}}}) {
    const auto scale = round_scale(low, high);
    EXPECT_LE(scale.low, low);
    EXPECT_GE(scale.high, high);
    EXPECT_EQ(tick_labels(scale), labels) << low << " " << high;
  }
  EXPECT_EQ(tick_labels(exact_scale(0, 0.5), true).back(), "50%");
}

TEST(Scale, StaysCloseToTheData) {
  struct Case {
    double low, high, from, to;
  };
  for (const auto& [low, high, from, to] : {Case{14'999, 500'001, 0, 520'000}, Case{-5'000, 500'001, -40'000, 520'000}, Case{25, 346, 0, 360}, Case{100, 110, 100, 110}}) {
    const auto scale = close_scale(low, high);
    EXPECT_NEAR(scale.low, from, 1e-9) << low;
    EXPECT_NEAR(scale.high, to, 1e-9) << high;
    for (const double tick : scale.ticks) EXPECT_TRUE(tick >= scale.low && tick <= scale.high);
  }
}

TEST(Histogram, CountsEveryValueOnce) {
  for (const auto& values : {std::vector<double>{5}, {0, 0, 1}, {0.1, 0.2, 0.3, 100}, {-1e9, 1e9}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}}) {
    std::int64_t rows = 0;
    const auto bins = histogram(values);
    for (const auto count : bins.counts) rows += count;
    EXPECT_EQ(rows, static_cast<std::int64_t>(values.size()));
    EXPECT_LE(bins.counts.size(), 26u);
  }
  EXPECT_EQ(histogram(std::vector<double>{0, 0, 1}).counts, (std::vector<std::int64_t>{2, 1}));
}

}  // namespace
}  // namespace longhand::report
