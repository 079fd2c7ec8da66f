// What errors cost, by --costs, and the threshold that is cheapest.
#pragma once

#include <optional>
#include <string>

#include "cli/output.h"
#include "longhand/report.h"

namespace CLI {
class App;
}

namespace longhand::cli {

class CostOptions {
 public:
  void add_to(CLI::App& app, const std::string& words);
  /// Throws UsageError for what are not two costs.
  void read();
  const std::optional<ErrorCosts>& costs() const { return costs_; }
  /// Throws UsageError where there are costs and the target has not two classes.
  void require_two_classes(Task task, const std::string& target) const;

 private:
  std::string text_;
  std::optional<ErrorCosts> costs_;
};

/// {"false_positive", "false_negative", "at_half": {…}, "cheapest": {…}}, each with "threshold", "cost",
/// "false_positives" and "false_negatives".
Json costs_json(const Outcomes& outcomes, const ErrorCosts& costs);
/// `positive` is class 1.
std::string costs_text(const Outcomes& outcomes, const ErrorCosts& costs, const std::string& positive);

}  // namespace longhand::cli
