// Metrics against scikit-learn's, which scripts/goldens/metrics.py wrote down.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "longhand/train.h"

namespace longhand {
namespace {

using Json = nlohmann::json;

Outcomes outcomes_in(const Json& golden) {
  Outcomes outcomes;
  outcomes.predictions = golden["p"].get<std::vector<double>>();
  if (golden["task"] == "regression") {
    outcomes.values = golden["y"].get<std::vector<double>>();
  } else {
    outcomes.task = golden["task"] == "binary" ? Task::binary : Task::multiclass;
    outcomes.classes = golden.value("classes", 2);
    outcomes.codes = golden["y"].get<std::vector<std::int32_t>>();
  }
  return outcomes;
}

Json goldens() {
  std::ifstream file(LONGHAND_SOURCE_DIR "/tests/goldens/metrics.json");
  return Json::parse(file)["cases"];
}

TEST(Metrics, AreScikitLearns) {
  const auto cases = goldens();
  ASSERT_GE(cases.size(), 11);
  for (const auto& golden : cases) {
    SCOPED_TRACE(golden["name"].get<std::string>());
    const auto metrics = measure(outcomes_in(golden), golden.value("threshold", 0.5));
    EXPECT_EQ(name(metrics.task), golden["task"].get<std::string>());
    EXPECT_EQ(metrics.rows, static_cast<std::int64_t>(golden["y"].size()));
    EXPECT_EQ(metrics.values.size(), golden["values"].size());
    for (const auto& [name, value] : golden["values"].items()) {
      if (value.is_null()) {
        EXPECT_TRUE(std::isnan(metrics.value(name))) << name;
      } else {
        const double expected = value;
        EXPECT_NEAR(metrics.value(name), expected, 1e-12 * std::max(1.0, std::abs(expected))) << name;
      }
    }
    if (golden.contains("confusion")) {
      EXPECT_EQ(Json(metrics.confusion), golden["confusion"]);
    }
  }
}

TEST(Metrics, AreInTheTargetsUnitsWhateverItsSize) {
  for (const double unit : {1.0, 1e-301, 1e301}) {
    const Outcomes outcomes{Task::regression, 0, {1 * unit, 2 * unit, 4 * unit}, {}, {1 * unit, 3 * unit, 5 * unit}};
    const auto metrics = measure(outcomes);
    EXPECT_NEAR(metrics.value("rmse") / unit, std::sqrt(2.0 / 3), 1e-12) << unit;
    EXPECT_NEAR(metrics.value("mae") / unit, 2.0 / 3, 1e-12) << unit;
    EXPECT_NEAR(metrics.value("r2"), 0.75, 1e-12) << unit;
  }
}

TEST(Metrics, RefuseWhatDoesNotFit) {
  const std::vector<double> p{0.5};
  EXPECT_THROW(measure({Task::binary, 2, p, {0, 1}, {}}), ArgumentError);
  EXPECT_THROW(measure({Task::binary, 2, p, {2}, {}}), ArgumentError);
  EXPECT_THROW(measure({Task::multiclass, 0, p, {0, 1}, {}}), ArgumentError);
  EXPECT_THROW(measure({Task::multiclass, 3, p, {0}, {}}), ArgumentError);
  EXPECT_THROW(measure({Task::regression, 0, {}, {}, {}}), ArgumentError);
  EXPECT_THROW(measure({Task::regression, 0, {std::nan("")}, {}, p}), ArgumentError);
  EXPECT_THROW(measure({Task::regression, 0, p, {}, p}).value("auc"), ArgumentError);
}

}  // namespace
}  // namespace longhand
