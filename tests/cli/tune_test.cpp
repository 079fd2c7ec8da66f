// tune, and train --folds, through the real binary.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "cli/command_line.h"

namespace longhand::testing {
namespace {

using Json = nlohmann::ordered_json;

class TuneCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* table : {"breast_cancer.csv", "iris.csv", "diabetes.csv"}) command.copy(table);
  }

  void expect_refused(const std::string& arguments, int code, const std::string& part) {
    SCOPED_TRACE(arguments);
    const auto files = command.files();
    const auto finished = command.run(arguments);
    EXPECT_EQ(finished.code, code) << finished.err;
    EXPECT_EQ(finished.error_lines(), 1) << finished.err;
    EXPECT_TRUE(finished.err.starts_with("longhand: error: ")) << finished.err;
    EXPECT_NE(finished.err.find(part), std::string::npos) << finished.err;
    EXPECT_EQ(command.files(), files);
  }

  static std::size_t longest_line(const std::string& text) {
    std::size_t longest = 0, begin = 0;
    for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) longest = std::max(longest, end - begin);
    return longest;
  }

  CommandLine command;
};

TEST_F(TuneCommand, WritesTheBestModelAndTellsOfTheTrials) {
  const auto plain = command.run_json("train breast_cancer.csv --target diagnosis");
  const auto json = command.run_json("tune breast_cancer.csv --target diagnosis --trials 12 -o best.safetensors");
  EXPECT_EQ(json["schema"], "longhand.tune/1");
  EXPECT_EQ(json["model"], "best.safetensors");
  ASSERT_EQ(json["trials"].size(), 12);
  EXPECT_EQ(json["trials"][0]["validation"], plain["metrics"]["validation"]);
  EXPECT_EQ(json["trials"][0]["learning_rate"], 0.001);
  EXPECT_EQ(json["trials"][0]["hidden"], Json::array({240}));
  const auto best = json["best"].get<std::size_t>();
  const auto loss = [&](std::size_t trial) { return json["trials"][trial - 1]["rungs"].back()["validation_loss"].get<double>(); };
  const auto& finalists = json["finalists"]["trials"];
  EXPECT_EQ(json["finalists"]["metric"], "log_loss");
  ASSERT_GE(finalists.size(), 2);
  auto expected = finalists[0];
  for (const auto& finalist : finalists) {
    EXPECT_LE(loss(finalist["trial"].get<std::size_t>()), loss(1));
    if (finalist["gain"] > expected["gain"]) expected = finalist;
  }
  if (expected["gain"] <= expected["standard_error"]) expected = finalists[0];
  EXPECT_EQ(expected["trial"], best);
  EXPECT_EQ(json["metrics"]["validation"], json["trials"][best - 1]["validation"]);
  EXPECT_LE(json["metrics"]["validation"]["log_loss"], plain["metrics"]["validation"]["log_loss"]);
  const auto inspected = command.run_json("inspect best.safetensors");
  EXPECT_NE(inspected.dump().find("tuned"), std::string::npos);
  const auto text = command.run("tune breast_cancer.csv --target diagnosis --trials 30 --threads 3 -o other.safetensors");
  EXPECT_EQ(text.code, 0);
  EXPECT_NE(text.out.find("Compared 30 trials"), std::string::npos);
  EXPECT_NE(text.out.find("Beside trial 1 on 5 folds of all rows, by log_loss:"), std::string::npos);
  EXPECT_NE(text.out.find(" is taken"), std::string::npos);
  EXPECT_LE(longest_line(text.out), 80U) << text.out;
}

TEST_F(TuneCommand, AFlagThatIsGivenStays) {
  command.write("options.toml", "weight_decay = 0.03\n");
  const auto json = command.run_json("tune iris.csv --target species --trials 6 --hidden 20,10 --config options.toml --epochs 20");
  bool differs = false;
  for (const auto& trial : json["trials"]) {
    EXPECT_EQ(trial["hidden"], Json::array({20, 10}));
    EXPECT_EQ(trial["weight_decay"], 0.03);
    differs |= trial["learning_rate"] != json["trials"][0]["learning_rate"];
  }
  EXPECT_TRUE(differs);
}

TEST_F(TuneCommand, InterruptedItGoesOnToTheSameBytes) {
  const std::string flags = "diabetes.csv --target progression --trials 60 --patience 100";
  ASSERT_EQ(command.run("tune " + flags + " -o whole.safetensors --threads 2").code, 0);
  std::vector<std::string> words{"tune"};
  std::istringstream stream(flags + " --checkpoint kept.json --threads 1 -o parts.safetensors");
  for (std::string word; stream >> word;) words.push_back(word);
  const auto finished = command.interrupt(words, "trial ", SIGINT);
  EXPECT_EQ(finished.code, 130) << finished.err;
  EXPECT_NE(finished.err.find("longhand: error: interrupted"), std::string::npos) << finished.err;
  EXPECT_NE(finished.err.find("--resume"), std::string::npos) << finished.err;
  EXPECT_FALSE(command.has("parts.safetensors"));
  const auto resumed = command.run("tune " + flags + " --checkpoint kept.json --resume --threads 1 -o parts.safetensors");
  ASSERT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_TRUE(command.read("parts.safetensors") == command.read("whole.safetensors"));
  expect_refused("tune " + flags + " --seed 3 --checkpoint kept.json --resume", 4, "kept.json: the checkpoint is of training with another seed");
  expect_refused("tune iris.csv --target species --trials 2 --checkpoint iris.json --resume", 1, "iris.json");
}

TEST_F(TuneCommand, BadFlags) {
  const std::string tune = "tune iris.csv --target species ";
  expect_refused("tune iris.csv --trials 3", 2, "--target");
  expect_refused(tune, 2, "--trials N or --seconds S");
  expect_refused(tune + "--trials 0", 2, "--trials");
  expect_refused(tune + "--seconds 0", 2, "--seconds");
  expect_refused(tune + "--seconds nan", 2, "--seconds");
  expect_refused(tune + "--trials 3 --validation 0", 2, "--validation");
  expect_refused(tune + "--trials 3 --patience 0", 2, "--patience");
  expect_refused(tune + "--trials 3 --resume", 2, "--checkpoint");
  expect_refused(tune + "--trials 3 --checkpoint iris.csv", 2, "iris.csv");
  expect_refused(tune + "--trials 3 -o nowhere/m.safetensors", 1, "nowhere");
  expect_refused(tune + "--trials 3 --stop-on rmse", 2, "rmse");
  expect_refused("tune iris.csv --target nothing --trials 3", 2, "nothing");
}

TEST_F(TuneCommand, FoldsHaveMetricsWithTheirSpread) {
  const auto json = command.run_json("train breast_cancer.csv --target diagnosis --folds 4 --epochs 10");
  EXPECT_EQ(json["schema"], "longhand.train/1");
  const auto& metrics = json["metrics"];
  ASSERT_EQ(metrics["folds"].size(), 4);
  double rows = 0, right = 0, sum = 0;
  for (const auto& fold : metrics["folds"]) {
    rows += fold["rows"].get<double>();
    right += fold["rows"].get<double>() * fold["accuracy"].get<double>();
    sum += fold["auc"].get<double>();
    EXPECT_EQ(fold["rows"].get<int>() + fold["learned_rows"].get<int>(), 569);
  }
  EXPECT_EQ(rows, 569);
  EXPECT_NEAR(metrics["out_of_fold"]["accuracy"], right / rows, 1e-12);
  EXPECT_NEAR(metrics["mean"]["auc"], sum / 4, 1e-12);
  EXPECT_GT(metrics["standard_deviation"]["auc"], 0);
  EXPECT_LE(json["intervals"]["accuracy"][0], metrics["out_of_fold"]["accuracy"]);
  EXPECT_GE(json["intervals"]["accuracy"][1], metrics["out_of_fold"]["accuracy"]);
  // The model that is written is that of train without folds.
  const auto model = command.read("model.safetensors");
  const auto plain = command.run_json("train breast_cancer.csv --target diagnosis --epochs 10");
  EXPECT_EQ(metrics["validation"], plain["metrics"]["validation"]);
  EXPECT_TRUE(command.read("model.safetensors") == model);
  const auto text = command.run("train breast_cancer.csv --target diagnosis --folds 4 --epochs 10 --threads 3");
  EXPECT_NE(text.out.find("std dev"), std::string::npos) << text.out;
  EXPECT_LE(longest_line(text.out), 80U) << text.out;
  expect_refused("train iris.csv --target species --folds 1", 2, "--folds");
  expect_refused("train iris.csv --target species --folds 5 --checkpoint at.safetensors", 2, "--checkpoint");
  expect_refused("train iris.csv --target species --folds 5 --from model.safetensors", 2, "--from");
  expect_refused("train iris.csv --target species --folds 500", 2, "500 folds of 150 rows");
}

}  // namespace
}  // namespace longhand::testing
