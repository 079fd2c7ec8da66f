#include "cli/metrics_text.h"

#include <fmt/format.h>

#include <cmath>

#include "base/text.h"

namespace longhand::cli {
namespace {

// In the target's units, which may be of any size.
bool has_units(const std::string& metric) { return metric == "rmse" || metric == "mae"; }

}  // namespace

std::string metric_text(const std::string& metric, double value) {
  if (std::isnan(value)) return "-";
  const bool is_large = std::abs(value) >= 1000 && std::abs(value) < 1e12;  // "54,743", not 5.474e+04
  if (has_units(metric) && is_large) return with_commas(std::llround(value));
  return has_units(metric) ? fmt::format("{:.4g}", value) : fmt::format("{:.4f}", value);
}

Json to_json(const Metrics& metrics) {
  Json json;
  for (const auto& [name, value] : metrics.values) json[name] = value;  // NaN is written as null
  if (!metrics.confusion.empty()) json["confusion"] = metrics.confusion;
  return json;
}

Json to_json(const Intervals& intervals, const Metrics& metrics) {
  Json json{{"confidence", kConfidence}, {"resamples", intervals.resamples}};
  for (std::size_t i = 0; i < metrics.values.size(); ++i) {
    json[metrics.values[i].first] = {intervals.bounds[i].low, intervals.bounds[i].high};
  }
  return json;
}

std::string to_text(const std::vector<std::pair<std::string, const Metrics*>>& columns, const Intervals* intervals) {
  std::vector<std::vector<std::string>> rows{{""}, {"rows"}};
  for (const auto& [name, value] : columns.front().second->values) rows.push_back({name});
  for (const auto& [title, metrics] : columns) {
    rows[0].push_back(title);
    rows[1].push_back(with_commas(metrics->rows));
    for (std::size_t i = 0; i < metrics->values.size(); ++i) {
      rows[i + 2].push_back(metric_text(metrics->values[i].first, metrics->values[i].second));
    }
  }
  if (intervals != nullptr) {
    rows[0].push_back(fmt::format("{:.0f}% interval", 100 * kConfidence));
    for (std::size_t i = 0; i < intervals->bounds.size(); ++i) {
      const auto& name = rows[i + 2][0];
      const auto [low, high] = intervals->bounds[i];
      rows[i + 2].push_back(std::isnan(low) ? "-" : metric_text(name, low) + " to " + metric_text(name, high));
    }
  }
  std::vector<bool> right(rows[0].size(), true);
  right[0] = false;
  return aligned(rows, right);
}

std::string confusion_text(const Metrics& metrics, const std::vector<std::string>& classes) {
  constexpr std::size_t kMostClasses = 12, kLongestName = 16;
  if (metrics.confusion.empty() || classes.size() > kMostClasses) return {};
  std::vector<std::vector<std::string>> rows{{""}};
  for (const auto& name : classes) rows[0].push_back(printable(name, kLongestName));
  for (std::size_t i = 0; i < classes.size(); ++i) {
    rows.push_back({printable(classes[i], kLongestName)});
    for (const auto count : metrics.confusion[i]) rows.back().push_back(with_commas(count));
  }
  std::vector<bool> right(classes.size() + 1, true);
  right[0] = false;
  return "\nHow many rows of each class (down) were taken for which (across):\n\n" + aligned(rows, right);
}

}  // namespace longhand::cli
