#include "formats/byte_source.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "formats/gzip.h"
#include "longhand/base.h"

namespace longhand {
namespace {

class FileSource : public ByteSource {
 public:
  explicit FileSource(FileReader file) : file_(std::move(file)) {}

  const std::string& name() const override { return file_.path(); }
  std::optional<std::uint64_t> size() const override { return file_.size(); }
  std::size_t read(std::span<std::byte> into) override {
    const std::size_t came = file_.read(into);
    place_ += came;
    if (came == 0 && !into.empty() && place_ < file_.size().value()) refuse("it was cut short while being read");
    if (place_ > file_.size().value()) refuse("it grew while being read");
    return came;
  }
  bool seek(std::uint64_t place) override {
    file_.seek(place);
    place_ = place;
    return true;
  }
  // The file that was opened, even where another has taken its name.
  void rewind() override {
    if (file_.has_changed()) refuse("it changed while being read");
    seek(0);
  }

 private:
  [[noreturn]] void refuse(const char* why) const { throw IoError("cannot read " + file_.path() + ": " + why); }

  FileReader file_;
  std::uint64_t place_ = 0;
};

class MemorySource : public ByteSource {
 public:
  MemorySource(std::string_view bytes, std::string name)
      : bytes_(bytes), name_(std::move(name)) {}
  explicit MemorySource(FileBytes file) : kept_(std::move(file)), bytes_(kept_->text()), name_(kept_->path()) {}

  const std::string& name() const override { return name_; }
  std::optional<std::uint64_t> size() const override { return bytes_.size(); }
  std::size_t read(std::span<std::byte> into) override {
    const std::size_t came = std::min(into.size(), bytes_.size() - read_);
    if (came > 0) std::memcpy(into.data(), bytes_.data() + read_, came);
    read_ += came;
    return came;
  }
  bool seek(std::uint64_t place) override {
    read_ = std::min(static_cast<std::size_t>(place), bytes_.size());
    return true;
  }
  void rewind() override { read_ = 0; }

 private:
  std::optional<FileBytes> kept_;
  std::string_view bytes_;
  std::string name_;
  std::size_t read_ = 0;
};

std::unique_ptr<ByteSource> unpacked(std::unique_ptr<ByteSource> source) {
  std::byte first[2];
  const bool is_packed = read_all(*source, first) == 2 && is_gzip(first);
  source->rewind();
  if (!is_packed) return source;
  return std::make_unique<GzipSource>(std::move(source));
}

}  // namespace

std::size_t read_all(ByteSource& source, std::span<std::byte> into) {
  std::size_t filled = 0;
  while (filled < into.size()) {
    const std::size_t came = source.read(into.subspan(filled));
    if (came == 0) break;
    filled += came;
  }
  return filled;
}

std::unique_ptr<ByteSource> open_source(FileReader file) {
  // What claims to be empty may be a pipe too (/dev/stdin, /proc).
  if (file.size().value_or(0) == 0) return unpacked(std::make_unique<MemorySource>(FileBytes(std::move(file))));
  return unpacked(std::make_unique<FileSource>(std::move(file)));
}

std::unique_ptr<ByteSource> open_source(std::string_view bytes, std::string name) {
  return unpacked(std::make_unique<MemorySource>(bytes, std::move(name)));
}

}  // namespace longhand
