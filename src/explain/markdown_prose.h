// Prose and formulas for Markdown.
#pragma once

#include <string>
#include <string_view>

namespace longhand {

/// Plain text as Markdown, in one line: nothing in it is taken for markup, HTML or, by GitHub, for the beginning of a formula.
std::string markdown_prose(std::string_view text);

/// TeX as it may stand between dollar signs: without what GitHub's Markdown takes away or takes for its own before its
/// renderer reads the formula.
std::string latex_for_markdown(std::string latex);

}  // namespace longhand
