// JSON -> NetworkSpec, for the readers of TOML and of model files.
#pragma once

#include <string>

#include "base/json.h"
#include "longhand/model.h"

namespace longhand {

/// Throws ModelError that starts with `name`.
NetworkSpec network_from_json(const Json& json, const std::string& name);

}  // namespace longhand
