// Where an option comes from: the flag, the environment, the file, the default; and what --help
// says.
#include <gtest/gtest.h>

#include <regex>

#include "cli/command_line.h"

namespace longhand::testing {
namespace {

class Settings : public ::testing::Test {
 protected:
  void SetUp() override {
    command.copy("iris.csv");
    command.write("c.toml", "epochs = 3\nhidden = [7, 5]\nlearning_rate = 0.01\nno_refit = true\nactivation = \"tanh\"\n");
  }
  nlohmann::ordered_json trained(const std::string& flags, const std::string& before = "") {
    const auto finished = command.run("train iris.csv --target species " + flags, before);
    EXPECT_EQ(finished.code, 0) << finished.err;
    return command.run_json("inspect model.safetensors");
  }
  CommandLine command;
};

TEST_F(Settings, FlagBeatsEnvironmentBeatsFileBeatsDefault) {
  EXPECT_EQ(trained("--config c.toml")["training"]["epochs"], 3);
  EXPECT_EQ(trained("--config c.toml", "LONGHAND_EPOCHS=2")["training"]["epochs"], 2);
  EXPECT_EQ(trained("--config c.toml --epochs 1", "LONGHAND_EPOCHS=2")["training"]["epochs"], 1);
  EXPECT_EQ(trained("", "LONGHAND_EPOCHS=4")["training"]["epochs"], 4);
  EXPECT_EQ(trained("", "LONGHAND_CONFIG=c.toml")["training"]["epochs"], 3);
}

TEST_F(Settings, FileHasNumbersTextFlagsAndLists) {
  const auto json = trained("--config c.toml");
  EXPECT_EQ(json["layers"][0]["out"], 7);
  EXPECT_EQ(json["layers"][1]["type"], "tanh");
  EXPECT_EQ(json["layers"][2]["out"], 5);
  EXPECT_EQ(json["network"]["optimizer"]["learning_rate"], 0.01);
  EXPECT_EQ(json["training"]["refit"], false);
}

TEST_F(Settings, RequiredFlagsMayComeFromTheFile) {
  command.write("t.toml", "target = \"species\"\nepochs = 2\n");
  EXPECT_EQ(command.run("train iris.csv --config t.toml").code, 0);
  EXPECT_EQ(command.run("train iris.csv", "LONGHAND_TARGET=species LONGHAND_EPOCHS=1").code, 0);
}

TEST_F(Settings, NamesInAListMayHaveCommas) {
  command.write("t.csv", "\"price, net\",\"a \"\"b\"\"\",c\n1,2,3\n");
  command.write("drop.toml", "drop = [\"price, net\", 'a \"b\"']\n");
  EXPECT_EQ(command.run_json("inspect t.csv --config drop.toml")["columns"].size(), 1U);
}

TEST_F(Settings, TheFileIsNotWrittenOver) {
  const auto before = command.read("c.toml");
  const auto finished = command.run("train iris.csv --target species --config c.toml -o c.toml");
  EXPECT_EQ(finished.code, 2);
  EXPECT_EQ(finished.err, "longhand: error: writing c.toml would replace c.toml, which is read too\n");
  EXPECT_EQ(command.read("c.toml"), before);
}

TEST_F(Settings, AnEmptyVariableIsNone) {
  EXPECT_EQ(trained("--epochs 2", "LONGHAND_HIDDEN= LONGHAND_SEED=")["layers"][0]["out"], 100);
}

TEST_F(Settings, EnvironmentTurnsFlagsOn) {
  const auto finished = command.run("inspect iris.csv", "LONGHAND_JSON=true");
  EXPECT_EQ(nlohmann::json::parse(finished.out)["schema"], "longhand.inspect/1");
}

TEST_F(Settings, VersionAndHelp) {
  const auto version = command.run("--version");
  EXPECT_EQ(version.code, 0);
  EXPECT_TRUE(std::regex_match(version.out, std::regex("longhand \\d+\\.\\d+\\.\\d+\n"))) << version.out;
  EXPECT_EQ(command.run("train --version").out, version.out);
  EXPECT_EQ(version.err, "");
}

// Each example runs, in the repository's folder, in the order in which --help lists the commands.
TEST_F(Settings, EveryCommandHasHelpWithAnExampleThatRuns) {
  const auto help = command.run("--help");
  EXPECT_EQ(help.code, 0);
  EXPECT_EQ(help.err, "");
  std::filesystem::create_directory_symlink(source_file("examples"), command.path() / "examples");
  std::vector<std::string> examples;
  const auto collect = [&](const std::string& text) {
    const std::regex example("\n  longhand ([^\n]+)");
    for (std::sregex_iterator i(text.begin(), text.end(), example), end; i != end; ++i) examples.push_back((*i)[1]);
  };
  collect(help.out);
  EXPECT_GE(examples.size(), 3);
  for (const char* name : {"train", "predict", "evaluate", "explain", "inspect", "bench"}) {
    EXPECT_NE(help.out.find(std::string("\n  ") + name + " "), std::string::npos) << name;
    const auto before = examples.size();
    const auto text = command.run(std::string(name) + " --help");
    EXPECT_EQ(text.code, 0);
    for (const char* flag : {"--json", "--seed", "--threads", "--config", "--version"}) {
      EXPECT_NE(text.out.find(flag), std::string::npos) << name << " " << flag;
    }
    collect(text.out);
    EXPECT_GT(examples.size(), before) << name << " has no example";
  }
  for (const auto& example : examples) {
    const auto finished = command.run(example);
    EXPECT_EQ(finished.code, 0) << example << "\n" << finished.err;
  }
}

}  // namespace
}  // namespace longhand::testing
