// What a model's file says of how it was trained.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "longhand/model.h"

namespace longhand::report {

/// The value of a key, without quotes; nothing where there is none.
std::optional<std::string> record_of(const Model& model, std::string_view key);

/// What a column was for beside being learned from, or instead of it: "weighs the rows"; empty for nothing.
std::string role_of(const Model& model, const std::string& column);

}  // namespace longhand::report
