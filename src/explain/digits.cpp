#include "explain/digits.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

namespace longhand {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes digits, and the underscores that TOML allows between them.
std::string take_digits(std::string_view& text) {
  std::string digits;
  while (!text.empty() && (is_digit(text[0]) || (text[0] == '_' && !digits.empty()))) {
    if (text[0] != '_') digits += text[0];
    text.remove_prefix(1);
  }
  return digits;
}

// True where there was a sign and it was a minus.
bool take_sign(std::string_view& text) {
  constexpr std::string_view kMinus = "\xE2\x88\x92";
  const bool is_negative = text.starts_with('-') || text.starts_with(kMinus);
  if (text.starts_with(kMinus)) text.remove_prefix(kMinus.size());
  else if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return is_negative;
}

double number(const std::string& text) {
  double value = std::nan("");
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && stop == text.data() + text.size() ? value : std::nan("");
}

}  // namespace

std::optional<Figure> parse_figure(std::string_view text) {
  constexpr int kLargestExponent = 400;  // beyond any double
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  const bool is_negative = take_sign(text);
  const auto whole = take_digits(text);
  std::string decimals;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    decimals = take_digits(text);
  }
  if (whole.empty() && decimals.empty()) return std::nullopt;
  int exponent = 0;
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    const bool is_small = take_sign(text);
    const auto digits = take_digits(text);
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (error != std::errc() || exponent > kLargestExponent) return std::nullopt;
    if (is_small) exponent = -exponent;
  }
  if (!text.empty()) return std::nullopt;
  const int last = exponent - static_cast<int>(decimals.size());
  const double value = number((whole.empty() ? "0" : whole) + "." + (decimals.empty() ? "0" : decimals) + "e" +
                              std::to_string(exponent));
  const double unit = number("1e" + std::to_string(last));
  if (!std::isfinite(value) || !std::isfinite(unit) || unit == 0) return std::nullopt;
  return Figure{is_negative ? -value : value, unit};
}

Interval stands_for(const Figure& figure) {
  const auto [value, unit] = figure;
  const double tolerance = std::max(1e-6 * unit, 1e-12 * std::abs(value));
  Interval numbers{value - unit / 2 - tolerance, value + unit / 2 + tolerance};
  if (unit < 1) {
    // So many digits that the tolerance is larger than the unit leave nothing that is cut off.
    if (value >= 0) numbers.high = std::max(numbers.high, value + unit - tolerance);
    if (value <= 0) numbers.low = std::min(numbers.low, value - unit + tolerance);
  }
  return numbers;
}

}  // namespace longhand
