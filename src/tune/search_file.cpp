#include "tune/search_file.h"

#include "base/philox.h"
#include "train/resume.h"

namespace longhand::tuning {
namespace {

constexpr const char* kSchema = "longhand.search/1";

std::string hash_of(const Table* table) {
  std::string text;
  if (table == nullptr) return text;
  const auto add = [&](const auto& values) {
    text += " " + std::to_string(hash_name({reinterpret_cast<const char*>(values.data()), values.size_bytes()}));
  };
  for (const auto& column : table->columns()) {
    text += " " + column.name();
    add(std::span<const double>(column.numbers().to_doubles()));
    add(column.codes());
    for (std::size_t i = 0; i < column.texts().size(); ++i) text += " " + std::string(column.texts()[i]);
  }
  return std::to_string(hash_name(text));
}

std::string weights_of(const NetworkSpec& network) {
  State given;
  for (const auto& layer : network.layers) {
    if (layer.weight) given.set(layer.name + ".weight", *layer.weight);
    if (layer.bias) given.set(layer.name + ".bias", *layer.bias);
  }
  return train::hash_of(given);
}

template <class Value>
Json optional(const std::optional<Value>& value) {
  return value ? Json(*value) : Json();
}

template <class Value>
void read(const Json& json, const char* key, std::optional<Value>& into) {
  if (const auto& value = json.at(key); !value.is_null()) into = value.get<Value>();
}

Json to_json(const TrialSettings& settings) {
  return {{"learning_rate", optional(settings.learning_rate)}, {"weight_decay", optional(settings.weight_decay)},
          {"dropout", optional(settings.dropout)}, {"hidden", optional(settings.hidden)},
          {"number_steps", optional(settings.number_steps)}, {"batch_size", optional(settings.batch_size)}};
}

TrialSettings settings_from(const Json& json) {
  TrialSettings settings;
  read(json, "learning_rate", settings.learning_rate);
  read(json, "weight_decay", settings.weight_decay);
  read(json, "dropout", settings.dropout);
  read(json, "hidden", settings.hidden);
  read(json, "number_steps", settings.number_steps);
  read(json, "batch_size", settings.batch_size);
  return settings;
}

Json to_json(const Trial& trial) {
  Json rungs = Json::array();
  for (const auto& rung : trial.rungs) rungs.push_back({{"epochs", rung.epochs}, {"best", train::to_json(rung.best)}});
  return {{"settings", to_json(trial.settings)}, {"end", name(trial.end)}, {"rungs", rungs},
          {"validation", trial.validation ? train::to_json(*trial.validation) : Json()}};
}

Trial trial_from(const Json& json) {
  Trial trial;
  trial.settings = settings_from(json.at("settings"));
  for (const auto end : {TrialEnd::finished, TrialEnd::diverged}) {
    if (json.at("end") == name(end)) trial.end = end;
  }
  for (const auto& rung : json.at("rungs")) trial.rungs.push_back({rung.at("epochs").get<std::int64_t>(), train::epoch_from(rung.at("best"))});
  if (!json.at("validation").is_null()) trial.validation = train::metrics_from(json.at("validation"));
  if (trial.end == TrialEnd::finished && (!trial.validation || trial.rungs.empty())) throw DataError("a finished trial without an end");
  return trial;
}

}  // namespace

Json conditions_of(const Table& table, const TuneOptions& options, const TrialSettings& start) {
  const auto& training = options.training;
  auto network = training.network.value_or(NetworkSpec());
  network.optimizer = *training.optimizer;
  network.schedule = training.schedule.value_or(network.schedule);
  return {{"version", LONGHAND_VERSION},
          {"target", training.target},
          {"task", training.task ? Json(name(*training.task)) : Json()},
          {"network", parse_json(network_json(network)).value()},
          {"weights", weights_of(network)},
          {"activation", training.activation},
          {"members", training.members},
          {"label_smoothing", training.label_smoothing},
          {"dtype", name(training.dtype)},
          {"columns", Json::array({training.columns.missing, training.columns.categorical, training.columns.numeric})},
          {"number_scaling", training.number_scaling ? Json(name(*training.number_scaling)) : Json()},
          {"epochs", training.epochs},
          {"patience", training.patience},
          {"validation", training.validation},
          {"split_by", training.split_by},
          {"split_time", training.split_time},
          {"learn_split_time", training.learn_split_time},
          {"positive", training.positive},
          {"stop_on", training.stop_on},
          {"class_weight", training.balance_classes},
          {"sample_weight", training.sample_weight},
          {"refit", training.refit},
          {"seed", training.seed},
          {"start", to_json(start)},
          {"search", {options.learning_rate, options.weight_decay, options.hidden, options.dropout, options.number_steps, options.batch_size}},
          {"from", training.from == nullptr ? Json() : Json(train::hash_of(training.from->state))},
          {"data", hash_of(&table) + hash_of(training.validation_table)}};
}

std::string write_search(const SearchFile& search) {
  Json trials = Json::array();
  for (const auto& trial : search.trials) trials.push_back(to_json(trial));
  const Json json{{"schema", kSchema}, {"conditions", search.conditions}, {"seconds", search.seconds}, {"trials", trials}};
  return json_text(json, 1, Json::error_handler_t::replace) + "\n";
}

SearchFile read_search(const std::string& text, const std::string& name) {
  SearchFile search;
  try {
    const auto json = parse_json(text).value();
    if (json.at("schema") != kSchema) throw DataError("another schema");
    search.conditions = json.at("conditions");
    search.seconds = json.at("seconds").get<double>();
    for (const auto& trial : json.at("trials")) search.trials.push_back(trial_from(trial));
  } catch (const std::exception&) {  // of the JSON or a number
    train::refuse(name, "not the trials of a search, as tune keeps them");
  }
  return search;
}

}  // namespace longhand::tuning
