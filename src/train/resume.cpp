#include "train/resume.h"

#include <cmath>

#include "base/philox.h"

namespace longhand::train {
namespace {

std::uint64_t hash_of(const Tensor& tensor) {
  return hash_name({static_cast<const char*>(tensor.data()), tensor.bytes()});
}

Json to_json(const Metrics& metrics) {
  Json values;
  for (const auto& [name, value] : metrics.values) values[name] = value;  // NaN becomes null
  return {{"task", static_cast<int>(metrics.task)}, {"rows", metrics.rows}, {"values", values}, {"confusion", metrics.confusion}};
}

Metrics metrics_from(const Json& json) {
  Metrics metrics;
  metrics.task = static_cast<Task>(json.at("task").get<int>());
  metrics.rows = json.at("rows").get<std::int64_t>();
  for (const auto& [name, value] : json.at("values").items()) {
    metrics.values.emplace_back(name, value.is_null() ? std::nan("") : value.get<double>());
  }
  metrics.confusion = json.at("confusion").get<std::vector<std::vector<std::int64_t>>>();
  return metrics;
}

Json optional_json(const std::optional<double>& value) { return value ? Json(*value) : Json(); }
std::optional<double> optional_from(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<double>());
}

}  // namespace

std::string hash_of(const Examples& examples, const Examples* validation) {
  std::string text;
  for (const auto* part : {&examples, validation}) {
    if (part == nullptr) continue;
    for (const auto* tensor : {&part->x, &part->y, &part->weight}) text += std::to_string(hash_of(*tensor)) + " ";
  }
  return std::to_string(hash_name(text));
}

Checkpoint to_checkpoint(const Model& model, const FitState& fit) {
  const auto& loop = fit.loop;
  Json json{{"settings", fit.settings},
            {"epoch", loop.epoch},
            {"rows", loop.rows},
            {"loss_sum", loop.loss_sum},
            {"best_epoch", loop.best_epoch},
            {"loss", loop.loss},
            {"validation_loss", optional_json(loop.validation_loss)}};
  if (fit.first) {
    const auto& result = fit.first->result;
    json["first"] = {{"epochs", result.epochs},
                     {"best_epoch", result.best_epoch},
                     {"loss", result.loss},
                     {"validation_loss", optional_json(result.validation_loss)},
                     {"validation", fit.first->validation ? to_json(*fit.first->validation) : Json()}};
  }
  Checkpoint checkpoint{.model = model, .best = loop.best, .training = json.dump()};
  checkpoint.model.state = loop.state;
  checkpoint.model.steps = loop.steps;
  return checkpoint;
}

FitState from_checkpoint(const Checkpoint& checkpoint) {
  FitState fit;
  try {
    const auto json = Json::parse(checkpoint.training);
    fit.settings = json.at("settings");
    fit.loop = {.state = checkpoint.model.state,
                .best = checkpoint.best,
                .epoch = json.at("epoch").get<std::int64_t>(),
                .steps = checkpoint.model.steps,
                .rows = json.at("rows").get<std::int64_t>(),
                .loss_sum = json.at("loss_sum").get<double>(),
                .best_epoch = json.at("best_epoch").get<std::int64_t>(),
                .loss = json.at("loss").get<double>(),
                .validation_loss = optional_from(json.at("validation_loss"))};
    if (json.contains("first")) {
      const auto& first = json.at("first");
      fit.first.emplace();
      fit.first->result = {.epochs = first.at("epochs").get<std::int64_t>(),
                           .best_epoch = first.at("best_epoch").get<std::int64_t>(),
                           .loss = first.at("loss").get<double>(),
                           .validation_loss = optional_from(first.at("validation_loss"))};
      if (!first.at("validation").is_null()) fit.first->validation = metrics_from(first.at("validation"));
    }
  } catch (const Json::exception&) {
    throw ModelError("the checkpoint does not say where training was");
  }
  return fit;
}

void require_same(const Json& before, const Json& now) {
  for (const auto& [key, value] : now.items()) {
    if (before.contains(key) && before[key] == value) continue;
    if (key == "data") throw ModelError("the checkpoint is of training on other rows");
    throw ModelError("the checkpoint is of training with another " + key + ": " +
                     (before.contains(key) ? before[key].dump() : "none") + ", not " + value.dump());
  }
}

}  // namespace longhand::train
