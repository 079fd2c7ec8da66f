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
  const auto without = command.run("predict model.safetensors new.csv --delimiter ';' --decimal .");
  EXPECT_EQ(without.code, 3);
  EXPECT_NE(without.err.find("'8,5' is not a number; --decimal and --thousands say"), std::string::npos) << without.err;
  EXPECT_EQ(command.run("train eu.csv --delimiter ';' --decimal , --thousands , --target y").code, 2);
  EXPECT_EQ(command.run("train eu.csv --delimiter ';' --decimal ,, --target y").code, 2);
}

TEST_F(MessyTable, AModelReadsOtherTablesAsItsOwn) {
  command.write("eu.csv", european(60));
  const std::string flags = " --delimiter ';' --decimal , --thousands .";
  ASSERT_EQ(command.run("train eu.csv --target y --epochs 30" + flags).code, 0);
  const auto with = command.run("predict model.safetensors eu.csv" + flags), without = command.run("predict model.safetensors eu.csv --delimiter ';'");
  EXPECT_EQ(without.out, with.out);
  command.write("usual.csv", "a;b\n8.5;1100\n");
  command.write("comma.csv", "a;b\n8,5;1.100\n");
  EXPECT_EQ(command.run("predict model.safetensors usual.csv --delimiter ';' --decimal .").out, command.run("predict model.safetensors comma.csv --delimiter ';'").out);
}

// Each is a table of 60 rows with this target, and what is said of it.
TEST_F(MessyTable, TargetsThatAreNoClassesAreRefused) {
  const std::pair<std::string (*)(int), const char*> cases[] = {
      {[](int i) { return std::to_string(i * 7 % 59) + ".5%"; }, "row 1 (line 2), column 'y': '0.5%' is a number with a sign"},
      {[](int i) { return std::to_string(i * 7 % 59) + " kg"; }, "row 1 (line 2), column 'y': '0 kg' is a number with its unit"},
      {[](int i) { return "2024-03-" + std::to_string(10 + i % 20); }, "column 'y': dates cannot be predicted"},
      {[](int i) { return "note " + std::to_string(i); }, "column 'y': nearly every row has a text of its own"}};
  for (const auto& [cell, message] : cases) {
    std::string text = "a,y\n";
    for (int i = 0; i < 60; ++i) text += std::to_string(i * 5 % 13) + "," + cell(i) + "\n";
    command.write("t.csv", text);
    const auto finished = command.run("train t.csv --target y --epochs 2");
    EXPECT_EQ(finished.code, 3) << message;
    EXPECT_NE(finished.err.find(message), std::string::npos) << finished.err;
    EXPECT_NE(finished.err.find("--task multiclass"), std::string::npos) << finished.err;
    EXPECT_EQ(command.run("train t.csv --target y --epochs 2 --task multiclass").code, 0) << message;
  }
}

TEST_F(MessyTable, SpacesThatCannotBeSeenAreNoPartOfALabel) {
  std::string text = "a,y\n";
  for (int i = 0; i < 60; ++i) text += std::to_string(i * 5 % 13) + "," + (i % 4 == 0 ? "yes" : i % 4 == 1 ? "yes\xC2\xA0" : i % 4 == 2 ? "\xE2\x80\x8Bno" : "no") + "\n";
  command.write("t.csv", text);
  EXPECT_EQ(command.run_json("train t.csv --target y --epochs 2")["task"], "binary");
}

TEST_F(MessyTable, ATargetFarFromAllOthersAndRareClassesAreToldOf) {
  std::string numbers = "a,y\n", classes = "a,y\n";
  for (int i = 0; i < 60; ++i) {
    numbers += std::to_string(i * 5 % 13) + "," + (i % 20 == 7 ? "-99" : std::to_string(50 + i * 7 % 11) + ".5") + "\n";
    classes += std::to_string(i * 5 % 13) + "," + (i == 7 ? "yse" : i == 9 ? "on" : i % 3 == 0 ? "yes" : "no") + "\n";
  }
  command.write("t.csv", numbers);
  EXPECT_EQ(command.run_json("train t.csv --target y --epochs 2")["warnings"][0],
            "t.csv: row 8 (line 9), column 'y': -99, in 3 rows, is far from all other values of the target; rows in which it stands for no value are to be left out");
  command.write("t.csv", classes);
  const auto json = command.run_json("train t.csv --target y --epochs 2");
  EXPECT_NE(json["warnings"].dump().find("column 'y': 2 of 4 classes have fewer than 3 rows, so that they can hardly be learned: 'on', 'yse'"), std::string::npos)
      << json["warnings"].dump();
}

TEST_F(MessyTable, NumbersThatStandForNoValueComeOnTopOfTheUsualWords) {
  std::string text = "a,y\n";
  for (int i = 0; i < 60; ++i) text += (i % 10 == 3 ? "NA" : i % 10 == 5 ? "999" : std::to_string(i * 5 % 13)) + (i % 2 == 0 ? ",yes\n" : ",no\n");
  command.write("t.csv", text);
  EXPECT_EQ(command.run_json("inspect t.csv --missing 999")["columns"][0]["missing"], 12);
  EXPECT_EQ(command.run_json("inspect t.csv --missing NA,999")["columns"][0]["missing"], 12);
  EXPECT_EQ(command.run_json("inspect t.csv --missing unknown,999")["columns"][0]["missing"], 6);  // words take their place
}

TEST_F(MessyTable, InspectTellsWhatTrainWouldTell) {
  std::string text = "place,size,sold,y\n";
  for (int i = 0; i < 60; ++i) {
    text += std::string(i % 3 == 0 ? "NY" : i % 3 == 1 ? "ny" : "LA") + "," + (i == 7 ? "99999" : std::to_string(i % 10) + ".5") + ",2024-01-" + std::to_string(10 + i % 20) + (i % 2 == 0 ? ",yes\n" : ",no\n");
  }
  command.write("t.csv", text + "Total,1.5,2024-01-10,no\n");
  const auto json = command.run_json("inspect t.csv");
  const auto warnings = json["warnings"].dump();
  for (const char* part : {"'Total' looks like a row of totals", "'NY' and 'ny' differ in capitals", "column 'size': 99999 is "}) EXPECT_NE(warnings.find(part), std::string::npos) << part << warnings;
  EXPECT_EQ(json["warnings"].size(), 3U) << warnings;
  const auto finished = command.run("inspect t.csv");
  EXPECT_NE(finished.out.find("May be meant otherwise:"), std::string::npos) << finished.out;
  EXPECT_NE(finished.out.find("row of totals"), std::string::npos) << finished.out;
}

TEST_F(MessyTable, AHeaderThatIsNotUtf8IsRefused) {
  command.write("t.csv", "a,K\xFCndigt\n1,yes\n2,no\n");
  for (const char* line : {"inspect t.csv", "train t.csv --target a"}) {
    const auto finished = command.run(line);
    EXPECT_EQ(finished.code, 3) << line;
    EXPECT_EQ(finished.err, "longhand: error: t.csv: line 1: the name of column 2, 'K\\xfcndigt', is not UTF-8; save the table as UTF-8\n");
  }
}

// Four different rows, all of which the held-out ones must repeat.
TEST_F(MessyTable, RowsThatMustRepeatAreNoFault) {
  std::string few = "a,b,y\n", many = few;
  for (int i = 0; i < 200; ++i) {
    const auto y = i * 7 % 10 < 5 ? ",yes\n" : ",no\n";
    few += std::to_string(i % 2) + "," + std::to_string(i / 2 % 2) + y;
    many += std::to_string(i % 25 * 4) + "," + std::to_string(i % 25 * 9) + ".5" + y;
  }
  command.write("few.csv", few);
  command.write("many.csv", many);
  EXPECT_EQ(command.run_json("train few.csv --target y --epochs 2")["warnings"].dump().find("repeat"), std::string::npos);
  EXPECT_NE(command.run_json("train many.csv --target y --epochs 2")["warnings"].dump().find("of the held-out rows repeat a row that was learned from"), std::string::npos);
}

TEST_F(MessyTable, CategoriesThatAreNotKnownAreToldOfWhereTheyAreNew) {
  std::string text = "a,y\n", words = "a,y\n", gap = "a,y\nk1,\n";
  for (int i = 0; i < 80; ++i) {
    text += (i < 20 ? "once" + std::to_string(i) : "k" + std::to_string(i % 5)) + (i % 2 == 0 ? ",yes\n" : ",no\n");
    words += "new" + std::to_string(i % 3) + (i % 2 == 0 ? ",yes\n" : ",no\n");
  }
  command.write("t.csv", text);
  command.write("new.csv", words);
  command.write("gap.csv", gap);
  ASSERT_EQ(command.run("train t.csv --target y --epochs 2").code, 0);
  EXPECT_EQ(command.run_json("evaluate model.safetensors t.csv")["warnings"].dump().find("none of the categories"), std::string::npos);
  EXPECT_NE(command.run("evaluate model.safetensors new.csv").err.find("column 'a': all 80 cells are none of the categories learned from"), std::string::npos);
  EXPECT_NE(command.run("predict model.safetensors new.csv").err.find("column 'a': all 80 cells are none of"), std::string::npos);
  const auto refused = command.run("evaluate model.safetensors gap.csv");
  EXPECT_EQ(refused.code, 3);
  EXPECT_NE(refused.err.find("row 1 (line 2), column 'y': the cell is empty, where a target is needed; --skip-missing-target"), std::string::npos) << refused.err;
}

// Which rows have a value, and on which side of a gap a number is, tell the class: in few rows too.
TEST_F(MessyTable, AColumnThatGivesTheTargetAwayIsToldOf) {
  for (const bool is_filled : {true, false}) {
    std::string text = "a,late,y\n";
    for (int i = 0; i < 120; ++i) {
      const bool is_yes = i * 7 % 10 < 3;
      const auto late = std::to_string(i * 37 % 101 + (is_filled || is_yes ? 0 : 150));
      text += std::to_string(i * 5 % 13) + "," + (is_filled && !is_yes ? "" : late) + (is_yes ? ",yes\n" : ",no\n");
    }
    command.write("t.csv", text);
    EXPECT_NE(command.run_json("train t.csv --target y --epochs 2")["warnings"].dump().find("column 'late' all but gives 'y' away"), std::string::npos) << is_filled;
  }
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

TEST_F(MessyTable, ATableWithoutAnyTargetIsRefusedByItsName) {
  command.write("t.csv", "a,y\n1,no\n2,yes\n3,no\n4,yes\n5,no\n");
  command.write("gaps.csv", "a,y\n1,\n2,\n");
  ASSERT_EQ(command.run("train t.csv --target y --epochs 2").code, 0);
  for (const char* line : {"train gaps.csv --target y -o new.st", "train t.csv --target y --validation gaps.csv -o new.st", "evaluate model.safetensors gaps.csv",
                           "evaluate model.safetensors gaps.csv --stream"}) {
    const auto finished = command.run(std::string(line) + " --skip-missing-target");
    EXPECT_EQ(finished.code, 3) << line;
    EXPECT_EQ(finished.err, "longhand: error: gaps.csv: no row has a value of 'y'\n") << line;
  }
  EXPECT_FALSE(command.has("new.st"));
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
