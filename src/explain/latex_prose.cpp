#include "explain/latex_prose.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/text.h"

namespace longhand {
namespace {

struct Sign {
  std::string_view unicode, latex;
};

constexpr Sign kMathematics[] = {
    {"∂", "\\partial "}, {"ŷ", "\\hat{y}"}, {"η", "\\eta "},  {"μ", "\\mu "},   {"σ", "\\sigma "}, {"θ", "\\theta "},
    {"β", "\\beta "},    {"ε", "\\varepsilon "}, {"α", "\\alpha "}, {"λ", "\\lambda "}, {"δ", "\\delta "}, {"Δ", "\\Delta "},
    {"′", "'"},          {"⁻", "^{-}"},     {"ᵀ", "^{\\top}"}, {"²", "^{2}"},   {"³", "^{3}"}, {"ᵗ", "^{t}"},     {"Σ", "\\Sigma "},
    {"∞", "\\infty "},   {"·", "\\cdot "},  {"×", "\\times "}, {"⊙", "\\odot "}, {"≤", "\\le "},   {"≥", "\\ge "},
    {"≠", "\\ne "},      {"≈", "\\approx "}, {"−", "-"},       {"→", "\\to "},  {"‖", "\\Vert "}, {"√", "\\surd "},
};

constexpr Sign kSubscripts[] = {{"₀", "0"}, {"₁", "1"}, {"₂", "2"}, {"₃", "3"}, {"₄", "4"}, {"₅", "5"}, {"₆", "6"},
                                {"₇", "7"}, {"₈", "8"}, {"₉", "9"}, {"ᵢ", "i"}, {"ⱼ", "j"}, {"ₛ", "s"}};

constexpr Sign kText[] = {{"…", "\\ldots{}"}, {"’", "'"}, {"‘", "`"}, {"“", "``"}, {"”", "''"}, {"–", "--"}, {"—", "---"}, {"\u00A0", "~"}};

constexpr std::string_view kHat = "\u0302";

template <std::size_t N>
const Sign* find(const Sign (&signs)[N], std::string_view text) {
  const auto* found = std::ranges::find_if(signs, [&](const Sign& sign) { return text.starts_with(sign.unicode); });
  return found == std::end(signs) ? nullptr : found;
}

std::size_t length_of(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) ++length;
  return length;
}

std::uint32_t code_point(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first;
  std::uint32_t code = first & (0x7Fu >> character.size());
  for (const char c : character.substr(1)) code = (code << 6) | (static_cast<unsigned char>(c) & 0x3F);
  return code;
}

// The letters of Latin-1 that LaTeX's oldest fonts can build.
bool is_accented_letter(std::uint32_t code) {
  constexpr std::uint32_t kMissing[] = {0xD0, 0xD7, 0xDE, 0xF0, 0xF7, 0xFE};
  return code >= 0xC0 && code <= 0xFF && std::ranges::find(kMissing, code) == std::end(kMissing);
}

std::string escaped(char c, bool is_math) {
  switch (c) {
    case '$': case '&': case '#': case '_': case '%': case '{': case '}': return std::string("\\") + c;
    case '\\': return is_math ? "\\backslash " : "\\textbackslash{}";
    case '~': return is_math ? "\\sim " : "\\textasciitilde{}";
    case '^': return is_math ? "\\wedge " : "\\textasciicircum{}";
    case '<': return is_math ? "<" : "\\textless{}";
    case '>': return is_math ? ">" : "\\textgreater{}";
    case '|': return is_math ? "|" : "\\textbar{}";
    case '"': return "''";
    default: return std::string(1, c);
  }
}

// "₁,₂" as "_{1,2}".
std::string subscript(std::string_view& text) {
  std::string index;
  while (true) {
    const bool comma = !index.empty() && text.starts_with(",") && find(kSubscripts, text.substr(1)) != nullptr;
    const auto* sign = find(kSubscripts, comma ? text.substr(1) : text);
    if (sign == nullptr) return "_{" + index + "}";
    index += (comma ? "," : "") + std::string(sign->latex);
    text.remove_prefix(sign->unicode.size() + (comma ? 1 : 0));
  }
}

std::string word(std::string_view text) {
  std::string latex;
  bool is_math = false;
  for (auto rest = text; !rest.empty(); rest.remove_prefix(length_of(rest))) {
    is_math = is_math || find(kMathematics, rest) != nullptr || find(kSubscripts, rest) != nullptr || rest.starts_with(kHat);
  }
  while (!text.empty()) {
    const auto* sign = find(kMathematics, text);
    if (sign == nullptr) sign = find(kText, text);
    const auto character = text.substr(0, length_of(text));
    if (sign != nullptr) {
      latex += sign->latex;
      text.remove_prefix(sign->unicode.size());
    } else if (find(kSubscripts, text) != nullptr) {
      latex += subscript(text);
    } else if (text.starts_with(kHat) && !latex.empty()) {
      const std::string letter(1, latex.back());
      latex.pop_back();
      latex += "\\hat{" + letter + "}";
      text.remove_prefix(kHat.size());
    } else {
      const auto code = code_point(character);
      if (character.size() == 1) latex += escaped(character[0], is_math);
      else if (is_accented_letter(code)) latex += is_math ? fmt::format("\\text{{{}}}", character) : std::string(character);
      else latex += fmt::format("[U+{:04X}]", code);
      text.remove_prefix(character.size());
    }
  }
  return is_math ? "$" + latex + "$" : latex;
}

}  // namespace

std::string latex_prose(std::string_view text) {
  const auto clean = printable(text, std::numeric_limits<std::size_t>::max());
  std::string latex;
  for (std::size_t begin = 0; begin <= clean.size();) {
    const auto end = std::min(clean.find(' ', begin), clean.size());
    latex += (begin > 0 ? " " : "") + word(std::string_view(clean).substr(begin, end - begin));
    begin = end + 1;
  }
  return latex;
}

}  // namespace longhand
