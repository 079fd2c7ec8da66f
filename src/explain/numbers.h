// Numbers as a person reads them. Rounded for display; never read back.
#pragma once

#include <string>

#include "longhand/base.h"

namespace longhand {

/// At most `digits` significant digits, no trailing zeros: "0.9388", "-1.065", "3.2e-07".
std::string display(double value, int digits);

/// Nested brackets; of a long list the first and last entries with "…" between.
std::string display(const Tensor& tensor, int digits);

/// The same for TeX: "3.2 \\cdot 10^{-7}", a matrix; a vector is a column.
std::string display_latex(double value, int digits);
std::string display_latex(const Tensor& tensor, int digits);

}  // namespace longhand
