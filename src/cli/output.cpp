#include "cli/output.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <numeric>
#include <sstream>

#include "base/files.h"
#include "base/standard_streams.h"
#include "base/text.h"
#include "cli/command.h"
#include "explain/text_lines.h"
#include "longhand/base.h"

namespace longhand::cli {
namespace {

constexpr int kStandardOutput = 1, kStandardError = 2;

constexpr int kGap = 2;
constexpr int kLeastLast = 18;  // columns that are left for a last cell beside the others; with less it stands below them

int widest_word_of(const std::string& text) {
  int widest = 0;
  std::istringstream words(text);
  for (std::string word; words >> word;) widest = std::max(widest, columns(word));
  return widest;
}

}  // namespace

void write_output(std::string_view text, const std::string& path) {
  if (path == "-") {
    write_stream(kStandardOutput, text);
  } else {
    write_file_atomically(path, text);
  }
}

void require_folder(const std::string& output) {
  const auto folder = std::filesystem::path(output).parent_path();
  std::error_code error;
  if (output != "-" && !folder.empty() && !std::filesystem::is_directory(folder, error)) {
    throw IoError("cannot write " + output + ": " + folder.string() + " is no folder");
  }
  if (std::filesystem::is_directory(output, error)) throw IoError("cannot write " + output + ": it is a folder");
}

void refuse_to_replace(const std::string& output, std::initializer_list<std::string> inputs) {
  std::error_code error;
  if (output == "-" || !std::filesystem::is_regular_file(output, error)) return;
  for (const auto& input : inputs) {
    if (!std::filesystem::equivalent(output, input, error)) continue;
    throw UsageError("writing " + output + " would replace " + input + ", which is read too");
  }
}

void refuse_one_file_for_two(std::span<const std::pair<const char*, std::string>> outputs) {
  std::map<std::filesystem::path, const char*> written;
  for (const auto& [flag, path] : outputs) {
    if (path.empty() || path == "-") continue;
    const auto [other, is_new] = written.emplace(std::filesystem::weakly_canonical(std::filesystem::absolute(path)), flag);
    if (is_new) continue;
    throw UsageError(fmt::format("{} and {} are both {}: each needs a file of its own", other->second, flag, path));
  }
}

Json document(const char* command) { return {{"schema", fmt::format("longhand.{}/1", command)}}; }

std::string to_text(const Json& json) {
  // Names from a file may hold bytes that are not UTF-8.
  return json_text(json, 2, Json::error_handler_t::replace) + "\n";
}

void tell(std::string_view text) {
  try {
    write_stream(kStandardError, text, "standard error");
  } catch (const IoError&) {
    // There is nowhere left to say so.
  }
}

void warn(const std::string& message) {
  constexpr std::size_t kLongest = 500;
  tell("longhand: warning: " + printable(message, kLongest) + "\n");
}

void warn(const std::vector<std::string>& messages) {
  for (const auto& message : messages) warn(message);
}

void append(std::vector<std::string>& all, const std::vector<std::string>& more) { all.insert(all.end(), more.begin(), more.end()); }

std::string shortest(double value, bool is_f32) {
  return is_f32 ? fmt::format("{}", static_cast<float>(value)) : fmt::format("{}", value);
}

std::string csv_cell(std::string_view cell) {
  const bool is_plain = cell.find_first_of(",\"\r\n") == std::string_view::npos &&
                        (cell.empty() || (cell.front() != ' ' && cell.back() != ' '));
  if (is_plain) return std::string(cell);
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string aligned(const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& right) {
  std::vector<int> widths(right.size());
  for (const auto& row : rows) {
    for (std::size_t j = 0; j < row.size(); ++j) widths[j] = std::max(widths[j], columns(row[j]));
  }
  const auto last = right.size() - 1;
  const int before = std::accumulate(widths.begin(), widths.end() - 1, kGap * static_cast<int>(last));
  const bool is_long = !right[last] && before + widths[last] > kTerminalWidth;
  int widest_word = kLeastLast;
  for (const auto& row : rows) {
    if (row.size() > last) widest_word = std::max(widest_word, widest_word_of(row[last]));
  }
  const bool is_beside = kTerminalWidth - before >= widest_word;
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t j = 0; j < row.size(); ++j) {
      if (is_long && j == last) break;
      const std::string padding(static_cast<std::size_t>(widths[j] - columns(row[j])), ' ');
      line += (j == 0 ? "" : "  ") + (right[j] ? padding + row[j] : row[j] + padding);
    }
    if (is_long && row.size() > last && is_beside) {
      text += wrapped(line + "  ", std::string(static_cast<std::size_t>(before), ' '), row[last], kTerminalWidth);
      continue;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
    if (is_long && row.size() > last && !row[last].empty()) text += wrapped("      ", "      ", row[last], kTerminalWidth);
  }
  return text;
}

}  // namespace longhand::cli
