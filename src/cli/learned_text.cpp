#include "cli/learned_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/metrics_text.h"

namespace longhand::cli {
namespace {

// "4 networks of 424-128-128-1", where that is short.
std::string network_text(const NetworkSpec& network) {
  std::string units = std::to_string(network.inputs);
  for (const auto& layer : network.layers) {
    if (layer.type == "linear") units += "-" + std::to_string(layer.out);
  }
  constexpr std::size_t kShort = 24;
  return fmt::format("{}{}", counted(network.members, "network"), units.size() <= kShort ? " of " + units : "");
}

}  // namespace

void add_learned(Json& json, const TrainResult& result, const std::string& model_path) {
  json["model"] = model_path;
  json["task"] = name(result.model.target->task);
  json["metrics"]["train"] = to_json(result.train);
  json["metrics"]["validation"] = result.validation ? to_json(*result.validation) : Json();
  json["rows"] = result.rows;
  json["epochs"] = result.epochs;
  json["samples_per_second"] = result.samples_per_second;
  json["seconds"] = result.seconds;
  json["parameters"] = result.parameters;
  json["warnings"] = result.warnings;
}

std::string learned_text(const TrainResult& result, const std::string& table) {
  const auto& model = result.model;
  auto text = fmt::format("Learned {} ({}) from {} of {}:\n{}, {}, {}, {:.2g} s.\n\n", model.target->name,
                          name(model.target->task), counted(std::ssize(model.inputs), "column"), table, network_text(model.network),
                          counted(result.parameters, "parameter"), counted(result.epochs, "epoch"), result.seconds);
  std::vector<std::pair<std::string, const Metrics*>> columns{{"train", &result.train}};
  if (result.validation) columns.emplace_back("validation", &*result.validation);
  text += to_text(columns);
  if (result.train.rows < result.rows) {
    text += fmt::format("\nLearned from {};\nthe metrics of train are of {} of them, drawn at random.\n",
                        counted(result.rows, "row"), with_commas(result.train.rows));
  }
  return text;
}

void add_folds(Json& json, const CrossValidation& folds, const Intervals& intervals) {
  auto& metrics = json["metrics"];
  metrics["folds"] = Json::array();
  for (const auto& fold : folds.folds) {
    Json entry{{"rows", fold.metrics.rows}, {"learned_rows", fold.rows.train.size()}, {"epochs", fold.epochs}};
    entry.update(to_json(fold.metrics));
    metrics["folds"].push_back(std::move(entry));
  }
  for (std::size_t i = 0; i < folds.spread.size(); ++i) {
    const auto& name = folds.metrics.values[i].first;
    metrics["mean"][name] = folds.spread[i].mean;
    metrics["standard_deviation"][name] = folds.spread[i].deviation;
  }
  metrics["out_of_fold"] = to_json(folds.metrics);
  metrics["out_of_fold"]["rows"] = folds.metrics.rows;
  json["intervals"] = to_json(intervals, folds.metrics);
}

std::vector<std::string> fold_warnings(const CrossValidation& folds) {
  std::vector<std::string> warnings;
  for (std::size_t i = 0; i < folds.spread.size(); ++i) {
    const auto without = std::ranges::count_if(folds.folds, [&](const Fold& fold) { return std::isnan(fold.metrics.values[i].second); });
    if (without == 0) continue;
    const auto all = std::ssize(folds.folds);
    const auto of = without == all ? std::string("none has it") : fmt::format("its mean and spread are of the other {}", all - without);
    warnings.push_back(fmt::format("the rows of {} of {} folds do not say what {} is: {}", without, all, folds.metrics.values[i].first, of));
  }
  return warnings;
}

std::string folds_text(const CrossValidation& folds, const Intervals& intervals) {
  std::vector<std::vector<std::string>> rows{{"fold", "rows", "epochs"}};
  for (const auto& [name, value] : folds.metrics.values) rows[0].push_back(name);
  const auto add = [&](const std::string& title, const std::string& count, const std::string& epochs, const auto& value_of) {
    auto& row = rows.emplace_back(std::vector<std::string>{title, count, epochs});
    for (std::size_t i = 0; i < folds.metrics.values.size(); ++i) row.push_back(metric_text(folds.metrics.values[i].first, value_of(i)));
  };
  for (std::size_t fold = 0; fold < folds.folds.size(); ++fold) {
    const auto& one = folds.folds[fold];
    add(std::to_string(fold + 1), with_commas(one.metrics.rows), std::to_string(one.epochs), [&](std::size_t i) { return one.metrics.values[i].second; });
  }
  add("mean", "", "", [&](std::size_t i) { return folds.spread[i].mean; });
  add("std dev", "", "", [&](std::size_t i) { return folds.spread[i].deviation; });
  add("all rows", with_commas(folds.metrics.rows), "", [&](std::size_t i) { return folds.metrics.values[i].second; });
  add(fmt::format("{:.0f}% from", 100 * kConfidence), "", "", [&](std::size_t i) { return intervals.bounds[i].low; });
  add("to", "", "", [&](std::size_t i) { return intervals.bounds[i].high; });
  std::vector<bool> right(rows[0].size(), true);
  right[0] = false;
  return fmt::format("{} folds, each predicted by a network that learned from other rows:\n\n", folds.folds.size()) + aligned(rows, right);
}

}  // namespace longhand::cli
