#include "train/resume.h"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "base/philox.h"

namespace longhand::train {
namespace {

constexpr const char* kLearningRate = "learning_rate";

std::uint64_t hash_of(const Tensor& tensor) {
  return hash_name({static_cast<const char*>(tensor.data()), tensor.bytes()});
}

// A whole number from `least` to `most`.
std::int64_t number_from(const Json& json, std::int64_t least = 0, std::int64_t most = std::numeric_limits<std::int64_t>::max()) {
  const auto number = json.is_number_integer() ? json.get<std::int64_t>() : -1;  // one too large becomes negative
  if (number < least || number > most) throw std::out_of_range("number");
  return number;
}

Json optional_json(const std::optional<double>& value) { return value ? Json(*value) : Json(); }
std::optional<double> optional_from(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<double>());
}

Json to_json(const std::vector<EpochLoss>& history) {
  Json epochs = Json::array();
  for (const auto& epoch : history) epochs.push_back(train::to_json(epoch));
  return epochs;
}

std::vector<EpochLoss> history_from(const Json& json) {
  std::vector<EpochLoss> history;
  for (const auto& epoch : json) history.push_back(epoch_from(epoch));
  return history;
}

FirstPart first_from(const Json& json) {
  FirstPart first;
  auto& result = first.result;
  result.epochs = number_from(json.at("epochs"), 1);
  result.best_epoch = number_from(json.at("best_epoch"), 1, result.epochs);
  result.loss = json.at("loss").get<double>();
  result.validation_loss = json.at("validation_loss").get<double>();
  result.history = history_from(json.at("history"));
  first.validation = metrics_from(json.at("validation"));
  return first;
}

struct Difference {
  std::string place;  // "network.layer.0.out"
  Json before, now;
};

// The innermost value that differs where both are objects, or lists as long.
Difference first_difference(const Json& before, const Json& now, const std::string& place) {
  const bool are_objects = before.is_object() && now.is_object();
  const bool are_lists = before.is_array() && now.is_array() && before.size() == now.size();
  if (are_objects) {
    for (const auto& [key, value] : now.items()) {
      const auto other = before.value(key, Json());
      if (other != value) return first_difference(other, value, place + "." + key);
    }
    for (const auto& [key, value] : before.items()) {
      if (!now.contains(key)) return {place + "." + key, value, Json()};
    }
  }
  for (std::size_t i = 0; are_lists && i < now.size(); ++i) {
    if (before[i] != now[i]) return first_difference(before[i], now[i], place + "." + std::to_string(i));
  }
  return {place, before, now};
}

std::string text_or_none(const Json& json) { return json.is_null() ? "none" : json_text(json); }

}  // namespace

Json to_json(const Metrics& metrics) {
  Json values;
  for (const auto& [name, value] : metrics.values) values[name] = value;  // NaN becomes null
  return {{"task", static_cast<int>(metrics.task)}, {"rows", metrics.rows}, {"values", values}, {"confusion", metrics.confusion}};
}

Metrics metrics_from(const Json& json) {
  Metrics metrics;
  metrics.task = static_cast<Task>(number_from(json.at("task"), 0, static_cast<int>(Task::regression)));
  metrics.rows = number_from(json.at("rows"));
  for (const auto& [name, value] : json.at("values").items()) {
    metrics.values.emplace_back(name, value.is_null() ? std::nan("") : value.get<double>());
  }
  metrics.confusion = json.at("confusion").get<std::vector<std::vector<std::int64_t>>>();
  return metrics;
}

Json to_json(const EpochLoss& epoch) { return {epoch.loss, optional_json(epoch.validation_loss), optional_json(epoch.metric)}; }

EpochLoss epoch_from(const Json& json) {
  return {json.at(0).get<double>(), optional_from(json.at(1)), optional_from(json.at(2))};
}

std::string hash_of(const Examples& examples) {
  std::string text;
  for (const auto* tensor : {&examples.x, &examples.y, &examples.weight}) text += std::to_string(hash_of(*tensor)) + " ";
  return std::to_string(hash_name(text));
}

std::string hash_of(const State& state) {
  std::string text;
  for (const auto& [name, tensor] : state.entries()) text += name + " " + std::to_string(hash_of(tensor)) + " ";
  return std::to_string(hash_name(text));
}

Checkpoint to_checkpoint(const Model& model, const FitState& fit) {
  const auto& loop = fit.loop;
  Json json{{"settings", fit.settings},
            {"epoch", loop.epoch},
            {"rows", loop.rows},
            {"loss_sum", loop.loss_sum},
            {kLearningRate, loop.learning_rate},
            {"best_epoch", loop.best_epoch},
            {"history", to_json(loop.history)}};
  if (fit.first) {
    const auto& result = fit.first->result;
    json["first"] = {{"epochs", result.epochs},
                     {"best_epoch", result.best_epoch},
                     {"loss", result.loss},
                     {"validation_loss", optional_json(result.validation_loss)},
                     {"history", to_json(result.history)},
                     {"validation", fit.first->validation ? to_json(*fit.first->validation) : Json()}};
  }
  // Learning again from all rows never stops early and has no best parameters of its own.
  Checkpoint checkpoint{.name = loop.file, .model = model, .best = fit.first ? fit.first->state : loop.best,
                        .training = json_text(json)};
  checkpoint.model.state = loop.state;
  checkpoint.model.steps = loop.steps;
  return checkpoint;
}

FitState from_checkpoint(const Checkpoint& checkpoint) {
  FitState fit;
  try {
    const auto json = parse_json(checkpoint.training).value();
    fit.settings = json.at("settings");
    fit.loop = {.file = checkpoint.name,
                .state = checkpoint.model.state,
                .best = checkpoint.best,
                .epoch = number_from(json.at("epoch")),
                .steps = checkpoint.model.steps,
                .rows = number_from(json.at("rows")),
                .loss_sum = json.at("loss_sum").get<double>(),
                .learning_rate = json.value(kLearningRate, 0.0),
                .best_epoch = number_from(json.at("best_epoch")),
                .history = history_from(json.at("history"))};
    if (json.contains("first")) {
      fit.first = first_from(json.at("first"));
      fit.first->state = checkpoint.best;
      fit.loop.best = checkpoint.model.state;  // not looked at: learning again never stops early
    }
  } catch (const std::exception&) {  // of the JSON or a number
    refuse(checkpoint.name, "the checkpoint does not say where training was");
  }
  return fit;
}

double last_learning_rate(const Checkpoint& checkpoint) { return from_checkpoint(checkpoint).loop.learning_rate; }

void require_same(const Json& before, const Json& now, const std::string& file) {
  for (const auto& [key, value] : now.items()) {
    if (before.contains(key) && before[key] == value) continue;
    if (key == "data") refuse(file, "the checkpoint is of training on other rows");
    const auto difference = first_difference(before.value(key, Json()), value, key);
    refuse(file, "the checkpoint is of training with another " + difference.place + ": " + text_or_none(difference.before) + ", not " + text_or_none(difference.now));
  }
}

}  // namespace longhand::train
