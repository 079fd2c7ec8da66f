#include "cli/help.h"

#include <algorithm>

#include "cli/output.h"
#include "explain/text_lines.h"

namespace longhand::cli {
namespace {

std::string fitted(const std::string& line) {
  const auto begin = std::min(line.find_first_not_of(' '), line.size());
  // A description beside a name goes on below itself.
  const bool is_beside = begin < kHelpColumn && line.size() > kHelpColumn && line.compare(kHelpColumn - 2, 2, "  ") == 0;
  const auto from = is_beside ? kHelpColumn : begin;
  return wrapped(line.substr(0, from), std::string(from, ' '), line.substr(from), kTerminalWidth);
}

}  // namespace

std::string help_text(const CLI::App& app, const std::string& before) {
  const auto text = app.help(before);
  std::string help;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    help += fitted(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return help;
}

}  // namespace longhand::cli
