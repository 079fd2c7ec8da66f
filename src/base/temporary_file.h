// A file for what does not fit into memory.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/files.h"

namespace longhand {

/// A file without a name: it is gone when it is closed, however the program ends.
class TemporaryFile {
 public:
  /// In a folder where `bytes` are free, or IoError.
  TemporaryFile(const std::string& folder, std::uint64_t bytes);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  /// At its end. Throws IoError.
  void write(Bytes bytes);
  /// Fills `into` from `offset` on. Throws IoError, also where the file ends before.
  void read(std::uint64_t offset, std::span<std::byte> into) const;

 private:
  const std::string folder_;
  int descriptor_ = -1;
};

}  // namespace longhand
