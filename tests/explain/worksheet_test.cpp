// Worksheets: the digits as they were written, and one line for what is wrong.
#include <gtest/gtest.h>

#include "longhand/explain.h"

namespace longhand {
namespace {

using Texts = std::vector<std::string>;

TEST(Worksheet, ReadsDigitsAsTheyWereWritten) {
  const auto worksheet = parse_worksheet(
      "\xEF\xBB\xBFnetwork = \"n.toml\" # of claims\r\n"
      "[[claim]]\r\nquantity = \"z1\"\r\nvalue = [ [0.0600, 1_000,\"−.50\"],\r\n\t[-1e-3, 2.0E+1 ,7] ] # rows\r\n"
      "where = \"Schritt 1\"\r\n"
      "[[claim]]\nquantity = 'L' \nvalue = +3.140\n"
      "[[claim]]\nvalue = [ \".0600\" , 0.10 ]\nquantity = \"b\"\n"
      "[[claim]]\nquantity = \"ä\"\nvalue = [\"−7\", 8.50]",  // a character of three bytes before the figure
      "sheet.toml");
  EXPECT_EQ(worksheet.network, "n.toml");
  ASSERT_EQ(worksheet.claims.size(), 4);
  const auto& [first, second, third] = std::tie(worksheet.claims[0], worksheet.claims[1], worksheet.claims[2]);
  EXPECT_EQ(first.quantity, "z1");
  EXPECT_EQ(first.shape, Shape({2, 3}));
  EXPECT_EQ(first.figures, Texts({"0.0600", "1_000", "−.50", "-1e-3", "2.0E+1", "7"}));
  EXPECT_EQ(first.where, "Schritt 1");
  EXPECT_EQ(second.figures, Texts{"+3.140"});
  EXPECT_EQ(second.shape, Shape());
  EXPECT_EQ(second.where, "");
  EXPECT_EQ(third.figures, Texts({".0600", "0.10"}));
  EXPECT_EQ(worksheet.claims[3].figures, Texts({"−7", "8.50"}));
}

TEST(Worksheet, ReadsDigitsOfFiguresOfOneLineInAnyOrder) {
  for (const std::string begin : {"", "\xEF\xBB\xBF"}) {
    const auto worksheet = parse_worksheet(begin + "claim = [{quantity = \"ä\", value = [1.50, 2.0]}, {value = 3.1800, quantity = \"z2\"}]\nnetwork = \"n.toml\"\n", "sheet.toml");
    ASSERT_EQ(worksheet.claims.size(), 2);
    EXPECT_EQ(worksheet.claims[0].figures, Texts({"1.50", "2.0"}));
    EXPECT_EQ(worksheet.claims[1].figures, Texts({"3.1800"}));
  }
}

TEST(Worksheet, SaysWhatIsWrongInOneLine) {
  const std::string start = "network = \"n.toml\"\n", claim = start + "[[claim]]\n";
  const std::pair<std::string, const char*> rows[] = {
      {"network = \n", "s.toml: line 1: "},
      {"[[claim]]\nquantity = \"z1\"\nvalue = 1", "s.toml: 'network' is missing"},
      {"network = 3", "s.toml: 'network' is not a text (line 1)"},
      {start, "s.toml: no [[claim]]"},
      {start + "claim = []", "s.toml: no [[claim]]"},
      {start + "claim = 3", "'claim' is not a list"},
      {start + "claim = [3]", "s.toml: claim 1: not a table"},
      {start + "extra = 1", "s.toml: unknown key \"extra\" (line 2)"},
      {claim + "value = 1", "s.toml: claim 1: 'quantity' is missing (line 2)"},
      {claim + "quantity = \"z1\"", "s.toml: claim 1 (z1): 'value' is missing"},
      {claim + "quantity = 2\nvalue = 1", "'quantity' is not a text"},
      {claim + "quantity = \"z1\"\nvalue = 1\nwhere = 2", "claim 1 (z1): 'where' is not a text (line 5)"},
      {claim + "quantity = \"z1\"\nvalue = 1\nvalues = 2", "claim 1 (z1): unknown key \"values\" (line 5)"},
      {claim + "quantity = \"z1\"\nvalue = \"abc\"", "claim 1 (z1): \"abc\" is not a number (line 4)"},
      {claim + "quantity = \"z1\"\nvalue = \"\"", "s.toml: no figure is filled in yet"},
      {claim + "quantity = \"z1\"\nvalue = [\"\", \" \"]\n[[claim]]\nquantity = \"z2\"\nvalue = \"\"", "s.toml: no figure is filled in yet"},
      {claim + "quantity = \"z1\"\nvalue = true", "\"true\" is not a number"},
      {claim + "quantity = \"z1\"\nvalue = inf", "\"inf\" is not a number"},
      {claim + "quantity = \"z1\"\nvalue = 0x1F", "\"0x1F\" is not a number"},
      {claim + "quantity = \"z1\"\nvalue = 2024-09-23", "is not a number"},
      {claim + "quantity = \"z1\"\nvalue = {a = 1}", "is not a number"},
      {claim + "quantity = \"z1\"\nvalue = []", "an empty list"},
      {claim + "quantity = \"z1\"\nvalue = [[1, 2], [3]]", "a list of 1 beside one of 2"},
      {claim + "quantity = \"z1\"\nvalue = [[1, 2], 3]", "a figure beside lists"},
      {claim + "quantity = \"z1\"\nvalue = [1, [2]]", "a list beside figures"},
      {claim + "quantity = \"z1\"\nvalue = [[[[[[[1]]]]]]]", "nested more than 6 deep"},
      {claim + "quantity = \"z1\"\nvalue = 1\n[[claim]]\nquantity = \"z2\"\nvalue = [1, \"x\"]", "claim 2 (z2): \"x\""},
  };
  for (const auto& [toml, part] : rows) {
    try {
      parse_worksheet(toml, "s.toml");
      ADD_FAILURE() << toml;
    } catch (const DataError& error) {
      const std::string message = error.what();
      EXPECT_NE(message.find(part), std::string::npos) << toml << "\n" << message;
      EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    }
  }
}

}  // namespace
}  // namespace longhand
