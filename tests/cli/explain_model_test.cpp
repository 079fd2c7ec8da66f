// explain of trained models through the real binary: what it says is what predict, the log and the cells say.
#include <gtest/gtest.h>

#include <cmath>
#include <regex>

#include "cli/command_line.h"

namespace longhand::testing {
namespace {

using Json = nlohmann::ordered_json;

class ExplainModel : public ::testing::Test {
 protected:
  void SetUp() override { command.copy("breast_cancer.csv"); }
  Json train(const std::string& flags) { return command.run_json("train breast_cancer.csv --target diagnosis " + flags); }
  // The last column of a row, from 1, of what predict writes.
  double predicted(int row, const std::string& data = "breast_cancer.csv") {
    std::istringstream lines(command.run("predict model.safetensors " + data).out);
    std::string line;
    for (int i = 0; i <= row; ++i) std::getline(lines, line);
    return std::stod(line.substr(line.rfind(',') + 1));
  }
  static bool has_step(const Json& json, const std::string& id) {
    return std::any_of(json["steps"].begin(), json["steps"].end(), [&](const Json& one) { return one["id"] == id; });
  }
  CommandLine command;
};

TEST_F(ExplainModel, WithDropoutTheLastStepIsWhatPredictGives) {
  const std::pair<const char*, const char*> cases[] = {{"", "y_hat_p"}, {"--ensemble 3", "y_hat_mean"}};
  for (const auto& [flags, last] : cases) {
    train(std::string("--hidden 12 --dropout 0.5 --epochs 4 ") + flags);
    const auto json = command.run_json("explain model.safetensors --data breast_cancer.csv --row 7 --seed 3");
    EXPECT_NEAR(step(json, last)["value"].get<double>(), predicted(7), 1e-6) << flags;
    EXPECT_NE(step(json, "y_hat")["value"], step(json, *flags == '\0' ? last : "y_hat_1")["value"]) << flags;
    const auto text = command.run("explain model.safetensors --data breast_cancer.csv --row 7 --seed 3").out;
    EXPECT_EQ(text.find("as worked out above"), std::string::npos) << flags;
    EXPECT_NE(text.find("dropout off"), std::string::npos) << flags;
  }
}

TEST_F(ExplainModel, BatchNormPredictsByItsRunningMean) {
  command.write("normed.toml", R"([[layer]]
type = "linear"
out = 3
[[layer]]
type = "batch_norm"
[[layer]]
type = "linear"
out = 1
[loss]
type = "bce_with_logits"
)");
  train("--network normed.toml --epochs 2");
  const auto json = command.run_json("explain model.safetensors --data breast_cancer.csv --rows 6:8");
  EXPECT_NEAR(step(json, "y_hat_p")["value"][1].get<double>(), predicted(7), 1e-6);
}

TEST_F(ExplainModel, TheRateOfACheckpointIsTheSchedulesOwn) {
  const std::string run = "--schedule cosine --learning-rate 0.05 --optimizer sgd --momentum 0.5 --no-refit --patience 0 --epochs 3 --log log.jsonl";
  train(run + " --checkpoint at.checkpoint");
  const auto rate_of = [](const Json& json) {
    for (const auto& given : json["givens"]) {
      if (given["id"] == "learning_rate") return std::pair(given["value"].get<double>(), given["meaning"].get<std::string>());
    }
    return std::pair(-1.0, std::string());
  };
  std::istringstream lines(command.read("log.jsonl"));
  Json last;
  for (std::string line; std::getline(lines, line);) last = Json::parse(line);
  const std::string explain = "explain model.safetensors --data breast_cancer.csv --row 1 ";
  const auto [rate, meaning] = rate_of(command.run_json(explain + "--checkpoint at.checkpoint"));
  EXPECT_EQ(rate, last["learning_rate"].get<double>()) << meaning;
  EXPECT_LT(rate, 0.001);
  EXPECT_NE(meaning.find("cosine"), std::string::npos) << meaning;
  const auto [top, remark] = rate_of(command.run_json(explain));
  EXPECT_EQ(top, 0.05);
  EXPECT_NE(remark.find("cosine"), std::string::npos) << remark;
}

TEST_F(ExplainModel, SaysThatAModelKeepsNoMemory) {
  train("--epochs 2 --checkpoint at.checkpoint");
  const std::string explain = "explain model.safetensors --data breast_cancer.csv --row 1";
  const std::string remark = "does not keep the optimiser's memory";
  EXPECT_NE(command.run_json(explain)["givens"].dump().find(remark), std::string::npos);
  EXPECT_EQ(command.run_json(explain + " --checkpoint at.checkpoint")["givens"].dump().find(remark), std::string::npos);
}

TEST_F(ExplainModel, WithoutATargetThePredictionAlone) {
  command.write("new.csv", "x1,x2,group\n0.5,2,a\n1.5,1,b\n");
  command.write("known.csv", "x1,x2,group,y\n0.1,1,a,no\n0.2,3,b,yes\n0.7,2,a,no\n0.9,1,b,yes\n0.4,2,b,yes\n0.6,3,a,no\n");
  command.run_json("train known.csv --target y --epochs 2 --hidden 3 --dropout 0.5");
  for (const char* sample : {"--data new.csv --row 2", "--input 1.5,1,b"}) {
    const auto json = command.run_json("explain model.safetensors " + std::string(sample));
    EXPECT_NEAR(step(json, "y_hat")["value"].get<double>(), predicted(2, "new.csv"), 1e-6) << sample;
    EXPECT_TRUE(has_step(json, "raw"));
    for (const auto& one : json["steps"]) EXPECT_TRUE(one["pass"] == "input" || one["pass"] == "forward") << one;
    for (const auto& given : json["givens"]) EXPECT_NE(given["id"], "y");
  }
  const auto page = command.run("explain model.safetensors --data new.csv --row 2 --format html").out;
  EXPECT_NE(page.find("a prediction worked out"), std::string::npos);
  EXPECT_EQ(page.find("Every parameter"), std::string::npos);
  EXPECT_EQ(command.run("explain " + source_file("examples/article.toml") + " --input 1,2").code, 0);
  EXPECT_EQ(command.run("check model.safetensors --input 1.5,1,b").code, 2);
}

TEST_F(ExplainModel, ABatchIsDrawnWithTheValuesOfItsFirstRow) {
  train("--hidden 20 --epochs 2");
  const std::string explain = "explain model.safetensors --data breast_cancer.csv ";
  const auto drawing = [&](const std::string& rows) {
    auto page = command.run(explain + rows).out;
    page = page.substr(page.find("fc1, relu: 20 units"));
    return page.substr(0, page.find("W₂"));
  };
  auto batch = drawing("--rows 3:6");
  for (std::size_t at = batch.find("[1,"); at != std::string::npos; at = batch.find("[1,")) batch.replace(at, 3, "[");
  EXPECT_EQ(batch, drawing("--row 3"));
}

// "(3 - 2.30864) / 0.8356" is, in the digits shown, what stands behind it.
TEST_F(ExplainModel, EachCellsRuleGivesItsEntry) {
  std::string table = "place,near,y\n";
  for (int i = 0; i < 60; ++i) {
    const double x = -122.0 - 0.01 * (i % 37), near = 1e5 + 0.001 * (i % 11);
    table += std::to_string(x) + "," + std::to_string(near) + "," + std::to_string(i % 2) + "\n";
  }
  command.write("wide.csv", table);
  const std::pair<const char*, const char*> cases[] = {{"wide.csv", "y"}, {"breast_cancer.csv", "diagnosis"}};
  for (const auto& [data, target] : cases) {
    command.run_json(std::string("train ") + data + " --target " + target + " --epochs 1 --number-scaling robust");
    const auto json = command.run_json(std::string("explain model.safetensors --row 9 --data ") + data);
    const std::regex form(R"(for u = \(([-\d.e+]+) ([-+]) ([-\d.e+]+)\) / ([-\d.e+]+))");
    std::size_t entry = 0, read = 0;
    for (const auto& column : json["columns"]) {
      const auto rule = column["rule"].get<std::string>();
      const double x = step(json, "x")["value"][entry++].get<double>();
      std::smatch parts;
      if (!std::regex_search(rule, parts, form)) continue;
      ++read;
      const double b = std::stod(parts[3]), u = (std::stod(parts[1]) - (parts[2] == "-" ? b : -b)) / std::stod(parts[4]);
      EXPECT_NEAR(u / std::sqrt(1 + u * u / 9), x, 6e-4 * std::abs(x) + 1e-12) << data << ": " << rule;
    }
    EXPECT_GE(read, 2U) << data << ": " << json["columns"];
  }
}

TEST_F(ExplainModel, AnOutputThatIsNoProbabilityIsToldOf) {
  const std::string description = R"([network]
inputs = 2
[[layer]]
type = "linear"
out = 1
weight = [[-1, -1]]
bias = [0]
[loss]
type = "bce"
[sample]
input = [0.5, 0.4]
target = [1]
)";
  command.write("bare.toml", description);
  const auto page = command.run("explain bare.toml");
  EXPECT_EQ(page.code, 0) << page.err;
  EXPECT_NE(page.out.find("bce_with_logits"), std::string::npos) << page.out;
  const auto checked = command.run("check bare.toml");
  EXPECT_EQ(checked.code, 4);
  EXPECT_NE(checked.err.find("undefined"), std::string::npos) << checked.err;
  command.write("odd.toml", description + "[optimizer]\ntype = \"sgd\"\nrate = 1\n");
  EXPECT_NE(command.run("explain odd.toml").err.find("learning_rate"), std::string::npos);
}

}  // namespace
}  // namespace longhand::testing
