#include "base/files.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "base/system_call.h"
#include "longhand/base.h"

namespace longhand {
namespace {

constexpr std::size_t kFirstRead = std::size_t{1} << 16;

// Grows a buffer until the source ends. `read` fills a span and says how many bytes came.
template <class Read>
std::string read_all(const std::string& name, Read read) {
  std::string text;
  try {
    std::size_t used = 0;
    text.resize(kFirstRead);
    for (;;) {
      const std::span free(text.data() + used, text.size() - used);
      const std::size_t came = read(std::as_writable_bytes(free));
      if (came == 0) break;
      used += came;
      if (used == text.size()) text.resize(text.size() * 2);
    }
    text.resize(used);
  } catch (const std::bad_alloc&) {
    throw IoError("cannot read " + name + ": it does not fit into memory");
  } catch (const std::length_error&) {
    throw IoError("cannot read " + name + ": it does not fit into memory");
  }
  return text;
}

std::size_t read_some(int descriptor, std::span<std::byte> into, const std::string& name) {
  // The kernel reads at most about 2^31 bytes a call; other systems refuse to be asked for more.
  const std::size_t most = std::min(into.size(), std::size_t{1} << 30);
  const ssize_t came = again_if_interrupted([&] { return ::read(descriptor, into.data(), most); });
  if (came < 0) throw_io_error("read", name);
  return static_cast<std::size_t>(came);
}

std::int64_t time_of_change(const struct stat& status) {
#ifdef __APPLE__
  const auto& time = status.st_mtimespec;
#else
  const auto& time = status.st_mtim;
#endif
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

FileReader::FileReader(const std::string& path) : path_(path) {
  descriptor_ = again_if_interrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); });
  if (descriptor_ < 0) throw_io_error("read", path);
  struct stat status {};
  int error = ::fstat(descriptor_, &status) != 0 ? errno : 0;
  if (error == 0 && S_ISDIR(status.st_mode)) error = EISDIR;
  if (error != 0) {
    ::close(descriptor_);
    throw_io_error("read", path, error);
  }
  if (S_ISREG(status.st_mode)) size_ = static_cast<std::uint64_t>(status.st_size);
  changed_ = time_of_change(status);
}

FileReader::~FileReader() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

FileReader::FileReader(FileReader&& other) noexcept
    : path_(std::move(other.path_)),
      size_(other.size_),
      changed_(other.changed_),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

FileReader& FileReader::operator=(FileReader&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(size_, other.size_);
  std::swap(changed_, other.changed_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

bool FileReader::has_changed() const {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) throw_io_error("read", path_);
  return size_ && (static_cast<std::uint64_t>(status.st_size) != *size_ || time_of_change(status) != changed_);
}

void FileReader::seek(std::uint64_t place) {
  if (::lseek(descriptor_, static_cast<off_t>(place), SEEK_SET) < 0) throw_io_error("read", path_);
}

std::size_t FileReader::read(std::span<std::byte> into) {
  return into.empty() ? 0 : read_some(descriptor_, into, path_);
}

void FileReader::read_exactly(std::span<std::byte> into) {
  while (!into.empty()) {
    const std::size_t came = read(into);
    if (came == 0) {
      throw IoError("cannot read " + path_ + ": it ended " + std::to_string(into.size()) +
                    " bytes early; was it cut short while being read?");
    }
    into = into.subspan(came);
  }
}

FileBytes::FileBytes(FileReader reader) : path_(reader.path()) {
  // Files in /proc and the like are ordinary and claim to be empty: those are read to their end.
  if (const auto size = reader.size(); size && *size > 0) {
    try {
      size_ = static_cast<std::size_t>(*size);
      memory_ = std::make_shared_for_overwrite<std::byte[]>(size_);
    } catch (const std::bad_alloc&) {
      throw IoError("cannot read " + path_ + ": its " + std::to_string(*size) +
                    " bytes do not fit into memory");
    }
    reader.read_exactly({memory_.get(), size_});
    return;
  }
  auto text = std::make_shared<std::string>(
      read_all(path_, [&](std::span<std::byte> into) { return reader.read(into); }));
  size_ = text->size();
  memory_ = {text, reinterpret_cast<std::byte*>(text->data())};
}

std::string read_text(const std::string& path) {
  FileReader reader(path);
  return read_all(path, [&](std::span<std::byte> into) { return reader.read(into); });
}

std::string read_stream(int descriptor, const std::string& name) {
  return read_all(name,
                  [&](std::span<std::byte> into) { return read_some(descriptor, into, name); });
}

bool is_terminal(int descriptor) { return ::isatty(descriptor) == 1; }

int terminal_width(int descriptor) {
  constexpr int kUsual = 80;
  struct winsize size {};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsual;
  return size.ws_col;
}

}  // namespace longhand
