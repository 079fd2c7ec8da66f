#include "cli/trials_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/metrics_text.h"

namespace longhand::cli {
namespace {

template <class Value>
Json optional(const std::optional<Value>& value) {
  return value ? Json(*value) : Json();
}

template <class Value>
std::string text_of(const std::optional<Value>& value) {
  return value ? fmt::format("{:.3g}", static_cast<double>(*value)) : "-";
}

// Layers are equally wide but where the user said otherwise: "352", "3x352", "64,32".
std::string hidden_text(const std::optional<std::vector<std::int64_t>>& hidden) {
  if (!hidden) return "-";
  const bool are_equal = std::ranges::all_of(*hidden, [&](std::int64_t units) { return units == hidden->front(); });
  if (are_equal && hidden->size() > 1) return fmt::format("{}x{}", hidden->size(), hidden->front());
  return fmt::format("{}", fmt::join(*hidden, ","));
}

Json json_of(const Rung& rung) {
  Json json{{"epochs", rung.epochs}, {"validation_loss", optional(rung.best.validation_loss)}};
  if (rung.best.metric) json["metric"] = *rung.best.metric;
  return json;
}

std::vector<std::string> row_of(const TuneResult& found, std::size_t place, const std::string& metric) {
  const auto& trial = found.trials[place];
  const auto& settings = trial.settings;
  const auto* rung = trial.rungs.empty() ? nullptr : &trial.rungs.back();
  return {(place == found.ranking.front() ? "* " : "") + std::to_string(place + 1),
          rung == nullptr ? "-" : fmt::format("{:.4g}", *rung->best.validation_loss),
          trial.validation ? metric_text(metric, trial.validation->value(metric)) : name(trial.end),
          rung == nullptr ? "-" : std::to_string(rung->epochs),
          text_of(settings.learning_rate), text_of(settings.weight_decay), hidden_text(settings.hidden), text_of(settings.dropout),
          settings.number_steps ? std::to_string(*settings.number_steps) : "-", settings.batch_size ? std::to_string(*settings.batch_size) : "-"};
}

}  // namespace

Json finalists_json(const TuneResult& found) {
  Json all = Json::array();
  for (const auto& [trial, gain, error] : found.finalists) all.push_back({{"trial", trial + 1}, {"gain", gain}, {"standard_error", error}});
  return {{"metric", found.compared_by}, {"trials", all}};
}

std::string finalists_text(const TuneResult& found) {
  if (found.finalists.empty()) return "";
  std::vector<std::vector<std::string>> rows{{"trial", "gain", "standard error"}};
  for (const auto& [trial, gain, error] : found.finalists) {
    if (trial != 0) rows.push_back({std::to_string(trial + 1), fmt::format("{:.3g}", gain), fmt::format("{:.2g}", error)});
  }
  return fmt::format("\nBeside trial 1 on 5 folds of all rows, by {}:\n\n", found.compared_by) + aligned(rows, {true, true, true}) +
         fmt::format("\nTrial {} is taken{}.\n", found.ranking.front() + 1, found.ranking.front() == 0 ? ": no gain is beyond its error" : "");
}

Json trials_json(const TuneResult& found) {
  Json all = Json::array();
  for (std::size_t place = 0; place < found.trials.size(); ++place) {
    const auto& trial = found.trials[place];
    const auto& settings = trial.settings;
    Json json{{"trial", place + 1}, {"end", name(trial.end)},
              {"learning_rate", optional(settings.learning_rate)}, {"weight_decay", optional(settings.weight_decay)},
              {"hidden", optional(settings.hidden)}, {"dropout", optional(settings.dropout)},
              {"number_steps", optional(settings.number_steps)}, {"batch_size", optional(settings.batch_size)}};
    json["rungs"] = Json::array();
    for (const auto& rung : trial.rungs) json["rungs"].push_back(json_of(rung));
    json["validation"] = trial.validation ? to_json(*trial.validation) : Json();
    all.push_back(std::move(json));
  }
  return all;
}

std::string trials_text(const TuneResult& found, const std::string& stop_on) {
  constexpr std::size_t kMost = 20;
  const auto& result = found.result;
  const auto metric = stop_on == "loss" ? result.train.values.front().first : stop_on;
  std::vector<std::vector<std::string>> rows{{"trial", "loss", metric, "epochs", "rate", "decay", "hidden", "drop", "steps", "batch"}};
  for (std::size_t i = 0; i < found.ranking.size(); ++i) {
    if (i < kMost || found.ranking[i] == 0) rows.push_back(row_of(found, found.ranking[i], metric));
  }
  const auto shown = rows.size() - 1;
  auto text = fmt::format("Compared {} {} on {} held-out rows in {:.2g} s:\n\n", found.trials.size(), found.trials.size() == 1 ? "trial" : "trials",
                          with_commas(result.validation->rows), found.seconds) +
              aligned(rows, std::vector<bool>(rows[0].size(), true));
  if (shown < found.trials.size()) text += fmt::format("and {} others, which --json has\n", found.trials.size() - shown);
  return text;
}

}  // namespace longhand::cli
