#include "data/words.h"

#include <array>
#include <unordered_map>

#include "data/parse_number.h"

namespace longhand::data {
namespace {

// Without capitals, and with one space for several.
std::string folded(std::string_view text) {
  std::string result;
  for (const char letter : in_small_letters(trimmed(text))) {
    const bool is_space = letter == ' ' || letter == '\t';
    if (is_space && result.ends_with(' ')) continue;
    result += is_space ? ' ' : letter;
  }
  return result;
}

}  // namespace

std::string in_small_letters(std::string_view text) {
  std::string small(text);
  for (char& letter : small) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return small;
}

std::optional<YesOrNo> yes_or_no(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kWords{
      {{"no", "yes"}, {"false", "true"}, {"n", "y"}, {"f", "t"}, {"off", "on"}}};
  constexpr std::size_t kLongest = 5;
  text = trimmed(text);
  if (text.size() > kLongest) return std::nullopt;
  const auto word = in_small_letters(text);
  for (std::size_t pair = 0; pair < kWords.size(); ++pair) {
    if (word == kWords[pair].first) return YesOrNo{pair, false};
    if (word == kWords[pair].second) return YesOrNo{pair, true};
  }
  return std::nullopt;
}

AlikeTexts find_alike(const std::vector<std::string>& texts) {
  AlikeTexts alike;
  std::unordered_map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto [other, is_new] = seen.try_emplace(folded(texts[i]), i);
    if (is_new) continue;
    if (alike.count++ == 0) alike.first = {texts[other->second], texts[i]};
  }
  return alike;
}

}  // namespace longhand::data
