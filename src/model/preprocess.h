// Raw columns -> what the network is given, as mathematics.
#pragma once

#include "longhand/model.h"
#include "model/raw_rows.h"

namespace longhand {

/// raw [B, columns] -> [B, inputs]; raw itself for a model without columns.
Var preprocess(const Model& model, Var raw);

/// The same as numbers: computed in f64, a block of rows at a time, and rounded to `dtype`.
Tensor preprocess_as(DType dtype, const Model& model, RawRows& raw);
/// The same of raw cells, f64 [rows, columns].
Tensor preprocess_as(DType dtype, const Model& model, const Tensor& raw);

}  // namespace longhand
