// Metrics against scikit-learn's, which scripts/goldens/metrics.py wrote down.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "longhand/train.h"

namespace longhand {
namespace {

using Json = nlohmann::json;

Metrics metrics_of(const Json& golden) {
  const auto p = golden["p"].get<std::vector<double>>();
  if (golden["task"] == "regression") return regression_metrics(p, golden["y"].get<std::vector<double>>());
  const auto y = golden["y"].get<std::vector<std::int32_t>>();
  if (golden["task"] == "binary") return binary_metrics(p, y, golden["threshold"]);
  return multiclass_metrics(p, y, golden["classes"]);
}

TEST(Metrics, AreScikitLearns) {
  std::ifstream file(LONGHAND_SOURCE_DIR "/tests/goldens/metrics.json");
  const auto document = Json::parse(file);
  ASSERT_GE(document["cases"].size(), 11);
  for (const auto& golden : document["cases"]) {
    SCOPED_TRACE(golden["name"].get<std::string>());
    const auto metrics = metrics_of(golden);
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

TEST(Metrics, RefuseWhatDoesNotFit) {
  const std::vector<double> p{0.5};
  EXPECT_THROW(binary_metrics(p, std::vector<std::int32_t>{0, 1}), ArgumentError);
  EXPECT_THROW(regression_metrics({}, {}), ArgumentError);
  EXPECT_THROW(regression_metrics(p, p).value("auc"), ArgumentError);
}

}  // namespace
}  // namespace longhand
