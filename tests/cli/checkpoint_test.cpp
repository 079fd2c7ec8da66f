// Checkpoints through the real binary: interrupted, gone on with, explained, refused.
#include <gtest/gtest.h>

#include <cmath>

#include "cli/command_line.h"

namespace longhand::testing {
namespace {

using Json = nlohmann::ordered_json;

class CheckpointCommand : public ::testing::Test {
 protected:
  void SetUp() override { command.copy("breast_cancer.csv"); }
  CommandLine command;
};

TEST_F(CheckpointCommand, InterruptedTrainingGoesOnToTheSameBytes) {
  const std::string flags = "breast_cancer.csv --target diagnosis --hidden 64,32 --epochs 3000 --patience 0 --batch-size 4";
  ASSERT_EQ(command.run("train " + flags + " -o whole.safetensors").code, 0);
  std::vector<std::string> words{"train"};
  std::istringstream stream(flags + " --checkpoint at.safetensors --threads 2 -o parts.safetensors");
  for (std::string word; stream >> word;) words.push_back(word);
  const auto finished = command.interrupt(words, "epoch ", SIGINT);
  EXPECT_EQ(finished.code, 130);
  EXPECT_NE(finished.err.find("longhand: error: interrupted"), std::string::npos) << finished.err;
  EXPECT_NE(finished.err.find("--resume"), std::string::npos) << finished.err;
  EXPECT_FALSE(command.has("parts.safetensors"));
  const auto resumed = command.run("train " + flags + " --checkpoint at.safetensors --resume --threads 1 -o parts.safetensors");
  ASSERT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_TRUE(command.read("parts.safetensors") == command.read("whole.safetensors"));
}

TEST_F(CheckpointCommand, IsExplainedAsTheNextStepOfItsTraining) {
  const std::string sample = " --data breast_cancer.csv --row 3";
  const auto trained = command.run(
      "train breast_cancer.csv --target diagnosis --hidden 3 --optimizer adam --dtype f64 --validation 0 --epochs 4 "
      "--batch-size 569 --checkpoint at.safetensors");
  ASSERT_EQ(trained.code, 0) << trained.err;
  const auto json = command.run_json("explain at.safetensors" + sample);
  EXPECT_EQ(command.run_json("explain model.safetensors --checkpoint at.safetensors" + sample)["steps"], json["steps"]);
  EXPECT_EQ(command.run_json("explain model.safetensors --checkpoint - < at.safetensors" + sample)["steps"], json["steps"]);
  const auto given = [&](const Json& document, const std::string& id) -> Json {
    for (const auto& entry : document["givens"]) {
      if (entry["id"] == id) return entry["value"];
    }
    return {};
  };
  // Kingma and Ba: m = 0.9 m_old + 0.1 g, m_hat = m / (1 - 0.9^t), in the fifth step.
  EXPECT_EQ(given(json, "t"), 5);
  const double old = given(json, "m_b2_old")[0], g = step(json, "dL/db2")["value"][0];
  EXPECT_NE(old, 0);
  const double m = step(json, "m_b2")["value"][0];
  EXPECT_NEAR(m, 0.9 * old + 0.1 * g, 1e-15);
  EXPECT_NEAR(step(json, "m_hat_b2")["value"][0], m / (1 - std::pow(0.9, 5)), 1e-15);
  // Without it, memory starts from zero at step 1.
  const auto fresh = command.run_json("explain model.safetensors" + sample);
  EXPECT_EQ(given(fresh, "t"), 1);
  EXPECT_EQ(given(fresh, "m_b2_old")[0], 0);
  // With no early stopping the last weights are the model's.
  EXPECT_EQ(step(fresh, "z2")["value"], step(json, "z2")["value"]);
  EXPECT_EQ(command.run_json("inspect at.safetensors")["parameters"], 31 * 3 + 4);
  EXPECT_EQ(command.run("predict at.safetensors breast_cancer.csv").out, command.run("predict model.safetensors breast_cancer.csv").out);
}

TEST_F(CheckpointCommand, WhatDoesNotFitIsRefused) {
  const std::string train = "train breast_cancer.csv --target diagnosis --epochs 2 ";
  ASSERT_EQ(command.run(train + "--hidden 3 --checkpoint at.safetensors").code, 0);
  ASSERT_EQ(command.run(train + "--hidden 5 -o other.safetensors").code, 0);
  command.copy("iris.csv");
  command.write("two.toml", "[network]\ninputs = 30\n[[layer]]\ntype = \"linear\"\nout = 2\n[loss]\ntype = \"bce_with_logits\"\n");
  const auto other = command.run(train + "--network two.toml --checkpoint at.safetensors --resume");
  EXPECT_EQ(other.code, 4) << other.err;
  EXPECT_EQ(other.err.find("at.safetensors"), std::string::npos) << other.err;
  const std::string model = command.read("at.safetensors");
  command.write("cut.safetensors", model.substr(0, model.size() - 3));
  const std::string sample = " --data breast_cancer.csv --row 3";
  for (const auto& [line, code] : std::vector<std::pair<std::string, int>>{
           {train + "--hidden 4 --checkpoint at.safetensors --resume", 4},
           {train + "--hidden 3 --learning-rate 0.5 --checkpoint at.safetensors --resume", 4},
           {"train iris.csv --target species --epochs 2 --hidden 3 --checkpoint at.safetensors --resume", 4},
           {train + "--hidden 3 --checkpoint none.safetensors --resume", 4},
           {train + "--hidden 3 --checkpoint cut.safetensors --resume", 4},
           {train + "--hidden 3 --checkpoint model.safetensors --resume", 4},
           {train + "--hidden 3 --resume", 2},
           {train + "--hidden 3 --checkpoint -", 2},
           {train + "--hidden 3 --checkpoint ./result.safetensors", 2},
           {train + "--hidden 3 --checkpoint nosuch/at.safetensors", 1},
           {"explain other.safetensors --checkpoint at.safetensors" + sample, 4},
           {"explain model.safetensors --checkpoint model.safetensors" + sample, 4}}) {
    const auto finished = command.run(line + (line.starts_with("train") ? " -o result.safetensors" : ""));
    EXPECT_EQ(finished.code, code) << line << "\n" << finished.err;
    EXPECT_EQ(finished.error_lines(), 1) << finished.err;
    EXPECT_FALSE(command.has("result.safetensors"));
    EXPECT_TRUE(command.read("at.safetensors") == model);
  }
}

}  // namespace
}  // namespace longhand::testing
