// train through the real binary: what it writes, prints and keeps.
#include <gtest/gtest.h>

#include <cmath>

#include "cli/command_line.h"

namespace longhand::testing {
namespace {

using Json = nlohmann::ordered_json;

class TrainCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* table : {"breast_cancer.csv", "iris.csv", "diabetes.csv", "banknote.csv"}) command.copy(table);
  }
  CommandLine command;
};

TEST_F(TrainCommand, TheSameSeedGivesTheSameBytesForAnyNumberOfThreads) {
  for (const std::string flags : {"breast_cancer.csv --target diagnosis --epochs 10 --dropout 0.2 --hidden 64,32",
                                  "diabetes.csv --target progression --epochs 6",
                                  "breast_cancer.csv --target diagnosis --dtype f64 --epochs 4 --hidden 300"}) {
    SCOPED_TRACE(flags);
    std::string first;
    for (const char* threads : {"1", "2", "7", "1"}) {
      ASSERT_EQ(command.run("train " + flags + " --seed 5 --threads " + threads).code, 0);
      const auto bytes = command.read("model.safetensors");
      if (first.empty()) first = bytes;
      EXPECT_TRUE(bytes == first) << threads << " threads";
    }
    ASSERT_EQ(command.run("train " + flags + " --seed 6").code, 0);
    EXPECT_FALSE(command.read("model.safetensors") == first) << "another seed";
  }
}

TEST_F(TrainCommand, JsonHasWhatIsPromised) {
  const auto json = command.run_json("train breast_cancer.csv --target diagnosis --epochs 5");
  EXPECT_EQ(json["schema"], "longhand.train/1");
  EXPECT_EQ(json["model"], "model.safetensors");
  EXPECT_EQ(json["parameters"], 31 * 240 + 241);  // 8 units a column
  EXPECT_EQ(json["epochs"], 5);
  EXPECT_GE(json["seconds"], 0);
  EXPECT_GT(json["samples_per_second"], 0);
  for (const char* part : {"train", "validation"}) {
    const auto& metrics = json["metrics"][part];
    for (const char* name : {"accuracy", "auc", "log_loss", "f1", "brier"}) EXPECT_TRUE(metrics[name].is_number()) << name;
    EXPECT_EQ(metrics["confusion"].size(), 2);
  }
  EXPECT_GT(json["metrics"]["train"]["accuracy"], 0.9);
}

TEST_F(TrainCommand, WithoutValidationItsMetricsAreNull) {
  const auto json = command.run_json("train iris.csv --target species --epochs 5 --validation 0");
  EXPECT_TRUE(json["metrics"]["validation"].is_null());
  for (const char* name : {"accuracy", "log_loss", "f1_macro"}) EXPECT_TRUE(json["metrics"]["train"][name].is_number());
}

TEST_F(TrainCommand, AFileOfHeldOutRows) {
  const auto json = command.run_json("train diabetes.csv --target progression --epochs 5 --validation diabetes.csv");
  EXPECT_EQ(json["metrics"]["validation"], json["metrics"]["train"]);
  for (const char* name : {"rmse", "mae", "r2"}) EXPECT_TRUE(json["metrics"]["train"][name].is_number());
}

TEST_F(TrainCommand, LearnsWithEveryOptimizerAndActivation) {
  for (const char* flags : {"--optimizer sgd --momentum 0.9 --nesterov", "--optimizer adam", "--optimizer adamw --weight-decay 0.5",
                            "--optimizer rmsprop --momentum 0.5 --learning-rate 0.001", "--optimizer adagrad", "--activation tanh",
                            "--activation sigmoid", "--activation gelu", "--activation silu", "--activation leaky_relu",
                            "--activation elu", "--activation identity", "--class-weight balanced", "--sample-weight mean_radius",
                            "--task multiclass"}) {
    SCOPED_TRACE(flags);
    const auto json = command.run_json(std::string("train breast_cancer.csv --target diagnosis --epochs 20 ") + flags);
    EXPECT_GT(json["metrics"]["validation"]["accuracy"], 0.9);
  }
}

TEST_F(TrainCommand, ANetworkDescription) {
  command.write("net.toml",
                "[[layer]]\ntype = \"linear\"\nout = 16\n[[layer]]\ntype = \"tanh\"\n[[layer]]\ntype = \"linear\"\nout = 1\n"
                "[[layer]]\ntype = \"sigmoid\"\n[loss]\ntype = \"bce\"\n");
  const auto json = command.run_json("train breast_cancer.csv --target diagnosis --network net.toml --epochs 30");
  EXPECT_EQ(json["parameters"], 31 * 16 + 17);
  EXPECT_GT(json["metrics"]["train"]["accuracy"], 0.9);
}

TEST_F(TrainCommand, SaysWhatItDidOnStandardOutputAndProgressOnStandardError) {
  // Long enough for a line or a few, in which no terminal's codes stand.
  const auto finished = command.run("train iris.csv --target species --epochs 30000 --patience 0 --validation 0 --hidden 20,20");
  ASSERT_EQ(finished.code, 0);
  EXPECT_NE(finished.out.find("accuracy"), std::string::npos);
  EXPECT_NE(finished.out.find("Wrote model.safetensors"), std::string::npos);
  EXPECT_NE(finished.err.find("/30000: loss "), std::string::npos);
  EXPECT_LE(finished.error_lines(), 20);
  EXPECT_EQ(finished.err.find('\x1b'), std::string::npos);
  EXPECT_EQ(finished.err.find('\r'), std::string::npos);
}

TEST_F(TrainCommand, WarnsOfAConstantColumn) {
  command.write("c.csv", "a,b,y\n1,7,no\n2,7,yes\n3,7,no\n4,7,yes\n5,7,no\n6,7,yes\n");
  const auto finished = command.run("train c.csv --target y --epochs 2");
  EXPECT_EQ(finished.code, 0);
  EXPECT_TRUE(finished.err.starts_with("longhand: warning: c.csv: left out 1 column: 'b' (constant: '7' in all rows)\n")) << finished.err;
}

TEST_F(TrainCommand, ReadsStandardInputAndWritesStandardOutput) {
  ASSERT_EQ(command.run("train iris.csv --target species --epochs 3").code, 0);
  const auto model = command.read("model.safetensors");
  ASSERT_EQ(command.run("train - --target species --epochs 3 -o piped.safetensors <iris.csv").code, 0);
  EXPECT_EQ(command.read("piped.safetensors"), model);
  const auto finished = command.run("train iris.csv --target species --epochs 3 -o -");
  EXPECT_EQ(finished.code, 0);
  EXPECT_EQ(finished.out, model);
  const auto piped = command.run("train iris.csv --target species --epochs 3 -o - | cat");
  EXPECT_EQ(piped.out, model);
}

TEST_F(TrainCommand, TheNameOfTheTableIsNotInTheModel) {
  ASSERT_EQ(command.run("train iris.csv --target species --epochs 3").code, 0);
  const auto model = command.read("model.safetensors");
  EXPECT_EQ(model.find("iris.csv"), std::string::npos);
}

TEST_F(TrainCommand, AnInterruptLeavesNoModel) {
  const auto finished = command.interrupt(
      {"train", "breast_cancer.csv", "--target", "diagnosis", "--epochs", "1000000", "--patience", "0"}, "epoch ",
      SIGINT);
  EXPECT_EQ(finished.code, 130);
  EXPECT_NE(finished.err.find("longhand: error: interrupted"), std::string::npos) << finished.err;
  EXPECT_FALSE(command.has("model.safetensors"));
}

TEST_F(TrainCommand, RefitIsLeftOutWhereAskedTo) {
  const auto with = command.run_json("train diabetes.csv --target progression --seed 1");
  ASSERT_EQ(command.run("train diabetes.csv --target progression --seed 1 --no-refit -o kept.safetensors").code, 0);
  const auto kept = command.run_json("inspect kept.safetensors");
  EXPECT_EQ(kept["training"]["refit"], false);
  EXPECT_EQ(kept["training"]["rows"], 442 - 88);
  EXPECT_EQ(kept["training"]["epochs"], with["epochs"]);
  EXPECT_EQ(command.run_json("inspect model.safetensors")["training"]["rows"], 442);
}

}  // namespace
}  // namespace longhand::testing
