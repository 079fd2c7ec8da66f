#include "data/words.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/text.h"
#include "data/parse_number.h"

namespace longhand::data {
namespace {

// U+2010 to U+2015 and the minus sign.
constexpr std::array<std::string_view, 7> kDashes{"\xE2\x80\x90", "\xE2\x80\x91", "\xE2\x80\x92", "\xE2\x80\x93", "\xE2\x80\x94", "\xE2\x80\x95", kMinusSign};

// Without capitals, with one space for several and a hyphen for each dash.
std::string folded(std::string_view text) {
  const auto small = in_small_letters(trimmed(text));
  std::string result;
  for (std::string_view rest = small; !rest.empty();) {
    const auto* dash = std::ranges::find_if(kDashes, [&](std::string_view letter) { return rest.starts_with(letter); });
    const bool is_dash = dash != kDashes.end(), is_space = rest.front() == ' ' || rest.front() == '\t';
    if (!is_space || !result.ends_with(' ')) result += is_dash ? '-' : is_space ? ' ' : rest.front();
    rest.remove_prefix(is_dash ? dash->size() : 1);
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

std::string AlikeTexts::words(std::string_view what) const {
  const auto others = count == 1 ? std::string() : ", as others do (" + std::to_string(count) + " in all)";
  return "'" + printable(first->a, 40) + "' and '" + printable(first->b, 40) + "' differ in capitals, spaces or dashes alone" + others + ", and are " + std::string(what) +
         " of their own; write them alike if they are the same";
}

}  // namespace longhand::data
