// Options from the environment and from the file of --config.
#pragma once

#include <CLI/CLI.hpp>

namespace longhand::cli {

/// Gives each flag that is not on the command line its value from LONGHAND_NAME, or else from the
/// file of --config. Throws UsageError naming the variable, or the file and key.
void apply_settings(CLI::App& app);

}  // namespace longhand::cli
