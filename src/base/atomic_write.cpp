#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "base/files.h"
#include "base/system_call.h"

namespace longhand {
namespace {

namespace fs = std::filesystem;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  int release() { return std::exchange(number_, -1); }
  /// The result of close(2), which may report a write that failed late.
  int close() { return number_ < 0 ? 0 : ::close(std::exchange(number_, -1)); }

 private:
  int number_;
};

class RemovedUnlessKept {
 public:
  explicit RemovedUnlessKept(std::string path) : path_(std::move(path)) {}
  ~RemovedUnlessKept() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  RemovedUnlessKept(RemovedUnlessKept&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  RemovedUnlessKept& operator=(RemovedUnlessKept&&) = delete;
  const std::string& path() const { return path_; }
  void keep() { path_.clear(); }

 private:
  std::string path_;
};

void write_parts(int descriptor, std::span<const Bytes> parts, const std::string& path) {
  for (Bytes left : parts) {
    while (!left.empty()) {
      const std::size_t most = std::min(left.size(), std::size_t{1} << 30);
      const auto went =
          again_if_interrupted([&] { return ::write(descriptor, left.data(), most); });
      if (went < 0) throw_io_error("write", path);
      left = left.subspan(static_cast<std::size_t>(went));
    }
  }
}

// Some file systems cannot flush; that is no reason to refuse to write there.
void flush(int descriptor, const std::string& path) {
  const int result = again_if_interrupted([&] { return ::fsync(descriptor); });
  if (result != 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS) {
    throw_io_error("write", path);
  }
}

// A rename is safe from a power cut only once the directory is on the disk too.
void flush_directory(const fs::path& directory, const std::string& path) {
  const Descriptor opened(again_if_interrupted(
      [&] { return ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (opened.number() >= 0) flush(opened.number(), path);  // writable but not readable: no way to
}

// The file that `path` names in the end. A link is followed, so that it is not the link that is
// replaced, even where it leads to a file that is not there yet.
fs::path follow_links(const std::string& path) {
  constexpr int kMostLinks = 40;
  fs::path file = path;
  std::error_code error;
  for (int i = 0; i < kMostLinks; ++i) {
    const fs::path target = fs::read_symlink(file, error);
    if (error) return file;
    file = file.parent_path() / target;
  }
  throw_io_error("write", path, ELOOP);
}

// /dev/stdout leads to an ordinary file where a shell redirected it: renaming would cut it off.
bool is_open_stream(const std::string& path) {
  return path == "/dev/stdout" || path == "/dev/stderr" || path.starts_with("/dev/fd/") ||
         path.starts_with("/proc/");
}

int open_directly(const std::string& path) {
  const int descriptor = again_if_interrupted([&] { return ::open(path.c_str(), O_WRONLY | O_CLOEXEC); });
  if (descriptor < 0) throw_io_error("write", path);
  return descriptor;
}

void write_directly(const std::string& path, std::span<const Bytes> parts) {
  Descriptor file(open_directly(path));
  write_parts(file.number(), parts, path);
  if (file.close() != 0) throw_io_error("write", path);
}

struct NewFile {
  int descriptor;
  std::string path;
};

// A new file beside `file`, hidden, under a name that nobody has.
NewFile create_beside(const fs::path& file, const std::string& path) {
  static std::atomic<unsigned> counter{0};
  constexpr std::size_t kLongestName = 200;  // leaves room for the rest within 255 bytes
  const std::string start = "." + file.filename().string().substr(0, kLongestName) + "." +
                            std::to_string(::getpid()) + "-";
  for (;;) {
    const auto name = file.parent_path() / (start + std::to_string(counter++) + ".tmp");
    constexpr mode_t kAnyNewFile = 0666;  // less what the umask takes away
    const int descriptor = again_if_interrupted(
        [&] { return ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kAnyNewFile); });
    if (descriptor >= 0) return {descriptor, name.string()};
    if (errno != EEXIST) throw_io_error("write", path);
  }
}

// A file that has not its name yet.
struct Staged {
  fs::path file;
  std::string path;  // as the caller named it
  RemovedUnlessKept temporary;
};
struct OpenStaged {
  Staged staged;
  int descriptor;  // of the caller
};

// Nothing for what cannot be replaced: a pipe, a device. A directory is among these: it cannot be
// opened for writing.
std::optional<OpenStaged> open_staged(const std::string& path) {
  struct stat old {};
  const bool exists = ::stat(path.c_str(), &old) == 0;
  if (exists && (!S_ISREG(old.st_mode) || is_open_stream(path))) return std::nullopt;

  const fs::path file = follow_links(path);
  if (file.filename().empty()) throw_io_error("write", path, path.empty() ? ENOENT : EISDIR);
  NewFile created = create_beside(file, path);
  Descriptor descriptor(created.descriptor);
  RemovedUnlessKept temporary(created.path);
  // Where the modes cannot be set (a foreign file system) those of a new file do.
  if (exists && ::fchmod(descriptor.number(), old.st_mode & 0777) != 0 && errno != EPERM &&
      errno != ENOTSUP) {
    throw_io_error("write", path);
  }
  return OpenStaged{{file, path, std::move(temporary)}, descriptor.release()};
}

// Puts it onto the disk.
void finish(Descriptor& descriptor, const std::string& path) {
  flush(descriptor.number(), path);
  if (descriptor.close() != 0) throw_io_error("write", path);
}

std::optional<Staged> stage(const std::string& path, std::span<const Bytes> parts) {
  auto opened = open_staged(path);
  if (!opened) return std::nullopt;
  Descriptor descriptor(opened->descriptor);
  write_parts(descriptor.number(), parts, path);
  finish(descriptor, path);
  return std::move(opened->staged);
}

void give_name(Staged& staged) {
  const auto& [file, path, temporary] = staged;
  if (::rename(temporary.path().c_str(), file.c_str()) != 0) throw_io_error("write", path);
  staged.temporary.keep();
  flush_directory(file.has_parent_path() ? file.parent_path() : fs::path("."), path);
}

}  // namespace

struct AtomicFile::Impl {
  explicit Impl(const std::string& to) : path(to), opened(open_staged(to)), descriptor(opened ? opened->descriptor : open_directly(to)) {}

  std::string path;
  std::optional<OpenStaged> opened;
  Descriptor descriptor;
};

AtomicFile::AtomicFile(const std::string& path) : impl_(std::make_unique<Impl>(path)) {}
AtomicFile::~AtomicFile() = default;

void AtomicFile::write(std::string_view text) {
  const Bytes bytes = std::as_bytes(std::span(text));
  write_parts(impl_->descriptor.number(), {&bytes, 1}, impl_->path);
}

void AtomicFile::commit() {
  if (impl_->opened) {
    finish(impl_->descriptor, impl_->path);
    give_name(impl_->opened->staged);
  } else if (impl_->descriptor.close() != 0) {
    throw_io_error("write", impl_->path);
  }
}

void write_file_atomically(const std::string& path, std::span<const Bytes> parts) {
  if (auto staged = stage(path, parts)) give_name(*staged);
  else write_directly(path, parts);
}

void write_files_atomically(std::span<const std::pair<std::string, std::string>> files) {
  std::vector<std::optional<Staged>> staged;
  for (const auto& [path, text] : files) {
    const Bytes bytes = std::as_bytes(std::span(text));
    staged.push_back(stage(path, {&bytes, 1}));
    if (!staged.back() && fs::is_directory(path)) throw_io_error("write", path, EISDIR);
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    const Bytes bytes = std::as_bytes(std::span(files[i].second));
    if (staged[i]) give_name(*staged[i]);
    else write_directly(files[i].first, {&bytes, 1});
  }
}

}  // namespace longhand
