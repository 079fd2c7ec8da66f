#include "explain/text_lines.h"

#include <algorithm>

namespace longhand {

int columns(std::string_view text) {
  int count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    const bool combining = byte == 0xCC || (byte == 0xCD && next < 0xB0);  // U+0300 to U+036F
    if ((byte & 0xC0) != 0x80 && !combining) ++count;
  }
  return count;
}

std::string padded(std::string text, int width) {
  return text + std::string(static_cast<std::size_t>(std::max(0, width - columns(text))), ' ');
}

std::string wrapped(const std::string& first, const std::string& indent, const std::string& text, int width) {
  std::string lines, line = first;
  const auto end_line = [&] { lines += line.substr(0, line.find_last_not_of(' ') + 1) + "\n"; };
  bool empty = true;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const auto end = std::min(text.find(' ', begin), text.size());
    const auto word = text.substr(begin, end - begin);
    begin = end + 1;
    if (!empty && columns(line) + 1 + columns(word) > width) {
      end_line();
      line = indent;
      empty = true;
    }
    if (empty && word.empty()) continue;  // of several spaces, none begins a line
    line += (empty ? "" : " ") + word;
    empty = false;
  }
  end_line();
  return lines;
}

}  // namespace longhand
