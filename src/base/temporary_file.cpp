#include "base/temporary_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <string>

#include "base/system_call.h"
#include "base/text.h"

namespace longhand {
namespace {

constexpr std::size_t kMostAtOnce = std::size_t{1} << 30;

std::string in_megabytes(std::uint64_t bytes) {
  return with_commas(static_cast<std::int64_t>((bytes + 999'999) / 1'000'000)) + " MB";
}

std::string named(const std::string& folder) { return "a temporary file in " + folder; }

int open_without_name(const std::string& folder) {
#ifdef O_TMPFILE
  const int descriptor =
      again_if_interrupted([&] { return ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600); });
  // Not every file system can do that.
  if (descriptor >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT)) return descriptor;
#endif
  std::string path = folder + "/longhand-XXXXXX";
  const int named_descriptor = again_if_interrupted([&] { return ::mkstemp(path.data()); });
  if (named_descriptor >= 0) ::unlink(path.c_str());
  return named_descriptor;
}

}  // namespace

TemporaryFile::TemporaryFile(const std::string& folder, std::uint64_t bytes) : folder_(folder) {
  struct statvfs status {};
  if (again_if_interrupted([&] { return ::statvfs(folder.c_str(), &status); }) != 0) throw_io_error("write", named(folder));
  const auto free = static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
  if (free < bytes) {
    throw IoError("cannot write " + named(folder) + ": " + in_megabytes(bytes) + " are needed, and " + in_megabytes(free) +
                  " are free");
  }
  descriptor_ = open_without_name(folder);
  if (descriptor_ < 0) throw_io_error("write", named(folder));
}

TemporaryFile::~TemporaryFile() { ::close(descriptor_); }

void TemporaryFile::write(Bytes bytes) {
  while (!bytes.empty()) {
    const auto size = std::min(bytes.size(), kMostAtOnce);
    const auto went = again_if_interrupted([&] { return ::write(descriptor_, bytes.data(), size); });
    if (went < 0) throw_io_error("write", named(folder_));
    bytes = bytes.subspan(static_cast<std::size_t>(went));
  }
}

void TemporaryFile::read(std::uint64_t offset, std::span<std::byte> into) const {
  while (!into.empty()) {
    const auto size = std::min(into.size(), kMostAtOnce);
    const auto came = again_if_interrupted([&] { return ::pread(descriptor_, into.data(), size, static_cast<off_t>(offset)); });
    if (came < 0) throw_io_error("read", named(folder_));
    if (came == 0) throw IoError("cannot read " + named(folder_) + ": it ended early");
    into = into.subspan(static_cast<std::size_t>(came));
    offset += static_cast<std::uint64_t>(came);
  }
}

}  // namespace longhand
