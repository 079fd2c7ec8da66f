// The keys of a network description <-> NetworkSpec. TOML is read as the JSON of the same keys.
#include <fmt/format.h>

#include <set>

#include "formats/json.h"
#include "longhand/model.h"
#include "model/network_reader.h"

namespace longhand {
namespace {

// One table of the description, which knows where it is and which of its keys were asked for.
class Keys {
 public:
  Keys(const Json& table, std::string where) : table_(table), where_(std::move(where)) {
    if (!table.is_object()) fail("expected a table");
  }

  [[noreturn]] void fail(const std::string& what) const { throw ModelError(where_ + ": " + what); }

  const Json* find(const std::string& key) {
    asked_.insert(key);
    const auto found = table_.find(key);
    return found == table_.end() ? nullptr : &*found;
  }
  std::string text(const std::string& key, std::optional<std::string> otherwise = {}) {
    const auto* value = find(key);
    if (value == nullptr) {
      if (!otherwise) fail("'" + key + "' is missing");
      return *otherwise;
    }
    if (!value->is_string()) fail("'" + key + "' must be text, not " + value->dump());
    return value->get<std::string>();
  }
  double number(const std::string& key, double otherwise) {
    const auto* value = find(key);
    if (value == nullptr) return otherwise;
    if (!value->is_number()) fail("'" + key + "' must be a number, not " + value->dump());
    return value->get<double>();
  }
  std::int64_t count(const std::string& key, std::int64_t otherwise, std::int64_t least = 1) {
    const auto* value = find(key);
    if (value == nullptr) return otherwise;
    if (!value->is_number_integer() || value->get<std::int64_t>() < least) {
      fail("'" + key + "' must be a whole number from " + std::to_string(least) + ", not " + value->dump());
    }
    return value->get<std::int64_t>();
  }
  bool flag(const std::string& key, bool otherwise) {
    const auto* value = find(key);
    if (value == nullptr) return otherwise;
    if (!value->is_boolean()) fail("'" + key + "' must be true or false, not " + value->dump());
    return value->get<bool>();
  }
  std::optional<Tensor> tensor(const std::string& key) {
    const auto* value = find(key);
    if (value == nullptr) return std::nullopt;
    return tensor_from_json(*value, where_ + ": '" + key + "'");
  }
  /// Throws for a key that nobody asked for: a misspelt one must not pass in silence.
  void finish() const {
    for (const auto& [key, value] : table_.items()) {
      if (asked_.contains(key)) continue;
      std::string known;
      for (const auto& one : asked_) known += (known.empty() ? "" : ", ") + one;
      fail("unknown key '" + key + "' (there are " + known + ")");
    }
  }

 private:
  const Json& table_;
  std::string where_;
  std::set<std::string> asked_;
};

// The key under which a layer's one number is written.
const char* parameter_key(const std::string& type) {
  if (type == "leaky_relu") return "negative_slope";
  if (type == "elu") return "alpha";
  if (type == "dropout") return "p";
  if (type == "batch_norm" || type == "layer_norm") return "eps";
  return nullptr;
}

EmbeddingTable read_table(const Json& json, const std::string& where) {
  Keys keys(json, where);
  EmbeddingTable table;
  table.name = keys.text("name");
  table.input = keys.count("input", 0) - 1;
  table.rows = keys.count("rows", 0);
  table.size = keys.count("size", 0);
  table.weight = keys.tensor("weight");
  if (table.input < 0) keys.fail("'input' is missing");
  if (table.rows == 0) keys.fail("'rows' is missing");
  if (table.size == 0) keys.fail("'size' is missing");
  keys.finish();
  return table;
}

LayerSpec read_layer(const Json& json, const std::string& where) {
  Keys keys(json, where);
  LayerSpec layer;
  layer.type = keys.text("type");
  layer.name = keys.text("name", "");
  if (layer.type == "linear") {
    layer.out = keys.count("out", 0);
    if (layer.out == 0) keys.fail("'out' is missing");
    layer.weight = keys.tensor("weight");
    layer.bias = keys.tensor("bias");
  } else if (layer.is_norm()) {
    layer.parameter = keys.number("eps", 1e-5);
    if (layer.type == "batch_norm") layer.momentum = keys.number("momentum", layer.momentum);
    layer.weight = keys.tensor("weight");
    layer.bias = keys.tensor("bias");
  } else if (layer.type == "embedding") {
    const auto* tables = keys.find("tables");
    if (tables == nullptr || !tables->is_array()) keys.fail("'tables' must be a list");
    for (std::size_t i = 0; i < tables->size(); ++i) {
      layer.tables.push_back(read_table((*tables)[i], fmt::format("{}: table {}", where, i + 1)));
    }
  } else if (layer.type == "residual") {
    layer.from = keys.text("from");
  } else {
    double parameter = 0.5;  // dropout's; activations know theirs
    if (layer.type != "dropout" && nn::find_activation(layer.type, &parameter) == nullptr) {
      keys.fail("unknown layer type '" + layer.type + "' (linear, batch_norm, layer_norm, residual, dropout, relu, leaky_relu, elu, gelu, "
                "silu, softplus, tanh, sigmoid, hard_sigmoid, hard_tanh, softmax, identity)");
    }
    if (layer.type == "gelu_tanh") keys.fail("write type = \"gelu\" and approximate = \"tanh\"");
    if (const char* key = parameter_key(layer.type)) parameter = keys.number(key, parameter);
    layer.parameter = parameter;
    if (layer.type == "gelu") {
      const auto form = keys.text("approximate", "none");
      if (form != "none" && form != "tanh") keys.fail("'approximate' must be \"none\" or \"tanh\"");
      if (form == "tanh") layer.type = "gelu_tanh";
    }
  }
  keys.finish();
  return layer;
}

OptimizerSpec read_optimizer(const Json& json, const std::string& where) {
  Keys keys(json, where);
  const auto type = keys.text("type", "sgd");
  const auto found = find_optimizer(type);
  if (!found) keys.fail("unknown optimizer type '" + type + "' (sgd, adam, adamw, rmsprop, adagrad, lbfgs)");
  OptimizerSpec optimizer = *found;
  optimizer.learning_rate = keys.number("learning_rate", optimizer.learning_rate);
  const auto read = [&](const char* key, double& value) { value = keys.number(key, value); };
  std::visit(
      [&](auto& rule) {
        read("weight_decay", rule.weight_decay);
        if (type == "lbfgs") return;
        if constexpr (requires { rule.momentum; }) read("momentum", rule.momentum);
        if constexpr (requires { rule.nesterov; }) rule.nesterov = keys.flag("nesterov", rule.nesterov);
        if constexpr (requires { rule.beta1; }) {
          read("beta1", rule.beta1);
          read("beta2", rule.beta2);
        }
        if constexpr (requires { rule.alpha; }) read("alpha", rule.alpha);
        if constexpr (requires { rule.epsilon; }) read("epsilon", rule.epsilon);
      },
      optimizer.rule);
  optimizer.decay_biases = keys.flag("decay_biases", optimizer.decay_biases);
  if (keys.find("clip_value") != nullptr) {
    optimizer.clip_value = keys.number("clip_value", 0);
    if (!(*optimizer.clip_value > 0)) keys.fail("'clip_value' must be above 0");
    if (keys.find("clip_norm") != nullptr) keys.fail("'clip_norm' and 'clip_value': only one of them can be given");
  }
  if (keys.find("clip_norm") != nullptr) {
    optimizer.clip_norm = keys.number("clip_norm", 0);
    if (!(*optimizer.clip_norm > 0)) keys.fail("'clip_norm' must be above 0");
  }
  keys.finish();
  try {
    optim::validate(optimizer.rule);
  } catch (const ArgumentError& error) {
    keys.fail(error.what());
  }
  if (!(optimizer.learning_rate >= 0)) keys.fail("'learning_rate' must not be negative");
  return optimizer;
}

ScheduleSpec read_schedule(const Json& json, const std::string& where) {
  Keys keys(json, where);
  ScheduleSpec schedule;
  schedule.type = keys.text("type");
  schedule.warmup = keys.number("warmup", schedule.warmup);
  if (schedule.type == "step" || schedule.type == "plateau") schedule.factor = keys.number("factor", schedule.factor);
  if (schedule.type == "step") schedule.every = keys.count("every", schedule.every);
  if (schedule.type == "plateau") schedule.patience = keys.count("patience", schedule.patience, 0);
  keys.finish();
  return schedule;
}

SampleSpec read_sample(const Json& json, const std::string& where) {
  Keys keys(json, where);
  const auto input = keys.tensor("input"), target = keys.tensor("target");
  if (!input || !target) keys.fail("'input' and 'target' are both needed");
  keys.finish();
  SampleSpec sample;
  sample.is_batch = input->shape().rank() == 2;
  if (!sample.is_batch && input->shape().rank() != 1) keys.fail("'input' must be a row or a list of rows");
  const auto rows = sample.is_batch ? input->shape()[0] : 1;
  if (rows == 0 || input->count() == 0) keys.fail("'input' is empty");
  sample.input = input->reshaped({rows, input->count() / rows});
  // A batch of class numbers may be a plain list.
  const auto target_rank = target->shape().rank();
  if (target->count() == 0 || target->count() % rows != 0 ||
      (sample.is_batch ? target_rank == 0 || target->shape()[0] != rows : target_rank > 1)) {
    keys.fail(fmt::format("'target' must have as many rows as 'input', {}", rows));
  }
  sample.target = target->reshaped({rows, target->count() / rows});
  return sample;
}

}  // namespace

NetworkSpec network_from_json(const Json& json, const std::string& name) {
  Keys keys(json, name);
  if (json.contains("claim") && !json.contains("layer")) keys.fail("figures to grade, not a network: longhand grade reads it");
  NetworkSpec network;
  if (const auto* table = keys.find("network")) {
    Keys head(*table, name + ": [network]");
    network.inputs = head.count("inputs", 0);
    network.members = head.count("members", 1);
    head.finish();
  }
  const auto* layers = keys.find("layer");
  if (layers == nullptr || !layers->is_array() || layers->empty()) keys.fail("no [[layer]]");
  for (std::size_t i = 0; i < layers->size(); ++i) {
    network.layers.push_back(read_layer((*layers)[i], fmt::format("{}: layer {}", name, i + 1)));
  }
  if (const auto* table = keys.find("loss")) {
    Keys loss(*table, name + ": [loss]");
    network.loss.type = loss.text("type");
    if (network.loss.type == "huber") network.loss.delta = loss.number("delta", 1);
    network.loss.label_smoothing = loss.number("label_smoothing", 0);
    loss.finish();
  } else {
    keys.fail("no [loss]");
  }
  if (const auto* table = keys.find("optimizer")) {
    network.optimizer = read_optimizer(*table, name + ": [optimizer]");
  }
  if (const auto* table = keys.find("schedule")) {
    network.schedule = read_schedule(*table, name + ": [schedule]");
  }
  if (const auto* table = keys.find("sample")) {
    network.sample = read_sample(*table, name + ": [sample]");
  }
  keys.finish();
  validate(network, name);
  return network;
}

NetworkSpec parse_network(const std::string& json, const std::string& name) {
  const auto parsed = parse_json(json);
  if (!parsed) throw ModelError(name + ": not valid JSON");
  return network_from_json(*parsed, name);
}

std::string network_json(const NetworkSpec& network) {
  Json json;
  json["network"]["inputs"] = network.inputs;
  if (network.members > 1) json["network"]["members"] = network.members;
  for (const auto& layer : network.layers) {
    Json entry{{"type", layer.type == "gelu_tanh" ? "gelu" : layer.type}, {"name", layer.name}};
    if (layer.type == "linear") entry["out"] = layer.out;
    if (layer.type == "gelu_tanh") entry["approximate"] = "tanh";
    if (const char* key = parameter_key(layer.type)) entry[key] = layer.parameter;
    if (layer.type == "batch_norm") entry["momentum"] = layer.momentum;
    if (layer.type == "residual") entry["from"] = layer.from;
    for (const auto& table : layer.tables) {
      entry["tables"].push_back({{"name", table.name}, {"input", table.input + 1}, {"rows", table.rows}, {"size", table.size}});
    }
    json["layer"].push_back(std::move(entry));
  }
  json["loss"]["type"] = network.loss.type;
  if (network.loss.type == "huber") json["loss"]["delta"] = network.loss.delta;
  if (network.loss.label_smoothing > 0) json["loss"]["label_smoothing"] = network.loss.label_smoothing;
  auto& optimizer = json["optimizer"];
  optimizer = {{"type", network.optimizer.type}, {"learning_rate", network.optimizer.learning_rate}};
  std::visit(
      [&](const auto& rule) {
        const bool is_lbfgs = network.optimizer.type == "lbfgs";
        if constexpr (requires { rule.momentum; }) {
          if (!is_lbfgs) optimizer["momentum"] = rule.momentum;
        }
        if constexpr (requires { rule.nesterov; }) {
          if (!is_lbfgs) optimizer["nesterov"] = rule.nesterov;
        }
        if constexpr (requires { rule.beta1; }) {
          optimizer["beta1"] = rule.beta1;
          optimizer["beta2"] = rule.beta2;
        }
        if constexpr (requires { rule.alpha; }) optimizer["alpha"] = rule.alpha;
        if constexpr (requires { rule.epsilon; }) optimizer["epsilon"] = rule.epsilon;
        optimizer["weight_decay"] = rule.weight_decay;
      },
      network.optimizer.rule);
  if (!network.optimizer.decay_biases) optimizer["decay_biases"] = false;
  if (network.optimizer.clip_norm) optimizer["clip_norm"] = *network.optimizer.clip_norm;
  if (network.optimizer.clip_value) optimizer["clip_value"] = *network.optimizer.clip_value;
  if (const auto& schedule = network.schedule; schedule.type != "constant" || schedule.warmup > 0) {
    auto& keys = json["schedule"];
    keys = {{"type", schedule.type}, {"warmup", schedule.warmup}};
    if (schedule.type == "step" || schedule.type == "plateau") keys["factor"] = schedule.factor;
    if (schedule.type == "step") keys["every"] = schedule.every;
    if (schedule.type == "plateau") keys["patience"] = schedule.patience;
  }
  return json_text(json);
}

}  // namespace longhand
