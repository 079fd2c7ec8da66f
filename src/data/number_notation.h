// Numbers as people write them, where that is not as parse_number reads them.
#pragma once

#include <string>
#include <string_view>

namespace longhand::data {

/// A sign before the decimals, and perhaps one between groups of three digits before it.
class NumberNotation {
 public:
  /// `thousands` is 0 where there is none. Throws ArgumentError for a sign that cannot be one.
  NumberNotation(char decimal, char thousands);

  /// Whether numbers are written as parse_number reads them.
  bool is_usual() const { return decimal_ == '.' && thousands_ == 0; }
  /// A number in this notation as parse_number reads it, for which `buffer` is used; any other text as it is.
  std::string_view usual(std::string_view text, std::string& buffer) const;
  /// "',' before decimals and '.' between thousands", for errors.
  std::string words() const;

 private:
  char decimal_, thousands_;
};

/// Whether a text looks like a number with thousands separators or a decimal comma: "1,234", "3,14",
/// "1.234,5", "1 234" with a space of any kind.
bool has_separators(std::string_view text);

/// Whether a text is a number but for a sign of percent or currency, or parentheses that stand for a minus.
bool is_number_with_sign(std::string_view text);

/// Whether a text is a number and its unit: "12 kg", "20.5 °C", "24k", "EUR 57".
bool is_number_with_unit(std::string_view text);

/// What is to be done about a cell that is no number where numbers are needed, to be put behind that: for
/// "12,5" how such numbers are read, for "12 kg" that its unit is to go, for words nothing.
std::string advice_on_number(std::string_view cell);

}  // namespace longhand::data
