#include "support/markup.h"

#include <cctype>
#include <map>

namespace longhand::testing {
namespace {

const std::map<std::string, std::string>& entities() {
  static const std::map<std::string, std::string> kKnown{{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&#160;", " "}};
  return kKnown;
}

std::string without_entities(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const auto end = text[i] == '&' ? text.find(';', i) : std::string::npos;
    const auto found = end == std::string::npos ? entities().end() : entities().find(text.substr(i, end - i + 1));
    result += found == entities().end() ? text.substr(i, 1) : found->second;
    i = found == entities().end() ? i + 1 : end + 1;
  }
  return result;
}

std::string near(const std::string& text, std::size_t at) { return text.substr(at, 60); }

// The end of the tag that begins at `at`, or npos where an attribute is not name="value".
std::size_t end_of_tag(const std::string& text, std::size_t at) {
  const auto is_name = [&](std::size_t i) { return std::isalnum(static_cast<unsigned char>(text[i])) || text[i] == '-'; };
  ++at;
  while (at < text.size() && is_name(at)) ++at;
  while (at < text.size() && text[at] == ' ') {
    const auto begin = ++at;
    while (at < text.size() && is_name(at)) ++at;
    if (at == begin || text.compare(at, 2, "=\"") != 0) return std::string::npos;
    at = text.find('"', at + 2);
    if (at == std::string::npos) return at;
    ++at;
  }
  if (text.compare(at, 2, "/>") == 0) return at + 1;
  return at < text.size() && text[at] == '>' ? at : std::string::npos;
}

}  // namespace

std::string markup_error(const std::string& text) {
  std::vector<std::string> open;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '>') return "a bare > at: " + near(text, i);
    if (text[i] == '&') {
      const auto end = text.find(';', i);
      if (end == std::string::npos || !entities().contains(text.substr(i, end - i + 1))) return "an entity: " + near(text, i);
      i = end;
    }
    if (text[i] != '<') continue;
    if (text.compare(i, 15, "<!DOCTYPE html>") == 0) {
      i += 14;
      continue;
    }
    if (text.compare(i, 2, "</") == 0) {
      const auto end = text.find('>', i);
      const auto name = text.substr(i + 2, end - i - 2);
      if (open.empty() || open.back() != name) return "not open: " + near(text, i);
      open.pop_back();
      i = end;
      continue;
    }
    const auto end = end_of_tag(text, i);
    if (end == std::string::npos) return "a tag: " + near(text, i);
    const auto name = text.substr(i + 1, text.find_first_of(" />", i + 1) - i - 1);
    if (text[end - 1] != '/' && name != "meta") open.push_back(name);
    i = end;
    if (name == "style") i = text.find("</style>", i) - 1;
  }
  return open.empty() ? "" : "never closed: " + open.back();
}

std::vector<std::string> attributes(const std::string& text, const std::string& name) {
  std::vector<std::string> values;
  const auto begin = " " + name + "=\"";
  for (auto at = text.find(begin); at != std::string::npos; at = text.find(begin, at + 1)) {
    const auto value = at + begin.size();
    values.push_back(without_entities(text.substr(value, text.find('"', value) - value)));
  }
  return values;
}

std::string text_of_markup(const std::string& markup) {
  std::string text;
  bool inside = false;
  for (const char c : markup) {
    if (c == '<') inside = true;
    else if (c == '>') inside = false;
    else if (!inside) text += c;
  }
  return without_entities(text);
}

std::string latex_error(const std::string& text) {
  std::vector<std::string> open;
  const auto close = [&](const std::string& what) {
    if (open.empty() || open.back() != what) return false;
    open.pop_back();
    return true;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x80 && byte != 0xC3 && !(i > 0 && static_cast<unsigned char>(text[i - 1]) == 0xC3)) return "a byte at: " + near(text, i);
    if (text[i] == '{') open.push_back("{");
    if (text[i] == '}' && !close("{")) return "}: " + near(text, i);
    if (text[i] != '\\') continue;
    const auto starts = [&](const std::string& command) {
      return text.compare(i, command.size(), command) == 0 && !std::isalpha(static_cast<unsigned char>(text[i + command.size()]));
    };
    if (starts("\\left")) open.push_back("left");
    if (starts("\\right") && !close("left")) return "right: " + near(text, i);
    if (starts("\\begin") || starts("\\end")) {
      const auto brace = text.find('{', i);
      const auto name = text.substr(brace + 1, text.find('}', brace) - brace - 1);
      if (starts("\\begin")) open.push_back(name);
      else if (!close(name)) return "end: " + near(text, i);
      i = text.find('}', brace);
      continue;
    }
    if (!std::isalpha(static_cast<unsigned char>(text[i + 1]))) ++i;  // an escaped sign
  }
  return open.empty() ? "" : "never closed: " + open.back();
}

}  // namespace longhand::testing
