#include "base/text.h"

#include <gtest/gtest.h>

#include <string>

namespace longhand {
namespace {

constexpr auto kNone = std::string_view::npos;

TEST(FindInvalidUtf8, AcceptsTheEdgesOfEveryLength) {
  for (const char* text :
       {"", "plain", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_EQ(find_invalid_utf8(text), kNone) << text;
    EXPECT_EQ(find_invalid_utf8(std::string("ab") + text + "c"), kNone) << text;
  }
}

TEST(FindInvalidUtf8, FindsWhatIsNot) {
  for (const char* text :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x9f\xbf", "\xe1\x80",
        "\xe1\x80\x41", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf1\x80\x80",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xfe", "\xe1\xc0\x80",
        "\xf1\x80\xc0\x80"}) {
    EXPECT_EQ(find_invalid_utf8(std::string("ab") + text), 2U);
    EXPECT_EQ(find_invalid_utf8(std::string("ab") + text + "c"), 2U);
  }
}

TEST(FindInvalidUtf8, DoesNotLookBehindTheEnd) {
  EXPECT_EQ(find_invalid_utf8(std::string_view("\xc2\x80", 1)), 0U);
  EXPECT_EQ(find_invalid_utf8(std::string_view("a\xf0\x90\x80\x80", 4)), 1U);
}

TEST(Printable, KeepsOrdinaryText) {
  EXPECT_EQ(printable("fc1.weight"), "fc1.weight");
  EXPECT_EQ(in_quotes("fc1.weight"), "\"fc1.weight\"");
  EXPECT_EQ(printable("poids é 重み 🙂"), "poids é 重み 🙂");
}

TEST(Printable, ShowsControlCharactersAndStrayBytes) {
  EXPECT_EQ(printable("a\nb\tc"), "a\\nb\\tc");
  EXPECT_EQ(printable("\x1b[31m"), "\\x1b[31m");
  EXPECT_EQ(printable("\x1f \x7f"), "\\x1f \\x7f");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
  EXPECT_EQ(printable("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(printable("\xc2\x85"), "\\xc2\\x85");  // next line: a control character in Unicode
}

TEST(Printable, CutsLongTextBetweenCharacters) {
  EXPECT_EQ(printable("abcdef", 6), "abcdef");
  EXPECT_EQ(printable("abcdef", 5), "abcde…");
  EXPECT_EQ(printable("aéb", 2), "a…");
  EXPECT_EQ(printable("aé", 3), "aé");
}

}  // namespace
}  // namespace longhand
