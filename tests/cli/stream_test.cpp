// Training from a file in blocks through the real binary.
#include <gtest/gtest.h>

#include "cli/command_line.h"

namespace longhand::testing {
namespace {

using Json = nlohmann::ordered_json;

class StreamCommand : public ::testing::Test {
 protected:
  void SetUp() override { command.copy("breast_cancer.csv"); }
  CommandLine command;
  const std::string train_ = "train breast_cancer.csv --target diagnosis --epochs 5 ";
};

TEST_F(StreamCommand, GivesTheModelOfTheTableInMemory) {
  ASSERT_EQ(command.run(train_ + "--no-refit -o memory.safetensors").code, 0);
  const auto streamed = command.run(train_ + "--stream --json -o blocks.safetensors --report page.html");
  ASSERT_EQ(streamed.code, 0) << streamed.err;
  EXPECT_TRUE(command.read("memory.safetensors") == command.read("blocks.safetensors"));
  EXPECT_EQ(Json::parse(streamed.out)["rows"], 455);
  EXPECT_TRUE(command.has("page.html"));
}

TEST_F(StreamCommand, PredictsAndEvaluatesAsInMemory) {
  // Rows enough for several blocks.
  const auto table = command.read("breast_cancer.csv");
  const auto rows = table.substr(table.find('\n') + 1);
  auto many = table;
  for (int i = 0; i < 50; ++i) many += rows;
  command.write("many.csv", many);
  ASSERT_EQ(command.run(train_ + "-o model.safetensors").code, 0);
  for (const char* what : {"evaluate", "predict --keep diagnosis"}) {
    const auto in_memory = command.run(std::string(what) + " model.safetensors many.csv");
    const auto streamed = command.run(std::string(what) + " model.safetensors many.csv --stream");
    ASSERT_EQ(streamed.code, 0) << streamed.err;
    EXPECT_TRUE(streamed.out == in_memory.out) << what;
  }
  command.write("many.csv", many + "x" + rows.substr(0, rows.find('\n')) + "\n");
  const auto files = command.files();
  const auto bad = command.run("predict model.safetensors many.csv --stream -o out.csv");
  EXPECT_EQ(bad.code, 3);
  EXPECT_NE(bad.err.find("many.csv: row 29020 (line 29021), column 'mean_radius': 'x17.99' is not a number"), std::string::npos) << bad.err;
  EXPECT_EQ(command.files(), files);
  const auto json = command.run("predict model.safetensors breast_cancer.csv --stream --json");
  EXPECT_EQ(json.code, 2);
  EXPECT_NE(json.err.find("needs -o FILE"), std::string::npos) << json.err;
}

TEST_F(StreamCommand, RefusesInOneLineWhatItCannotDo) {
  const std::pair<const char*, std::pair<int, const char*>> cases[] = {
      {"--target diagnosis --stream --optimizer lbfgs", {2, "lbfgs takes all rows at once"}},
      {"--target diagnosis --stream --split-by mean_texture", {2, "cannot be held out by a column"}},
      {"--target nothing --stream", {2, "no column 'nothing'"}},
      {"--target diagnosis --stream --drop nothing", {2, "no column 'nothing'"}},
  };
  for (const auto& [flags, expected] : cases) {
    const auto finished = command.run("train breast_cancer.csv -o m.safetensors " + std::string(flags));
    EXPECT_EQ(finished.code, expected.first) << flags << finished.err;
    EXPECT_EQ(finished.error_lines(), 1) << finished.err;
    EXPECT_NE(finished.err.find(expected.second), std::string::npos) << finished.err;
  }
  const auto piped = command.run("train - --target diagnosis --stream -o m.safetensors < breast_cancer.csv");
  EXPECT_EQ(piped.code, 2);
  EXPECT_NE(piped.err.find("--stream needs a file"), std::string::npos) << piped.err;
  const auto homeless = command.run(train_ + "--stream -o m.safetensors", "export TMPDIR=/nowhere;");
  EXPECT_EQ(homeless.code, 1);
  EXPECT_EQ(homeless.error_lines(), 1) << homeless.err;
  EXPECT_NE(homeless.err.find("/nowhere"), std::string::npos) << homeless.err;
  EXPECT_FALSE(command.has("m.safetensors"));
}

}  // namespace
}  // namespace longhand::testing
