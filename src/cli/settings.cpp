#include "cli/settings.h"

#define TOML_HEADER_ONLY 1
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/files.h"
#include "cli/command.h"
#include "cli/output.h"

namespace longhand::cli {
namespace {

// "learning_rate" for --learning-rate; empty for a positional.
std::string key_of(const CLI::Option& option) {
  if (option.get_lnames().empty()) return {};
  auto key = option.get_lnames().front();
  std::ranges::replace(key, '-', '_');
  return key;
}

bool is_setting(const CLI::Option& option) {
  const auto key = key_of(option);
  return !key.empty() && key != "help" && key != "version";
}

void give(CLI::Option& option, const std::string& value, const std::string& source) {
  try {
    option.add_result(value);
    option.run_callback();
  } catch (const CLI::ParseError& error) {
    throw UsageError(source + ": " + error.what());
  }
}

void take_from_environment(CLI::Option& option) {
  auto name = "LONGHAND_" + key_of(option);
  std::ranges::transform(name, name.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  const char* value = std::getenv(name.c_str());
  if (value != nullptr && *value != '\0' && option.count() == 0) give(option, value, name);
}

std::string text_of(const toml::node& node, const std::string& source) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return fmt::format("{}", number->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  if (const auto* list = node.as_array()) {
    std::string text;
    for (const auto& entry : *list) {
      const auto part = text_of(entry, source);
      text += (text.empty() ? "" : ",") + (entry.is_string() ? csv_cell(part) : part);  // a name may have commas
    }
    return text;
  }
  throw UsageError(source + ": expected text, a number, true, false or a list of them");
}

toml::table read_table(const std::string& path) {
  try {
    return toml::parse(read_text(path), path);
  } catch (const toml::parse_error& error) {
    throw UsageError(fmt::format("{}: line {}: {}", path, error.source().begin.line, error.description()));
  } catch (const IoError& error) {
    throw UsageError(error.what());
  }
}

void take_from_file(const std::string& path, const std::vector<CLI::Option*>& options) {
  for (const auto& [key, value] : read_table(path)) {
    const std::string name(key.str());
    const auto source = fmt::format("{}: line {}: '{}'", path, value.source().begin.line, name);
    const auto found = std::ranges::find_if(options, [&](const auto* option) { return key_of(*option) == name; });
    if (found == options.end() || name == "config") throw UsageError(source + " is no flag of this command");
    if ((*found)->count() == 0) give(**found, text_of(value, source), source);
  }
}

}  // namespace

void apply_settings(CLI::App& app) {
  const auto options = app.get_options([](const CLI::Option* option) { return is_setting(*option); });
  std::string config;
  for (auto* option : options) {
    take_from_environment(*option);
    if (key_of(*option) == "config" && option->count() > 0) config = option->as<std::string>();
  }
  if (!config.empty()) take_from_file(config, options);
}

}  // namespace longhand::cli
