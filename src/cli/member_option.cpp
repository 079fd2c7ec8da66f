#include "cli/member_option.h"

#include <fmt/format.h>

namespace longhand::cli {

void MemberOption::add_to(CLI::App& app) {
  app.add_option("--member", number_, "which network of an ensemble, from 1")->capture_default_str();
}

Model MemberOption::of(const Model& model) const {
  const auto members = model.network.members;
  if (number_ < 1 || number_ > members) throw UsageError(fmt::format("--member: {} is none of 1 to {}", number_, members));
  return member_of(model, number_ - 1);
}

std::string MemberOption::which_of(const Model& model) const {
  return model.network.members == 1 ? "" : fmt::format(", member {} of {}", number_, model.network.members);
}

}  // namespace longhand::cli
