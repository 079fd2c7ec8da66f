// What a model's file says of how it was trained.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "longhand/model.h"

namespace longhand {

/// The JSON of a key; null where there is none.
const std::string* find_record(const Model& model, std::string_view key);
/// The same without quotes where it is text.
std::optional<std::string> record_of(const Model& model, std::string_view key);

}  // namespace longhand
