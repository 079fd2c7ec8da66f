// A table with categories, dates and missing cells, from inspect to explain.
#include <gtest/gtest.h>

#include <cmath>

#include "cli/command_line.h"

namespace longhand::testing {
namespace {

const std::string kTitanic = source_file("examples/data/titanic.csv");

class MixedTable : public ::testing::Test {
 protected:
  void train_titanic() {
    const auto finished = command.run("train " + kTitanic + " --target survived --drop alive --epochs 5 --validation 0");
    ASSERT_EQ(finished.code, 0) << finished.err;
    ASSERT_EQ(finished.err, "");
  }

  static const nlohmann::ordered_json& named(const nlohmann::ordered_json& list, const std::string& name) {
    for (const auto& entry : list) {
      if (entry["name"] == name) return entry;
    }
    throw std::runtime_error("no " + name);
  }

  CommandLine command;
};

TEST_F(MixedTable, InspectSaysWhatColumnsAreTakenFor) {
  const auto json = command.run_json("inspect " + kTitanic);
  const auto is = [&](const char* name, const char* kind, int missing, int distinct) {
    const auto& column = named(json["columns"], name);
    EXPECT_EQ(column["kind"], kind) << name;
    EXPECT_EQ(column["missing"], missing) << name;
    EXPECT_EQ(column["distinct"], distinct) << name;
    EXPECT_NE(column["why"], "") << name;
    EXPECT_EQ(column["problem"], nullptr) << name;
  };
  is("pclass", "number", 0, 3);
  is("sex", "category", 0, 2);
  is("age", "number", 177, 88);
  is("fare", "number", 0, 248);
  is("embarked", "category", 2, 3);
  is("deck", "category", 688, 7);
  is("adult_male", "boolean", 0, 2);
  EXPECT_NEAR(named(json["columns"], "age")["mean"].get<double>(), 29.69911764705882, 1e-12);
  const auto as_said = command.run_json("inspect " + kTitanic + " --categorical pclass,sibsp --missing C");
  EXPECT_EQ(named(as_said["columns"], "pclass")["kind"], "category");
  EXPECT_EQ(named(as_said["columns"], "embarked")["missing"], 170);  // C, and the empty ones
  const auto text = command.run("inspect " + kTitanic).out;
  EXPECT_NE(text.find("age          number        177"), std::string::npos) << text;
}

TEST_F(MixedTable, InspectShowsWhatCannotBeLearnedFrom) {
  command.write("bad.csv", "a,b\n1,x\n2,y\nabc,x\n4,y\n");
  const auto json = command.run_json("inspect bad.csv");
  EXPECT_EQ(json["columns"][0]["problem"], "bad.csv: row 3 (line 4), column 'a': 'abc' is not a number; --missing takes such words for cells without a value, --categorical the column for texts");
  EXPECT_NE(command.run("inspect bad.csv").out.find("Cannot be learned from"), std::string::npos);
}

TEST_F(MixedTable, SettingsMaySayWhatColumnsAre) {
  command.write("config.toml", "categorical = [\"pclass\"]\ndrop = [\"alive\", \"deck\"]\nmissing = [\"?\"]\n");
  ASSERT_EQ(command.run("train " + kTitanic + " --target survived --epochs 2 --config config.toml").code, 0);
  const auto json = command.run_json("inspect model.safetensors");
  EXPECT_EQ(named(json["inputs"], "pclass")["categories"], (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(json["inputs"].size(), 12);
}

TEST_F(MixedTable, PredictionsDependOnNeitherOrderNorCompany) {
  train_titanic();
  const auto all = command.run("predict model.safetensors " + kTitanic).out;
  // Row 6 of the table with its columns in another order, and its age left out as it is there.
  command.write("row6.csv", "alone,age,embark_town,deck,adult_male,who,class,embarked,fare,parch,sibsp,sex,pclass\n"
                            "True,,Queenstown,,True,man,Third,Q,8.4583,0,0,male,3\n");
  const auto one = command.run("predict model.safetensors row6.csv");
  EXPECT_EQ(one.code, 0);
  EXPECT_EQ(one.err, "");
  std::size_t line = 0, begin = 0;
  while (line < 6) begin = all.find('\n', begin) + 1, ++line;
  EXPECT_EQ(one.out, all.substr(0, all.find('\n') + 1) + all.substr(begin, all.find('\n', begin) + 1 - begin));
}

TEST_F(MixedTable, UnknownAndMissingCellsAreTold) {
  train_titanic();
  command.write("new.csv", "pclass,sex,age,sibsp,parch,fare,embarked,class,who,adult_male,deck,embark_town,alone\n"
                           "3,male,22,1,0,7.25,S,Third,man,True,,Southampton,False\n"
                           "1,other,38,1,0,,C,First,woman,False,Z,Cherbourg,\n"
                           "1,x,38,1,0,5,C,First,woman,False,C,Cherbourg,True\n");
  const auto finished = command.run("predict model.safetensors new.csv");
  EXPECT_EQ(finished.code, 0);
  EXPECT_EQ(finished.err,
            "longhand: warning: column 'sex': 2 cells are none of the categories learned from, first new.csv: row 2 (line 3), 'other'\n"
            "longhand: warning: column 'fare': 1 cell is missing, where none was in the rows learned from: new.csv: row 2 (line 3)\n"
            "longhand: warning: column 'deck': 1 cell is none of the categories learned from: new.csv: row 2 (line 3), 'Z'\n"
            "longhand: warning: column 'alone': 1 cell is missing, where none was in the rows learned from: new.csv: row 2 (line 3)\n");
  EXPECT_EQ(std::count(finished.out.begin(), finished.out.end(), '\n'), 4);
  command.write("bad.csv", "pclass,sex,age,sibsp,parch,fare,embarked,class,who,adult_male,deck,embark_town,alone\n"
                           "3,male,old,1,0,7.25,S,Third,man,True,,Southampton,False\n");
  const auto refused = command.run("predict model.safetensors bad.csv");
  EXPECT_EQ(refused.code, 3);
  EXPECT_EQ(refused.err, "longhand: error: bad.csv: row 1 (line 2), column 'age': 'old' is not a number; a cell without a value is to be empty\n");
  command.write("short.csv", "pclass,sex\n3,male\n");
  EXPECT_EQ(command.run("predict model.safetensors short.csv").code, 3);
}

TEST_F(MixedTable, EvaluatesAndChecks) {
  train_titanic();
  EXPECT_GT(command.run_json("evaluate model.safetensors " + kTitanic)["metrics"]["accuracy"], 0.7);
  EXPECT_TRUE(command.run_json("check model.safetensors --entries 20")["passed"]);
}

TEST_F(MixedTable, AColumnThatGivesTheTargetAwayIsWarnedOf) {
  const auto told = [&](const std::string& flags) {
    std::string text;
    const auto json = command.run_json("train " + kTitanic + " --target survived --epochs 2 " + flags);
    for (const auto& warning : json["warnings"]) text += warning.get<std::string>() + "\n";
    return text;
  };
  EXPECT_NE(told("").find("column 'alive' all but gives 'survived' away"), std::string::npos) << told("");
  EXPECT_EQ(told("--drop alive").find("away"), std::string::npos);
  EXPECT_NE(command.run("train " + kTitanic + " --target survived --epochs 2").err.find("--drop alive"), std::string::npos);
}

TEST_F(MixedTable, ExplainsARawRow) {
  train_titanic();
  const std::string from_data = "explain model.safetensors --data " + kTitanic + " --row 6";
  const auto json = command.run_json(from_data);
  const auto given = command.run_json("explain model.safetensors --input '3,male,,0,0,8.4583,Q,Third,man,True,,Queenstown,True' --label 0");
  EXPECT_EQ(json["steps"], given["steps"]);
  const auto& raw = step(json, "raw")["value"];
  EXPECT_EQ(raw[0], 3);
  EXPECT_EQ(raw[1], 1);        // male
  EXPECT_EQ(raw[2], nullptr);  // missing
  EXPECT_EQ(raw[6], 1);        // Q
  const auto& x = step(json, "x")["value"];
  ASSERT_EQ(x.size(), 31);
  EXPECT_EQ(x[1], 1);
  EXPECT_NEAR(x[2].get<double>(), (28 - 29.69911764705882) / 14.51632115081731, 1e-12);
  EXPECT_EQ(x[3], 1);  // the age is missing
  EXPECT_EQ(json["columns"][2]["cell"], "missing");
  EXPECT_EQ(json["columns"][2]["rule"], "the median, 28, in its place: (28 - 29.699) / 14.52; then 1 where it is missing, else 0");
  const auto page = command.run(from_data).out;
  for (const char* part : {"age          missing", "sex          male", "x[2] = 1", "1 for male, -1 for female, 0 for others"}) {
    EXPECT_NE(page.find(part), std::string::npos) << part << "\n" << page.substr(0, 6000);
  }
  EXPECT_EQ(page.find("slice"), std::string::npos);
  for (const char* format : {"markdown", "latex", "html"}) {
    const auto written = command.run(from_data + " --format " + format);
    EXPECT_EQ(written.code, 0) << format;
    EXPECT_NE(written.out.find("Queenstown"), std::string::npos) << format;
  }
  const auto refused = command.run("explain model.safetensors --input '3,male' --label 0");
  EXPECT_EQ(refused.code, 2);
  EXPECT_EQ(refused.err, "longhand: error: --input: 2 cells, the model reads 13 columns\n");
}

TEST_F(MixedTable, FocusLeadsToTheCell) {
  train_titanic();
  const auto focused = command.run("explain model.safetensors --data " + kTitanic + " --row 6 --focus fc1[3,31]");
  EXPECT_EQ(focused.code, 0) << focused.err;
  EXPECT_NE(focused.out.find("the cell of alone"), std::string::npos) << focused.out.substr(0, 5000);
  EXPECT_NE(focused.out.find("from the cell of alone"), std::string::npos) << focused.out.substr(0, 5000);
}

TEST_F(MixedTable, WorksheetsBeginAtWhatTheNetworkIsGiven) {
  command.write("small.csv", "n,c,y\n1,a,no\n2,b,yes\n,c,no\n4,a,yes\n5,b,no\n6.5,c,yes\n");
  ASSERT_EQ(command.run("train small.csv --target y --hidden 2 --epochs 3 --validation 0 -o s.safetensors").code, 0);
  const auto finished = command.run("worksheet s.safetensors --data small.csv --row 3 -o sheet");
  EXPECT_EQ(finished.code, 0) << finished.err;
}

}  // namespace
}  // namespace longhand::testing
