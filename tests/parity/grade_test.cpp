// Verdicts worked out by hand, on a network whose numbers a person can follow:
// z1 = 2 x = 2, a1 = sigmoid(2) = 0.880797, z2 = a1, y_hat = sigmoid(a1) = 0.706985, y = 1.
#include <gtest/gtest.h>

#include <cmath>

#include "longhand/explain.h"
#include "parity/goldens.h"
#include "support/markdown.h"

namespace longhand::testing {
namespace {

constexpr const char* kNetwork = R"({
  "network": {"inputs": 1},
  "layer": [{"type": "linear", "out": 1, "weight": [[2]], "bias": [0]}, {"type": "sigmoid"},
            {"type": "linear", "out": 1, "weight": [[1]], "bias": [0]}, {"type": "sigmoid"}],
  "loss": {"type": "bce"}, "optimizer": {"type": "sgd", "learning_rate": 0.5},
  "sample": {"input": [1], "target": [1]}})";

constexpr const char* kTwoOutputs = R"({
  "network": {"inputs": 2},
  "layer": [{"type": "linear", "out": 2, "weight": [[1, 0], [0, 1]], "bias": [0, 0]}, {"type": "tanh"},
            {"type": "linear", "out": 2, "weight": [[1, 2], [3, 4]], "bias": [0, 0]}],
  "loss": {"type": "mse"}, "optimizer": {"type": "sgd", "learning_rate": 0.5},
  "sample": {"input": [0.5, 1], "target": [1, 1]}})";

Worksheet sheet_of(const std::vector<std::pair<const char*, const char*>>& claims, int digits = 0) {
  std::string toml = "network = \"n.toml\"\n" + (digits == 0 ? "" : "digits = " + std::to_string(digits) + "\n");
  for (const auto& [quantity, value] : claims) {
    toml += std::string("[[claim]]\nquantity = \"") + quantity + "\"\nvalue = " + value + "\n";
  }
  return parse_worksheet(toml, "sheet.toml");
}

Grading graded(const char* network, const std::vector<std::pair<const char*, const char*>>& claims, int digits = 0) {
  const auto model = Model::from_network(parse_network(network, "network"), 0, DType::f64);
  const auto step = build_step(model, {.stable = false, .input_gradient = true, .loss_after = true});
  const auto& sample = *model.network.sample;
  return grade(step.graph, step_values(model, step, sample.input, sample.target), sheet_of(claims, digits), sample.is_batch);
}

std::vector<std::string> verdicts(const Grading& grading) {
  std::vector<std::string> names;
  for (const auto& judged : grading.claims) names.emplace_back(name(judged.verdict));
  return names;
}

using Names = std::vector<std::string>;
using Numbers = std::vector<std::size_t>;

double sigmoid(double z) { return 1 / (1 + std::exp(-z)); }

TEST(Grade, AFigureRepeatedFollowsFromItself) {
  // 3 is no sigmoid of anything; written again, it is the same slip, not a second.
  const auto grading = graded(kNetwork, {{"a1", "3.0"}, {"a1", "3.0"}, {"z2", "3.0"}, {"a1", "4.0"}});
  EXPECT_EQ(verdicts(grading), Names({"wrong", "follows", "follows", "wrong"}));
  EXPECT_EQ(grading.claims[1].slips, Numbers{0});
  EXPECT_EQ(grading.spoiled_by(0), Numbers({1, 2}));
}

TEST(Grade, ARoundedFigureRepeatedMoreCoarselyIsRounding) {
  // 0.9 is right for a1; z2 = 0.9 is within it, so that 0.92 is not, and 0.9 again is.
  const auto grading = graded(kNetwork, {{"a1", "0.9"}, {"z2", "0.900"}, {"z2", "0.90"}, {"z2", "0.95"}});
  EXPECT_EQ(verdicts(grading), Names({"correct", "rounding", "rounding", "wrong"}));
  EXPECT_NEAR(grading.claims[1].from_claims.item(), 0.9, 1e-12);
}

TEST(Grade, TheTruthStaysOpenBehindACoarseFigure) {
  // From a1 = 0.9 (truly 0.8808) a person may go on with either, or with anything between.
  const auto grading = graded(kNetwork, {{"a1", "0.9"}, {"z2", "0.8808"}, {"z2", "0.89"}, {"z2", "0.900"}, {"z2", "0.87"}, {"z2", "0.91"}});
  EXPECT_EQ(verdicts(grading), Names({"correct", "correct", "rounding", "rounding", "wrong", "wrong"}));
}

TEST(Grade, WhatIsRightIsWorkedOutFromWhatIsRight) {
  const auto grading = graded(kNetwork, {{"a1", "0.9"}, {"a1", "5.0"}, {"z2", "0.900"}});
  EXPECT_EQ(verdicts(grading), Names({"correct", "wrong", "rounding"}));
  EXPECT_NEAR(grading.claims[2].from_claims.item(), 0.9, 1e-12);
}

TEST(Grade, WhatTheSheetExplainsIsWorkedOutFromTheSheet) {
  // z2 = a1: 0.2 by what was written last of a1; by z1 = -2.9 alone it is sigmoid(-2.9) = 0.052, which 0.1 stands for too.
  const auto grading = graded(kNetwork, {{"a1", "0.2"}, {"z1", "-2.9"}, {"z2", "0.1"}});
  EXPECT_EQ(verdicts(grading), Names({"wrong", "wrong", "follows"}));
  EXPECT_EQ(grading.claims[2].slips, Numbers({0, 1}));
  EXPECT_NEAR(grading.claims[2].from_claims.item(), 0.2, 1e-12);
}

TEST(Grade, WhoGoesOnFromASlipUsesTheFiguresThatCameSince) {
  // dL/dz2 = dL/dy_hat dy_hat/dz2: -5 times 0.2072, until 0.2 is written for that, which is right to its digits.
  const auto grading = graded(kNetwork, {{"dL/dy_hat", "-5.00"}, {"dL/dz2", "9"}, {"dy_hat/dz2", "0.2"}, {"dL/dz2", "-1.00"}});
  EXPECT_EQ(verdicts(grading), Names({"wrong", "wrong", "correct", "follows"}));
  EXPECT_EQ(grading.claims[3].slips, Numbers{0});
}

TEST(Grade, ASlipIsFollowedByTheFiguresItStandsFor) {
  // z1 = 1.0 stands for [0.95, 1.1): a1 for [sigmoid(.95), sigmoid(1.1)] = [0.7211, 0.7503].
  const auto grading = graded(kNetwork, {{"z1", "1.0"}, {"a1", "0.731"}, {"a1", "0.750"}, {"a1", "0.7211"}, {"a1", "0.7201"}, {"a1", "0.76"}});
  EXPECT_EQ(verdicts(grading), Names({"wrong", "follows", "follows", "follows", "wrong", "wrong"}));
  EXPECT_NEAR(grading.claims[1].from_claims.item(), sigmoid(1), 1e-12);
}

TEST(Grade, SlopesAreTakenFromTheOutput) {
  // a1 = 0.9: da1/dz1 = 0.9 (1 - 0.9) = 0.09, though it is 0.105 at z1 = 2.
  const auto grading = graded(kNetwork, {{"a1", "0.9"}, {"da1/dz1", "0.0900"}, {"da1/dz1", "0.0890"}});
  EXPECT_EQ(verdicts(grading), Names({"correct", "rounding", "wrong"}));
  EXPECT_NEAR(grading.claims[1].from_claims.item(), 0.09, 1e-12);
}

TEST(Grade, TwoSlipsTogetherAreFoundByTheSheet) {
  // dL/dz2 = dL/dy_hat dy_hat/dz2 of two figures of which each is wrong by itself: -5 * 7.
  const auto grading = graded(kNetwork, {{"dL/dy_hat", "-5.00"}, {"dy_hat/dz2", "7.00"}, {"dL/dz2", "-35.0"}, {"dL/dW2", "-30.8"}});
  EXPECT_EQ(verdicts(grading), Names({"wrong", "wrong", "follows", "follows"}));
  EXPECT_TRUE(grading.claims[2].slips.empty());
  EXPECT_EQ(grading.claims[2].sources, Numbers({0, 1}));
  EXPECT_NEAR(grading.claims[2].from_claims.item(), -35, 1e-12);
  EXPECT_NEAR(grading.claims[3].from_claims.item(), -35 * sigmoid(2), 1e-9);
}

TEST(Grade, OneSlipOfTwoExplainsWhatTheSheetDoesNot) {
  // The person corrects z1 on the sheet and goes back to the slip: the sheet says sigmoid(2), the
  // slip's line sigmoid(1).
  const auto grading = graded(kNetwork, {{"z1", "1.00"}, {"z1", "2.00"}, {"a1", "0.731"}});
  EXPECT_EQ(verdicts(grading), Names({"wrong", "correct", "follows"}));
  EXPECT_EQ(grading.claims[2].slips, Numbers{0});
  EXPECT_NEAR(grading.claims[2].from_claims.item(), sigmoid(1), 1e-12);
}

TEST(Grade, ASlipDoesNotExcuseWhatDoesNotDependOnIt) {
  const auto grading = graded(kNetwork, {{"y_hat", "0.5"}, {"z1", "1.0"}, {"dL/dy_hat", "-2.0"}, {"a1", "0.5"}});
  EXPECT_EQ(verdicts(grading), Names({"wrong", "wrong", "follows", "wrong"}));
  EXPECT_EQ(grading.claims[2].slips, Numbers{0});
}

TEST(Grade, EachEntryHasItsVerdictAndTheClaimTheWorst) {
  // z1 = [0.5, 1]; the second entry of a1 is wrong. z2 = [a + 2 b, 3 a + 4 b].
  const double a = std::tanh(0.5);
  const auto grading = graded(kTwoOutputs, {{"a1", "[0.462, 0.5]"}, {"z2", "[1.46, 3.39]"}, {"z2", "[[1.99], [3.39]]"}, {"y_hat", "[1.46, 9]"}});
  EXPECT_EQ(verdicts(grading), Names({"wrong", "follows", "follows", "wrong"}));
  EXPECT_EQ(grading.claims[0].entries, (std::vector{Verdict::correct, Verdict::wrong}));
  EXPECT_EQ(grading.claims[2].entries, (std::vector{Verdict::correct, Verdict::follows}));
  EXPECT_EQ(grading.claims[3].entries, (std::vector{Verdict::follows, Verdict::wrong}));
  EXPECT_NEAR(grading.claims[1].from_claims.at(0), 0.462 + 2 * 0.5, 1e-12);
  EXPECT_NEAR(grading.claims[0].true_value.at(0), a, 1e-12);
}

TEST(Grade, WhatIsGivenIsExact) {
  const auto grading = graded(kTwoOutputs, {{"W2", "[[1, 2], [3, 4]]"}, {"x", "[0.5, 1]"}, {"b2", "[0, 1]"}, {"learning_rate", "0.4"},
                                            {"dz2/dW2", "[0.46, 0.76]"}, {"dz2/da1", "[[1, 2], [3, 4]]"}, {"dz1/dW1", "[0.5, 1]"}, {"dz1/dx", "[[1, 0], [0, 1]]"}});
  EXPECT_EQ(verdicts(grading), Names({"correct", "correct", "wrong", "wrong", "correct", "correct", "correct", "correct"}));
}

TEST(Grade, TheDerivativeOfALayerIsItsInputAsItWasWritten) {
  const auto grading = graded(kTwoOutputs, {{"a1", "[0.5, 0.8]"}, {"dz2/dW2", "[0.50, 0.80]"}, {"dL/dW2", "[[0.55, 0.88], [2.0, 3.3]]"}});
  EXPECT_EQ(grading.claims[1].verdict, Verdict::rounding);
  EXPECT_NEAR(grading.claims[1].from_claims.at(1), 0.8, 1e-12);
}

TEST(Grade, WhatHasNoValueIsNull) {
  // log(-1) is not defined, and no figure follows from it.
  const auto grading = graded(kNetwork, {{"y_hat", "-1.0"}, {"L", "0.5"}});
  EXPECT_EQ(verdicts(grading), Names({"wrong", "wrong"}));
  EXPECT_TRUE(std::isnan(grading.claims[1].from_claims.item()));
  EXPECT_NE(write_json(grading).find("\"from_claims\":null"), std::string::npos);
}

// The text of the report in one line.
std::string report(const char* network, const std::vector<std::pair<const char*, const char*>>& claims, int digits = 0) {
  const auto text = write_text(graded(network, claims, digits), sheet_of(claims, digits));
  std::string line;
  for (const char c : text) {
    if (c != '\n' && c != ' ') line += c;
    else if (!line.ends_with(' ')) line += ' ';
  }
  return line;
}

TEST(Grade, WhatIsHeldOfAFigureIsTheTruthTooWhereItIsRight) {
  // y_hat = sigmoid(0.900) is 0.711, the truth 0.707; of 0.71, which is right, L may be -log of what lies between: 0.3453 is of 0.708.
  const auto grading = graded(kNetwork, {{"a1", "0.9"}, {"z2", "0.900"}, {"y_hat", "0.71"}, {"L", "0.3453"}});
  EXPECT_EQ(verdicts(grading), Names({"correct", "rounding", "correct", "rounding"}));
}

TEST(Grade, TheLatestFigureIsGoneOnWith) {
  const auto right = graded(kNetwork, {{"z2", "9"}, {"a1", "0.9"}, {"a1", "0.88"}, {"z2", "0.8800"}});
  EXPECT_EQ(verdicts(right), Names({"wrong", "correct", "correct", "rounding"}));
  EXPECT_EQ(right.claims[3].sources, Numbers{2});
  EXPECT_NEAR(right.claims[3].from_claims.item(), 0.88, 1e-12);
}

TEST(Grade, WhatIsGivenIsGoneOnWithWhateverIsClaimedOfIt) {
  // W2' = 1 + 0.5 times 0.258086; with 0.4 it would be 1.1032.
  EXPECT_EQ(verdicts(graded(kNetwork, {{"learning_rate", "0.4"}, {"W2_new", "1.1032"}, {"W2_new", "1.1290"}})), Names({"wrong", "wrong", "correct"}));
}

constexpr const char* kEight = R"({
  "network": {"inputs": 8},
  "layer": [{"type": "linear", "out": 1, "weight": [[1, 1, 1, 1, 1, 1, 1, 1]], "bias": [0]}],
  "loss": {"type": "mse"}, "optimizer": {"type": "sgd", "learning_rate": 0.5},
  "sample": {"input": [1, 2, 3, 4, 5, 6, 7, 8], "target": [1]}})";

// W goes to the target: 2 to 2.004, which 2.004 alone tells from 2, and 2.9 to 3.2, which 3.2 does.
constexpr const char* kNear = R"({
  "network": {"inputs": 1},
  "layer": [{"type": "linear", "out": 2, "weight": [[2], [2.9]], "bias": [0, 0]}],
  "loss": {"type": "mse"}, "optimizer": {"type": "sgd", "learning_rate": 1}, "sample": {"input": [1], "target": [2.004, 3.2]}})";

TEST(Grade, RemarksSayWhereAFigureComesFrom) {
  struct Case {
    const char* network;
    std::vector<std::pair<const char*, const char*>> claims;
    std::vector<std::string> said, not_said = {};
  };
  const std::string cut_off = "Cut off rather than rounded", spoilt = "The slip is here.", given = "It is given with the network, not worked out.", no_value = "the rule has no value",
                    drifted = "No slip: the claims before it were rounded, and it has drifted with them.", few = "No slip that can be told: the claims before it have so few digits";
  const std::vector<Case> cases{
      {kNetwork, {{"y_hat", "0.706"}}, {cut_off + ": it is 0.707."}},
      {kNetwork, {{"y_hat", "0.707"}}, {}, {cut_off}},
      {kNetwork, {{"a1", "0.9"}, {"z2", "0.900"}}, {drifted}, {few}},
      {kNetwork, {{"a1", "0.9"}, {"z2", "0.89"}}, {few}, {drifted}},
      {kNetwork, {{"learning_rate", "0.4"}}, {given, spoilt}},
      {kNetwork, {{"z1", "3"}}, {spoilt}, {given}},
      {kNetwork, {{"a1", "3.0"}, {"z2", "3.0"}}, {"Worked out rightly from an earlier claim that is wrong: claim 1, a₁ = 3.0."}, {"It may come from"}},
      {kNetwork, {{"dL/dy_hat", "-5.00"}, {"dy_hat/dz2", "7.00"}, {"dL/dz2", "-35.0"}}, {"Worked out rightly from earlier claims that are wrong; none of them explains it alone."}, {"It may come from"}},
      {kNetwork, {{"y_hat", "0.0"}, {"L", "4.0"}}, {"It may come from an earlier claim that is wrong: claim 1, ŷ = 0.0.", no_value}, {"Worked out rightly"}},
      {kNetwork, {{"a1", "0.5123456"}, {"z2", "9"}}, {"it would have been 0.5123456."}},
      {kTwoOutputs, {{"a1", "[0.9, \"\"]"}}, {"By the rule: a₁ = "}, {no_value}},
      {kTwoOutputs, {{"a1", "[0.9, 0.9]"}}, {spoilt}, {"entries right"}},
      {kTwoOutputs, {{"a1", "[0.9, 0.762]"}}, {"1 of 2 entries right; wrong: entry 1 (0.9, where 0.4621 is due)."}},
      {kTwoOutputs, {{"z1", "[2, 1]"}, {"a1", "[0.6, 0.762]"}}, {"wrong: entry 1 (0.6, where the claims before it give 0.964)."}},
      {kTwoOutputs, {{"a1", "[\"\", 0.762]"}}, {"0 wrong, 1 not answered in full."}},
      {kTwoOutputs, {{"y_hat", "[9, 9]"}}, {"ŷ = z₂ = [1.985, 4.433]"}, {"[1.985, 4.433] = [1.985, 4.433]"}},
      {kEight, {{"x", "[1, 2, 9, 9, 9, 9, 9, 9]"}}, {"2 of 8 entries right; wrong: entry 3 (9, where 3 is due), "}},
      {kEight, {{"x", "[1, 9, 9, 9, 9, 9, 9, 9]"}}, {"1 of 8 entries right."}, {"wrong: entry"}},
      {kNear, {{"W1_new", "[2, 3]"}}, {"Entries 1 and 2 are too coarse to be told from their values before the step: write them to 4 significant digits or more."}}};
  for (const auto& [network, claims, said, not_said] : cases) {
    const auto text = report(network, claims);
    for (const auto& words : said) EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
    for (const auto& words : not_said) EXPECT_EQ(text.find(words), std::string::npos) << words << "\n" << text;
  }
}

// z1 = 2, a1 = 0.880797, y_hat = 0.706985, L = 0.346746, dL/dW2 = -0.258086, so that W2' = 1.129043;
// dL/dz1 = -0.030765, W1' = 2.015382.
TEST(Grade, AFigureTooCoarseToTellIsSaid) {
  struct Row {
    const char *quantity, *figure;
    int digits;  // that would do; 0: fine as it is
    double number;
  };
  const Row rows[] = {{"L", "0", 1, 0},           {"L", "0.3", 0, 0},        {"L", "0.0", 0, 0},  // wrong: (-0.1, 0.1)
                      {"y_hat", "1", 1, 1},       {"y_hat", "0.7", 0, 0},    {"a1", "1", 1, 1},
                      {"z1", "2", 0, 0},          {"W2_new", "1", 2, 1},     {"W2_new", "1.1", 0, 1},
                      {"W1_new", "2", 3, 2},      {"W1_new", "2.0", 3, 2},   {"W1_new", "2.02", 0, 2},
                      {"dL/dz1", "0", 1, 0},      {"dL/dz1", "-0.03", 0, 0}, {"learning_rate", "0.5", 0, 0},
                      {"learning_rate", "0", 1, 0}};
  for (const auto& [quantity, figure, digits, number] : rows) {
    const auto judged = graded(kNetwork, {{quantity, figure}}).claims[0];
    ASSERT_EQ(judged.coarse.empty(), digits == 0) << quantity << " = " << figure;
    if (digits == 0) continue;
    EXPECT_EQ(judged.verdict, Verdict::correct);
    EXPECT_EQ(judged.coarse[0].digits, digits) << quantity << " = " << figure;
    EXPECT_EQ(judged.coarse[0].number, number) << quantity;
    EXPECT_EQ(judged.coarse[0].before, std::string(quantity).starts_with("W") ? std::string(quantity).substr(0, 2) : "") << quantity;
  }
  // A figure that is exact is not too coarse, nor one of a parameter that stays what it was: W1 where x is 0;
  // b1 goes from 2.9 to the target, 3.
  constexpr const char* kStays = R"({"network": {"inputs": 1}, "layer": [{"type": "linear", "out": 1, "weight": [[2.04]], "bias": [2.9]}],
    "loss": {"type": "mse"}, "optimizer": {"type": "sgd", "learning_rate": 0.5}, "sample": {"input": [0], "target": [3]}})";
  for (const char* figure : {"2", "2.0", "2.04"}) EXPECT_EQ(graded(kStays, {{"W1_new", figure}}).coarse(), 0) << figure;
  EXPECT_EQ(graded(kStays, {{"b1_new", "3"}}).coarse(), 0);
  // What is 0 is not too coarse, nor what comes to 0 by a slip; of a list the entries are named.
  const auto grading = graded(kTwoOutputs, {{"b2", "[0, 0]"}, {"a1", "[0, 1]"}, {"z1", "[1, 1]"}, {"dz2/dW2", "[0, 1]"}, {"a1", "[5.0, 0.76]"}});
  EXPECT_EQ(verdicts(grading), Names({"correct", "correct", "correct", "correct", "wrong"}));
  EXPECT_TRUE(grading.claims[0].coarse.empty());
  EXPECT_EQ(grading.claims[1].coarse.size(), 2);
  EXPECT_TRUE(grading.claims[2].coarse.empty());
  EXPECT_EQ(grading.coarse(), 2);
  const auto text = report(kTwoOutputs, {{"a1", "[0, 0.76]"}});
  EXPECT_NE(text.find("Entry 1 is too coarse to be told from 0: write it to 1 significant digit or more."), std::string::npos) << text;
  EXPECT_NE(text.find("1 correct, 0 drifted by rounding, 0 from a slip, 0 wrong; 1 too coarse to tell."), std::string::npos) << text;
  EXPECT_NE(report(kNetwork, {{"W1_new", "2"}}).find("too coarse to be told from its value before the step: write it to 3 significant digits"), std::string::npos);
}

TEST(Grade, DigitsMayBeAskedFor) {
  struct Row {
    const char *quantity, *figure;
    bool is_short;
  };
  const Row rows[] = {{"y_hat", "0.707", false}, {"y_hat", "0.7070", false}, {"y_hat", "0.71", true}, {"y_hat", "1", true},
                      {"z1", "2", false}, {"z1", "2.00", false}, {"learning_rate", "0.5", false}, {"L", "0.347", false}, {"L", "0.35", true},
                      {"a1", "0.9", true}, {"a1", "0.88", false},  // 0.880 is 0.8808 cut off
                      {"dL/dz1", "-0.0308", false}, {"dL/dz1", "-3.08e-2", false}, {"dL/dz1", "-0.031", true},
                      {"dL/dz1", "5", false}};  // wrong already
  for (const auto& [quantity, figure, is_short] : rows) {
    const auto grading = graded(kNetwork, {{quantity, figure}}, 3);
    EXPECT_EQ(grading.too_short(), is_short) << quantity << " = " << figure;
    EXPECT_EQ(grading.claims[0].verdict, graded(kNetwork, {{quantity, figure}}).claims[0].verdict);
    EXPECT_TRUE(grading.claims[0].coarse.empty());
  }
  // What follows from a slip is held to what the slip gives.
  EXPECT_EQ(verdicts(graded(kNetwork, {{"a1", "2.00"}, {"z2", "2"}}, 3)), Names({"wrong", "follows"}));
  EXPECT_EQ(graded(kNetwork, {{"a1", "2.00"}, {"z2", "2"}}, 3).too_short(), 0);
  EXPECT_EQ(graded(kNetwork, {{"a1", "2.12"}, {"z2", "2.1"}}, 3).too_short(), 1);
  const auto text = report(kTwoOutputs, {{"a1", "[0.46, 0.762]"}}, 3);
  EXPECT_NE(text.find("checked against n.toml, to 3 significant digits"), std::string::npos) << text;
  EXPECT_NE(text.find("Entry 1 has fewer digits than asked for: write it to 3 significant digits."), std::string::npos) << text;
  EXPECT_NE(text.find("0 wrong; 1 with fewer digits than asked for."), std::string::npos) << text;
}

TEST(Grade, ACorrectionIsTheTrueValueAndWhatTheClaimsBeforeItCameTo) {
  const std::pair<std::vector<std::pair<const char*, const char*>>, const char*> rows[] = {
      {{{"z1", "3.18"}}, "Claim 1, z₁ = 3.18, is wrong: the true value is 2."},
      {{{"z1", "1.00"}, {"a1", "0.50"}}, "Claim 2, a₁ = 0.50, is wrong: the true value is 0.8808, and worked out from the claims before it, "
                                         "wrong or rounded as they are, it would have been 0.7311."},
      {{{"y_hat", "-1.0"}, {"L", "0.5"}}, "Claim 2, L = 0.5, is wrong: the true value is 0.3467. "},
      {{{"learning_rate", "0.4"}}, "Claim 1, η = 0.4, is wrong: the true value is 0.5."}};
  for (const auto& [claims, sentence] : rows) {
    const auto text = report(kNetwork, claims);
    EXPECT_NE(text.find(sentence), std::string::npos) << text;
    EXPECT_EQ(text.find("undefined"), std::string::npos) << text;
  }
  const auto text = report(kTwoOutputs, {{"a1", "[0.462, 0.5]"}});
  EXPECT_NE(text.find("1 of 2 entries right; wrong: entry 2 (0.5, where 0.7616 is due)."), std::string::npos) << text;
}

TEST(Grade, WhatHasNoValueIsNoCorrection) {
  // y_hat = 1 is right to its digits; (1 - y) / (1 - y_hat) is 0 / 0 by it.
  const std::vector<std::pair<const char*, const char*>> claims{{"y_hat", "1"}, {"dL/dz2", "-8"}, {"y_hat", "-1.0"}, {"L", "0.5"}};
  const auto grading = graded(kNetwork, claims);
  for (const auto& text : {report(kNetwork, claims), write_markdown(grading, sheet_of(claims)), write_html(grading, sheet_of(claims))}) {
    EXPECT_EQ(text.find("undefined"), std::string::npos) << text;
    EXPECT_EQ(text.find("∞"), std::string::npos) << text;
    EXPECT_EQ(text.find("No slip:"), std::string::npos) << text;
  }
}

TEST(Grade, RoundedOperandsAreSaidWhereTheyExplainAFigure) {
  // sigmoid(1.0) = 0.7311, y_hat (1 - y_hat) of it rounded to 0.73 is 0.1971, not 0.1966.
  const std::vector<std::pair<const char*, const char*>> claims{{"z2", "1.0"}, {"dy_hat/dz2", "0.1971"}};
  const auto grading = graded(kNetwork, claims);
  EXPECT_EQ(verdicts(grading), Names({"wrong", "follows"}));
  EXPECT_EQ(grading.claims[1].rounded, std::vector<std::string>{"y_hat"});
  EXPECT_NEAR(grading.claims[1].from_claims.item(), sigmoid(1) * (1 - sigmoid(1)), 1e-12);
  EXPECT_NEAR(grading.claims[1].worked_out.item(), 0.73 * 0.27, 1e-12);
  const auto text = report(kNetwork, claims);
  EXPECT_NE(text.find("By claim 1, with ŷ rounded to 0.73: ∂ŷ/∂z₂ = ŷ (1 - ŷ) = 0.73 × (1 - 0.73) = 0.1971."), std::string::npos) << text;
  EXPECT_TRUE(graded(kNetwork, {{"z2", "1.0"}, {"dy_hat/dz2", "0.1966"}}).claims[1].rounded.empty());
  // Without a slip: -1.4 times 0.21 is -0.294, where -1.41 times 0.21 is -0.2961 and the truth -0.2930.
  const auto drifted = graded(kNetwork, {{"dL/dy_hat", "-1.41"}, {"dy_hat/dz2", "0.21"}, {"dL/dz2", "-0.2940"}});
  EXPECT_EQ(verdicts(drifted), Names({"correct", "correct", "rounding"}));
  EXPECT_EQ(drifted.claims[2].rounded, std::vector<std::string>{"dL/dy_hat"});
  EXPECT_NEAR(drifted.claims[2].worked_out.item(), -0.294, 1e-12);
}

TEST(Grade, ReportsStayWithinTheirWidthAndEscapeWhatTheyQuote) {
  auto grading = graded(kTwoOutputs, {{"dL/dW1", "[[1.000001, 2.000002], [3.000003, 4.000004]]"}, {"z2", "[1, 2]"}});
  grading.claims[0].claim.where = "<b>über $x_1$</b> & \"mehr\"";
  const Worksheet worksheet{.name = "sheet<1>.toml", .network = "n.toml", .claims = {}};
  std::istringstream text(write_text(grading, worksheet));
  for (std::string line; std::getline(text, line);) {
    const auto characters = std::ranges::count_if(line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
    EXPECT_LE(characters, 80) << line;
    EXPECT_FALSE(line.ends_with(' ')) << line;
  }
  const auto html = write_html(grading, worksheet);
  EXPECT_NE(html.find("&lt;b&gt;über $x_1$&lt;/b&gt; &amp; &quot;mehr&quot;"), std::string::npos);
  EXPECT_EQ(html.find("<script"), std::string::npos);
  std::istringstream markdown(write_markdown(grading, worksheet));
  for (std::string line; std::getline(markdown, line);) {
    for (const auto& formula : formulas_in(line)) EXPECT_EQ(spoilt_by_markdown(formula), "") << line;
  }
  EXPECT_NE(write_markdown(grading, worksheet).find("&lt;b&gt;über <span>$</span>x\\_1<span>$</span>&lt;/b&gt;"), std::string::npos);
}

}  // namespace
}  // namespace longhand::testing
