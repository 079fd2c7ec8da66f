// Decimal text -> double, correctly rounded, independent of the locale. Knows nothing of tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace longhand::data {

enum class NumberState : std::uint8_t {
  finite,
  not_finite,  // nan, inf, or beyond the largest double, such as 1e400
  empty,       // nothing, or spaces and tabs alone
  not_a_number,
};

struct ParsedNumber {
  double value = 0;  // 0 unless finite
  NumberState state = NumberState::not_a_number;
  bool is_shortest = false;  // spelled as shortest_decimal spells it; false where that is not sure
  bool is_finite() const { return state == NumberState::finite; }
};

/// Without the spaces and tabs around it.
std::string_view trimmed(std::string_view text);

/// U+2212, the minus sign of typeset text, in UTF-8.
inline constexpr std::string_view kMinusSign = "\xE2\x88\x92";

/// Reads the whole of `text` as a number as std::from_chars does, spaces and tabs around it, one
/// leading + and kMinusSign for - allowed. What is too small for a double is a zero of its sign.
ParsedNumber parse_number(std::string_view text);

/// The fewest digits that read back to `value`, without an exponent where |value| is 0 or from
/// 1e-15 to 1e15.
std::string shortest_decimal(double value);

/// Whether `text` is digits alone, of which the first of several is 0.
bool is_code(std::string_view text);

/// Whether `text`, which reads as `value`, is a whole number that no double holds exactly.
bool loses_digits(std::string_view text, double value);

inline constexpr double kPowersOfTen[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                          1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                          1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

struct PlainNumber {
  double value = 0;
  const char* end = nullptr;  // just after the number; null where there was none
  bool is_shortest = false;   // as in ParsedNumber
};

/// The fast path: -?digits[.digits] at `p`, where mantissa and power of ten are exact doubles, so
/// that one division rounds correctly (Clinger, "How to Read Floating Point Numbers Accurately",
/// 1990). Everything else is for parse_number. A byte that is neither a digit nor a point must
/// follow before the memory ends. Digit by digit: eight at a time was slower for cells as short as
/// tables have, where the branch predictor knows how long they are.
inline PlainNumber read_plain_number(const char* p) {
  const auto digit = [](char letter) {
    return static_cast<unsigned>(static_cast<unsigned char>(letter)) - unsigned{'0'};
  };
  const bool is_negative = *p == '-';
  p += is_negative;
  const char* const start = p;
  std::uint64_t mantissa = 0;
  for (; digit(*p) < 10; ++p) mantissa = mantissa * 10 + digit(*p);
  const std::ptrdiff_t whole = p - start;
  std::ptrdiff_t decimals = 0;
  bool ends_in_zero = false;
  if (*p == '.') {
    const char* const point = p++;
    for (; digit(*p) < 10; ++p) mantissa = mantissa * 10 + digit(*p);
    decimals = p - point - 1;
    ends_in_zero = p[-1] == '0' || decimals == 0;
  }
  const std::ptrdiff_t digits = whole + decimals;
  // 19 digits fit 64 bits; up to 2^53 an integer is a double.
  if (digits == 0 || digits > 19 || mantissa > std::uint64_t{1} << 53) return {};
  double value = static_cast<double>(static_cast<std::int64_t>(mantissa));
  if (decimals != 0) value /= kPowersOfTen[decimals];
  const bool leads_with_zero = whole == 0 || (whole > 1 && *start == '0');
  return {is_negative ? -value : value, p, !(leads_with_zero || ends_in_zero || digits > 15)};
}

}  // namespace longhand::data
