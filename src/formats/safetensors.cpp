#include "formats/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>
#include <set>

#include "base/files.h"
#include "base/json.h"
#include "base/text.h"
#include "formats/safetensors_header.h"

namespace longhand {
namespace {

using safetensors::Entry;

static_assert(std::endian::native == std::endian::little, "the format is little-endian");

constexpr std::size_t kLengthBytes = 8;  // of the header's length, at the start of the file

[[noreturn]] void fail(const std::string& file, const std::string& what) {
  throw ModelError(file + ": " + what);
}

void check_booleans(const Tensor& tensor, const Entry& entry, const std::string& file) {
  const auto* bytes = static_cast<const std::uint8_t*>(tensor.data());
  const auto* odd = std::find_if(bytes, bytes + tensor.bytes(), [](auto byte) { return byte > 1; });
  if (odd != bytes + tensor.bytes()) {
    fail(file, "tensor " + in_quotes(entry.name) + ": element " + std::to_string(odd - bytes) +
                   " of BOOL is " + std::to_string(*odd) + ", expected 0 or 1");
  }
}

// `read` fills a span with the next bytes of a source of `size` bytes.
template <class Read>
SafetensorsFile load(std::uint64_t size, const std::string& file, Read read) {
  if (size < kLengthBytes) {
    fail(file, "found " + std::to_string(size) +
                   " bytes, expected at least 8; is it a safetensors file?");
  }
  std::uint64_t length = 0;
  read(std::as_writable_bytes(std::span(&length, 1)));
  if (length > safetensors::kLongestHeader) {
    fail(file, "the header would have " + std::to_string(length) +
                   " bytes, at most 100000000 are allowed; is it a safetensors file?");
  }
  if (length > size - kLengthBytes) {
    fail(file, "the header would have " + std::to_string(length) +
                   " bytes, but the file has only " + std::to_string(size - kLengthBytes) +
                   " after its length");
  }
  std::string text(static_cast<std::size_t>(length), '\0');
  read(std::as_writable_bytes(std::span(text)));
  auto header = safetensors::parse_header(text, size - kLengthBytes - length, file);
  std::string().swap(text);

  SafetensorsFile result;
  result.metadata = std::move(header.metadata);
  result.tensors.resize(header.entries.size());
  for (const Entry* entry : in_file_order(header)) {
    Tensor tensor(entry->shape, entry->dtype);
    read(std::span(static_cast<std::byte*>(tensor.data()), tensor.bytes()));
    if (entry->dtype == DType::boolean) check_booleans(tensor, *entry, file);
    result.tensors[static_cast<std::size_t>(entry - header.entries.data())].second = tensor;
  }
  for (std::size_t i = 0; i < result.tensors.size(); ++i) {
    result.tensors[i].first = std::move(header.entries[i].name);
  }
  return result;
}

// A model that cannot be read is a wrong or missing model.
template <class Action>
auto as_model_error(Action action) {
  try {
    return action();
  } catch (const IoError& error) {
    throw ModelError(error.what());
  }
}

void check_text(const std::string& text, const std::string& what) {
  if (find_invalid_utf8(text) != std::string::npos) {
    throw ArgumentError("cannot write " + what + ' ' + in_quotes(text) + ": it is not UTF-8");
  }
}

std::string json_string(const std::string& text) { return json_text(Json(text)); }

void check_names(const SafetensorsFile& file) {
  std::set<std::string_view> names{"__metadata__"};
  for (const auto& [name, tensor] : file.tensors) {
    check_text(name, "the tensor name");
    if (!names.insert(name).second) {
      throw ArgumentError("cannot write the tensor " + in_quotes(name) + ": the name is taken");
    }
  }
  for (const auto& [key, value] : file.metadata) {
    check_text(key, "the metadata key");
    check_text(value, "the metadata of " + in_quotes(key) + ',');
  }
}

// Positions of the tensors in the order of their data: by element size, largest first.
std::vector<std::size_t> data_order(const SafetensorsFile& file) {
  std::vector<std::size_t> order(file.tensors.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto size = [&](std::size_t i) { return size_of(file.tensors[i].second.dtype()); };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return size(a) > size(b); });
  return order;
}

std::string describe(const Tensor& tensor, std::uint64_t begin) {
  std::string text =
      R"({"dtype":")" + std::string(safetensors::format_name(tensor.dtype())) + R"(","shape":[)";
  for (const auto extent : tensor.shape()) {
    if (text.back() != '[') text += ',';
    text += std::to_string(extent);
  }
  return text + R"(],"data_offsets":[)" + std::to_string(begin) + ',' +
         std::to_string(begin + tensor.bytes()) + "]}";
}

// The header with its length before it and spaces after it, so that the data start at a multiple
// of 8.
std::string header_of(const SafetensorsFile& file, const std::vector<std::size_t>& order) {
  check_names(file);
  std::vector<std::uint64_t> begins(file.tensors.size());
  std::uint64_t used = 0;
  for (const auto i : order) {
    begins[i] = used;
    used += file.tensors[i].second.bytes();
  }
  std::string text = "{";
  for (const auto& [key, value] : file.metadata) {
    text += text == "{" ? R"("__metadata__":{)" : ",";
    text += json_string(key) + ':' + json_string(value);
  }
  if (!file.metadata.empty()) text += '}';
  for (std::size_t i = 0; i < file.tensors.size(); ++i) {
    if (text != "{") text += ',';
    text += json_string(file.tensors[i].first) + ':' + describe(file.tensors[i].second, begins[i]);
  }
  text += '}';
  constexpr std::size_t kAlignment = 8;
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  if (text.size() > safetensors::kLongestHeader) {
    throw ArgumentError("cannot write a header of " + std::to_string(text.size()) +
                        " bytes, at most 100000000 are allowed");
  }
  const std::uint64_t length = text.size();
  std::string start(kLengthBytes, '\0');
  std::memcpy(start.data(), &length, kLengthBytes);
  return start + text;
}

// The header, which must outlive the result, and the data as they follow.
std::vector<Bytes> parts_of(const SafetensorsFile& file, const std::vector<std::size_t>& order,
                            const std::string& header) {
  std::vector<Bytes> parts{std::as_bytes(std::span(header))};
  for (const auto i : order) {
    const Tensor& tensor = file.tensors[i].second;
    parts.push_back({static_cast<const std::byte*>(tensor.data()), tensor.bytes()});
  }
  return parts;
}

}  // namespace

SafetensorsFile parse_safetensors(std::span<const std::byte> bytes, const std::string& name) {
  return load(bytes.size(), name, [left = bytes](std::span<std::byte> into) mutable {
    std::copy_n(left.begin(), into.size(), into.begin());
    left = left.subspan(into.size());
  });
}

// A header's length in eight bytes, then its first brace.
bool is_safetensors(std::span<const std::byte> first) {
  if (first.size() < kSafetensorsStart || first[kLengthBytes] != std::byte{'{'}) return false;
  std::uint64_t length = 0;
  std::memcpy(&length, first.data(), kLengthBytes);
  return length > 0 && length <= safetensors::kLongestHeader;
}

SafetensorsFile read_safetensors(const std::string& path) {
  auto reader = as_model_error([&] { return FileReader(path); });
  if (!reader.size()) {  // a pipe: how much there is shows only at the end
    const auto bytes = as_model_error([&] { return FileBytes(std::move(reader)); });
    return parse_safetensors(bytes.bytes(), path);
  }
  return load(*reader.size(), path, [&](std::span<std::byte> into) {
    as_model_error([&] { reader.read_exactly(into); });
  });
}

std::vector<std::byte> serialize_safetensors(const SafetensorsFile& file) {
  const auto order = data_order(file);
  const auto header = header_of(file, order);
  std::vector<std::byte> bytes;
  for (const auto part : parts_of(file, order, header)) {
    bytes.insert(bytes.end(), part.begin(), part.end());
  }
  return bytes;
}

void write_safetensors(const std::string& path, const SafetensorsFile& file) {
  const auto order = data_order(file);
  const auto header = header_of(file, order);
  write_file_atomically(path, parts_of(file, order, header));
}

}  // namespace longhand
