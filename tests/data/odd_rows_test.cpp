// Rows that are none of a table's data.
#include "data/odd_rows.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace longhand::data {
namespace {

using Lines = std::vector<std::string>;

// Rows "k0,0,100", "k1,1,107", …, then `more`; `name` is the text column's.
Lines found_in(const std::string& more, int rows = 12) {
  std::string text = "name,sold,paid\n";
  for (int i = 0; i < rows; ++i) text += "k" + std::to_string(i) + "," + std::to_string(i) + "," + std::to_string(100 + 7 * i) + "\n";
  return odd_rows(parse_csv(text + more, "t.csv"));
}

TEST(OddRows, AreNoneOfAPlainTable) {
  EXPECT_EQ(found_in(""), Lines{});
  EXPECT_EQ(found_in("name,12,200\n"), Lines{});  // one cell may be a name
  std::string ratings = ",2\n";
  for (int i = 0; i < 20; ++i) ratings += std::to_string(1 + i % 5) + "," + (i % 7 == 0 ? "" : std::to_string(1 + i % 3)) + "\n";
  EXPECT_EQ(odd_rows(parse_csv(ratings, "t.csv", {.header = false})), Lines{});  // "1" and "2" are no names
}

TEST(OddRows, AreAHeaderThatIsRepeated) {
  EXPECT_EQ(found_in("name,sold,paid\nk,1,2\n"), Lines{"t.csv: row 13 (line 14): repeats the header, and is learned from as data; remove it"});
  EXPECT_EQ(found_in("NAME, Sold,3\nk,1,2\n"), Lines{"t.csv: row 13 (line 14): repeats the header, and is learned from as data; remove it"});
  EXPECT_EQ(found_in("name,sold,paid\nk,1,2\nname,sold,paid\n"),
            Lines{"t.csv: row 13 (line 14): repeats the header, as 2 rows do, and is learned from as data; remove it"});
  EXPECT_EQ(odd_rows(parse_csv("a\nx\na\n", "t.csv")).size(), 1U);
}

TEST(OddRows, AreTotalsAtTheEnd) {
  const Lines by_word{"t.csv: row 13 (line 14), column 'name': 'Total' looks like a row of totals, which is learned from as data; remove such rows"};
  EXPECT_EQ(found_in("Total,1,2\n"), by_word);
  EXPECT_EQ(found_in("TOTAL:,1,2\n").size(), 1U);
  EXPECT_EQ(found_in("Total,1,2\nk,1,2\n"), Lines{});  // not at the end
  const Lines by_sum{"t.csv: row 13 (line 14), column 'sold': '66' is the sum of those above, which is learned from as data; remove such rows"};
  EXPECT_EQ(found_in("all,66,1662\n"), by_sum);
  EXPECT_EQ(found_in("all,66,1\n"), by_sum);   // half of them
  EXPECT_EQ(found_in("all,65,1661\n"), Lines{});
  EXPECT_EQ(found_in("Total,3,5\n", 3), Lines{});  // too few to tell
  std::string kinds = "kind,flag\n";
  for (int i = 0; i < 12; ++i) kinds += std::string(i % 3 == 2 ? "total" : "part") + (i == 4 || i == 11 ? ",1\n" : ",0\n");
  EXPECT_EQ(odd_rows(parse_csv(kinds, "t.csv")), Lines{});  // a category, and one of two ones
}

}  // namespace
}  // namespace longhand::data
