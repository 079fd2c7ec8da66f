// All entries of a tensor in another element type.
#pragma once

#include "longhand/base.h"

namespace longhand {

/// Sets every entry of `to` to that of `from`, rounded as Tensor::set does. The two do not overlap.
/// Throws ShapeError where they have different numbers of entries.
void convert(const Tensor& from, Tensor& to);

}  // namespace longhand
