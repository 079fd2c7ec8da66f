// What --help prints.
#pragma once

#include "cli/command.h"

namespace longhand::cli {

/// The column in which descriptions begin.
constexpr std::size_t kHelpColumn = 32;

/// The help of a command, within the width of a terminal. `before`: the words before its name.
std::string help_text(const CLI::App& app, const std::string& before);

}  // namespace longhand::cli
