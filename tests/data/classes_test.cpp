#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "longhand/data.h"

namespace longhand {
namespace {

using Names = std::vector<std::string>;
using Codes = std::vector<std::int32_t>;

Table column(const std::string& cells, const CsvOptions& options = {}) {
  return parse_csv("y\n" + cells, "t.csv", options);
}

std::string error_of(const auto& act) {
  try {
    act();
  } catch (const DataError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Classes, OfTextAreInTheOrderOfTheirBytes) {
  const Table table = column("pear\nfig\nPear\npear\nÄ\n10x\n9x\n");
  const Classes classes = Classes::of(table, "y");
  EXPECT_EQ(classes.names(), (Names{"10x", "9x", "Pear", "fig", "pear", "Ä"}));
  EXPECT_EQ(classes.encode(table, "y"), (Codes{4, 3, 2, 4, 5, 0, 1}));
}

TEST(Classes, OfNumbersAreInTheirOrderAndAsWritten) {
  const Table table = column("10\n9\n4.50\n-1\n9\n");
  const Classes classes = Classes::of(table, "y");
  EXPECT_EQ(classes.names(), (Names{"-1", "4.50", "9", "10"}));
  EXPECT_EQ(classes.encode(table, "y"), (Codes{3, 2, 1, 0, 2}));
  EXPECT_EQ(classes.find("4.5"), 1);
  EXPECT_EQ(classes.find("9.0"), 2);
  EXPECT_EQ(classes.find("x"), std::nullopt);
  EXPECT_EQ(classes.find("5"), std::nullopt);
}

TEST(Classes, DoNotDependOnTheOrderOfRows) {
  EXPECT_EQ(Classes::of(column("b\na\nc\n"), "y").names(),
            Classes::of(column("c\nb\na\na\n"), "y").names());
  EXPECT_EQ(Classes::of(column("2\n1\n0\n"), "y").names(), (Names{"0", "1", "2"}));
  EXPECT_EQ(Classes::of(column("-0\n0\n1\n"), "y").names(), (Names{"0", "1"}));
  EXPECT_EQ(Classes::of(column("0\n-0.0\n1\n"), "y").names(), (Names{"0", "1"}));
}

TEST(Classes, OfNumbersKeptAsTextAreTheSame) {
  const Table table = column("10\n9.0\n1.0\n1\n9\n", {.text = {"y"}});
  const Classes classes = Classes::of(table, "y");
  EXPECT_EQ(classes.names(), (Names{"1.0", "9.0", "10"}));
  EXPECT_EQ(classes.encode(table, "y"), (Codes{2, 1, 0, 0, 1}));
}

TEST(Classes, ThatNumbersWouldMergeAreTexts) {
  struct Case {
    std::string cells;
    Names names;
    Codes codes;
  };
  const Case cases[] = {
      {"007\n07\n7\n07\n", {"007", "07", "7"}, {0, 1, 2, 1}},
      {"9007199254740993\n9007199254740992\n5\n", {"5", "9007199254740992", "9007199254740993"}, {2, 1, 0}},
      {"12345678901234567891\n12345678901234567890\n", {"12345678901234567890", "12345678901234567891"}, {1, 0}},
  };
  for (const auto& [cells, names, codes] : cases) {
    const Table table = column(cells);
    const Classes classes = Classes::of(table, "y");
    EXPECT_EQ(classes.names(), names) << cells;
    EXPECT_EQ(classes.encode(table, "y"), codes) << cells;
  }
  EXPECT_EQ(Classes(Names{"01", "02", "10"}).find("2"), 1);  // nothing is merged
}

TEST(Classes, OfYesAndNoDoNotMindCapitals) {
  const Table table = column("TRUE\nFalse\ntrue\nFALSE\nTrue\n");
  const Classes classes = Classes::of(table, "y");
  EXPECT_EQ(classes.names(), (Names{"FALSE", "TRUE"}));
  EXPECT_EQ(classes.encode(table, "y"), (Codes{1, 0, 1, 0, 1}));
  EXPECT_EQ(classes.encode(column("false\nTrue\n"), "y"), (Codes{0, 1}));
  EXPECT_EQ(classes.find("yes"), std::nullopt);
  EXPECT_EQ(Classes::of(column("Yes\nno\n"), "y").names(), (Names{"no", "Yes"}));
  EXPECT_EQ(Classes::of(column("YES\nyes\n"), "y").names(), (Names{"YES"}));
  EXPECT_EQ(Classes::of(column("Pear\npear\n"), "y").size(), 2U);
  EXPECT_EQ(Classes::of(column("false\nno\n"), "y").names(), (Names{"false", "no"}));  // of two pairs
  EXPECT_EQ(Classes(Names{"no", "true"}).find("true"), 1);
  EXPECT_EQ(Classes(Names{"YES", "yes"}).find("yes"), 1);
}

TEST(Classes, FromAModelReadOtherSpellings) {
  const Classes numbers(Names{"0", "1"});
  EXPECT_EQ(numbers.encode(column("1.0\n0.0\n"), "y"), (Codes{1, 0}));
  EXPECT_EQ(numbers.encode(column("1\n 0\n", {.text = {"y"}}), "y"), (Codes{1, 0}));
  const Classes words(Names{"yes", "1"});  // the model's order is kept
  EXPECT_EQ(words.encode(column("1\n1\n"), "y"), (Codes{1, 1}));
  EXPECT_EQ(words.encode(column("1\nyes\n"), "y"), (Codes{1, 0}));
}

TEST(Classes, NameTheRowOfWhatIsNoClass) {
  const Classes classes(Names{"no", "yes"});
  EXPECT_EQ(error_of([&] { classes.encode(column("yes\n\nno\n"), "y"); }),
            "t.csv: row 2 (line 3), column 'y': the cell is empty, where a class is needed");
  EXPECT_EQ(error_of([&] { classes.encode(column("7\n"), "y"); }),
            "t.csv: row 1 (line 2), column 'y': '7' is not among the classes 'no', 'yes'");
  EXPECT_EQ(error_of([&] {
              Classes(Names{"0", "1"}).encode(column("0\n2\n"), "y");
            }),
            "t.csv: row 2 (line 3), column 'y': '2' is not among the classes '0', '1'");
  EXPECT_EQ(error_of([&] { Classes::of(column("a\n\nb\n"), "y"); }),
            "t.csv: row 2 (line 3), column 'y': the cell is empty, where a class is needed");
}

TEST(Classes, OfSelectedRowsAreThoseThatAreLeft) {
  const Table table = column("a\nb\nc\n").select_rows(Codes{2, 0});
  EXPECT_EQ(Classes::of(table, "y").names(), (Names{"a", "c"}));
}

TEST(Classes, AreDistinct) {
  EXPECT_THROW(Classes(Names{"a", "b", "a"}), ArgumentError);
  EXPECT_THROW(Classes(Names{"1", "1.0"}), ArgumentError);
  EXPECT_NO_THROW(Classes(Names{"1", "1.0", "x"}));
  EXPECT_EQ(Classes(Names{"a", "c", "d"}).find("b"), std::nullopt);
  EXPECT_EQ(Classes().size(), 0U);
  EXPECT_EQ(Classes().find("a"), std::nullopt);
}

}  // namespace
}  // namespace longhand
