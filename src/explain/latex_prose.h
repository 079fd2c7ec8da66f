// Prose for LaTeX.
#pragma once

#include <string>
#include <string_view>

namespace longhand {

/// Plain Unicode text as LaTeX: what TeX reads as commands is escaped, words with mathematical signs are
/// set as formulas ("∂L/∂W₂" as "$\partial L/\partial W_{2}$"), and a letter that the standard fonts lack is
/// named by its number.
std::string latex_prose(std::string_view text);

}  // namespace longhand
