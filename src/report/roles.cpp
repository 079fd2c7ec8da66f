#include "report/roles.h"

#include <algorithm>
#include <utility>

#include "base/json.h"

namespace longhand::report {

std::optional<std::string> record_of(const Model& model, std::string_view key) {
  const auto found = std::ranges::find(model.training, key, &std::pair<std::string, std::string>::first);
  if (found == model.training.end()) return std::nullopt;
  const auto value = parse_json(found->second);
  return value && value->is_string() ? value->get<std::string>() : found->second;
}

std::string role_of(const Model& model, const std::string& column) {
  constexpr std::pair<const char*, const char*> kRoles[] = {
      {"sample_weight", "weighs the rows"}, {"split_by", "groups the rows that are held out together"}, {"split_time", "says which rows are the latest"}};
  for (const auto& [key, words] : kRoles) {
    if (record_of(model, key) == column) return words;
  }
  return {};
}

}  // namespace longhand::report
