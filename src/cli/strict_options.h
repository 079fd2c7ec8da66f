// What the parser of the command line would take for a value, and the person who typed it would not.
#pragma once

#include <CLI/CLI.hpp>

namespace longhand::cli {

/// Makes the options of `app` refuse empty values, and those of numbers whatever is no decimal
/// number that fits: the parser itself reads 010 as 8, 0x10 as 16, and cuts off what is too large.
void make_strict(CLI::App& app);

}  // namespace longhand::cli
