// Raw columns -> what the network is given, as mathematics.
#pragma once

#include "longhand/model.h"

namespace longhand {

/// raw [B, columns] -> [B, inputs]; raw itself for a model without columns.
Var preprocess(const Model& model, Var raw);

}  // namespace longhand
