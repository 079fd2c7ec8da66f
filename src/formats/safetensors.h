// Files of named tensors in the safetensors format: what a model is kept in, and what PyTorch and
// others load as it is. Knows nothing of networks. The format is described at
// https://github.com/huggingface/safetensors; it holds numbers only, so that reading runs no code.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "longhand/base.h"

namespace longhand {

/// What such a file holds. The order of the tensors is kept.
struct SafetensorsFile {
  std::vector<std::pair<std::string, Tensor>> tensors;
  std::map<std::string, std::string> metadata;
};

/// Reads tensors of F32, F64, I32, U8 and BOOL straight into memory of their own. Throws ModelError
/// for a file that cannot be read, and for one that is not exactly what the format allows: a header
/// over 100,000,000 bytes or beyond the end of the file, JSON or UTF-8 that is not valid, a
/// repeated or unknown key, a shape that does not fit its bytes or has more than Shape::kMaxRank
/// axes, and data with overlaps, holes or trailing bytes. The message names the file and the
/// tensor.
SafetensorsFile read_safetensors(const std::string& path);

/// The same from memory; `name` stands for the file in errors.
SafetensorsFile parse_safetensors(std::span<const std::byte> bytes, const std::string& name);

/// Whether a file that begins with these bytes, kSafetensorsStart of them, is one, or meant to be.
inline constexpr std::size_t kSafetensorsStart = 9;
bool is_safetensors(std::span<const std::byte> first);

/// The bytes of the file; equal contents give equal bytes. The header lists `__metadata__` first,
/// by key, then the tensors in their order; the data are laid out by element size, largest first,
/// so that each tensor is aligned within the file. Throws ArgumentError for a name that is
/// repeated, is
/// `__metadata__` or is not UTF-8.
std::vector<std::byte> serialize_safetensors(const SafetensorsFile& file);

/// Writes that file whole or not at all (see write_file_atomically). Throws as the above, and
/// IoError.
void write_safetensors(const std::string& path, const SafetensorsFile& file);

}  // namespace longhand
