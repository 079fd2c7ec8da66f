// Figures and names as a page writes them.
#include "report/words.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

namespace longhand::report {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(Words, OfFigures) {
  struct Case {
    double value;
    const char* text;
  };
  for (const auto& [value, text] :
       {Case{0, "0"}, {-0.0, "0"}, {0.0531, "0.0531"}, {-12.3456, "−12.35"}, {999.94, "999.9"}, {1000.4, "1,000"}, {-48'100, "−48,100"}, {999'999'999, "999,999,999"},
        {1e9, "1e+09"}, {1e-4, "0.0001"}, {9.9e-5, "9.9e−05"}, {kNaN, "–"}}) {
    EXPECT_EQ(figure(value), text);
  }
}

TEST(Words, OfFixedDecimals) {
  struct Case {
    double value;
    int decimals;
    const char* text;
  };
  for (const auto& [value, decimals, text] :
       {Case{0.006, 4, "0.0060"}, {48'100.4, 0, "48,100"}, {-0.4, 0, "0"}, {-0.004, 2, "0.00"}, {-0.006, 2, "−0.01"}, {kNaN, 2, "–"}}) {
    EXPECT_EQ(fixed(value, decimals), text);
  }
  EXPECT_EQ(points(-0.0512), "−5.1 points");
  EXPECT_EQ(points(kNaN), "–");
}

// So many rows cannot be told apart by more decimals.
TEST(Words, OfShares) {
  struct Case {
    double share;
    std::int64_t rows;
    const char* text;
  };
  for (const auto& [share, rows, text] : {Case{0.9746, 99, "97%"}, {0.9746, 100, "97.5%"}, {0.97456, 99'999, "97.5%"}, {0.97456, 100'000, "97.46%"}, {0, 1000, "0%"},
                                          {1, 1000, "100%"}, {0.9999, 1000, "100.0%"}, {kNaN, 10, "–"}}) {
    EXPECT_EQ(percent(share, rows), text) << share << " of " << rows;
  }
}

TEST(Words, OfLists) {
  const std::vector<std::string> names{"a", "b", "c", "d", "e", "f"};
  const std::vector<const char*> lists{"", "a", "a and b", "a, b and c", "a, b, c and d", "a, b, c and 3 others"};
  for (std::size_t count = 0; count < lists.size(); ++count) {
    const auto shown = count == 5 ? names : std::vector<std::string>(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(count));
    EXPECT_EQ(listed(shown, 3), lists[count]);
  }
  EXPECT_EQ(file_name("/data/of/rows.csv"), "rows.csv");
  EXPECT_EQ(report::quoted(std::string(70, 'x')).find(std::string(61, 'x')), std::string::npos);
}

// What the shell makes of it.
TEST(Words, OfAShellAreOneWord) {
  for (const std::string word : {"", "plain", "a b", "it's", "''", "$HOME", "a\"b", "*", "~", "`id`", "a;b", "caf\u00e9", "1/2.csv", "a\\b", "#a", "!x"}) {
    const auto shell = ::popen(("printf '%s|' " + shell_word(word)).c_str(), "r");
    std::string out;
    for (int c = std::fgetc(shell); c != EOF; c = std::fgetc(shell)) out += static_cast<char>(c);
    ::pclose(shell);
    EXPECT_EQ(out, word + "|");
  }
  EXPECT_EQ(shell_word("plain"), "plain");
}

}  // namespace
}  // namespace longhand::report
