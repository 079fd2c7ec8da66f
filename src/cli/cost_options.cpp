#include "cli/cost_options.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "cli/command.h"
#include "cli/data_options.h"
#include "explain/text_lines.h"
#include "report/thresholds.h"

namespace longhand::cli {
namespace {

double cost_from(const std::string& text) {
  double cost = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, cost);
  if (error != std::errc() || stop != end || !std::isfinite(cost) || cost < 0) throw UsageError("--costs: '" + text + "' is not a number from 0");
  return cost;
}

struct Choice {
  double threshold = 0, cost = 0;
  report::Threshold rows;
};

struct Choices {
  Choice half, cheapest;
};

Choices choices_of(const Outcomes& outcomes, const ErrorCosts& costs) {
  const auto thresholds = report::thresholds_of(outcomes.predictions, outcomes.codes);
  const auto& half = report::threshold_at(thresholds, 0.5);
  const auto& best = report::cheapest(thresholds, costs);
  return {{0.5, half.cost(costs), half}, {report::halfway(thresholds, best), best.cost(costs), best}};
}

Json json_of(const Choice& choice) {
  return {{"threshold", choice.threshold}, {"cost", choice.cost}, {"false_positives", choice.rows.false_positives}, {"false_negatives", choice.rows.false_negatives}};
}

std::vector<std::string> row_of(const std::string& title, const Choice& choice) {
  return {title, fmt::format("{:.4f}", choice.threshold), fmt::format("{:.6g}", choice.cost), with_commas(choice.rows.false_positives), with_commas(choice.rows.false_negatives)};
}

}  // namespace

void CostOptions::add_to(CLI::App& app, const std::string& words) { app.add_option("--costs", text_, words)->type_name("FALSE,MISSED"); }

void CostOptions::read() {
  if (text_.empty()) return;
  const auto parts = split_list(text_, "--costs");
  if (parts.size() != 2) throw UsageError("--costs: '" + text_ + "' is not two numbers, of a false alarm and of a missed one");
  costs_ = ErrorCosts{cost_from(parts[0]), cost_from(parts[1])};
  if (costs_->false_positive == 0 && costs_->false_negative == 0) throw UsageError("--costs: one of them must be above 0");
}

void CostOptions::require_two_classes(Task task, const std::string& target) const {
  if (costs_ && task != Task::binary) throw UsageError("--costs is for two classes, and the task of '" + target + "' is " + std::string(name(task)));
}

Json costs_json(const Outcomes& outcomes, const ErrorCosts& costs) {
  const auto [half, cheapest] = choices_of(outcomes, costs);
  return {{"false_positive", costs.false_positive}, {"false_negative", costs.false_negative}, {"at_half", json_of(half)}, {"cheapest", json_of(cheapest)}};
}

std::string costs_text(const Outcomes& outcomes, const ErrorCosts& costs, const std::string& positive) {
  const auto [half, cheapest] = choices_of(outcomes, costs);
  const auto what = fmt::format("With a cost of {0} for a false '{2}' and {1} for a missed '{2}':", costs.false_positive, costs.false_negative, printable(positive, 24));
  return "\n" + wrapped("", "", what, kTerminalWidth) + "\n" +
         aligned({{"", "threshold", "cost", "false alarms", "missed"}, row_of("as it is", half), row_of("cheapest here", cheapest)}, {false, true, true, true, true});
}

}  // namespace longhand::cli
