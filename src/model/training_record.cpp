#include "model/training_record.h"

#include <algorithm>
#include <utility>

#include "base/json.h"

namespace longhand {

const std::string* find_record(const Model& model, std::string_view key) {
  const auto found = std::ranges::find(model.training, key, &std::pair<std::string, std::string>::first);
  return found == model.training.end() ? nullptr : &found->second;
}

std::optional<std::string> record_of(const Model& model, std::string_view key) {
  const auto* record = find_record(model, key);
  if (record == nullptr) return std::nullopt;
  const auto value = parse_json(*record);
  return value && value->is_string() ? value->get<std::string>() : *record;
}

}  // namespace longhand
