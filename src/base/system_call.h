// What every call to the operating system needs: a second try, and an error with a reason. Only for
// the files of this room.
#pragma once

#include <cerrno>
#include <string>
#include <system_error>

#include "longhand/base.h"

namespace longhand {

/// Calls `call` until it is not interrupted by a signal.
template <class Call>
auto again_if_interrupted(Call call) {
  for (;;) {
    const auto result = call();
    if (result >= 0 || errno != EINTR) return result;
  }
}

/// Throws IoError: "cannot read data.csv: No such file or directory".
[[noreturn]] inline void throw_io_error(const char* action, const std::string& path,
                                        int error = errno) {
  throw IoError("cannot " + std::string(action) + " " + path + ": " +
                std::generic_category().message(error));
}

}  // namespace longhand
