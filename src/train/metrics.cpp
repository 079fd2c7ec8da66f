#include "train/scored_rows.h"

namespace longhand {

double Metrics::value(const std::string& name) const {
  for (const auto& [key, number] : values) {
    if (key == name) return number;
  }
  throw ArgumentError("no metric '" + name + "' for " + std::string(longhand::name(task)));
}

Metrics measure(const Outcomes& outcomes, double threshold) {
  const train::ScoredRows rows(outcomes, threshold);
  Metrics metrics{outcomes.task, static_cast<std::int64_t>(rows.size()), {}, rows.confusion()};
  std::vector<double> values(rows.names().size());
  rows.measure(std::vector<std::int32_t>(rows.size(), 1), values);
  for (std::size_t i = 0; i < values.size(); ++i) metrics.values.emplace_back(rows.names()[i], values[i]);
  return metrics;
}

}  // namespace longhand
