#include "base/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>

#include "base/system_call.h"

namespace longhand {

void prepare_standard_streams() {
  std::signal(SIGPIPE, SIG_IGN);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) != -1 || errno != EBADF) continue;
    // The lowest free number is the stream's. Reading from the first and writing to the others
    // fails, as it would on a closed one.
    const int opened = ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    if (opened != stream && opened >= 0) ::close(opened);
  }
}

void write_stream(int descriptor, std::string_view bytes, const char* name) {
  while (!bytes.empty()) {
    const auto written =
        again_if_interrupted([&] { return ::write(descriptor, bytes.data(), bytes.size()); });
    if (written < 0) throw_io_error("write", name);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace longhand
