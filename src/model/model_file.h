// What model files and checkpoints have in common.
#pragma once

#include "formats/safetensors.h"
#include "longhand/model.h"

namespace longhand {

inline constexpr const char* kModelFormat = "longhand.model/2";
inline constexpr const char* kCheckpointFormat = "longhand.checkpoint/2";
// Of the time when every column was a number; read as well.
inline constexpr const char* kOldModelFormat = "longhand.model/1";
inline constexpr const char* kOldCheckpointFormat = "longhand.checkpoint/1";

/// The model in a file of either format; tensors that belong to no layer go into `others`. Throws
/// ModelError naming `path` and the tensor or key.
Model model_in(const SafetensorsFile& file, const std::string& path, State& others);

/// What `load_checkpoint` reads.
Checkpoint checkpoint_in(const SafetensorsFile& file, const std::string& path);

/// A file with the model's description; without tensors.
SafetensorsFile file_for(const Model& model, const char* format);

}  // namespace longhand
