#include "base/file_appender.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/system_call.h"
#include "longhand/base.h"

namespace longhand {

FileAppender::FileAppender(const std::string& path, bool goes_on) : path_(path) {
  const int begin = goes_on ? O_APPEND : O_TRUNC;
  descriptor_ = again_if_interrupted([&] { return ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | begin, 0666); });
  if (descriptor_ < 0) throw_io_error("write", path);
}

FileAppender::~FileAppender() { ::close(descriptor_); }

void FileAppender::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = again_if_interrupted([&] { return ::write(descriptor_, bytes.data(), bytes.size()); });
    if (written < 0) throw_io_error("write", path_);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace longhand
