// Tables as people have them: what is not read as it was meant is read right by a flag, or told.
#include <gtest/gtest.h>

#include "cli/command_line.h"

namespace longhand::testing {
namespace {

class MessyTable : public ::testing::Test {
 protected:
  // y is a + b, to be found in any notation.
  static std::string european(int rows) {
    std::string text = "a;b;y\n";
    for (int i = 0; i < rows; ++i) {
      text += std::to_string(i % 9) + "," + std::to_string(i * 7 % 10) + ";1." + std::to_string(100 + i) + ";" + (i % 9 > 4 ? "ja" : "nein") + "\n";
    }
    return text;
  }

  CommandLine command;
};

TEST_F(MessyTable, DecimalCommasAndThousandsAreReadByFlags) {
  command.write("eu.csv", european(60));
  const auto finished = command.run("train eu.csv --delimiter ';' --decimal , --thousands . --target y --epochs 30");
  ASSERT_EQ(finished.code, 0) << finished.err;
  const auto model = command.run_json("inspect model.safetensors");
  for (const auto& input : model["inputs"]) EXPECT_EQ(input["kind"], "number") << input.dump();
  command.write("new.csv", "a;b\n8,5;1.100\n");
  EXPECT_EQ(command.run("predict model.safetensors new.csv --delimiter ';' --decimal , --thousands .").code, 0);
  const auto without = command.run("predict model.safetensors new.csv --delimiter ';'");
  EXPECT_EQ(without.code, 3);
  EXPECT_NE(without.err.find("'8,5' is not a number; --decimal and --thousands say"), std::string::npos) << without.err;
  EXPECT_EQ(command.run("train eu.csv --delimiter ';' --decimal , --thousands , --target y").code, 2);
  EXPECT_EQ(command.run("train eu.csv --delimiter ';' --decimal ,, --target y").code, 2);
}

TEST_F(MessyTable, RowsWithoutATargetCanBeSkipped) {
  std::string text = "a,y\n";
  for (int i = 0; i < 60; ++i) text += std::to_string(i * 7 % 13) + (i % 9 == 3 ? "," : i * 7 % 13 > 6 ? ",yes" : ",no") + "\n";
  command.write("gaps.csv", text);
  const auto refused = command.run("train gaps.csv --target y");
  EXPECT_EQ(refused.code, 3);
  EXPECT_NE(refused.err.find("--skip-missing-target"), std::string::npos) << refused.err;
  const auto json = command.run_json("train gaps.csv --target y --skip-missing-target");
  EXPECT_EQ(json["rows"], 53);
  EXPECT_EQ(json["warnings"][0], "gaps.csv: left out 7 rows without a value of 'y'");
  const auto evaluated = command.run_json("evaluate model.safetensors gaps.csv --skip-missing-target");
  EXPECT_EQ(evaluated["rows"], 53);
  EXPECT_EQ(evaluated["warnings"][0], "gaps.csv: left out 7 rows without a value of 'y'");
}

TEST_F(MessyTable, PredictTellsOfValuesFarOutside) {
  std::string text = "a,b,y\n";
  for (int i = 0; i < 60; ++i) text += std::to_string(i % 13) + "," + std::to_string(i * 5 % 7) + "," + std::to_string(i % 13 * 2.5) + "\n";
  command.write("t.csv", text);
  ASSERT_EQ(command.run("train t.csv --target y --epochs 5").code, 0);
  command.write("new.csv", "a,b\n1,2\n500,2\n24,2\n-400,1\n");
  const auto json = command.run_json("predict model.safetensors new.csv");
  ASSERT_EQ(json["warnings"].size(), 1U) << json.dump();
  EXPECT_EQ(json["warnings"][0], "column 'a': 2 cells are far outside what was learned from, 0 to 12, first new.csv: row 2 (line 3), '500'");
}

TEST_F(MessyTable, PredictSaysWhatAMissingColumnIsFor) {
  command.write("t.csv", "a,b,y\n1,2,no\n2,1,yes\n3,5,no\n4,4,yes\n5,1,no\n6,7,yes\n");
  ASSERT_EQ(command.run("train t.csv --target y --epochs 2").code, 0);
  command.write("new.csv", "a\n1\n");
  EXPECT_NE(command.run("predict model.safetensors new.csv").err.find("no column 'b', which the model reads, among 'a'; add it, with empty cells"), std::string::npos);
}

TEST_F(MessyTable, AModelIsInspectedWhateverItsName) {
  command.write("t.csv", "a,b,y\n1,2,no\n2,1,yes\n3,5,no\n4,4,yes\n5,1,no\n6,7,yes\n");
  ASSERT_EQ(command.run("train t.csv --target y --epochs 2 -o model.st --checkpoint run.ck").code, 0);
  for (const char* name : {"model.st", "run.ck"}) EXPECT_EQ(command.run_json(std::string("inspect ") + name)["kind"], "model") << name;
}

TEST_F(MessyTable, InspectSaysWhyAColumnIsNoTarget) {
  command.write("t.csv", "a,b\n1.5,x\n,y\n2.5,x\n");
  EXPECT_EQ(command.run_json("inspect t.csv")["columns"][0]["as_target"], "none: some cells have no value");
}

TEST_F(MessyTable, ANameWithACommaStandsInQuotes) {
  command.write("t.csv", "\"a,b\",c,d\n1,2,3\n");
  EXPECT_EQ(command.run_json("inspect t.csv --drop '\"a,b\",d'")["columns"].size(), 1U);
  EXPECT_EQ(command.run("inspect t.csv --drop '\"a,b'").code, 2);
  EXPECT_EQ(command.run("inspect t.csv --drop '\"a\"b'").code, 2);
}

TEST_F(MessyTable, AQuotedHeaderTellsTheDelimiterToo) {
  command.write("wine.csv", "\"fixed acidity\";\"quality\"\n7.4;5\n");
  const auto finished = command.run("train wine.csv --target quality");
  EXPECT_EQ(finished.code, 3);
  EXPECT_NE(finished.err.find("line 1: 'fixed acidity' in quotes ends before ';', where the delimiter is ','; the file looks separated by ';'"), std::string::npos) << finished.err;
}

// In single precision 1e12 + 500 is a multiple of 65,536.
TEST_F(MessyTable, ATargetFarFromZeroKeepsItsDigits) {
  std::string text = "a,y\n";
  for (int i = 0; i < 250; ++i) text += std::to_string(i % 25) + ",1000000000" + std::to_string(100 + i % 25 * 32) + "\n";
  command.write("far.csv", text);
  const auto json = command.run_json("train far.csv --target y --epochs 150");
  EXPECT_GT(json["metrics"]["validation"]["r2"].get<double>(), 0.9);
  command.write("new.csv", "a\n0\n24\n");
  const auto lines = command.run("predict model.safetensors new.csv").out;
  const auto first = lines.find('\n') + 1, second = lines.find('\n', first) + 1;
  EXPECT_NEAR(std::stod(lines.substr(first)), 1000000000100, 150);
  EXPECT_NEAR(std::stod(lines.substr(second)), 1000000000868, 150);
}

}  // namespace
}  // namespace longhand::testing
