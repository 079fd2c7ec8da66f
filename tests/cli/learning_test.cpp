// Ways to learn through the real binary: ensembles, L-BFGS, schedules, norms, logs, going on from a model.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "cli/command_line.h"

namespace longhand::testing {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kNormed = R"([[layer]]
type = "linear"
out = 8
[[layer]]
type = "batch_norm"
[[layer]]
type = "relu"
name = "before"
[[layer]]
type = "linear"
out = 8
[[layer]]
type = "layer_norm"
[[layer]]
type = "residual"
from = "before"
[[layer]]
type = "linear"
out = 1
[loss]
type = "bce_with_logits"
[schedule]
type = "one_cycle"
)";

class LearningCommand : public ::testing::Test {
 protected:
  void SetUp() override { command.copy("breast_cancer.csv"); }
  Json train(const std::string& flags) { return command.run_json("train breast_cancer.csv --target diagnosis " + flags); }
  CommandLine command;
};

TEST_F(LearningCommand, ManyWaysLearnWell) {
  command.write("normed.toml", kNormed);
  for (const char* flags : {"--optimizer lbfgs", "--optimizer lbfgs --weight-decay 0.01 --activation tanh", "--ensemble 4 --epochs 40",
                            "--schedule cosine --warmup 2 --epochs 30", "--schedule plateau", "--stop-on auc --clip-value 0.1",
                            "--label-smoothing 0.1 --decay-biases", "--network normed.toml --epochs 20"}) {
    const auto json = train(flags);
    EXPECT_GT(json["metrics"]["validation"]["accuracy"], 0.92) << flags;
    const auto evaluated = command.run_json("evaluate model.safetensors breast_cancer.csv");
    EXPECT_EQ(evaluated["metrics"]["accuracy"], json["metrics"]["train"]["accuracy"]) << flags;
    EXPECT_EQ(command.run("explain model.safetensors --data breast_cancer.csv --rows 1:4").code, 0) << flags;
    EXPECT_EQ(command.run("check model.safetensors --entries 20").code, 0) << flags;
    EXPECT_EQ(command.run("inspect model.safetensors --plan").code, 0) << flags;
  }
}

TEST_F(LearningCommand, AModelSaysHowItLearned) {
  train("--ensemble 3 --schedule step --label-smoothing 0.2 --clip-value 2 --epochs 2");
  const auto json = command.run_json("inspect model.safetensors");
  EXPECT_EQ(json["members"], 3);
  EXPECT_EQ(json["network"]["schedule"]["type"], "step");
  EXPECT_EQ(json["network"]["optimizer"]["clip_value"], 2);
  EXPECT_EQ(json["network"]["optimizer"]["decay_biases"], false);
  EXPECT_EQ(json["network"]["loss"]["label_smoothing"], 0.2);
  const auto text = command.run("inspect model.safetensors").out;
  EXPECT_NE(text.find("ensemble of 3"), std::string::npos) << text;
  EXPECT_NE(text.find("Schedule: step"), std::string::npos) << text;
}

TEST_F(LearningCommand, AnEnsembleIsExplainedMemberByMember) {
  train("--ensemble 2 --hidden 3 --epochs 2");
  const std::string row = " --data breast_cancer.csv --row 7";
  double sum = 0;
  for (const char* member : {"1", "2"}) {
    sum += step(command.run_json("explain model.safetensors --member " + std::string(member) + row), "y_hat")["value"].get<double>();
  }
  const auto predicted = command.run("predict model.safetensors breast_cancer.csv").out;
  std::istringstream lines(predicted);
  std::string line;
  for (int i = 0; i <= 7; ++i) std::getline(lines, line);
  EXPECT_NEAR(std::stod(line.substr(line.rfind(',') + 1)), sum / 2, 1e-6) << line;
  const auto whole = command.run_json("explain model.safetensors --member 2" + row);
  EXPECT_EQ(whole["members"], 2);
  EXPECT_EQ(step(whole, "y_hat_2")["value"], step(whole, "y_hat")["value"]);
  EXPECT_NEAR(step(whole, "y_hat_mean")["value"].get<double>(), sum / 2, 1e-12);
  EXPECT_EQ(whole["steps"].back()["id"], "y_hat_mean");
  EXPECT_EQ(step(whole, "y_hat_mean")["uses"], (Json{"y_hat_1", "y_hat_2"}));
  for (const char* format : {"text", "markdown", "latex", "html"}) {
    const auto page = command.run("explain model.safetensors --format " + std::string(format) + row);
    EXPECT_EQ(page.code, 0) << page.err;
    EXPECT_NE(page.out.find("The ensemble"), std::string::npos) << page.out;
  }
  EXPECT_EQ(command.run("explain model.safetensors --member 3" + row).code, 2);
}

TEST_F(LearningCommand, ABatchNormIsNotExplainedForOneRow) {
  command.write("normed.toml", kNormed);
  train("--network normed.toml --epochs 2");
  const auto finished = command.run("explain model.safetensors --data breast_cancer.csv --row 1");
  EXPECT_EQ(finished.code, 2);
  EXPECT_NE(finished.err.find("batch_norm"), std::string::npos) << finished.err;
  EXPECT_EQ(command.run("explain model.safetensors --data breast_cancer.csv --rows 1:3").code, 0);
  EXPECT_EQ(command.run("train breast_cancer.csv --target diagnosis --network normed.toml --batch-size 1").code, 2);
}

TEST_F(LearningCommand, EachEpochIsALineOfTheLog) {
  const auto json = train("--epochs 5 --patience 4 --stop-on accuracy --log epochs.jsonl --tensorboard events");
  std::istringstream lines(command.read("epochs.jsonl"));
  int training = 0, all_rows = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto epoch = Json::parse(line);
    const bool is_training = epoch["part"] == "training";
    EXPECT_EQ(epoch["epoch"], is_training ? ++training : ++all_rows) << line;
    EXPECT_GT(epoch["loss"], 0) << line;
    EXPECT_EQ(epoch["learning_rate"], 0.001) << line;
    EXPECT_EQ(epoch.contains("validation_loss"), is_training) << line;
    EXPECT_EQ(epoch.contains("validation_accuracy"), is_training) << line;
  }
  EXPECT_EQ(training, 5);
  EXPECT_EQ(all_rows, json["epochs"]);
  ASSERT_TRUE(command.has("events"));
}

TEST_F(LearningCommand, GoesOnFromAModel) {
  train("--epochs 3 --hidden 5 -o first.safetensors");
  const auto json = train("--from first.safetensors --epochs 3 -o second.safetensors");
  EXPECT_EQ(json["parameters"], 30 * 5 + 5 + 5 + 1);
  EXPECT_FALSE(command.read("first.safetensors") == command.read("second.safetensors"));
  for (const char* flags : {"--hidden 4", "--ensemble 2", "--activation tanh"}) {
    EXPECT_EQ(command.run("train breast_cancer.csv --target diagnosis --from first.safetensors " + std::string(flags)).code, 2) << flags;
  }
  EXPECT_EQ(command.run("train breast_cancer.csv --target diagnosis --from none.safetensors").code, 4);
}

TEST_F(LearningCommand, RefusesWhatDoesNotFit) {
  for (const char* flags : {"--clip-norm 1 --clip-value 1", "--clip-value 0", "--warmup -1", "--schedule one_cycle --warmup 1", "--schedule sine",
                            "--optimizer lbfgs --dtype f32", "--optimizer lbfgs --momentum 0.9", "--optimizer lbfgs --dropout 0.5",
                            "--stop-on rmse", "--label-smoothing 1", "--ensemble 0", "--log /none/epochs.jsonl"}) {
    const auto finished = command.run("train breast_cancer.csv --target diagnosis --epochs 1 " + std::string(flags));
    EXPECT_EQ(finished.code, std::string(flags).starts_with("--log") ? 1 : 2) << flags << finished.err;
    EXPECT_FALSE(command.has("model.safetensors")) << flags;
  }
}

}  // namespace
}  // namespace longhand::testing
