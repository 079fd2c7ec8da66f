#include "data/parse_number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <system_error>

namespace longhand::data {
namespace {

// Whether a well-formed decimal that no double can hold is too large rather than too small.
bool is_large(std::string_view text) {
  if (text.front() == '-') text.remove_prefix(1);
  std::int64_t magnitude = 0;  // the power of ten of the first digit that is not zero
  bool seen_point = false, seen_digit = false;
  std::size_t i = 0;
  for (; i < text.size() && (text[i] == '.' || (text[i] >= '0' && text[i] <= '9')); ++i) {
    if (text[i] == '.')
      seen_point = true;
    else if (!seen_digit && text[i] == '0')
      magnitude -= seen_point;
    else {
      magnitude += seen_digit && !seen_point;
      if (!seen_digit) magnitude -= seen_point;
      seen_digit = true;
    }
  }
  std::int64_t exponent = 0;
  if (i < text.size()) {
    const std::size_t sign = i + 1;
    const bool is_negative = text[sign] == '-';
    for (i = sign + (is_negative || text[sign] == '+'); i < text.size(); ++i) {
      if (exponent < std::int64_t{1} << 56) exponent = exponent * 10 + (text[i] - '0');
    }
    if (is_negative) exponent = -exponent;
  }
  return magnitude + exponent > 0;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char letter) { return letter == ' ' || letter == '\t'; };
  const auto is_ascii = [](char letter) { return static_cast<unsigned char>(letter) < 0x80; };
  // No-break, figure and narrow spaces, and those of no width.
  static constexpr std::array<std::string_view, 5> kWide{"\xC2\xA0", "\xE2\x80\x87", "\xE2\x80\xAF", "\xE2\x80\x8B", "\xEF\xBB\xBF"};
  const auto begins = [&](std::string_view blank) { return text.starts_with(blank); };
  const auto ends = [&](std::string_view blank) { return text.ends_with(blank); };
  while (!text.empty()) {
    if (is_blank(text.front())) text.remove_prefix(1);
    else if (const auto* wide = is_ascii(text.front()) ? kWide.end() : std::ranges::find_if(kWide, begins); wide != kWide.end()) text.remove_prefix(wide->size());
    else break;
  }
  while (!text.empty()) {
    if (is_blank(text.back())) text.remove_suffix(1);
    else if (const auto* wide = is_ascii(text.back()) ? kWide.end() : std::ranges::find_if(kWide, ends); wide != kWide.end()) text.remove_suffix(wide->size());
    else break;
  }
  return text;
}

ParsedNumber parse_number(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return {0, NumberState::empty};
  if (text.starts_with(kMinusSign)) {
    auto number = parse_number(std::string(text).replace(0, kMinusSign.size(), "-"));
    number.is_shortest = false;
    return number;
  }
  const bool has_plus = text.front() == '+';
  if (has_plus) {
    text.remove_prefix(1);
    if (text.empty() || text.front() == '-') return {0, NumberState::not_a_number};
  }
  // What read_plain_number reads, it reads here too, so that is_shortest does not depend on the
  // path.
  if (char copy[32]; text.size() <= sizeof copy - 1) {
    *std::copy(text.begin(), text.end(), copy) = '\n';
    const PlainNumber number = read_plain_number(copy);
    if (number.end == copy + text.size())
      return {number.value, NumberState::finite, number.is_shortest && !has_plus};
  }
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (stop != end) return {0, NumberState::not_a_number};
  if (error == std::errc::result_out_of_range) {
    if (is_large(text)) return {0, NumberState::not_finite};
    return {text.front() == '-' ? -0.0 : 0.0, NumberState::finite};
  }
  if (error != std::errc{}) return {0, NumberState::not_a_number};
  if (!std::isfinite(value)) return {0, NumberState::not_finite};
  return {value, NumberState::finite};
}

bool is_code(std::string_view text) {
  return text.size() > 1 && text.front() == '0' && text.find_first_not_of("0123456789") == text.npos;
}

bool loses_digits(std::string_view text, double value) {
  constexpr std::size_t kAlwaysHeld = 15;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  if (text.starts_with(kMinusSign)) text.remove_prefix(kMinusSign.size());
  if (text.find_first_not_of("0123456789") != text.npos) return false;
  text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
  if (text.size() <= kAlwaysHeld) return false;
  char exact[400];  // the largest double has 309 digits
  const auto result = std::to_chars(exact, exact + sizeof exact, std::abs(value), std::chars_format::fixed, 0);
  return text != std::string_view(exact, static_cast<std::size_t>(result.ptr - exact));
}

std::string shortest_decimal(double value) {
  const double size = std::abs(value);
  const bool is_plain = size == 0 || (size >= 1e-15 && size <= 1e15);
  char text[64];
  const auto result = is_plain
                          ? std::to_chars(text, text + sizeof text, value, std::chars_format::fixed)
                          : std::to_chars(text, text + sizeof text, value);
  return {text, result.ptr};
}

}  // namespace longhand::data
