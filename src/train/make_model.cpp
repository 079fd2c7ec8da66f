#include "train/make_model.h"

namespace longhand::train {
namespace {

constexpr const char* kNetwork = "the network";

LayerSpec linear(std::int64_t out) {
  LayerSpec layer;
  layer.type = "linear";
  layer.out = out;
  return layer;
}

NetworkSpec layers_from(const TrainOptions& options, const TargetColumn& target) {
  LayerSpec activation;
  activation.type = options.activation;
  if (nn::find_activation(activation.type, &activation.parameter) == nullptr) {
    throw ArgumentError("unknown activation '" + options.activation + "'");
  }
  NetworkSpec network;
  for (const auto units : options.hidden) {
    network.layers.push_back(linear(units));
    network.layers.push_back(activation);
    if (options.dropout.value_or(0) > 0) {
      LayerSpec dropout;
      dropout.type = "dropout";
      dropout.parameter = *options.dropout;
      network.layers.push_back(dropout);
    }
  }
  const bool is_multiclass = target.task == Task::multiclass;
  network.layers.push_back(linear(is_multiclass ? static_cast<std::int64_t>(target.classes.size()) : 1));
  network.loss.type = target.task == Task::regression ? "mse"
                      : is_multiclass                 ? "cross_entropy"
                                                      : "bce_with_logits";
  return network;
}

bool learns_classes(const LossSpec& loss) {
  const auto kind = target_kind(loss);
  return kind == TargetKind::class_number || kind == TargetKind::probability;
}

void require_fits(const NetworkSpec& network, const TargetColumn& target) {
  const bool is_regression = target.task == Task::regression;
  if (learns_classes(network.loss) == is_regression) {
    throw ModelError(std::string(kNetwork) + "'s loss " + network.loss.type + " does not fit the target '" +
                     target.name + "': the task is " + std::string(name(target.task)));
  }
  const auto expected = target.task == Task::multiclass ? static_cast<std::int64_t>(target.classes.size()) : 1;
  if (network.outputs() != expected) {
    throw ModelError(std::string(kNetwork) + " has " + std::to_string(network.outputs()) + " outputs, and '" +
                     target.name + "' needs " + std::to_string(expected));
  }
}

}  // namespace

Task task_for(const TrainOptions& options, Task task) {
  const bool is_several = options.network && target_kind(options.network->loss) == TargetKind::class_number;
  return is_several && task == Task::binary ? Task::multiclass : task;
}

Model model_to_go_on_from(const TrainOptions& options, const std::string& target) {
  const auto& from = *options.from;
  if (!from.target) throw ArgumentError("the model to go on from does not say what it predicts");
  if (from.target->name != target) {
    throw ArgumentError("the model to go on from predicts '" + from.target->name + "', not '" + target + "'");
  }
  Model model = from;
  model.state = State();
  model.steps = 0;
  model.dtype = options.dtype;
  model.training.clear();
  model.network.optimizer = options.optimizer.value_or(TrainOptions::default_optimizer(1));
  model.network.schedule = options.schedule.value_or(ScheduleSpec());
  if (options.label_smoothing > 0) model.network.loss.label_smoothing = options.label_smoothing;
  for (const auto& [name, spec] : make_network(model.network)->tensors()) {
    model.state.set(name, from.state.get(name).cast(options.dtype));
  }
  return model;
}

Model make_model(const TrainOptions& options, std::vector<InputColumn> inputs, TargetColumn target) {
  auto network = options.network ? *options.network : layers_from(options, target);
  if (!network.tables().empty()) {
    throw ModelError(std::string(kNetwork) + " has an embedding, which is made for the table's columns: leave it out, and ask for it");
  }
  std::int64_t features = 0;
  for (const auto& column : inputs) features += column.features();
  auto tables = embedding_tables(inputs);
  auto numbers = features;  // that the network's own layers are given
  for (const auto& table : tables) numbers += table.size - 1;
  if (network.inputs != 0 && network.inputs != numbers) {
    const bool is_same = numbers == static_cast<std::int64_t>(inputs.size());
    throw ModelError(std::string(kNetwork) + " takes " + std::to_string(network.inputs) + " inputs, and the table has " +
                     std::to_string(inputs.size()) + " columns for it" +
                     (is_same ? "" : ", which become " + std::to_string(numbers) + " numbers"));
  }
  if (!tables.empty()) {
    LayerSpec embedding;
    embedding.type = "embedding";
    embedding.tables = std::move(tables);
    network.layers.insert(network.layers.begin(), std::move(embedding));
  }
  network.inputs = features;
  network.sample.reset();
  if (options.members > 1) network.members = options.members;
  if (options.label_smoothing > 0) network.loss.label_smoothing = options.label_smoothing;
  network.optimizer = options.optimizer.value_or(TrainOptions::default_optimizer(1));
  if (options.schedule) network.schedule = *options.schedule;
  validate(network, kNetwork);
  require_fits(network, target);
  if (target_kind(network.loss) == TargetKind::rate) {  // e^output is the rate itself
    target.mean = 0;
    target.scale = 1;
  }
  auto model = Model::from_network(std::move(network), options.seed, options.dtype);
  model.inputs = std::move(inputs);
  model.missing_words = options.columns.missing;
  model.target = std::move(target);
  return model;
}

}  // namespace longhand::train
