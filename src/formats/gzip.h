// Files packed with gzip (RFC 1952), unpacked as they are read.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "formats/byte_source.h"

namespace longhand {

/// Whether these are the first bytes of such a file.
inline bool is_gzip(std::span<const std::byte> bytes) {
  return bytes.size() >= 2 && bytes[0] == std::byte{0x1F} && bytes[1] == std::byte{0x8B};
}

/// Members one after another are one file. Memory does not depend on how much they unpack to.
class GzipSource : public ByteSource {
 public:
  explicit GzipSource(std::unique_ptr<ByteSource> packed);
  ~GzipSource() override;
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  const std::string& name() const override { return packed_->name(); }
  std::optional<std::uint64_t> size() const override { return std::nullopt; }
  std::size_t read(std::span<std::byte> into) override;
  bool seek(std::uint64_t) override { return false; }
  void rewind() override;

 private:
  bool has_input();
  bool begin_member();
  void inflate_some();

  std::unique_ptr<ByteSource> packed_;
  std::vector<std::byte> input_;
  z_stream stream_{};
  bool is_in_member_ = false;
};

}  // namespace longhand
