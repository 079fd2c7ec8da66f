#include "formats/event_file.h"

#include <array>
#include <bit>

namespace longhand {
namespace {

constexpr std::array<std::uint32_t, 256> make_table() {
  constexpr std::uint32_t kPolynomial = 0x82f63b78;  // 0x1edc6f41, its bits in reverse
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    std::uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = (rest >> 1) ^ ((rest & 1) != 0 ? kPolynomial : 0);
    table[byte] = rest;
  }
  return table;
}

template <class Number>
std::string little_endian(Number number) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof number; ++i) bytes += static_cast<char>(number >> (8 * i) & 0xff);
  return bytes;
}

std::string checksum(std::string_view bytes) {
  const auto crc = crc32c(bytes);
  return little_endian<std::uint32_t>(std::rotr(crc, 15) + 0xa282ead8);  // masked, as TFRecord asks for
}

// Length, its checksum, the bytes, theirs.
std::string record(const std::string& bytes) {
  const auto length = little_endian<std::uint64_t>(bytes.size());
  return length + checksum(length) + bytes + checksum(bytes);
}

// The fields of protocol buffers that are needed.
enum Wire : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

std::string varint(std::uint64_t number) {
  std::string bytes;
  for (; number >= 0x80; number >>= 7) bytes += static_cast<char>(number | 0x80);
  return bytes + static_cast<char>(number);
}

std::string key(int field, Wire wire) { return varint(static_cast<std::uint64_t>(field) << 3 | wire); }
std::string integer(int field, std::int64_t value) { return key(field, kVarint) + varint(static_cast<std::uint64_t>(value)); }
std::string real64(int field, double value) { return key(field, kFixed64) + little_endian(std::bit_cast<std::uint64_t>(value)); }
std::string real32(int field, float value) { return key(field, kFixed32) + little_endian(std::bit_cast<std::uint32_t>(value)); }
std::string bytes(int field, const std::string& value) { return key(field, kBytes) + varint(value.size()) + value; }

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  static constexpr auto kTable = make_table();
  std::uint32_t crc = ~std::uint32_t{0};
  for (const char byte : bytes) crc = (crc >> 8) ^ kTable[(crc ^ static_cast<unsigned char>(byte)) & 0xff];
  return ~crc;
}

std::string first_event(double seconds) { return record(real64(1, seconds) + bytes(3, "brain.Event:2")); }

std::string scalars_event(double seconds, std::int64_t step, std::span<const std::pair<std::string, double>> scalars) {
  std::string values;
  for (const auto& [tag, value] : scalars) values += bytes(1, bytes(1, tag) + real32(2, static_cast<float>(value)));
  return record(real64(1, seconds) + integer(2, step) + bytes(5, values));
}

}  // namespace longhand
