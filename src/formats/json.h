// Tensors as JSON. Not for public headers, which do without JSON.
#pragma once

#include <string>

#include "base/json.h"
#include "longhand/base.h"

namespace longhand {

/// The elements nested row by row; a scalar is a plain number. Floating point is given as double,
/// so that printing it loses nothing; what is not finite is null; i32 and u8 are whole, bool is
/// true or false.
Json to_json(const Tensor& tensor);

/// The reverse: nested lists of numbers, with null for a missing one (NaN, in f32 and f64 only) and
/// true and false for 1 and 0. Throws ModelError, which starts with `name`, says where
/// (`rows[2][0]`) and what was found, for lists that are ragged, that mix numbers and lists or are
/// nested too deep, for anything else than numbers, and for a number that `dtype` cannot hold.
Tensor tensor_from_json(const Json& json, const std::string& name,
                        DType dtype = DType::f64);

}  // namespace longhand
