// Lines of text for a terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace longhand {

/// Columns that UTF-8 text takes: combining marks take none.
int columns(std::string_view text);

/// `text` with spaces behind it up to `width` columns.
std::string padded(std::string text, int width);

/// `first` and then `text`, broken at spaces so that no line is over `width` where a word fits; further
/// lines begin with `indent`. Ends with a line's end; no line ends with a space.
std::string wrapped(const std::string& first, const std::string& indent, const std::string& text, int width);

}  // namespace longhand
