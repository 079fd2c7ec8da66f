// The columns of a model as JSON.
#pragma once

#include <vector>

#include "model/metadata.h"

namespace longhand {

Json columns_json(const std::vector<InputColumn>& columns);
/// Those under "inputs".
std::vector<InputColumn> read_columns(const Metadata& metadata);

}  // namespace longhand
