// check through the real binary. How a gradient is checked is tested with explain.
#include <gtest/gtest.h>

#include "cli/command_line.h"

namespace longhand::testing {
namespace {

using Json = nlohmann::ordered_json;

class CheckCommand : public ::testing::Test {
 protected:
  CommandLine command;
  const std::string article = source_file("examples/article.toml");
};

TEST_F(CheckCommand, TheArticle) {
  const auto json = command.run_json("check " + article);
  EXPECT_EQ(json["schema"], "longhand.check/1");
  EXPECT_EQ(json["passed"], true);
  EXPECT_EQ(json["tolerance"], 1e-6);
  const std::vector<std::pair<std::string, Json>> expected{
      {"fc1.weight", {2, 2}}, {"fc1.bias", {2}}, {"fc2.weight", {1, 2}}, {"fc2.bias", {1}}, {"x", {1, 2}}};
  ASSERT_EQ(json["parameters"].size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto& entry = json["parameters"][i];
    EXPECT_EQ(entry["name"], expected[i].first);
    EXPECT_EQ(entry["shape"], expected[i].second);
    EXPECT_EQ(entry["verdict"], "right");
    EXPECT_EQ(entry["left_out"], 0);
    EXPECT_LT(entry["relative_error"], 1e-8);
  }
  EXPECT_EQ(json["parameters"][0]["entries"], 4);
  const auto text = command.run("check " + article);
  EXPECT_EQ(text.code, 0);
  EXPECT_NE(text.out.find("All 11 entries agree within 1e-06."), std::string::npos) << text.out;
}

TEST_F(CheckCommand, AnErrorAboveTheToleranceIsTheAnswerNo) {
  const auto text = command.run("check " + article + " --tolerance 0");
  EXPECT_EQ(text.code, 1);
  EXPECT_EQ(text.err, "");
  EXPECT_NE(text.out.find("wrong"), std::string::npos);
  const auto json = command.run("check " + article + " --tolerance 0 --json");
  EXPECT_EQ(json.code, 1);
  EXPECT_EQ(Json::parse(json.out)["passed"], false);
}

TEST_F(CheckCommand, AUnitAtItsKinkIsLeftOut) {
  const auto json = command.run_json("check " + article + " --input -1,-0.25 --label 1");  // z1 = [0, 0.25]
  const auto& bias = json["parameters"][1];
  EXPECT_EQ(bias["entries"], 1);
  EXPECT_EQ(bias["left_out"], 1);
  EXPECT_EQ(bias["kink"], true);
  EXPECT_EQ(json["passed"], true);
}

// The sigmoids of the one are flat, the sums of the other so large that little of a small change is left.
TEST_F(CheckCommand, WhatRoundingHidesIsNotCalledWrong) {
  int left_out = 0;
  for (const auto& [activation, input] : std::vector<std::pair<std::string, std::string>>{{"sigmoid", "[100, 2]"}, {"relu", "[1000, 2]"}}) {
    command.write("large.toml", "[network]\ninputs = 2\n[[layer]]\ntype = \"linear\"\nout = 3\n[[layer]]\ntype = \"" + activation +
                                    "\"\n[[layer]]\ntype = \"linear\"\nout = 3\n[loss]\ntype = \"cross_entropy\"\n[sample]\ninput = " + input + "\ntarget = [1]\n");
    for (int seed = 1; seed <= 12; ++seed) {
      const auto flags = "large.toml --seed " + std::to_string(seed);
      const auto json = command.run_json("check " + flags);
      EXPECT_EQ(json["passed"], true) << flags << json;
      for (const auto& parameter : json["parameters"]) left_out += parameter["left_out"].get<int>();
      const auto page = command.run("explain " + flags).out;
      EXPECT_EQ(page.find("not confirmed"), std::string::npos) << flags;
    }
  }
  EXPECT_GT(left_out, 0);
  const auto text = command.run("check large.toml --seed 1").out;
  EXPECT_EQ(text.find("wrong"), std::string::npos) << text;
}

TEST_F(CheckCommand, ATrainedModelOnItsOwnRowsAndOnOthers) {
  for (const auto& [table, flags] : std::vector<std::pair<std::string, std::string>>{
           {"iris", "--target species --activation gelu --hidden 8"}, {"breast_cancer", "--target diagnosis --hidden 8"},
           {"diabetes", "--target progression --hidden 8,6"}}) {
    command.copy(table + ".csv");
    const auto trained = command.run("train " + table + ".csv --epochs 3 --dropout 0.2 " + flags);
    ASSERT_EQ(trained.code, 0) << trained.err;
    const auto own = command.run_json("check model.safetensors --seed 3");
    EXPECT_EQ(own["passed"], true) << own;
    EXPECT_NE(own["sample"].get<std::string>().find("self-test, with targets drawn by the seed 3"), std::string::npos);
    EXPECT_GT(own["rows"], 1);
    const auto rows = command.run_json("check model.safetensors --data " + table + ".csv --rows 2:5 --entries 9");
    EXPECT_EQ(rows["rows"], 4);
    EXPECT_EQ(rows["passed"], true) << rows;
    for (const auto& entry : rows["parameters"]) EXPECT_LE(entry["entries"], 9);
    EXPECT_EQ(command.run("check model.safetensors --threads 1").out, command.run("check model.safetensors --threads 2").out);
  }
}

TEST_F(CheckCommand, BadInput) {
  command.write("bare.toml", "[network]\ninputs = 1\n[[layer]]\ntype = \"linear\"\nout = 1\n[loss]\ntype = \"mse\"\n");
  for (const auto& [flags, code] : std::vector<std::pair<std::string, int>>{
           {"bare.toml", 2}, {article + " --tolerance -1", 2}, {article + " --tolerance nan", 2}, {article + " --entries 0", 2},
           {article + " --input 1,2,3", 2}, {"nosuch.toml", 4}, {article + " --data nosuch.csv --target y", 3}}) {
    const auto finished = command.run("check " + flags);
    EXPECT_EQ(finished.code, code) << flags << "\n" << finished.err;
    EXPECT_EQ(finished.error_lines(), 1) << finished.err;
    EXPECT_EQ(finished.out, "");
  }
  EXPECT_NE(command.run("check " + article + " --entries 0").err.find("--entries must be a whole number from 1\n"), std::string::npos);
}

}  // namespace
}  // namespace longhand::testing
