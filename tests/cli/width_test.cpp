// What the command prints for people fits a terminal of 80 columns.
#include <gtest/gtest.h>

#include "cli/command_line.h"
#include "explain/text_lines.h"

namespace longhand::testing {
namespace {

constexpr int kTerminal = 80;

void expect_fits(const Finished& finished, const std::string& what) {
  ASSERT_EQ(finished.code, 0) << what << "\n" << finished.err;
  std::istringstream lines(finished.out);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_LE(columns(line), kTerminal) << what << "\n" << line;
    EXPECT_FALSE(line.ends_with(' ')) << what << "\n" << line << "|";
  }
  EXPECT_GT(count, 3) << what;
}

TEST(Width, OfHelp) {
  CommandLine command;
  const auto help = command.run("--help");
  expect_fits(help, "--help");
  int commands = 0;
  std::istringstream lines(help.out.substr(help.out.find("Subcommands:")));
  for (std::string line; std::getline(lines, line) && !line.empty();) {
    if (line.size() < 3 || line[2] == ' ' || !line.starts_with("  ")) continue;
    const auto name = line.substr(2, line.find(' ', 2) - 2);
    expect_fits(command.run(name + " --help"), name);
    ++commands;
  }
  EXPECT_GE(commands, 10);
}

TEST(Width, OfInspect) {
  CommandLine command;
  for (const auto& [table, flags] : std::vector<std::pair<std::string, std::string>>{
           {"iris", "--target species"}, {"titanic", "--target survived --drop alive"}, {"diabetes", "--target progression"},
           {"breast_cancer", "--target diagnosis"}, {"wine", "--target cultivar"}, {"digits", "--target digit"}}) {
    command.copy(table + ".csv");
    expect_fits(command.run("inspect " + table + ".csv"), table);
    ASSERT_EQ(command.run("train " + table + ".csv --epochs 1 " + flags).code, 0) << table;
    expect_fits(command.run("inspect --plan model.safetensors"), table);
  }
  command.copy("banknote.csv");
  expect_fits(command.run("inspect --no-header banknote.csv"), "banknote");
  std::string head, row;
  for (int i = 0; i < 3; ++i) {
    head += (i > 0 ? "," : "") + std::string("a_column_whose_name_goes_on_and_on_and_on_as_some_do_") + std::to_string(i);
    row += (i > 0 ? "," : "") + std::string("1.23456789e-290");
  }
  command.write("long.csv", head + "\n" + row + "\n1,2,x\n1,3,2020-01-01\n");
  expect_fits(command.run("inspect long.csv"), "long names");
}

TEST(Width, OneOfAKindIsSingular) {
  CommandLine command;
  command.write("t.csv", "a\n1\n");
  EXPECT_TRUE(command.run("inspect t.csv").out.starts_with("1 row, 1 column\n"));
  command.write("t.csv", "a,y\n1,2\n3,5\n4,7\n");
  const auto learned = command.run("train t.csv --target y --epochs 1 --validation 0").out;
  EXPECT_NE(learned.find(" from 1 column of t.csv"), std::string::npos) << learned;
  EXPECT_NE(learned.find(", 1 epoch, "), std::string::npos) << learned;
}

}  // namespace
}  // namespace longhand::testing
