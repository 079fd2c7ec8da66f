// JSON -> NetworkSpec, for the readers of TOML and of model files.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "longhand/model.h"

namespace longhand {

/// Throws ModelError that starts with `name`.
NetworkSpec network_from_json(const nlohmann::ordered_json& json, const std::string& name);

}  // namespace longhand
