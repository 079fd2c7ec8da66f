// A quantity worked out in a few lines: "left = rule = rule with the numbers in = value", in the markups
// that set it as mathematics.
#pragma once

#include <string>
#include <string_view>

#include "explain/render.h"

namespace longhand {

struct Equation {
  std::string id;                    ///< of the left side
  const Expression* rule = nullptr;  ///< null: words stand for it
  std::string words, latex;          ///< then the rule as text and as TeX
  bool has_numbers = false;          ///< the rule with the numbers in says more than the other lines
  Tensor value;
};

/// "\begin{aligned} … \end{aligned}".
std::string latex_equation(const Equation& equation, const Numbers& numbers);
/// A box that scrolls, with <math> in it; a page that has some needs equation_style().
std::string html_equation(const Equation& equation, const Numbers& numbers);
std::string_view equation_style();

}  // namespace longhand
