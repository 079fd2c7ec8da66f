#include "model/metadata.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace longhand {
namespace {

bool is_finite_number(const Json& json) { return json.is_number() && std::isfinite(json.get<double>()); }

bool all_texts(const Json& list) {
  return list.is_array() && std::ranges::all_of(list, [](const Json& entry) { return entry.is_string(); });
}

const Json* find(const Json& json, const char* field) {
  if (!json.is_object()) return nullptr;
  const auto found = json.find(field);
  return found == json.end() ? nullptr : &*found;
}

}  // namespace

void Metadata::fail(const std::string& key, const std::string& what) const {
  throw ModelError(fmt::format("{}: metadata '{}': {}", path_, key, what));
}

const std::string& Metadata::text(const std::string& key) const {
  const auto found = file_.metadata.find(key);
  if (found == file_.metadata.end()) fail(key, "is missing");
  return found->second;
}

Json Metadata::json(const std::string& key) const {
  const auto& value = text(key);
  // A hostile file may nest without end; the descent must not exhaust the stack.
  constexpr int kDeepest = 32;
  auto json = parse_json(value, kDeepest);
  if (!json) fail(key, "not valid JSON, or nested too deep");
  return std::move(*json);
}

double Metadata::finite(const std::string& key, const Json& json, const char* field) const {
  const auto* value = find(json, field);
  if (value == nullptr || !is_finite_number(*value)) fail(key, std::string("'") + field + "' must be a number");
  return value->get<double>();
}

std::string Metadata::string(const std::string& key, const Json& json, const char* field) const {
  const auto* value = find(json, field);
  if (value == nullptr || !value->is_string()) fail(key, std::string("'") + field + "' must be text");
  return value->get<std::string>();
}

bool Metadata::boolean(const std::string& key, const Json& json, const char* field) const {
  const auto* value = find(json, field);
  if (value == nullptr || !value->is_boolean()) fail(key, std::string("'") + field + "' must be true or false");
  return value->get<bool>();
}

std::vector<double> Metadata::numbers(const std::string& key, const Json& json, const char* field) const {
  const auto* list = find(json, field);
  if (list == nullptr || !list->is_array()) fail(key, std::string("'") + field + "' must be a list");
  std::vector<double> values;
  for (const auto& entry : *list) {
    if (!is_finite_number(entry)) fail(key, std::string("'") + field + "' must be a list of numbers");
    values.push_back(entry.get<double>());
  }
  return values;
}

std::vector<std::string> Metadata::texts(const std::string& key, const Json& json, const char* field) const {
  const auto* list = find(json, field);
  if (list == nullptr || !all_texts(*list)) fail(key, std::string("'") + field + "' must be a list of texts");
  return list->get<std::vector<std::string>>();
}

std::vector<std::string> Metadata::texts(const std::string& key) const {
  const auto list = json(key);
  if (!all_texts(list)) fail(key, "must be a list of texts");
  return list.get<std::vector<std::string>>();
}

}  // namespace longhand
