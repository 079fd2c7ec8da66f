#include "support/markdown.h"

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace longhand::testing {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }
bool is_space(char c) { return c == ' ' || c == '\n'; }
bool is_punctuation(char c) { return std::ispunct(static_cast<unsigned char>(c)) != 0; }

// CommonMark 6.2: a run of _ that is left-flanking, and not right-flanking unless punctuation stands before it.
bool may_begin_emphasis(char before, char after) {
  const bool is_left = !is_space(after) && (!is_punctuation(after) || is_space(before) || is_punctuation(before));
  const bool is_right = !is_space(before) && (!is_punctuation(before) || is_space(after) || is_punctuation(after));
  return is_left && (!is_right || is_punctuation(before));
}

}  // namespace

std::vector<std::string> formulas_in(const std::string& line) {
  std::vector<std::string> formulas;
  if (line == "$$") return formulas;
  bool is_code = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '`' && (i == 0 || line[i - 1] != '\\')) is_code = !is_code;
    if (is_code || line[i] != '$') continue;
    if (line.compare(i - std::min<std::size_t>(i, 6), 14, "<span>$</span>") == 0) continue;
    const auto end = line.find('$', i + 1);
    const bool begins = i == 0 || is_space(line[i - 1]) || line[i - 1] == '(';
    if (!begins || end == std::string::npos || end == i + 1 || is_space(line[i + 1]) || is_space(line[end - 1]) || (end + 1 < line.size() && is_word(line[end + 1]))) {
      throw std::runtime_error("a dollar sign that is none of a formula: " + line.substr(i));
    }
    formulas.push_back(line.substr(i + 1, end - i - 1));
    i = end;
  }
  return formulas;
}

std::string spoilt_by_markdown(std::string_view tex) {
  for (std::size_t i = 0; i < tex.size(); ++i) {
    const char before = i == 0 ? ' ' : tex[i - 1], after = i + 1 < tex.size() ? tex[i + 1] : ' ';
    const bool is_line_end = tex[i] == '\\' && after == '\\' && i + 2 == tex.size();
    if (is_line_end) return "";
    const bool is_spoilt = std::string_view("*`#<>~").find(tex[i]) != tex.npos || (tex[i] == '\\' && !std::isalpha(static_cast<unsigned char>(after))) ||
                           (tex[i] == '_' && may_begin_emphasis(before, after));
    if (is_spoilt) return std::string(tex.substr(i));
  }
  return "";
}

}  // namespace longhand::testing
