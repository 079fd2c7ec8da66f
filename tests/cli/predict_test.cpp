// predict and evaluate: what one writes agrees with what the other says.
#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "cli/command_line.h"

namespace longhand::testing {
namespace {

// Cells of CSV without quotes.
std::vector<std::vector<std::string>> cells_of(const std::string& csv) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(csv);
  for (std::string line; std::getline(lines, line);) {
    rows.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(cell);
  }
  return rows;
}

class PredictCommand : public ::testing::Test {
 protected:
  void train(const std::string& table, const std::string& flags) {
    command.copy(table);
    ASSERT_EQ(command.run("train " + table + " " + flags + " --epochs 15").code, 0);
  }
  CommandLine command;
};

TEST_F(PredictCommand, AgreesWithEvaluateForTwoClasses) {
  train("breast_cancer.csv", "--target diagnosis");
  const auto rows = cells_of(command.run("predict model.safetensors breast_cancer.csv --keep diagnosis").out);
  EXPECT_EQ(rows[0], (std::vector<std::string>{"diagnosis", "prediction", "p_benign", "p_malignant"}));
  ASSERT_EQ(rows.size(), 570);
  double right = 0, log_loss = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const double benign = std::stod(rows[i][2]), malignant = std::stod(rows[i][3]);
    EXPECT_NEAR(benign + malignant, 1, 1e-6);
    EXPECT_EQ(rows[i][1], malignant >= 0.5 ? "malignant" : "benign");
    right += rows[i][0] == rows[i][1];
    log_loss -= std::log(rows[i][0] == "malignant" ? malignant : benign);
  }
  const auto metrics = command.run_json("evaluate model.safetensors breast_cancer.csv")["metrics"];
  EXPECT_DOUBLE_EQ(metrics["accuracy"], right / 569);
  EXPECT_NEAR(metrics["log_loss"], log_loss / 569, 1e-6);
}

TEST_F(PredictCommand, AgreesWithEvaluateForSeveralClasses) {
  train("iris.csv", "--target species");
  const auto rows = cells_of(command.run("predict model.safetensors iris.csv --keep species,petal_width").out);
  EXPECT_EQ(rows[0], (std::vector<std::string>{"species", "petal_width", "prediction", "p_setosa", "p_versicolor", "p_virginica"}));
  double right = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    EXPECT_NEAR(std::stod(rows[i][3]) + std::stod(rows[i][4]) + std::stod(rows[i][5]), 1, 1e-6);
    right += rows[i][0] == rows[i][2];
  }
  const auto json = command.run_json("evaluate model.safetensors iris.csv");
  EXPECT_EQ(json["schema"], "longhand.evaluate/1");
  EXPECT_EQ(json["intervals"]["resamples"], 1000);
  for (const auto& [name, value] : json["metrics"].items()) {
    if (name == "confusion") continue;
    EXPECT_LE(json["intervals"][name][0], value) << name;
    EXPECT_GE(json["intervals"][name][1], value) << name;
  }
  const auto text = command.run("evaluate model.safetensors iris.csv").out;
  EXPECT_NE(text.find("95% interval"), std::string::npos) << text;
  EXPECT_EQ(json["rows"], 150);
  EXPECT_DOUBLE_EQ(json["metrics"]["accuracy"], right / 150);
  EXPECT_EQ(json["metrics"]["confusion"].size(), 3);
}

TEST_F(PredictCommand, AgreesWithEvaluateForNumbers) {
  train("diabetes.csv", "--target progression");
  const auto rows = cells_of(command.run("predict model.safetensors diabetes.csv --keep progression").out);
  EXPECT_EQ(rows[0], (std::vector<std::string>{"progression", "prediction"}));
  double squares = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) squares += std::pow(std::stod(rows[i][0]) - std::stod(rows[i][1]), 2);
  const auto metrics = command.run_json("evaluate model.safetensors diabetes.csv")["metrics"];
  EXPECT_NEAR(metrics["rmse"], std::sqrt(squares / 442), 1e-4);
  EXPECT_GT(metrics["r2"], 0.3);
}

TEST_F(PredictCommand, NeedsNoTargetMindsNoOtherColumnsAndNoOrder) {
  train("iris.csv", "--target species");
  command.write("new.csv", "extra,petal_width,sepal_length,sepal_width,petal_length\nx,0.2,5.1,3.5,1.4\n");
  const auto one = command.run("predict model.safetensors new.csv");
  EXPECT_EQ(one.code, 0) << one.err;
  const auto all = command.run("predict model.safetensors iris.csv");
  EXPECT_EQ(cells_of(one.out)[1], cells_of(all.out)[1]);
}

TEST_F(PredictCommand, WithoutAHeaderTheTargetMayBeThereOrNot) {
  command.write("bare.csv", "0,1,2\n1,2,1\n0,3,5\n1,4,4\n0,5,1\n1,6,7\n0,1,1\n1,9,9\n");
  ASSERT_EQ(command.run("train bare.csv --no-header --target 1 --epochs 5").code, 0);
  const auto with = command.run("predict model.safetensors bare.csv --no-header");
  command.write("inputs.csv", "1,2\n2,1\n3,5\n4,4\n5,1\n6,7\n1,1\n9,9\n");
  const auto without = command.run("predict model.safetensors inputs.csv");
  EXPECT_EQ(with.code, 0) << with.err;
  EXPECT_EQ(without.code, 0) << without.err;
  EXPECT_EQ(with.out, without.out);
  EXPECT_TRUE(with.out.starts_with("prediction,p_0,p_1\n"));
}

TEST_F(PredictCommand, DroppedColumnsNeedNotBeDroppedAgain) {
  command.write("bare.csv", "x,1,2,0\ny,2,1,1\nx,3,5,0\nz,4,4,1\nx,5,1,0\nx,6,7,1\n");
  ASSERT_EQ(command.run("train bare.csv --no-header --target -1 --drop 1 --epochs 5").code, 0);
  const auto finished = command.run("predict model.safetensors bare.csv");
  EXPECT_EQ(finished.code, 0) << finished.err;
  EXPECT_EQ(cells_of(finished.out).size(), 7);
}

TEST_F(PredictCommand, Threshold) {
  train("breast_cancer.csv", "--target diagnosis");
  const auto count = [&](const char* threshold) {
    const auto rows = cells_of(command.run(std::string("predict model.safetensors breast_cancer.csv --threshold ") + threshold).out);
    return std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row[0] == "malignant"; });
  };
  EXPECT_EQ(count("0"), 569);
  EXPECT_GT(count("0.1"), count("0.9"));
  EXPECT_EQ(command.run("predict model.safetensors breast_cancer.csv --threshold 1.5").code, 2);
}

TEST_F(PredictCommand, QuotesWhatNeedsIt) {
  command.write("q.csv", "\"a \"\"b\"\"\",y\n1,\"x, y\"\n2,\"p\"\"q\"\n3,\"x, y\"\n4,\"p\"\"q\"\n");
  ASSERT_EQ(command.run("train q.csv --target y --epochs 2").code, 0);
  const auto out = command.run("predict model.safetensors q.csv --keep y").out;
  EXPECT_TRUE(out.starts_with("y,prediction,\"p_p\"\"q\",\"p_x, y\"\n\"x, y\",")) << out;
}

TEST_F(PredictCommand, FilesStreamsAndJson) {
  train("iris.csv", "--target species");
  const auto csv = command.run("predict model.safetensors iris.csv").out;
  ASSERT_EQ(command.run("predict model.safetensors iris.csv -o p.csv").code, 0);
  EXPECT_EQ(command.read("p.csv"), csv);
  EXPECT_EQ(command.run("predict model.safetensors - <iris.csv").out, csv);
  EXPECT_EQ(command.run("predict - iris.csv <model.safetensors").out, csv);
  EXPECT_EQ(command.run("predict model.safetensors iris.csv --threads 3").out, csv);
  const auto json = command.run_json("predict model.safetensors iris.csv");
  EXPECT_EQ(json["schema"], "longhand.predict/1");
  ASSERT_EQ(json["predictions"].size(), 150);
  EXPECT_EQ(json["predictions"][0]["prediction"], cells_of(csv)[1][0]);
}

TEST_F(PredictCommand, WhatIsNotFiniteIsNull) {
  train("breast_cancer.csv", "--target diagnosis");
  const auto table = command.read("breast_cancer.csv");
  command.write("one.csv", table.substr(0, table.find('\n', table.find('\n') + 1) + 1));  // one row, one class
  const auto finished = command.run("evaluate model.safetensors one.csv --json");
  EXPECT_EQ(finished.out.find(": nan"), std::string::npos);
  EXPECT_TRUE(nlohmann::json::parse(finished.out)["metrics"]["auc"].is_null());
}

}  // namespace
}  // namespace longhand::testing
