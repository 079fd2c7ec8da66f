// What columns were for in training.
#pragma once

#include <string>

#include "longhand/model.h"

namespace longhand::report {

/// What a column was for beside being learned from, or instead of it: "weighs the rows"; empty for nothing.
std::string role_of(const Model& model, const std::string& column);

}  // namespace longhand::report
