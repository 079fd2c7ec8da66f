// The command `longhand`: finds the subcommand, runs it, and turns what is thrown into one line and
// an exit code.
#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <string_view>

#include "base/standard_streams.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/output.h"
#include "cli/settings.h"
#include "cli/strict_options.h"
#include "longhand/train.h"

namespace longhand::cli {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  longhand train examples/data/breast_cancer.csv --target diagnosis\n"
    "  longhand predict model.safetensors examples/data/breast_cancer.csv\n"
    "  longhand explain examples/article.toml\n"
    "  longhand check examples/article.toml\n\n"
    "'longhand COMMAND --help' tells more about each.";

void describe(CLI::App& app) {
  app.get_formatter()->column_width(kHelpColumn);
  app.set_help_flag("-h,--help", "show this");
  app.set_version_flag("--version", "longhand " LONGHAND_VERSION, "show the version");
}

// The innermost app that was asked for help.
const CLI::App& asked(const CLI::App& root) {
  const auto chosen = root.get_subcommands();
  return chosen.empty() ? root : *chosen.front();
}

int run(int argc, char** argv) {
  CLI::App root("Neural networks, fast and worked out by hand.", "longhand");
  describe(root);
  root.footer(kExamples);
  const auto commands = all_commands();
  for (const auto& command : commands) {
    auto* app = root.add_subcommand(command->name(), command->description());
    // Options are made for the command that is named alone, as making those of all takes longer than a
    // prediction.
    if (std::find(argv, argv + argc, std::string_view(command->name())) == argv + argc) continue;
    describe(*app);
    command->add_options(*app);
    command->add_common_options(*app);
    make_strict(*app);
    app->footer(std::string("Example:\n  ") + command->example());
  }
  try {
    root.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const auto& app = asked(root);
    write_output(help_text(app, &app == &root ? "" : "longhand"));
    return kDone;
  } catch (const CLI::CallForVersion&) {
    write_output("longhand " LONGHAND_VERSION "\n");
    return kDone;
  } catch (const CLI::ParseError& error) {
    const auto& app = asked(root);
    throw UsageError(fmt::format("{} (see longhand {}{}--help)", error.what(),
                                 &app == &root ? "" : app.get_name(), &app == &root ? "" : " "));
  }
  for (const auto& command : commands) {
    if (!root.got_subcommand(command->name())) continue;
    apply_settings(*root.get_subcommand(command->name()));
    return command->run();
  }
  throw UsageError("a command is needed, such as train (see longhand --help)");
}

int report(const std::string& message, int code) {
  constexpr std::size_t kLongest = 2000;
  tell("longhand: error: " + printable(message, kLongest) + "\n");
  return code;
}

int run_and_report(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const UsageError& error) {
    return report(error.what(), kBadUsage);
  } catch (const ArgumentError& error) {
    return report(error.what(), kBadUsage);
  } catch (const DataError& error) {
    return report(error.what(), kBadData);
  } catch (const ModelError& error) {
    return report(error.what(), kBadModel);
  } catch (const Interrupted& error) {
    return report(error.what(), kInterrupted);
  } catch (const std::bad_alloc&) {
    return report("not enough memory", kFailed);
  } catch (const std::exception& error) {
    return report(error.what(), kFailed);
  }
}

}  // namespace
}  // namespace longhand::cli

int main(int argc, char** argv) {
  longhand::prepare_standard_streams();
  return longhand::cli::run_and_report(argc, argv);
}
