// bench through the real binary: what it prints, and which cases it picks. How long anything takes
// is not tested.
#include <gtest/gtest.h>

#include "cli/command_line.h"

namespace longhand::testing {
namespace {

using Json = nlohmann::ordered_json;

class BenchCommand : public ::testing::Test {
 protected:
  std::vector<std::string> names(const std::string& flags) {
    std::vector<std::string> result;
    const auto json = command.run_json("bench --seconds 0.001 " + flags);
    for (const auto& entry : json["cases"]) result.push_back(entry["name"]);
    return result;
  }
  CommandLine command;
};

TEST_F(BenchCommand, JsonHasWhatTheContractSays) {
  const auto json = command.run_json("bench --cases 2-2-1 --threads 2 --seconds 0.01");
  EXPECT_EQ(json["schema"], "longhand.bench/1");
  ASSERT_EQ(json["cases"].size(), 2);
  EXPECT_EQ(json["cases"][0]["name"], "infer 2-2-1");
  EXPECT_EQ(json["cases"][1]["name"], "step 2-2-1 SGD B1");
  for (const auto& entry : json["cases"]) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : entry.items()) keys.push_back(key);
    EXPECT_EQ(keys, (std::vector<std::string>{"name", "threads", "best_ns", "median_ns", "floor_ns"}));
    EXPECT_EQ(entry["threads"], 2);
    EXPECT_GT(entry["floor_ns"], 0.0);
    EXPECT_GT(entry["best_ns"], 0.0);
    EXPECT_GE(entry["median_ns"], entry["best_ns"]);
  }
}

TEST_F(BenchCommand, PicksByAPartOfTheName) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(names("--cases infer"), (Names{"infer 2-2-1", "infer 30-64-64-1", "infer 784-128-10"}));
  EXPECT_EQ(names("--cases 30-64-64-1"), (Names{"infer 30-64-64-1", "step 30-64-64-1 Adam B32"}));
  EXPECT_EQ(names("--cases 'step 784-128-10 Adam B64'"), (Names{"step 784-128-10 Adam B64"}));
}

TEST_F(BenchCommand, TheTableNamesItsColumns) {
  const auto finished = command.run("bench --cases 'step 2-2-1' --threads 1 --seconds 0.001");
  EXPECT_EQ(finished.code, 0) << finished.err;
  EXPECT_EQ(finished.err, "");
  const auto header = finished.out.substr(0, finished.out.find('\n'));
  for (const char* column : {"case", "threads", "best", "median", "floor", "reached"}) {
    EXPECT_NE(header.find(column), std::string::npos) << column;
  }
  EXPECT_NE(finished.out.find("\nstep 2-2-1 SGD B1 "), std::string::npos);
  EXPECT_EQ(finished.out.find("784"), std::string::npos);
}

TEST_F(BenchCommand, WrongFlagsAreToldInOneLine) {
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"--cases resnet", "resnet"},    {"--cases resnet", "step 1024x4-10 SGD B1024"},
      {"--seconds 0", "--seconds"},    {"--seconds -1", "--seconds"},
      {"--seconds soon", "--seconds"}, {"--threads 0", "--threads"},
      {"--repeats 3", "--repeats"},
  };
  for (const auto& [flags, named] : bad) {
    const auto finished = command.run("bench " + flags);
    EXPECT_EQ(finished.code, 2) << flags;
    EXPECT_EQ(finished.out, "") << flags;
    EXPECT_EQ(finished.error_lines(), 1) << finished.err;
    EXPECT_NE(finished.err.find(named), std::string::npos) << finished.err;
  }
}

}  // namespace
}  // namespace longhand::testing
