// Expressions as text and TeX: three printings of one formula.
#pragma once

#include <map>
#include <string>

#include "explain/expression.h"

namespace longhand {

/// "W₁ x + b₁".
std::string render_text(const Expression& expression);
/// "W_{1} x + b_{1}".
std::string render_latex(const Expression& expression);
/// The text with `values` in place of names, rounded to `digits` for display.
std::string render_numbers(const Expression& expression, const std::map<std::string, Tensor>& values,
                           int digits);

}  // namespace longhand
