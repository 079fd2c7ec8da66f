#include "cli/strict_options.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>

#include "data/parse_number.h"

namespace longhand::cli {
namespace {

// A validator returns what is wrong, or nothing.
using Complaint = std::string;

Complaint complain(const std::string& text, const char* what) { return "'" + text + "' is " + what; }

template <class Number>
Complaint check_whole_number(std::string& text) {
  const bool is_negative = text.front() == '-';
  const auto digits = text.substr(is_negative ? 1 : 0);
  if (digits.empty() || !std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) {
    return complain(text, "not a whole number");
  }
  if (is_negative && std::is_unsigned_v<Number>) return complain(text, "below 0");
  Number number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc()) {
    return complain(text, "too large");
  }
  text = std::to_string(number);  // without leading zeros, which mean octal to the parser
  return {};
}

Complaint check_number(std::string& text) {
  switch (data::parse_number(text).state) {
    case data::NumberState::finite: return {};
    case data::NumberState::not_finite: return complain(text, "not a finite number");
    default: return complain(text, "not a number");
  }
}

// The parser's own names for the types of options.
Complaint check(const std::string& type, std::string& text) {
  if (text.empty()) return "the value is empty";
  if (type == "INT") return check_whole_number<std::int64_t>(text);
  if (type == "UINT") return check_whole_number<std::uint64_t>(text);
  if (type == "FLOAT") return check_number(text);
  return {};
}

}  // namespace

void make_strict(CLI::App& app) {
  for (auto* option : app.get_options()) {
    const auto type = option->get_type_name();
    option->transform(CLI::Validator([type](std::string& text) { return check(type, text); }, ""));
  }
}

}  // namespace longhand::cli
