// Rows without a value of one column are left out.
#include <gtest/gtest.h>

#include <string>

#include "longhand/data.h"

namespace longhand {
namespace {

TEST(RowsWithValue, AreThoseOfTheFile) {
  const auto table = parse_csv("a,y\n1,2.50\n2,\n3,NA\n4,7\n", "t.csv");
  const auto rows = rows_with_value(table, "y", usual_missing_words());
  ASSERT_EQ(rows.rows(), 2);
  EXPECT_EQ(rows.where(1), "t.csv: row 4 (line 5)");
  EXPECT_EQ(rows.column("a").cell(1), "4");
  ASSERT_TRUE(rows.column("y").is_numbers());  // as it would have been read without the others
  EXPECT_EQ(rows.column("y").numbers()[0], 2.5);
  EXPECT_EQ(rows.column("y").cell(0), "2.50");
}

TEST(RowsWithValue, StayTextsWhereNumbersWouldMergeThem) {
  for (const char* number : {"07", "9007199254740993"}) {
    const auto table = parse_csv("y,a\n" + std::string(number) + ",1\n7,1\n,1\n", "t.csv");
    EXPECT_FALSE(rows_with_value(table, "y", {}).column("y").is_numbers()) << number;
  }
  const auto whole = parse_csv("y,a\n1,1\n2,1\n", "t.csv", {.text = {"y"}});
  EXPECT_FALSE(rows_with_value(whole, "y", {}).column("y").is_numbers());
}

TEST(RowsWithValue, OfNumbersAreThoseThatAreNoWord) {
  const auto table = parse_csv("y,a\n1,1\n-9,1\n3,1\n", "t.csv");
  EXPECT_EQ(rows_with_value(table, "y", {"-9"}).rows(), 2);
  EXPECT_EQ(rows_with_value(table, "y", {}).rows(), 3);
}

}  // namespace
}  // namespace longhand
