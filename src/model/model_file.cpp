// A model as one .safetensors file: parameters as PyTorch names them, the rest as JSON in the
// file's metadata.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "formats/json.h"
#include "model/columns_json.h"
#include "model/model_file.h"
#include "model/network_reader.h"

namespace longhand {
namespace {

// How far a prediction may be from the one that was saved: other processors round otherwise.
double tolerance(DType dtype) { return dtype == DType::f64 ? 1e-10 : 1e-5; }

Json target_json(const TargetColumn& target) {
  Json json{{"name", target.name}, {"task", name(target.task)}};
  if (target.task == Task::regression) {
    json["mean"] = target.mean;
    json["scale"] = target.scale;
  } else {
    json["classes"] = target.classes;
  }
  return json;
}

TargetColumn read_target(const Metadata& metadata) {
  const auto json = metadata.json("target");
  TargetColumn target;
  target.name = metadata.string("target", json, "name");
  const auto task = metadata.string("target", json, "task");
  if (task == name(Task::regression)) {
    target.mean = metadata.finite("target", json, "mean");
    target.scale = metadata.finite("target", json, "scale");
    if (!(target.scale > 0)) metadata.fail("target", "'scale' must be positive");
    return target;
  }
  target.task = task == name(Task::binary) ? Task::binary : Task::multiclass;
  if (task != name(target.task)) metadata.fail("target", "unknown task '" + task + "'");
  target.classes = metadata.texts("target", json, "classes");
  Classes(target.classes);  // refuses two equal classes
  return target;
}

void check_target(const Model& model, const Metadata& metadata) {
  const auto& target = *model.target;
  const auto classes = static_cast<std::int64_t>(target.classes.size());
  const auto outputs = model.network.outputs();
  const bool fits = target.task == Task::regression ? outputs == 1
                    : target.task == Task::binary   ? classes == 2 && outputs == 1
                                                    : classes == outputs && classes >= 2;
  if (!fits) metadata.fail("target", fmt::format("{} classes for {} outputs", classes, outputs));
}

bool has_same_place(const EmbeddingTable& a, const EmbeddingTable& b) {
  return a.name == b.name && a.input == b.input && a.rows == b.rows && a.size == b.size;
}

State read_state(const SafetensorsFile& file, const Model& model, DType& dtype, const std::string& path, State& others) {
  const auto parameters = make_network(model.network)->tensors();
  if (file.tensors.empty()) throw ModelError(path + ": no tensors");
  dtype = file.tensors[0].second.dtype();
  State found;
  for (const auto& [name, tensor] : file.tensors) found.set(name, tensor);
  State state;
  for (const auto& [name, spec] : parameters) {
    if (!found.contains(name)) throw ModelError(fmt::format("{}: tensor '{}' is missing", path, name));
    const auto& tensor = found.get(name);
    if (!(tensor.shape() == spec.shape)) {
      throw ModelError(fmt::format("{}: tensor '{}' has the shape {}, expected {}", path, name,
                                   to_string(tensor.shape()), to_string(spec.shape)));
    }
    if (tensor.dtype() != dtype || (dtype != DType::f32 && dtype != DType::f64)) {
      throw ModelError(fmt::format("{}: tensor '{}' is {}, expected all to be f32 or all f64", path, name,
                                   longhand::name(tensor.dtype())));
    }
    for (std::int64_t i = 0; i < tensor.count(); ++i) {
      if (!std::isfinite(tensor.at(i))) throw ModelError(fmt::format("{}: tensor '{}' has an entry that is not finite", path, name));
    }
    state.set(name, tensor);
  }
  for (const auto& [name, tensor] : file.tensors) {
    if (!state.contains(name)) others.set(name, tensor);
  }
  return state;
}

void run_self_test(const Model& model, const std::string& path) {
  const auto& test = *model.self_test;
  const auto outputs = Predictor(model).predict(test.inputs);
  if (!(outputs.shape() == test.outputs.shape())) throw ModelError(path + ": the self-test has another number of outputs");
  // Relative to the largest output of the row set: a probability near 0 need not keep its own digits.
  double scale = 0;
  for (const double value : test.outputs.to_doubles()) scale = std::max(scale, std::abs(value));
  for (std::int64_t i = 0; i < outputs.count(); ++i) {
    const double error = std::abs(outputs.at(i) - test.outputs.at(i));
    if (!(error <= tolerance(model.dtype) * std::max(scale, 1e-30))) {
      throw ModelError(fmt::format("{}: the self-test gives {} where {} was saved: the file is damaged or made by a newer Longhand",
                                   path, outputs.at(i), test.outputs.at(i)));
    }
  }
}

}  // namespace

Model model_in(const SafetensorsFile& file, const std::string& path, State& others) {
  const Metadata metadata(file, path);
  if (!metadata.has("longhand")) {
    throw ModelError(path + ": not a Longhand model (no metadata 'longhand'); weights alone do not say how they are connected");
  }
  if (const auto& format = metadata.text("longhand");
      format != kModelFormat && format != kCheckpointFormat && format != kOldModelFormat && format != kOldCheckpointFormat) {
    throw ModelError(fmt::format("{}: format '{}', this Longhand reads '{}'", path, format, kModelFormat));
  }
  Model model;
  model.network = network_from_json(metadata.json("network"), path + ": metadata 'network'");
  if (model.network.inputs == 0) metadata.fail("network", "'inputs' is missing");
  model.state = read_state(file, model, model.dtype, path, others);
  model.inputs = read_columns(metadata);
  std::int64_t features = 0;
  for (const auto& column : model.inputs) features += column.features();
  if (!model.inputs.empty() && features != model.network.inputs) {
    metadata.fail("inputs", fmt::format("the columns become {} numbers for {} inputs", features, model.network.inputs));
  }
  if (!model.inputs.empty() && !std::ranges::equal(embedding_tables(model.inputs), model.network.tables(), has_same_place)) {
    metadata.fail("inputs", "the network's embedding is of other columns");
  }
  if (metadata.has("missing")) model.missing_words = metadata.texts("missing");
  if (metadata.has("target")) {
    model.target = read_target(metadata);
    check_target(model, metadata);
  }
  if (metadata.has("training")) {
    const auto training = metadata.json("training");
    for (const auto& [key, value] : training.items()) model.training.emplace_back(key, json_text(value));
  }
  if (metadata.has("self_test")) {
    const auto json = metadata.json("self_test");
    if (!json.is_object() || !json.contains("inputs") || !json.contains("outputs")) metadata.fail("self_test", "needs inputs and outputs");
    SelfTest test{tensor_from_json(json["inputs"], path + ": metadata 'self_test': inputs"),
                  tensor_from_json(json["outputs"], path + ": metadata 'self_test': outputs")};
    const auto columns = model.inputs.empty() ? model.network.inputs : static_cast<std::int64_t>(model.inputs.size());
    if (test.inputs.shape().rank() != 2 || test.inputs.shape()[1] != columns || test.inputs.shape()[0] < 1) {
      metadata.fail("self_test", "its inputs do not fit the network");
    }
    model.self_test = std::move(test);
    run_self_test(model, path);
  }
  return model;
}

std::string_view name(Task task) {
  switch (task) {
    case Task::binary: return "binary";
    case Task::multiclass: return "multiclass";
    case Task::regression: return "regression";
  }
  return "?";
}

SafetensorsFile file_for(const Model& model, const char* format) {
  SafetensorsFile file;
  file.metadata["longhand"] = format;
  file.metadata["network"] = network_json(model.network);
  file.metadata["inputs"] = json_text(columns_json(model.inputs));
  if (!model.inputs.empty()) file.metadata["missing"] = json_text(Json(model.missing_words));
  if (model.target) file.metadata["target"] = json_text(target_json(*model.target));
  if (!model.training.empty()) {
    Json training;
    for (const auto& [key, value] : model.training) training[key] = parse_json(value).value();
    file.metadata["training"] = json_text(training);
  }
  return file;
}

namespace {

Model read_model(const std::string& path) {
  const auto file = read_safetensors(path);
  const auto format = file.metadata.find("longhand");
  if (format != file.metadata.end() &&
      (format->second == kCheckpointFormat || format->second == kOldCheckpointFormat)) {
    return checkpoint_in(file, path).model;
  }
  State others;
  auto model = model_in(file, path, others);
  if (others.size() == 0) return model;
  throw ModelError(fmt::format("{}: tensor '{}' belongs to no layer", path, others.entries()[0].first));
}

// By its name it may be either.
Model read_as_model(const std::string& path) {
  try {
    return read_model(path);
  } catch (const ModelError& error) {
    throw ModelError(std::string(error.what()) + " (read as a trained model: the name of a description ends in .toml)");
  }
}

}  // namespace

Model load_model(const std::string& path, std::uint64_t seed) {
  try {
    if (path.ends_with(".safetensors")) return read_model(path);
    if (!path.ends_with(".toml")) return read_as_model(path);
    auto network = read_network(path);
    if (network.inputs == 0) throw ModelError(path + ": [network]: 'inputs' is missing");
    return Model::from_network(std::move(network), seed, DType::f64);
  } catch (const ArgumentError& error) {
    throw ModelError(path + ": " + error.what());
  } catch (const ShapeError& error) {  // more weights than can be counted
    throw ModelError(path + ": " + error.what());
  }
}

namespace {

SafetensorsFile whole_file(Model& model) {
  auto file = file_for(model, kModelFormat);
  file.tensors = model.state.entries();
  if (model.self_test) {
    auto& test = *model.self_test;
    test.outputs = Predictor(model, test.inputs.shape()[0]).predict(test.inputs);
    file.metadata["self_test"] = json_text(Json{{"inputs", to_json(test.inputs)}, {"outputs", to_json(test.outputs)}});
  }
  return file;
}

}  // namespace

void save_model(Model& model, const std::string& path) { write_safetensors(path, whole_file(model)); }

std::string serialize_model(Model& model) {
  const auto bytes = serialize_safetensors(whole_file(model));
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace longhand
