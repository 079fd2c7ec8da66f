// Which network of an ensemble is worked out: the flag that explain, grade and worksheet share.
#pragma once

#include <string>

#include "cli/command.h"
#include "longhand/model.h"

namespace longhand::cli {

class MemberOption {
 public:
  void add_to(CLI::App& app);
  /// The member alone. Throws UsageError where there is no such one.
  Model of(const Model& model) const;
  /// ", member 2 of 5"; empty where `model` is no ensemble.
  std::string which_of(const Model& model) const;
  std::int64_t number() const { return number_; }

 private:
  std::int64_t number_ = 1;
};

}  // namespace longhand::cli
