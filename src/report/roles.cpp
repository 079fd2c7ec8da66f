#include "report/roles.h"

#include <utility>

#include "model/training_record.h"

namespace longhand::report {

std::string role_of(const Model& model, const std::string& column) {
  constexpr std::pair<const char*, const char*> kRoles[] = {
      {"sample_weight", "weighs the rows"}, {"split_by", "groups the rows that are held out together"}, {"split_time", "says which rows are the latest"}};
  for (const auto& [key, words] : kRoles) {
    if (record_of(model, key) == column) return words;
  }
  return {};
}

}  // namespace longhand::report
