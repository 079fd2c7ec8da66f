#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include <fmt/format.h>

#include "base/files.h"
#include "model/network_reader.h"

namespace longhand {
namespace {

Json to_json(const toml::node& node, const std::string& path) {
  if (const auto* table = node.as_table()) {
    Json json = Json::object();
    for (const auto& [key, value] : *table) json[std::string(key.str())] = to_json(value, path);
    return json;
  }
  if (const auto* array = node.as_array()) {
    Json json = Json::array();
    for (const auto& value : *array) json.push_back(to_json(value, path));
    return json;
  }
  if (const auto* value = node.as_integer()) return value->get();
  if (const auto* value = node.as_floating_point()) {
    if (!std::isfinite(value->get())) {
      throw ModelError(fmt::format("{}: line {}: a number that is not finite", path, node.source().begin.line));
    }
    return value->get();
  }
  if (const auto* value = node.as_boolean()) return value->get();
  if (const auto* value = node.as_string()) return value->get();
  throw ModelError(fmt::format("{}: line {}: a date or time has no place here", path, node.source().begin.line));
}

}  // namespace

NetworkSpec read_network(const std::string& toml_path) {
  std::string text;
  try {
    text = read_text(toml_path);
  } catch (const IoError& error) {
    throw ModelError(error.what());
  }
  toml::table table;
  try {
    table = toml::parse(text, toml_path);
  } catch (const toml::parse_error& error) {
    throw ModelError(fmt::format("{}: line {}: {}", toml_path, error.source().begin.line, error.description()));
  }
  return network_from_json(to_json(table, toml_path), toml_path);
}

}  // namespace longhand
