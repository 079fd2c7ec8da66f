// Bytes that come one after another, from a file or from memory, unpacked where they are gzip.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/files.h"

namespace longhand {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// For errors.
  virtual const std::string& name() const = 0;
  /// How many there are; nothing where only their end tells.
  virtual std::optional<std::uint64_t> size() const = 0;
  /// Reads up to into.size() bytes and returns how many came; 0 means the end. Throws IoError where the
  /// system fails to, or a file turns out shorter or longer than it was; DataError for gzip that is damaged,
  /// cut short or followed by anything else.
  virtual std::size_t read(std::span<std::byte> into) = 0;
  /// Goes to that byte; returns false, and stays, where bytes come one after another only.
  virtual bool seek(std::uint64_t place) = 0;
  /// Back to the first byte. Throws IoError where the file has changed since it was opened.
  virtual void rewind() = 0;
};

/// Reads until `into` is full or nothing is left; says how many bytes came.
std::size_t read_all(ByteSource& source, std::span<std::byte> into);

/// The bytes of a file of which nothing has been read. What cannot be read twice is kept in memory as it
/// is, packed or not.
std::unique_ptr<ByteSource> open_source(FileReader file);
/// Of bytes that the caller keeps.
std::unique_ptr<ByteSource> open_source(std::string_view bytes, std::string name);

}  // namespace longhand
