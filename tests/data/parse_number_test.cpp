#include "data/parse_number.h"

#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <clocale>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace longhand::data {
namespace {

std::uint64_t bits(double value) { return std::bit_cast<std::uint64_t>(value); }

double oracle(const std::string& text) {
  double value = std::numeric_limits<double>::quiet_NaN();
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  EXPECT_EQ(end, text.data() + text.size()) << text;
  EXPECT_EQ(error, std::errc{}) << text;
  return value;
}

// Digits, a point somewhere, sometimes a sign or leading zeros: what tables have.
std::string random_decimal(std::mt19937_64& random) {
  const auto below = [&random](std::uint64_t n) { return random() % n; };
  std::string text = below(3) == 0 ? "-" : "";
  const auto digits = 1 + below(22);
  const auto point = below(2) == 0 ? below(digits + 1) : below(4);
  const bool is_sparse = below(4) == 0;
  for (std::uint64_t i = 0; i < digits; ++i) {
    if (i == point) text += '.';
    text += is_sparse && below(3) != 0 ? '0' : static_cast<char>('0' + below(10));
  }
  return text;
}

TEST(ReadPlainNumber, HasTheBitsOfFromChars) {
  std::mt19937_64 random(1);
  int read = 0;
  for (int i = 0; i < 2'000'000; ++i) {
    const std::string text = random_decimal(random);
    const PlainNumber number = read_plain_number((text + ",").c_str());
    if (number.end == nullptr) continue;
    ++read;
    ASSERT_EQ(bits(number.value), bits(oracle(text))) << text;
  }
  EXPECT_GT(read, 1'000'000);
}

TEST(ReadPlainNumber, HasTheBitsOfFromCharsAtTheLimitsOfItsMethod) {
  for (const std::uint64_t mantissa :
       {(1ULL << 53) - 1, 1ULL << 53, (1ULL << 53) + 1, 1ULL, 9ULL}) {
    std::string digits = std::to_string(mantissa);
    for (std::size_t decimals = 0; decimals < 25; ++decimals) {
      std::string text = digits;
      if (text.size() <= decimals) text.insert(0, decimals + 1 - text.size(), '0');
      if (decimals > 0) text.insert(text.size() - decimals, ".");
      const PlainNumber number = read_plain_number((text + "\n").c_str());
      EXPECT_TRUE(number.end == nullptr || mantissa <= 1ULL << 53) << text;
      if (number.end == nullptr) continue;
      EXPECT_EQ(bits(number.value), bits(oracle(text))) << text;
    }
  }
}

TEST(ReadPlainNumber, LeavesEverythingElse) {
  for (const char* text : {",", "-,", ".,", "-.,", "abc,", "\"1\",", " 1,", "+1,", "nan,", "inf,",
                           "12345678901234567890,", "0.12345678901234567890123,"}) {
    EXPECT_EQ(read_plain_number(text).end, nullptr) << text;
  }
  for (const char* text : {"1e5,", "1.5.2,", "1 ,", "1x,"}) {
    const PlainNumber number = read_plain_number(text);
    EXPECT_NE(*number.end, ',') << text;  // the reader sees that the cell goes on
  }
}

TEST(ReadPlainNumber, SaysWhetherTheSpellingIsTheShortest) {
  std::mt19937_64 random(2);
  int shortest = 0, other = 0;
  for (int i = 0; i < 300'000; ++i) {
    const std::string text = random_decimal(random);
    const PlainNumber number = read_plain_number((text + ",").c_str());
    if (number.end == nullptr) continue;
    // It may be modest, and must not be wrong.
    (number.is_shortest ? shortest : other)++;
    if (!number.is_shortest) continue;
    ASSERT_EQ(shortest_decimal(number.value), text);
  }
  EXPECT_GT(shortest, 50'000);
  EXPECT_GT(other, 10'000);
  for (const char* text : {"0,", "7,", "-7,", "42,", "0.5,", "-0.25,", "123456789.125,", "100,"}) {
    EXPECT_TRUE(read_plain_number(text).is_shortest) << text;
  }
  for (const char* text : {"00,", "07,", "1.0,", "4.50,", ".5,", "1.,", "-01,"}) {
    EXPECT_FALSE(read_plain_number(text).is_shortest) << text;
  }
}

TEST(ParseNumber, ReadsWhatFromCharsReads) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 300'000; ++i) {
    std::string text = random_decimal(random);
    if (i % 2 == 0) text += "e" + std::to_string(static_cast<int>(random() % 500) - 250);
    const ParsedNumber number = parse_number(text);
    ASSERT_TRUE(number.is_finite()) << text;
    ASSERT_EQ(bits(number.value), bits(oracle(text))) << text;
  }
}

TEST(ParseNumber, ReadsBackTheShortestFormOfEveryDouble) {
  std::mt19937_64 random(4);
  for (int i = 0; i < 300'000; ++i) {
    const double value = std::bit_cast<double>(random());
    if (!std::isfinite(value)) continue;
    ASSERT_EQ(bits(parse_number(shortest_decimal(value)).value), bits(value));
  }
}

TEST(ParseNumber, TakesSpacesAroundAndAPlus) {
  EXPECT_EQ(parse_number(" 1.5").value, 1.5);
  EXPECT_EQ(parse_number("1.5\t ").value, 1.5);
  EXPECT_EQ(parse_number("+1.5").value, 1.5);
  EXPECT_EQ(parse_number("-1.5E+2").value, -150);
  EXPECT_EQ(parse_number(".5").value, 0.5);
  EXPECT_EQ(parse_number("5.").value, 5);
  EXPECT_TRUE(std::signbit(parse_number("-0").value));
}

TEST(ParseNumber, SaysWhyNot) {
  for (const char* text : {"", " ", " \t "}) {
    EXPECT_EQ(parse_number(text).state, NumberState::empty) << text;
  }
  for (const char* text : {"nan", "NaN", "-nan", "inf", "-Infinity", "1e400", "-1e400", "1e309",
                           "+inf", "1e99999999999999999999", "179769313486231580793e289"}) {
    EXPECT_EQ(parse_number(text).state, NumberState::not_finite) << text;
  }
  for (const char* text : {"abc", "+", "-", "+-1", "++1", "1,5", "1 2", "1e", "1e+", "e5", ".",
                           "0x10", "1_000", "1'000", "--1", "- 1", "1-", "12a"}) {
    EXPECT_EQ(parse_number(text).state, NumberState::not_a_number) << text;
  }
  EXPECT_EQ(parse_number(std::string_view("1\0", 2)).state, NumberState::not_a_number);
}

TEST(ParseNumber, TakesWhatIsTooSmallForZero) {
  const std::string tiny = "0." + std::string(400, '0') + "123";
  for (const std::string& text : {std::string("1e-400"), std::string("-1e-999999999999999999999"),
                                  tiny, "-" + tiny, std::string("123456e-500")}) {
    const ParsedNumber number = parse_number(text);
    ASSERT_TRUE(number.is_finite()) << text;
    EXPECT_EQ(number.value, 0) << text;
    EXPECT_EQ(std::signbit(number.value), text[0] == '-') << text;
  }
  const std::string large = "1" + std::string(400, '0');
  EXPECT_EQ(parse_number(large).state, NumberState::not_finite);
  EXPECT_EQ(parse_number(large + ".5").state, NumberState::not_finite);
  EXPECT_EQ(parse_number(large + "e-200").value, 1e200);
  EXPECT_EQ(parse_number("4.9e-324").value, std::numeric_limits<double>::denorm_min());
}

TEST(ShortestDecimal, IsPlainInTheRangeOfTables) {
  EXPECT_EQ(shortest_decimal(0), "0");
  EXPECT_EQ(shortest_decimal(-0.0), "-0");
  EXPECT_EQ(shortest_decimal(100000), "100000");
  EXPECT_EQ(shortest_decimal(0.00001), "0.00001");
  EXPECT_EQ(shortest_decimal(-4.5), "-4.5");
  EXPECT_EQ(shortest_decimal(1e300), "1e+300");
}

}  // namespace
}  // namespace longhand::data
