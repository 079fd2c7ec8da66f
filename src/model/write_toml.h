// The other way of read_network.
#pragma once

#include <string>

#include "longhand/model.h"

namespace longhand {

/// The description of a model with its parameters and sample, as TOML that read_network reads. What
/// belongs to tables (columns, classes) and to training is left out.
std::string network_toml(const Model& model);

}  // namespace longhand
