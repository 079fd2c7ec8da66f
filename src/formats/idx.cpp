#include "formats/idx.h"

#include <array>
#include <optional>

#include "longhand/base.h"

namespace longhand::idx {
namespace {

std::optional<Element> element_of(std::byte code) {
  switch (std::to_integer<int>(code)) {
    case 0x08: return Element::u8;
    case 0x09: return Element::i8;
    case 0x0B: return Element::i16;
    case 0x0C: return Element::i32;
    case 0x0D: return Element::f32;
    case 0x0E: return Element::f64;
    default: return std::nullopt;
  }
}

}  // namespace

bool is_magic(std::span<const std::byte> first) {
  return first.size() >= 4 && first[0] == std::byte{0} && first[1] == std::byte{0} && element_of(first[2]);
}

ArrayHeader read_header(ByteSource& source) {
  std::array<std::byte, 4> word{};
  const auto next = [&] {
    if (read_all(source, word) < word.size()) throw DataError(source.name() + ": the file ends in its IDX header");
  };
  next();
  ArrayHeader header;
  header.element = element_of(word[2]).value();
  header.is_big_endian = true;
  const auto axes = std::to_integer<int>(word[3]);
  for (int axis = 0; axis < axes; ++axis) {
    next();
    std::uint64_t extent = 0;
    for (const auto byte : word) extent = extent << 8 | std::to_integer<std::uint64_t>(byte);
    header.extents.push_back(extent);
  }
  header.bytes = word.size() * header.extents.size() + word.size();
  return header;
}

}  // namespace longhand::idx
