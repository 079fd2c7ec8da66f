// The header of a safetensors file: JSON that says where each tensor lies. Only for this room.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "longhand/base.h"

namespace longhand::safetensors {

constexpr std::uint64_t kLongestHeader = 100'000'000;

/// The bytes begin, …, end - 1 of the data, which follow the header.
struct Entry {
  std::string name;
  DType dtype = DType::f32;
  Shape shape;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

struct Header {
  std::vector<Entry> entries;  // as listed
  std::map<std::string, std::string> metadata;
};

/// "F32", "F64", "I32", "U8", "BOOL".
std::string_view format_name(DType dtype);

/// Reads the JSON and checks every rule, so that together the entries cover the `data_size` bytes
/// of data exactly. Memory stays in proportion to `text`, whatever it says, and nesting costs no
/// stack. Throws ModelError, which starts with `file`.
Header parse_header(std::string_view text, std::uint64_t data_size, const std::string& file);

/// The entries in the order in which their data lie in the file.
std::vector<const Entry*> in_file_order(const Header& header);

}  // namespace longhand::safetensors
