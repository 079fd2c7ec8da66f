#include "explain/markdown_prose.h"

#include <limits>
#include <utility>

#include "base/text.h"

namespace longhand {

std::string markdown_prose(std::string_view text) {
  std::string prose;
  for (const char c : printable(text, std::numeric_limits<std::size_t>::max())) {
    if (c == '<') prose += "&lt;";
    else if (c == '>') prose += "&gt;";
    else if (c == '&') prose += "&amp;";
    else if (c == '$') prose += "<span>$</span>";  // \$ would end a formula of the same line
    else if (std::string_view("\\`*_{}[]|~#").find(c) != std::string_view::npos) prose += std::string("\\") + c;
    else prose += c;
  }
  return prose;
}

// A backslash before punctuation goes, but for the two at a line's end; < may begin a tag; and _ between braces may
// begin emphasis, which one behind a letter or before a space cannot.
std::string latex_for_markdown(std::string latex) {
  const std::pair<std::string_view, std::string_view> replacements[] = {
      {"\\\\ ", "\\\\\n"}, {" \\,", ""}, {"\\_", "\\text{-}"}, {" < ", " \\lt "}, {" > ", " \\gt "}, {"}_", "}_ "}};
  for (const auto& [from, to] : replacements) {
    for (auto at = latex.find(from); at != std::string::npos; at = latex.find(from, at + to.size())) {
      latex.replace(at, from.size(), to);
    }
  }
  return latex;
}

}  // namespace longhand
