// explain and inspect through the real binary. What explain's steps are is tested with its room.
#include <gtest/gtest.h>

#include <cmath>
#include <iterator>

#include "cli/command_line.h"

namespace longhand::testing {
namespace {

using Json = nlohmann::ordered_json;

class ExplainCommand : public ::testing::Test {
 protected:
  CommandLine command;
  const std::string article = source_file("examples/article.toml");
};

TEST_F(ExplainCommand, TheArticle) {
  const auto json = command.run_json("explain " + article);
  EXPECT_EQ(json["schema"], "longhand.explain/1");
  EXPECT_NEAR(step(json, "z2")["value"], 2.73, 1e-12);
  EXPECT_NEAR(step(json, "y_hat")["value"], 0.9387738, 1e-7);
  EXPECT_NEAR(step(json, "dL/dW1")["value"][1][1], -0.1102071, 1e-7);
  EXPECT_NEAR(step(json, "L_new")["value"], 0.0581998, 1e-7);
  const auto same = command.run("explain " + article + " --format json");
  EXPECT_EQ(Json::parse(same.out), json);
  const auto text = command.run("explain " + article);
  EXPECT_NE(text.out.find("0.9388"), std::string::npos);
  const auto digits = command.run("explain " + article + " --digits 7");
  EXPECT_NE(digits.out.find("0.9387738"), std::string::npos);
}

TEST_F(ExplainCommand, AnotherSampleRateAndFile) {
  const auto json = command.run_json("explain " + article + " --input 0,-1 --label 0 --learning-rate 0");
  EXPECT_NEAR(step(json, "z1")["value"][0], -0.1, 1e-12);
  EXPECT_EQ(step(json, "L_new")["value"], step(json, "L")["value"]);
  ASSERT_EQ(command.run("explain " + article + " -o steps.txt").code, 0);
  EXPECT_EQ(command.read("steps.txt"), command.run("explain " + article).out);
}

TEST_F(ExplainCommand, EachFormat) {
  const std::pair<const char*, const char*> begins[] = {{"text", "article: "}, {"markdown", "# article: "},
                                                        {"latex", "\\documentclass"}, {"html", "<!DOCTYPE html>\n"}};
  for (const auto& [format, begin] : begins) {
    const auto finished = command.run("explain " + article + " --format " + format);
    EXPECT_EQ(finished.code, 0) << finished.err;
    EXPECT_TRUE(finished.out.starts_with(begin)) << finished.out.substr(0, 80);
  }
  const auto plain = command.run("explain " + article + " --ascii").out;
  EXPECT_NE(plain.find("dL/dW2 = dL/dz2 a1^T"), std::string::npos);
  for (const char c : plain) ASSERT_GE(c, 0);
  EXPECT_EQ(command.run("explain " + article + " --format pdf").code, 2);
}

TEST_F(ExplainCommand, MarkdownInAFileHasItsDrawingBesideIt) {
  ASSERT_EQ(command.run("explain " + article + " --format markdown -o page.md").code, 0);
  EXPECT_NE(command.read("page.md").find("](<page.svg>)"), std::string::npos);
  EXPECT_TRUE(command.read("page.svg").starts_with("<svg "));
  EXPECT_EQ(command.run("explain " + article + " --format markdown").out.find(".svg"), std::string::npos);
}

TEST_F(ExplainCommand, RowsOfATable) {
  command.write("rows.csv", "p,q,y\n5,5,0\n1,2,1\n0,1,0\n");
  const auto one = command.run_json("explain " + article + " --data rows.csv --target y --row 2");
  EXPECT_NEAR(step(one, "y_hat")["value"], 0.9387738, 1e-7);
  const auto batch = command.run_json("explain " + article + " --data rows.csv --target y --rows 2:3");
  ASSERT_EQ(step(batch, "z1")["value"].size(), 2);
  EXPECT_NEAR(step(batch, "y_hat")["value"][0], 0.9387738, 1e-7);
  EXPECT_EQ(step(batch, "L_rows")["value"].size(), 2);
}

TEST_F(ExplainCommand, ATrainedModelBeginsAtRawColumns) {
  command.copy("iris.csv");
  ASSERT_EQ(command.run("train iris.csv --target species --hidden 4 --epochs 10 --dtype f64").code, 0);
  const auto json = command.run_json("explain model.safetensors --data iris.csv --row 1");
  EXPECT_EQ(json["steps"][0]["id"], "raw");
  EXPECT_EQ(json["steps"][0]["value"], Json({5.1, 3.5, 1.4, 0.2}));
  EXPECT_EQ(step(json, "x")["pass"], "input");
  const auto same = command.run_json("explain model.safetensors --input 5.1,3.5,1.4,0.2 --label setosa");
  EXPECT_EQ(same["steps"], json["steps"]);
  const auto predicted = command.run_json("predict model.safetensors iris.csv")["predictions"][0];
  EXPECT_NEAR(step(json, "y_hat")["value"][0], predicted["p_setosa"], 1e-12);
  EXPECT_EQ(command.run("explain model.safetensors").code, 2);  // which row?
}

TEST_F(ExplainCommand, AScaledTargetEndsInItsUnits) {
  command.copy("diabetes.csv");
  ASSERT_EQ(command.run("train diabetes.csv --target progression --hidden 3 --epochs 5 --dtype f64").code, 0);
  const auto json = command.run_json("explain model.safetensors --data diabetes.csv --row 7");
  const auto predicted = command.run_json("predict model.safetensors diabetes.csv")["predictions"][6];
  EXPECT_NEAR(step(json, "prediction")["value"], predicted["prediction"], 1e-9);
}

TEST_F(ExplainCommand, ADescriptionOfAnotherNameIsToldWhatWasExpected) {
  command.write("article.txt", read_file(article));
  const auto finished = command.run("explain article.txt");
  EXPECT_EQ(finished.code, 4);
  EXPECT_EQ(finished.error_lines(), 1);
  EXPECT_NE(finished.err.find("the name of a description ends in .toml"), std::string::npos) << finished.err;
}

TEST_F(ExplainCommand, AFocusEndsWithItsParameters) {
  const auto text = command.run("explain " + article + " --focus 'fc1[2]'").out;
  const auto at = text.find("\nIts parameters\n");
  ASSERT_NE(at, std::string::npos) << text;
  std::istringstream rows(text.substr(at));
  std::vector<std::string> words{std::istream_iterator<std::string>(rows), {}};
  const std::vector<std::string> weight{"W₁[2,1]", "0.1", "-0.0551", "0.1055", "W₁[2,2]", "0.6", "-0.1102", "0.611", "b₁[2]", "0.5"};
  EXPECT_NE(std::ranges::search(words, weight).begin(), words.end()) << text.substr(at);
}

TEST_F(ExplainCommand, WhatAFlagLeavesOutIsTheDescriptionsOwn) {
  const auto whole = command.run_json("explain " + article + " --input 3,4 --label 1");
  EXPECT_EQ(command.run_json("explain " + article + " --input 3,4")["steps"], whole["steps"]);
  EXPECT_EQ(command.run_json("explain " + article + " --label 0")["steps"], command.run_json("explain " + article + " --input 1,2 --label 0")["steps"]);
}

TEST_F(ExplainCommand, ADrawingOfABatchSaysWhoseValuesItHas) {
  command.write("rows.csv", "p,q,y\n5,5,0\n1,2,1\n0,1,0\n");
  for (const char* format : {"text", "markdown"}) {
    const auto flags = " --data rows.csv --target y --format " + std::string(format);
    EXPECT_NE(command.run("explain " + article + flags + " --rows 2:3").out.find("The network, with the values of row 1"), std::string::npos);
    EXPECT_EQ(command.run("explain " + article + flags + " --row 2").out.find("of row 1"), std::string::npos);
  }
}

TEST_F(ExplainCommand, ALossThatItsFormulaCannotGiveIsNotSaidToAgree) {
  command.write("net.toml", "[network]\ninputs = 1\n[[layer]]\ntype = \"linear\"\nout = 1\nweight = [[40]]\nbias = [0]\n[[layer]]\ntype = \"sigmoid\"\n"
                            "[loss]\ntype = \"bce\"\n[sample]\ninput = [1]\ntarget = [0]\n");
  const auto text = command.run("explain net.toml").out;
  EXPECT_NE(text.find("The long way has no value here."), std::string::npos) << text;
  EXPECT_EQ(text.find("agree in every digit"), std::string::npos) << text;
  EXPECT_EQ(text.find("∞ × 0"), std::string::npos) << text;
  EXPECT_NE(command.run("explain " + article).out.find("agree in every digit"), std::string::npos);
}

TEST_F(ExplainCommand, TellsOfACategoryThatTheModelHasNotLearned) {
  command.write("pets.csv", "kind,weight,old\ncat,4,1\ndog,9,0\ncat,5,1\ndog,8,0\ncat,4.5,0\ndog,7,1\n");
  ASSERT_EQ(command.run("train pets.csv --target old --epochs 2 --hidden 3 --validation 0").code, 0);
  for (const char* sample : {"--input bird,3 --label 1", "--data birds.csv --row 1"}) {
    command.write("birds.csv", "kind,weight,old\nbird,3,1\n");
    const auto finished = command.run("explain model.safetensors " + std::string(sample));
    EXPECT_EQ(finished.code, 0) << finished.err;
    EXPECT_NE(finished.err.find("column 'kind': 1 cell is none of the categories learned from: "), std::string::npos) << finished.err;
    EXPECT_NE(finished.err.find("'bird'"), std::string::npos) << finished.err;
  }
  const auto other = command.run("explain model.safetensors --data birds.csv --row 1 --target weight");
  EXPECT_EQ(other.code, 2);
  EXPECT_NE(other.err.find("--target: the model predicts 'old', not 'weight'"), std::string::npos) << other.err;
}

TEST_F(ExplainCommand, NamesWhatCouldHaveBeenMeant) {
  const auto network = [](const char* layer, const char* loss) {
    return std::string("[network]\ninputs = 1\n[[layer]]\ntype = \"linear\"\nout = 1\n[[layer]]\ntype = \"") + layer + "\"\n[loss]\ntype = \"" + loss + "\"\n";
  };
  const std::pair<std::string, const char*> rows[] = {{network("softsign", "mse"), "unknown layer type 'softsign' (linear, "},
                                                      {network("relu", "hinge"), "unknown type 'hinge' (bce, "},
                                                      {read_file(source_file("examples/article_claims.toml")), "figures to grade, not a network: longhand grade reads it"}};
  for (const auto& [text, part] : rows) {
    command.write("net.toml", text);
    const auto finished = command.run("explain net.toml");
    EXPECT_EQ(finished.code, 4);
    EXPECT_EQ(finished.error_lines(), 1) << finished.err;
    EXPECT_NE(finished.err.find(part), std::string::npos) << finished.err;
  }
}

TEST_F(ExplainCommand, BadSamples) {
  command.write("rows.csv", "p,q,y\n5,5,0\n1,2,7\n");
  for (const auto& [flags, code] : std::vector<std::pair<std::string, int>>{
           {"--input 1,2,3 ", 2}, {"--input 1,2,3 --label 1", 2}, {"--input 1,x --label 1", 2}, {"--input 1,2 --label 3", 2},
           {"--data rows.csv", 2}, {"--data rows.csv --target nosuch", 2}, {"--data rows.csv --target y --row 3", 2},
           {"--data rows.csv --target y --rows 2", 2}, {"--data rows.csv --target y --rows 2:1", 2}, {"--data rows.csv --target y --row 2", 3}, {"--digits 0", 2},
           {"--no-header", 2}, {"--delimiter tab", 2}, {"--input 1,2 --label 1 --no-header", 2},
           {"--learning-rate nan", 2}, {"--data none.csv --target y", 3}}) {
    const auto finished = command.run("explain " + article + " " + flags);
    EXPECT_EQ(finished.code, code) << flags << "\n" << finished.err;
    EXPECT_EQ(finished.error_lines(), 1);
    EXPECT_EQ(finished.out, "");
  }
}

TEST_F(ExplainCommand, InspectAModel) {
  command.copy("breast_cancer.csv");
  ASSERT_EQ(command.run("train breast_cancer.csv --target diagnosis --hidden 8,4 --epochs 3").code, 0);
  const auto json = command.run_json("inspect model.safetensors");
  EXPECT_EQ(json["schema"], "longhand.inspect/1");
  EXPECT_EQ(json["parameters"], 31 * 8 + 9 * 4 + 5);
  EXPECT_EQ(json["layers"].size(), 5);
  EXPECT_EQ(json["layers"][0]["parameters"], 31 * 8);
  EXPECT_EQ(json["tensors"]["fc1.weight"], Json({8, 30}));
  EXPECT_EQ(json["inputs"].size(), 30);
  EXPECT_EQ(json["target"]["classes"], Json({"benign", "malignant"}));
  EXPECT_EQ(json["training"]["seed"], 0);
  const auto text = command.run("inspect model.safetensors").out;
  for (const char* part : {"fc1", "linear", "mean_radius", "benign, malignant", "adamw"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(command.run_json("inspect " + article)["parameters"], 9);
  const auto plan = command.run_json("inspect --plan --rows 8 " + article)["plan"];
  ASSERT_EQ(plan.size(), 2U);
  EXPECT_EQ(plan[0]["program"], "training step");
  EXPECT_EQ(plan[1]["steps"][0]["kernel"], "dense");
  EXPECT_EQ(plan[1]["steps"][0]["flops"], 8 * (2 * 2 * 2 + 2 + 2));  // products, biases, ReLUs
  EXPECT_EQ(plan[1]["steps"][0]["bytes"], 8 * (8 * 2 + 4 + 2 + 8 * 2));
  EXPECT_NE(command.run("inspect --plan " + article).out.find("dense_backward_update"), std::string::npos);
}

TEST_F(ExplainCommand, InspectATable) {
  command.write("t.csv", "number,flag,same,text,kind\n1.5,0,7,u,x\n2.5,1,7,v,y\n3.25,0,7,w,z\n4,1,7,t,x\n");
  const auto json = command.run_json("inspect t.csv");
  EXPECT_EQ(json["rows"], 4);
  const std::vector<std::pair<std::string, std::string>> expected{
      {"number", "regression"}, {"number", "binary"}, {"number", "constant"}, {"text", "multiclass"}, {"text", "multiclass"}};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(json["columns"][i]["type"], expected[i].first);
    EXPECT_EQ(json["columns"][i]["as_target"], expected[i].second);
  }
  EXPECT_EQ(json["columns"][0]["max"], 4);
  EXPECT_NE(command.run("inspect t.csv").out.find("4 rows, 5 columns"), std::string::npos);
}

TEST_F(ExplainCommand, InspectSaysWhatColumnsHold) {
  std::string table = "n,day,many\n";
  for (int i = 0; i < 1000; ++i) table += std::to_string(5 + i % 5) + ",2024-0" + std::to_string(2 + i % 3) + "-10," + std::to_string(i < 999 ? i : 998) + ".5\n";
  command.write("few.csv", table);
  command.write("many.csv", table + "9,2024-01-10,1000.5\n");
  const auto few = command.run_json("inspect few.csv")["columns"], many = command.run_json("inspect many.csv")["columns"];
  EXPECT_EQ(few[0]["min"], 5);
  EXPECT_EQ(few[0]["max"], 9);
  EXPECT_EQ(few[2]["distinct"], 999);
  EXPECT_EQ(few[2]["distinct_is_exact"], true);
  EXPECT_EQ(many[2]["distinct"], 1000);
  EXPECT_EQ(many[2]["distinct_is_exact"], false);
  const auto text = command.run("inspect many.csv").out;
  for (const char* words : {" 1,000+ ", " 2024-01-10 ", " 2024-04-10 "}) EXPECT_NE(text.find(words), std::string::npos) << words << text;
  EXPECT_EQ(command.run("inspect few.csv").out.find("1,000+"), std::string::npos);
}

}  // namespace
}  // namespace longhand::testing
