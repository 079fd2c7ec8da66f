// A checkpoint as one .safetensors file: a model's, with the optimiser's memory and where training is.
#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "model/model_file.h"

namespace longhand {
namespace {

constexpr const char* kStepsKey = "steps";
constexpr const char* kTrainingKey = "checkpoint";
constexpr std::string_view kMemory = "optimizer.", kBest = "best.";

const std::string& text(const SafetensorsFile& file, const char* key, const std::string& path) {
  const auto found = file.metadata.find(key);
  if (found == file.metadata.end()) throw ModelError(fmt::format("{}: metadata '{}': is missing", path, key));
  return found->second;
}

std::int64_t read_steps(const SafetensorsFile& file, const std::string& path) {
  const auto& digits = text(file, kStepsKey, path);
  std::int64_t steps = 0;
  const auto* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, steps);
  if (error != std::errc() || stop != end || steps < 0 || steps > std::numeric_limits<std::int32_t>::max()) {
    throw ModelError(fmt::format("{}: metadata '{}': '{}' is no number of steps", path, kStepsKey, digits));
  }
  return steps;
}

// The parameter of "optimizer.m.fc1.weight" or "best.fc1.weight", or nothing.
std::string parameter_of(const std::string& name) {
  if (name.starts_with(kBest)) return name.substr(kBest.size());
  if (!name.starts_with(kMemory)) return {};
  const auto dot = name.find('.', kMemory.size());
  return dot == std::string::npos ? std::string() : name.substr(dot + 1);
}

}  // namespace

Checkpoint checkpoint_in(const SafetensorsFile& file, const std::string& path) {
  Checkpoint checkpoint;
  State others;
  checkpoint.model = model_in(file, path, others);
  if (const auto& format = text(file, "longhand", path); format != kCheckpointFormat && format != kOldCheckpointFormat) {
    throw ModelError(path + ": a model, not a checkpoint: it has no memory of the optimiser's");
  }
  checkpoint.model.steps = read_steps(file, path);
  checkpoint.training = text(file, kTrainingKey, path);
  auto& state = checkpoint.model.state;
  for (const auto& [name, tensor] : others.entries()) {
    const auto parameter = parameter_of(name);
    if (!state.contains(parameter)) throw ModelError(fmt::format("{}: tensor '{}' belongs to no layer", path, name));
    const auto& like = state.get(parameter);
    // The best parameters may be of a part of the rows, for which a column's steps can be fewer.
    const bool fits = name.starts_with(kBest) ? tensor.shape().rank() == like.shape().rank() : tensor.shape() == like.shape();
    if (!fits || tensor.dtype() != like.dtype()) {
      throw ModelError(fmt::format("{}: tensor '{}' is {} {}, its parameter {} {}", path, name, longhand::name(tensor.dtype()),
                                   to_string(tensor.shape()), longhand::name(like.dtype()), to_string(like.shape())));
    }
    if (name.starts_with(kBest)) checkpoint.best.set(parameter, tensor);
  }
  for (const auto& [name, tensor] : others.entries()) {
    if (name.starts_with(kMemory)) state.set(name, tensor);
  }
  return checkpoint;
}

Checkpoint load_checkpoint(const std::string& path) {
  try {
    auto checkpoint = checkpoint_in(read_safetensors(path), path);
    checkpoint.name = path;
    return checkpoint;
  } catch (const ModelError&) {
    throw;
  } catch (const Error& error) {
    throw ModelError(path + ": " + error.what());
  }
}

void save_checkpoint(const Checkpoint& checkpoint, const std::string& path) {
  auto file = file_for(checkpoint.model, kCheckpointFormat);
  file.metadata[kStepsKey] = std::to_string(checkpoint.model.steps);
  file.metadata[kTrainingKey] = checkpoint.training;
  file.tensors = checkpoint.model.state.entries();
  for (const auto& [name, tensor] : checkpoint.best.entries()) file.tensors.emplace_back(std::string(kBest) + name, tensor);
  write_safetensors(path, file);
}

}  // namespace longhand
