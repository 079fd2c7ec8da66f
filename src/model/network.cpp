#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/memory_size.h"
#include "base/text.h"
#include "longhand/model.h"

namespace longhand {
namespace {

constexpr const char* kMembers = "members";

void check_shape(const std::optional<Tensor>& tensor, const Shape& expected, const std::string& where,
                 const char* key) {
  if (tensor && !(tensor->shape() == expected)) {
    throw ModelError(fmt::format("{}: '{}' has the shape {}, expected {}", where, key,
                                 to_string(tensor->shape()), to_string(expected)));
  }
}

// Classes of cross_entropy, one-hot, become class numbers.
void check_class_targets(SampleSpec& sample, std::int64_t classes, const std::string& where) {
  const auto rows = sample.target.shape()[0], columns = sample.target.shape()[1];
  if (columns != 1 && columns != classes) {
    throw ModelError(fmt::format("{}: a target is a class number or a one-hot row of {}, not a row of {}", where, classes, columns));
  }
  Tensor numbers({rows, 1}, DType::f64);
  for (std::int64_t row = 0; row < rows; ++row) {
    double number = sample.target.at(row * columns);
    if (columns == classes && classes > 1) {
      std::int64_t ones = 0, zeros = 0;
      for (std::int64_t j = 0; j < classes; ++j) {
        const double entry = sample.target.at(row * columns + j);
        if (entry == 1) number = static_cast<double>(j);
        ones += entry == 1;
        zeros += entry == 0;
      }
      if (ones != 1 || zeros != classes - 1) {
        throw ModelError(fmt::format("{}: target row {} is not one-hot", where, row + 1));
      }
    }
    if (!(number >= 0 && number < static_cast<double>(classes)) || number != std::floor(number)) {
      throw ModelError(fmt::format("{}: the class {} is none of 0 to {}", where, number, classes - 1));
    }
    numbers.set(row, number);
  }
  sample.target = std::move(numbers);
}

void check_sample(NetworkSpec& network, const std::string& where) {
  auto& sample = *network.sample;
  const auto columns = sample.input.shape()[1];
  if (network.inputs == 0) network.inputs = columns;
  if (columns != network.inputs) {
    throw ModelError(fmt::format("{}: the network takes {}, the sample has {}", where, counted(network.inputs, "input"), columns));
  }
  const auto kind = target_kind(network.loss);
  if (kind == TargetKind::class_number) {
    check_class_targets(sample, network.outputs(), where);
    return;
  }
  if (sample.target.shape()[1] != network.outputs()) {
    throw ModelError(fmt::format("{}: the network has {}, the target {}", where, counted(network.outputs(), "output"), sample.target.shape()[1]));
  }
  for (std::int64_t i = 0; i < sample.target.count(); ++i) {
    const double y = sample.target.at(i);
    if (kind == TargetKind::probability && !(y >= 0 && y <= 1)) {
      throw ModelError(fmt::format("{}: {} needs targets between 0 and 1, not {}", where, network.loss.type, y));
    }
    if (kind == TargetKind::rate && !(y >= 0)) {
      throw ModelError(fmt::format("{}: poisson needs targets from 0, not {}", where, y));
    }
  }
}

void check_schedule(const ScheduleSpec& schedule, const std::string& where) {
  const auto require = [&](bool is_right, const char* what) {
    if (!is_right) throw ModelError(where + ": " + what);
  };
  const std::set<std::string> types{"constant", "step", "cosine", "one_cycle", "plateau"};
  if (!types.contains(schedule.type)) throw ModelError(fmt::format("{}: unknown type '{}'", where, schedule.type));
  require(schedule.warmup >= 0 && std::isfinite(schedule.warmup), "'warmup' must be a number of epochs from 0");
  require(schedule.warmup == 0 || schedule.type != "one_cycle", "'warmup' is not for one_cycle, which rises by itself");
  require(schedule.factor > 0 && schedule.factor < 1, "'factor' must be above 0 and below 1");
  require(schedule.every >= 1, "'every' must be at least 1");
  require(schedule.patience >= 0, "'patience' must be at least 0");
}

void check_norm(const LayerSpec& layer, std::int64_t width, const std::string& where) {
  if (!(layer.parameter >= 0 && std::isfinite(layer.parameter))) throw ModelError(where + ": 'eps' must be a number from 0");
  if (!(layer.momentum >= 0 && layer.momentum <= 1)) throw ModelError(where + ": 'momentum' must be from 0 to 1");
  if (width == 0) return;
  check_shape(layer.weight, {width}, where, "weight");
  check_shape(layer.bias, {width}, where, "bias");
}

void check_residual(const LayerSpec& layer, std::int64_t width, const std::map<std::string, std::int64_t>& widths,
                    const std::string& where) {
  const auto from = widths.find(layer.from);
  if (from == widths.end()) throw ModelError(fmt::format("{}: 'from': no layer '{}' before it", where, layer.from));
  if (from->second == width) return;
  throw ModelError(fmt::format("{}: 'from': '{}' has {}, and what it is added to {}", where, layer.from, counted(from->second, "unit"), width));
}

// Returns the width of what the layer gives.
std::int64_t check_embedding(const LayerSpec& layer, std::int64_t width, bool is_first, const std::string& where) {
  if (!is_first) throw ModelError(where + ": an embedding must be the first layer");
  if (width == 0) throw ModelError(where + ": 'inputs' of [network] must be given with an embedding");
  if (layer.tables.empty()) throw ModelError(where + ": 'tables' is empty");
  std::set<std::string> names;
  auto result = width;
  std::int64_t before = -1;
  for (const auto& table : layer.tables) {
    if (table.input <= before || table.input >= width) {
      throw ModelError(fmt::format("{}: table '{}': 'input' must be from 1 to {}, and rise from table to table", where, table.name, width));
    }
    if (table.name.empty() || table.name.find('.') != std::string::npos || !names.insert(table.name).second) {
      throw ModelError(fmt::format("{}: a table is named '{}': names must differ and be without dots", where, table.name));
    }
    check_shape(table.weight, {table.rows, table.size}, where + ": table '" + table.name + "'", "weight");
    before = table.input;
    result += table.size - 1;
  }
  return result;
}

}  // namespace

TargetKind target_kind(const LossSpec& loss) {
  if (loss.type == "cross_entropy") return TargetKind::class_number;
  if (loss.type.starts_with("bce")) return TargetKind::probability;
  return loss.type == "poisson" ? TargetKind::rate : TargetKind::number;
}

bool NetworkSpec::has(std::string_view layer_type) const {
  return std::ranges::find(layers, layer_type, &LayerSpec::type) != layers.end();
}

const std::vector<EmbeddingTable>& NetworkSpec::tables() const {
  static const std::vector<EmbeddingTable> kNone;
  return layers.empty() ? kNone : layers[0].tables;
}

std::int64_t NetworkSpec::outputs() const {
  auto width = inputs;
  for (const auto& layer : layers) {
    if (layer.type == "linear") width = layer.out;
  }
  return width;
}

std::int64_t NetworkSpec::parameters() const {
  std::int64_t count = 0;
  for (const auto& [name, spec] : make_network(*this)->parameters()) count += spec.shape.count();
  return count;
}

void validate(NetworkSpec& network, const std::string& name) {
  constexpr std::int64_t kMostMembers = 1000;
  if (network.members < 1 || network.members > kMostMembers) {
    throw ModelError(fmt::format("{}: [network]: 'members' must be from 1 to {}, not {}", name, kMostMembers, network.members));
  }
  std::set<std::string> names;
  for (const auto& layer : network.layers) {
    if (!layer.name.empty() && !names.insert(layer.name).second) {
      throw ModelError(fmt::format("{}: two layers named '{}'", name, layer.name));
    }
  }
  std::map<std::string, int> numbers;
  bool has_linear = false;
  auto width = network.inputs;
  std::map<std::string, std::int64_t> widths;  // after each named layer
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    auto& layer = network.layers[i];
    const auto prefix = layer.type == "linear" ? std::string("fc") : layer.type;
    if (layer.type == "embedding" && layer.name.empty() && names.insert(layer.type).second) layer.name = layer.type;  // there is but one
    while (layer.name.empty()) {
      auto candidate = prefix + std::to_string(++numbers[prefix]);
      if (names.insert(candidate).second) layer.name = std::move(candidate);
    }
    const auto where = fmt::format("{}: layer {} '{}'", name, i + 1, layer.name);
    if (layer.type == "linear") {
      has_linear = true;
      if (width == 0 && layer.weight && layer.weight->shape().rank() == 2) {
        width = network.inputs = layer.weight->shape()[1];
      }
      if (width > 0) check_shape(layer.weight, {layer.out, width}, where, "weight");
      check_shape(layer.bias, {layer.out}, where, "bias");
      width = layer.out;
    } else if (layer.type == "dropout" && !(layer.parameter >= 0 && layer.parameter < 1)) {
      throw ModelError(where + ": 'p' must be from 0 to below 1");
    } else if (layer.type == "embedding") {
      width = check_embedding(layer, width, i == 0, where);
    } else if (layer.is_norm()) {
      check_norm(layer, width, where);
    } else if (layer.type == "residual") {
      check_residual(layer, width, widths, where);
    }
    widths[layer.name] = width;
  }
  if (!has_linear) throw ModelError(name + ": a network needs a linear layer");
  const std::set<std::string> losses{"bce", "bce_with_logits", "cross_entropy", "mse", "mae", "huber", "poisson"};
  if (!losses.contains(network.loss.type)) {
    throw ModelError(fmt::format("{}: [loss]: unknown type '{}' ({})", name, network.loss.type, fmt::join(losses, ", ")));
  }
  if (!(network.loss.delta > 0)) throw ModelError(name + ": [loss]: 'delta' must be positive");
  const auto kind = target_kind(network.loss);
  const bool is_of_classes = kind == TargetKind::class_number || kind == TargetKind::probability;
  const double smoothing = network.loss.label_smoothing;
  if (!(smoothing >= 0 && smoothing < 1)) throw ModelError(name + ": [loss]: 'label_smoothing' must be from 0 to below 1");
  if (smoothing > 0 && !is_of_classes) throw ModelError(fmt::format("{}: [loss]: 'label_smoothing' is not for {}", name, network.loss.type));
  check_schedule(network.schedule, name + ": [schedule]");
  if (network.sample) check_sample(network, name + ": [sample]");
}

std::optional<OptimizerSpec> find_optimizer(std::string_view type) {
  if (type == "sgd") return OptimizerSpec{"sgd", optim::Sgd{}, 0.1};
  if (type == "adam") return OptimizerSpec{"adam", optim::Adam{}, 1e-3};
  if (type == "adamw") return OptimizerSpec{"adamw", optim::AdamW{}, 1e-3};
  if (type == "rmsprop") return OptimizerSpec{"rmsprop", optim::RmsProp{}, 1e-2};
  if (type == "adagrad") return OptimizerSpec{"adagrad", optim::Adagrad{}, 1e-2};
  if (type == "lbfgs") return OptimizerSpec{"lbfgs", optim::Sgd{}, 1};
  return std::nullopt;
}

namespace {

void add_layers(nn::Sequential* sequence, const NetworkSpec& network) {
  auto width = network.inputs;
  for (const auto& layer : network.layers) {
    if (layer.type == "linear") {
      sequence->add<nn::Linear>(layer.name, width, layer.out);
      width = layer.out;
    } else if (layer.type == "embedding") {
      std::vector<nn::EmbeddedColumns::Table> tables;
      for (const auto& table : layer.tables) {
        tables.push_back({table.name, table.input, table.rows, table.size});
        width += table.size - 1;
      }
      sequence->add<nn::EmbeddedColumns>(layer.name, tables);
    } else if (layer.type == "dropout") {
      sequence->add<nn::Dropout>(layer.name, layer.parameter);
    } else if (layer.type == "batch_norm") {
      sequence->add<nn::BatchNorm>(layer.name, width, layer.parameter, layer.momentum);
    } else if (layer.type == "layer_norm") {
      sequence->add<nn::LayerNorm>(layer.name, width, layer.parameter);
    } else if (layer.type == "residual") {
      const auto from = std::ranges::find(network.layers, layer.from, &LayerSpec::name);
      sequence->add_skip(layer.name, static_cast<std::size_t>(from - network.layers.begin()));
    } else {
      sequence->add<nn::Activation>(layer.name, nn::find_activation(layer.type), layer.parameter);
    }
  }
}

std::string member_prefix(const NetworkSpec& network, std::int64_t member) {
  return network.members == 1 ? std::string() : fmt::format("{}.{}.", kMembers, member);
}

// An allocation that is too large may succeed, and the process is killed when it is filled.
void require_memory(const nn::Module& modules, DType dtype) {
  double bytes = 0;
  for (const auto& [name, parameter] : modules.tensors()) {
    double count = 1;
    for (const auto extent : parameter.shape.extents()) count *= static_cast<double>(extent);
    bytes += count * static_cast<double>(size_of(dtype));
  }
  const auto most = static_cast<double>(memory_size());
  if (bytes <= most) return;
  throw IoError(fmt::format("not enough memory for the network: its parameters take {:.3g} GB of {:.3g} GB",
                            bytes / 1e9, most / 1e9));
}

}  // namespace

Network::Network(const NetworkSpec& network, std::uint64_t seed) {
  set_seed(seed);
  if (network.members > 1) list_ = std::make_unique<nn::Sequential>(*this, kMembers);
  for (std::int64_t member = 0; member < network.members; ++member) {
    nn::Module& parent = list_ ? static_cast<nn::Module&>(*list_) : *this;
    members_.push_back(std::make_unique<nn::Sequential>(parent, list_ ? std::to_string(member) : ""));
    add_layers(members_.back().get(), network);
  }
}

Var Network::forward(Var x) const {
  std::vector<Var> outputs;
  for (const auto& member : members_) outputs.push_back(member->forward(x));
  return outputs.size() == 1 ? outputs[0] : concatenate(outputs, 1);
}

std::unique_ptr<Network> make_network(const NetworkSpec& network, std::uint64_t seed) {
  return std::make_unique<Network>(network, seed);
}

Model member_of(const Model& model, std::int64_t member) {
  const auto& network = model.network;
  if (member < 0 || member >= network.members) {
    throw ArgumentError(fmt::format("there is no member {} of {}", member, network.members));
  }
  if (network.members == 1) return model;
  const auto prefix = member_prefix(network, member);
  Model result = model;
  result.network.members = 1;
  result.self_test.reset();
  result.state = State();
  for (const auto& [name, tensor] : model.state.entries()) {
    const auto at = name.find(prefix);  // behind the role of what the optimizer keeps
    const bool is_its = at == 0 || (at != std::string::npos && name.starts_with("optimizer."));
    if (is_its) result.state.set(name.substr(0, at) + name.substr(at + prefix.size()), tensor);
  }
  return result;
}

Model Model::from_network(NetworkSpec network, std::uint64_t seed, DType dtype) {
  if (network.inputs == 0) throw ModelError("the number of the network's inputs is not known");
  auto modules = make_network(network);
  require_memory(*modules, dtype);
  modules->cast_to(dtype);
  modules->initialize(seed);
  Model model;
  model.dtype = dtype;
  model.state = modules->state().clone();
  for (const auto& layer : network.layers) {
    for (std::int64_t member = 0; member < network.members; ++member) {
      const auto path = member_prefix(network, member) + layer.name;
      if (layer.weight) model.state.set(path + ".weight", layer.weight->cast(dtype));
      if (layer.bias) model.state.set(path + ".bias", layer.bias->cast(dtype));
      for (const auto& table : layer.tables) {
        if (table.weight) model.state.set(path + "." + table.name + ".weight", table.weight->cast(dtype));
      }
    }
  }
  model.network = std::move(network);
  return model;
}

}  // namespace longhand
