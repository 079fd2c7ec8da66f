#include "data/number_notation.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "data/parse_number.h"
#include "longhand/base.h"

namespace longhand::data {
namespace {

constexpr std::string_view kDigits = "0123456789";
// A space that keeps a line together, and a narrow one.
constexpr std::array<std::string_view, 2> kNoBreakSpaces{"\xC2\xA0", "\xE2\x80\xAF"};

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

std::size_t count_digits(std::string_view text) { return std::min(text.find_first_not_of(kDigits), text.size()); }

// Takes a sign off, and returns it as parse_number reads it.
std::string_view take_sign(std::string_view& text) {
  for (const std::string_view sign : {std::string_view("-"), std::string_view("+"), kMinusSign}) {
    if (!text.starts_with(sign)) continue;
    text.remove_prefix(sign.size());
    return sign == "+" ? "" : "-";
  }
  return "";
}

// The bytes at the front of `text` that are the separator: a space may be a no-break space too.
std::size_t separator_size(std::string_view text, char separator) {
  if (text.empty()) return 0;
  if (text.front() == separator) return 1;
  if (separator != ' ') return 0;
  for (const auto space : kNoBreakSpaces) {
    if (text.starts_with(space)) return space.size();
  }
  return 0;
}

std::string with_plain_spaces(std::string_view text) {
  std::string plain(text);
  for (const auto space : kNoBreakSpaces) {
    for (std::size_t at = 0; (at = plain.find(space, at)) != std::string::npos;) plain.replace(at, space.size(), " ");
  }
  return plain;
}

// Takes the groups of digits that follow the first of `digits`, each behind the separator. False unless they are of three
// digits, or, as in India, of two but for the last: 12,34,567.
bool take_groups(std::string_view& text, char separator, std::size_t digits, std::string& into) {
  std::size_t groups = 0, last = 0;
  bool are_threes = digits <= 3, are_twos = digits <= 2;
  while (const auto size = separator_size(text, separator)) {
    are_twos = are_twos && (groups == 0 || last == 2);
    last = count_digits(text.substr(size));
    are_threes = are_threes && last == 3;
    into += text.substr(size, last);
    text.remove_prefix(size + last);
    ++groups;
  }
  return groups == 0 || are_threes || (are_twos && last == 3);
}

bool take_exponent(std::string_view& text, std::string& into) {
  if (text.empty() || (text.front() != 'e' && text.front() != 'E')) return true;
  text.remove_prefix(1);
  into += 'e';
  into += take_sign(text);
  const auto digits = count_digits(text);
  into += text.substr(0, digits);
  text.remove_prefix(digits);
  return digits > 0;
}

}  // namespace

NumberNotation::NumberNotation(char decimal, char thousands) : decimal_(decimal), thousands_(thousands) {
  const auto refuse = [](const std::string& what) { throw ArgumentError(what); };
  if (decimal != '.' && decimal != ',') refuse("the decimal sign '" + printable(std::string{decimal}) + "' is neither '.' nor ','");
  if (thousands != 0 && std::string_view(".,' _").find(thousands) == std::string_view::npos) {
    refuse("the thousands separator '" + printable(std::string{thousands}) + "' is none of . , ' _ and a space");
  }
  if (decimal == thousands) refuse(std::string("'") + decimal + "' cannot be both the decimal sign and the thousands separator");
}

std::string_view NumberNotation::usual(std::string_view text, std::string& buffer) const {
  auto rest = trimmed(text);
  buffer = take_sign(rest);
  if (rest.empty() || (!is_digit(rest.front()) && rest.front() != decimal_)) return text;
  auto digits = count_digits(rest);
  bool has_digits = digits > 0;
  buffer += rest.substr(0, digits);
  rest.remove_prefix(digits);
  if (thousands_ != 0 && digits > 0 && !take_groups(rest, thousands_, digits, buffer)) return text;
  if (!rest.empty() && rest.front() == decimal_) {
    rest.remove_prefix(1);
    digits = count_digits(rest);
    has_digits = has_digits || digits > 0;
    buffer += '.';
    buffer += rest.substr(0, digits);
    rest.remove_prefix(digits);
  }
  return take_exponent(rest, buffer) && rest.empty() && has_digits ? buffer : text;
}

std::string NumberNotation::words() const {
  const auto decimals = std::string("'") + decimal_ + "' before decimals";
  return thousands_ == 0 ? decimals : decimals + " and '" + thousands_ + "' between thousands";
}

bool has_separators(std::string_view cell) {
  const auto plain = with_plain_spaces(trimmed(cell));
  std::string_view text = plain;
  take_sign(text);
  if (text.empty() || !is_digit(text.front()) || !is_digit(text.back())) return false;
  if (text.find_first_not_of("0123456789., '_") != text.npos) return false;
  const auto separator = text.find_first_not_of(kDigits);
  if (separator == text.npos) return false;
  const bool is_one_comma = text[separator] == ',' && text.find_first_not_of(kDigits, separator + 1) == text.npos;
  if (is_one_comma) return true;
  // Groups, then perhaps one other separator and decimals.
  auto rest = text.substr(separator);
  std::string digits;
  if (!take_groups(rest, text[separator], separator, digits)) return false;
  if (rest.empty()) return text[separator] != '.' || text.find('.', separator + 1) != text.npos;
  return (rest.front() == '.' || rest.front() == ',') && rest.find_first_not_of(kDigits, 1) == rest.npos;
}

bool is_number_with_sign(std::string_view cell) {
  static constexpr std::array<std::string_view, 6> kSigns{"%", "$", "\xE2\x82\xAC", "\xC2\xA3", "\xC2\xA5", "\xE2\x82\xB9"};
  const auto plain = with_plain_spaces(trimmed(cell));
  std::string_view text = plain;
  bool has_sign = false;
  if (text.size() > 2 && text.front() == '(' && text.back() == ')') {
    text = trimmed(text.substr(1, text.size() - 2));
    has_sign = true;
  }
  take_sign(text);
  for (const auto sign : kSigns) {
    const auto size = text.size();
    if (text.starts_with(sign)) text.remove_prefix(sign.size());
    else if (text.ends_with(sign)) text.remove_suffix(sign.size());
    has_sign = has_sign || text.size() < size;
  }
  return has_sign && (parse_number(text).is_finite() || has_separators(text));
}

bool is_number_with_unit(std::string_view cell) {
  constexpr std::size_t kLongest = 6;
  const auto plain = with_plain_spaces(trimmed(cell));
  std::string_view text = plain;
  const auto is_unit = [](std::string_view unit) {
    return !unit.empty() && unit.size() <= kLongest && unit.find_first_of("0123456789.,-+/") == unit.npos;
  };
  const auto is_number = [](std::string_view number) { return parse_number(number).is_finite() || has_separators(number); };
  const auto last = text.find_last_of(kDigits), first = text.find_first_of(kDigits);
  if (last == text.npos) return false;
  if (first == 0 || first == 1) return is_number(text.substr(0, last + 1)) && is_unit(trimmed(text.substr(last + 1)));
  const auto space = text.find(' ');
  const auto is_currency = [](std::string_view code) { return code.size() == 3 && std::ranges::all_of(code, [](char letter) { return letter >= 'A' && letter <= 'Z'; }); };
  return last + 1 == text.size() && space != text.npos && is_currency(text.substr(0, space)) && is_number(trimmed(text.substr(space)));
}

std::string advice_on_number(std::string_view cell) {
  if (has_separators(cell)) return "; --decimal and --thousands say how numbers are written";
  if (is_number_with_sign(cell)) return "; write it as 1234.5";
  if (is_number_with_unit(cell)) return "; write the number alone";
  return "";
}

}  // namespace longhand::data
