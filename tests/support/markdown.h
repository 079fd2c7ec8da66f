// What GitHub's Markdown makes of formulas, as far as it may spoil them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace longhand::testing {

/// The TeX of each $…$ in a line; nothing for a line of another kind. Throws std::runtime_error for a dollar sign
/// that neither begins nor ends a formula as GitHub reads them.
std::vector<std::string> formulas_in(const std::string& line);

/// What Markdown would take for its own in a line of TeX before a renderer of formulas sees it: the sign and what
/// follows; empty where there is nothing.
std::string spoilt_by_markdown(std::string_view tex);

}  // namespace longhand::testing
