// grade through the real binary: the article's figures, and worksheets that cannot be graded.
#include <gtest/gtest.h>

#include "cli/command_line.h"

namespace longhand::testing {
namespace {

using Json = nlohmann::ordered_json;

class GradeCommand : public ::testing::Test {
 protected:
  void SetUp() override { command.write("article.toml", read_file(source_file("examples/article.toml"))); }

  Finished grade_claims(const std::string& claims, const std::string& flags = "") {
    command.write("sheet.toml", "network = \"article.toml\"\n" + claims);
    return command.run("grade sheet.toml " + flags);
  }

  CommandLine command;
  const std::string article = source_file("examples/article_claims.toml");
};

TEST_F(GradeCommand, TheArticle) {
  const auto finished = command.run("grade " + article + " --json");
  EXPECT_EQ(finished.code, 1);
  EXPECT_EQ(finished.err, "");
  const auto json = Json::parse(finished.out);
  EXPECT_EQ(json["schema"], "longhand.grade/1");
  const std::tuple<const char*, Json, const char*> expected[] = {
      {"z1", {1.3, 1.8}, "correct"},
      {"a1", {1.3, 1.8}, "correct"},
      {"z2", 3.18, "wrong"},
      {"z2", 2.73, "correct"},
      {"y_hat", 0.938, "correct"},
      {"y_hat", 0.96, "follows"},
      {"y_hat", 0.938, "correct"},
      {"L", 0.064, "rounding"},
      {"dL/dy_hat", -1.066, "rounding"},
      {"dy_hat/dz2", 0.0582, "rounding"},
      {"dL/dz2", -0.062, "rounding"},
      {"dz2/dW2", {1.3, 1.8}, "correct"},
      {"dL/dW2", {-0.0806, -0.1116}, "rounding"},
      {"dz2/da1", {0.7, 0.9}, "correct"},
      {"dL/dz2", -0.039936, "follows"},
      {"dL/da1", {-0.02796, -0.03594}, "follows"},
      {"da1/dz1", {1, 1}, "correct"},
      {"dL/dz1", {-0.02796, -0.03594}, "follows"},
      {"dz1/dW1", {1, 2}, "correct"},
      {"dL/dW1", {{-0.02796, -0.07188}, {-0.03594, -0.08985}}, "wrong"},
  };
  const auto& claims = json["claims"];
  ASSERT_EQ(claims.size(), std::size(expected));
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const auto& [quantity, value, verdict] = expected[i];
    EXPECT_EQ(claims[i]["quantity"], quantity);
    EXPECT_EQ(claims[i]["value"], value);
    EXPECT_EQ(claims[i]["verdict"], verdict) << claims[i];
  }
  EXPECT_NEAR(claims[2]["true_value"], 2.73, 1e-12);
  EXPECT_NEAR(claims[2]["from_claims"], 2.73, 1e-12);
  EXPECT_NEAR(claims[5]["from_claims"], 1 / (1 + std::exp(-3.18)), 1e-12);
  EXPECT_NEAR(claims[7]["from_claims"], -std::log(0.938), 1e-12);
  EXPECT_NEAR(claims[10]["from_claims"], -1.066 * 0.0582, 1e-12);
  EXPECT_NEAR(claims[14]["from_claims"], -1 / 0.96 * (0.96 * 0.04), 1e-12);
  EXPECT_NEAR(claims[15]["from_claims"][1], -0.039936 * 0.9, 1e-12);
  EXPECT_NEAR(claims[19]["from_claims"][0][1], -0.05592, 1e-12);
  EXPECT_NEAR(claims[19]["true_value"][1][1], -0.1102071, 1e-7);
  EXPECT_EQ(claims[0]["where"], "Layer 1: linear transformation");
  EXPECT_EQ(json["summary"], Json({{"correct", 9}, {"rounding", 5}, {"follows", 4}, {"wrong", 2}, {"too_coarse", 0}, {"too_few_digits", 0}}));
  EXPECT_EQ(json["digits"], nullptr);
  EXPECT_EQ(json["slips"], Json::parse(R"([{"claim": 3, "spoiled": [6, 15, 16, 18]}, {"claim": 20, "spoiled": []}])"));
}

TEST_F(GradeCommand, CoarseAndShortFiguresAreRemarkedOn) {
  const std::string whole = "[[claim]]\nquantity = \"L\"\nvalue = 0\n[[claim]]\nquantity = \"z2\"\nvalue = 2.73\n";
  const auto coarse = grade_claims(whole, "--json");
  EXPECT_EQ(coarse.code, 0);
  auto json = Json::parse(coarse.out);
  EXPECT_EQ(json["claims"][0]["verdict"], "correct");
  EXPECT_EQ(json["claims"][0]["remark"], "The figure is too coarse to be told from 0: write it to 1 significant digit or more.");
  EXPECT_EQ(json["claims"][1]["remark"], nullptr);
  EXPECT_EQ(json["summary"]["too_coarse"], 1);
  const auto asked = grade_claims("digits = 4\n" + whole, "--json");
  EXPECT_EQ(asked.code, 1);
  EXPECT_EQ(asked.err, "");
  json = Json::parse(asked.out);
  EXPECT_EQ(json["digits"], 4);
  EXPECT_EQ(json["claims"][0]["verdict"], "correct");
  EXPECT_EQ(json["claims"][0]["remark"], "It has fewer digits than asked for: write it to 4 significant digits.");
  EXPECT_EQ(json["claims"][1]["remark"], nullptr);
  EXPECT_EQ(json["summary"]["too_few_digits"], 1);
  for (const char* format : {"text", "markdown", "html"}) {
    const auto page = grade_claims("digits = 4\n" + whole, std::string("--format ") + format);
    EXPECT_EQ(page.code, 1);
    EXPECT_NE(page.out.find("It has fewer digits than asked for"), std::string::npos) << page.out;
    EXPECT_NE(page.out.find("1 with fewer digits"), std::string::npos) << page.out;
  }
}

TEST_F(GradeCommand, AllRightIsExitCodeZero) {
  const auto finished = grade_claims("[[claim]]\nquantity = \"z1\"\nvalue = [[1.3], [1.8]]\n"
                                     "[[claim]]\nquantity = \"L\"\nvalue = \".0632\"\n", "--json");
  EXPECT_EQ(finished.code, 0) << finished.err;
  const auto claims = Json::parse(finished.out)["claims"];
  EXPECT_EQ(claims[0]["value"], Json({{1.3}, {1.8}}));
  EXPECT_EQ(claims[0]["true_value"].size(), 2);
  EXPECT_EQ(claims[1]["where"], nullptr);
}

TEST_F(GradeCommand, ReportsAreWrittenWhereTheyAreWanted) {
  const auto text = command.run("grade " + article);
  EXPECT_TRUE(text.out.starts_with("article_claims.toml, checked against article.toml\n")) << text.out;
  EXPECT_EQ(text.code, 1);
  for (const char* part : {"z₂ = 3.18", "wrong", "It spoiled claims 6, 15, 16 and 18.", "Claim 3, z₂ = 3.18, is wrong: the true value is 2.73.",
                           "2 of 4 entries right", "entry [1,2] (-0.07188, where", "with ∂L/∂ŷ rounded to -1.04", "9 correct, 5 drifted by rounding, 4 from a slip, 2 wrong"}) {
    EXPECT_NE(text.out.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(command.run("grade " + article + " -o report.txt").out, "");
  EXPECT_EQ(command.read("report.txt"), text.out);
  EXPECT_NE(command.run("grade " + article + " --format markdown").out.find("3. $z_{2}$ = `3.18` — ✗ **wrong**"), std::string::npos);
  const auto html = command.run("grade " + article + " --format html").out;
  EXPECT_NE(html.find("<li class=\"claim wrong\" id=\"claim-3\">"), std::string::npos);
  EXPECT_NE(html.find("<math><msub><mi>z</mi><mn>2</mn></msub><mo>=</mo><mtext>3.18</mtext></math>"), std::string::npos);
  EXPECT_NE(html.find("<mtd><mrow><mrow><msub><mi>W</mi><mn>2</mn></msub><mspace width=\"0.17em\"/><msub><mi>a</mi><mn>1</mn></msub></mrow><mo>+</mo>"), std::string::npos);
  EXPECT_EQ(html.find("W₂"), std::string::npos);
  EXPECT_NE(html.find("It spoiled claims <a href=\"#claim-6\">6</a>"), std::string::npos);
  EXPECT_EQ(command.run("grade " + article + " --format json").out, command.run("grade " + article + " --json").out);
}

TEST_F(GradeCommand, WhatIsNotFilledInIsListedAndNotGivenAway) {
  // a1[2] is not filled in: z2 goes by the true one. dL/dz2 stands alone.
  const std::string claims = "[[claim]]\nquantity = \"z1\"\nvalue = \"\"\n"  // a list, not begun
                             "[[claim]]\nquantity = \"a1\"\nvalue = [1.3, \"\"]\nwhere = \"hidden\"\n"
                             "[[claim]]\nquantity = \"z2\"\nvalue = 2.73\n"
                             "[[claim]]\nquantity = \"y_hat\"\nvalue = \" \"\n";
  auto refused = grade_claims(claims);
  EXPECT_EQ(refused.code, 3);
  EXPECT_NE(refused.err.find("claim 1 (z1): one figure, expected a list of 2 figures"), std::string::npos) << refused.err;

  const auto partly = "[[claim]]\nquantity = \"z1\"\nvalue = [\"\", \"\"]\n" + claims.substr(claims.find("[[claim]]\nquantity = \"a1\""));
  const auto finished = grade_claims(partly, "--json");
  EXPECT_EQ(finished.code, 0) << finished.out;
  const auto json = Json::parse(finished.out);
  ASSERT_EQ(json["claims"].size(), 2);
  EXPECT_EQ(json["claims"][0]["value"], Json({1.3, nullptr}));
  EXPECT_EQ(json["claims"][0]["verdict"], "correct");
  EXPECT_EQ(json["claims"][0]["true_value"][1], nullptr);
  EXPECT_EQ(json["claims"][0]["from_claims"][1], nullptr);
  EXPECT_EQ(json["claims"][1]["verdict"], "correct");
  EXPECT_NEAR(json["claims"][1]["from_claims"], 2.73, 1e-12);
  EXPECT_EQ(json["summary"], Json({{"correct", 2}, {"rounding", 0}, {"follows", 0}, {"wrong", 0}, {"too_coarse", 0}, {"too_few_digits", 0}}));
  EXPECT_EQ(json["unanswered"], Json::parse(R"([{"quantity": "z1", "figures": 2, "of": 2, "where": null},
      {"quantity": "a1", "figures": 1, "of": 2, "where": "hidden"}, {"quantity": "y_hat", "figures": 1, "of": 1, "where": null}])"));
  for (const char* format : {"text", "markdown", "html"}) {
    const auto report = command.run(std::string("grade sheet.toml --format ") + format).out;
    EXPECT_NE(report.find("Not answered yet: z₁, a₁ (1 of its 2 entries) and ŷ."), std::string::npos) << report;
  }

  // A slip in an entry beside one that is not filled in: what follows goes by the slip and by the truth.
  const auto slip = grade_claims("[[claim]]\nquantity = \"a1\"\nvalue = [2.3, \"\"]\n[[claim]]\nquantity = \"z2\"\nvalue = 3.43\n", "--json");
  EXPECT_EQ(slip.code, 1);
  const auto judged = Json::parse(slip.out)["claims"];
  EXPECT_EQ(judged[0]["verdict"], "wrong");
  EXPECT_EQ(judged[0]["from_claims"][1], nullptr);
  EXPECT_EQ(judged[1]["verdict"], "follows");
  EXPECT_NEAR(judged[1]["from_claims"], 0.7 * 2.3 + 0.9 * 1.8 + 0.2, 1e-12);

  // A slip further on does not have the open entry told.
  for (const char* format : {"text", "markdown", "html"}) {
    const auto page = grade_claims("[[claim]]\nquantity = \"a1\"\nvalue = [1.3, \"\"]\n[[claim]]\nquantity = \"z2\"\nvalue = 9\n",
                                   std::string("--format ") + format);
    EXPECT_EQ(page.code, 1);
    EXPECT_EQ(page.out.find("1.8"), std::string::npos) << page.out;
  }
}

TEST_F(GradeCommand, OfAnEnsembleFiguresAreOfOneMember) {
  command.write("two.toml", "[network]\ninputs = 2\nmembers = 2\n[[layer]]\ntype = \"linear\"\nout = 2\n[loss]\ntype = \"mse\"\n"
                            "[sample]\ninput = [1, 2]\ntarget = [1, 0]\n");
  const auto second = step(command.run_json("explain two.toml --member 2"), "z1")["value"];
  command.write("sheet.toml", "network = \"two.toml\"\n[[claim]]\nquantity = \"z1\"\nvalue = " + second.dump() + "\n");
  const auto graded = command.run_json("grade sheet.toml --member 2");
  EXPECT_EQ(graded["claims"][0]["verdict"], "correct");
  EXPECT_EQ(graded["member"], 2);
  EXPECT_EQ(graded["members"], 2);
  EXPECT_NE(command.run("grade sheet.toml --member 2").out.find("two.toml, member 2 of 2"), std::string::npos);
  EXPECT_EQ(command.run("grade sheet.toml --member 1").code, 1);
  EXPECT_EQ(command.run("grade sheet.toml").code, 1);
  EXPECT_EQ(command.run("grade sheet.toml --member 3").code, 2);
}

TEST_F(GradeCommand, QuantitiesOfNormsAsExplainWritesThem) {
  command.write("norm.toml", "[network]\ninputs = 2\n[[layer]]\ntype = \"linear\"\nout = 3\n[[layer]]\ntype = \"layer_norm\"\n"
                             "[[layer]]\ntype = \"linear\"\nout = 1\n[loss]\ntype = \"mse\"\n[sample]\ninput = [1, 2]\ntarget = [1]\n");
  for (const char* spelling : {"h₁,₁", "h_{1,1}", "γ₁,₁", "μ₁,₁", "∂L/∂γ₁,₁"}) {
    command.write("norm_claims.toml", "network = \"norm.toml\"\n[[claim]]\nquantity = " + Json(spelling).dump() + "\nvalue = \"\"\n"
                                      "[[claim]]\nquantity = \"y_hat\"\nvalue = 77\n");
    const auto finished = command.run("grade norm_claims.toml --json");
    EXPECT_EQ(finished.err.find("no such quantity"), std::string::npos) << spelling << finished.err;
    EXPECT_TRUE(finished.code == 1 || finished.err.find("expected a list") != std::string::npos) << spelling << finished.err;
  }
}

TEST_F(GradeCommand, QuantitiesAsPeopleSpellThem) {
  const std::pair<const char*, const char*> spellings[] = {
      {"z₂", "z2"}, {"z_2", "z2"}, {"z_{2}", "z2"}, {"ŷ", "y_hat"}, {"yhat", "y_hat"}, {"\\hat{y}", "y_hat"}, {"∂L/∂z₂", "dL/dz2"},
      {"dL/dz_2", "dL/dz2"}, {"$\\frac{\\partial L}{\\partial \\hat{y}}$", "dL/dy_hat"}, {"dL/dŷ", "dL/dy_hat"}, {"L'", "L_new"}, {"loss", "L"},
      {"η", "learning_rate"}, {"eta", "learning_rate"}};
  for (const auto& [spelling, id] : spellings) {
    const auto finished = grade_claims("[[claim]]\nquantity = " + Json(spelling).dump() + "\nvalue = 77\n", "--json");
    EXPECT_EQ(finished.code, 1) << spelling << finished.err;
    EXPECT_EQ(Json::parse(finished.out)["claims"][0]["quantity"], id);
  }
  const auto list = grade_claims("[[claim]]\nquantity = \"W₁′\"\nvalue = [[\"\", \"\"], [\"\", 0.611]]\n", "--json");
  EXPECT_EQ(list.code, 0) << list.err << list.out;
  EXPECT_EQ(Json::parse(list.out)["unanswered"][0]["quantity"], "W1_new");
  EXPECT_EQ(grade_claims("[[claim]]\nquantity = \"zz2\"\nvalue = 1\n").code, 3);
}

TEST_F(GradeCommand, ReplacesNoFileThatItReads) {
  for (const char* file : {"sheet.toml", "article.toml"}) {
    const auto finished = grade_claims("[[claim]]\nquantity = \"z2\"\nvalue = 2.73\n", std::string("-o ") + file);
    EXPECT_EQ(finished.code, 2);
    EXPECT_NE(finished.err.find("which is read too"), std::string::npos) << finished.err;
  }
}

TEST_F(GradeCommand, AWorksheetFromStandardInput) {
  const auto finished = command.run("grade - --json < sheet.toml", "printf 'network = \"article.toml\"\\n[[claim]]\\n"
                                    "quantity = \"z2\"\\nvalue = 2.73\\n' > sheet.toml;");
  EXPECT_EQ(finished.code, 0) << finished.err;
}

TEST_F(GradeCommand, RefusesInOneLine) {
  command.write("nosample.toml", "[network]\ninputs = 1\n[[layer]]\ntype = \"linear\"\nout = 1\n[loss]\ntype = \"mse\"\n");
  command.write("broken.toml", "[network\n");
  const auto about = [](const std::string& network, const std::string& claim) {
    return "network = \"" + network + "\"\n[[claim]]\n" + claim;
  };
  const std::string z2 = "quantity = \"z2\"\nvalue = 2.73\n";
  const std::tuple<std::string, int, const char*> rows[] = {
      {about("article.toml", "quantity = \"z9\"\nvalue = 1\n"), 3, "sheet.toml: claim 1 (z9): there is no such quantity; this network has x, "},
      {about("article.toml", z2 + "[[claim]]\nquantity = \"z1\"\nvalue = [1, 2, 3]\n"), 3, "claim 2 (z1): a list of 3 figures, expected a list of 2 figures"},
      {about("article.toml", "quantity = \"z1\"\nvalue = 1.3\n"), 3, "claim 1 (z1): one figure, expected a list of 2 figures"},
      {about("article.toml", "quantity = \"z2\"\nvalue = \"about 3\"\n"), 3, "claim 1 (z2): \"about 3\" is not a number"},
      {about("article.toml", "quantity = \"z2\"\nvalue = \"2,73\"\n"), 3, "claim 1 (z2): \"2,73\" is not a number: write a decimal point, 2.73"},
      {about("article.toml", "quantity = \"z1[2]\"\nvalue = 1.8\n"), 3, "claim 1 (z1[2]): a quantity is claimed whole: write 'z1' and a list"},
      {"[network]\ninputs = 2\n[[layer]]\ntype = \"relu\"\n", 3, "sheet.toml: a network, not figures to grade"},
      {about("article.toml", z2 + "colour = 1\n"), 3, "claim 1 (z2): unknown key \"colour\""},
      {about("nosample.toml", z2), 4, "nosample.toml has no [sample]"},
      {about("broken.toml", z2), 4, "broken.toml: line 1"},
      {about("none.toml", z2), 4, "none.toml"},
      {"network = \"article.toml\"\n", 3, "sheet.toml: no [[claim]]"},
      {"digits = 0\n" + about("article.toml", z2), 3, "sheet.toml: 'digits' is not a number of significant digits from 1 to 17 (line 1)"},
      {"digits = \"4\"\n" + about("article.toml", z2), 3, "'digits' is not a number"},
      {"claim", 3, "sheet.toml: line 1"},
  };
  for (const auto& [sheet, code, part] : rows) {
    command.write("sheet.toml", sheet);
    const auto finished = command.run("grade sheet.toml -o report.txt");
    EXPECT_EQ(finished.code, code) << sheet;
    EXPECT_EQ(finished.out, "");
    EXPECT_EQ(finished.error_lines(), 1) << finished.err;
    EXPECT_TRUE(finished.err.starts_with("longhand: error: ")) << finished.err;
    EXPECT_NE(finished.err.find(part), std::string::npos) << finished.err;
    EXPECT_FALSE(command.has("report.txt"));
  }
  EXPECT_EQ(command.run("grade nosuch.toml").code, 3);
  EXPECT_NE(command.run("grade model.safetensors").err.find("a model, not figures to grade"), std::string::npos);
  EXPECT_EQ(command.run("grade").code, 2);
  EXPECT_EQ(command.run("grade " + article + " --format pdf").code, 2);
}

}  // namespace
}  // namespace longhand::testing
