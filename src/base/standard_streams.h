// Standard output and standard error as they are: open or closed, full or read by nobody.
#pragma once

#include <string_view>

namespace longhand {

/// To be called before any file is opened: a standard stream that the caller closed would give its
/// number, and so what is written to it, to the next file. From here on a closed one is a place
/// that cannot be written to, and writing to a pipe that nobody reads is an error rather than a
/// signal.
void prepare_standard_streams();

/// Writes all of `bytes` to an open descriptor. Throws IoError: "cannot write standard output: No
/// space left on device".
void write_stream(int descriptor, std::string_view bytes, const char* name = "standard output");

}  // namespace longhand
