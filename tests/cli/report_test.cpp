// train --report: one page that needs nothing else, or nothing at all.
#include <gtest/gtest.h>

#include "cli/command_line.h"
#include "support/markup.h"

namespace longhand {
namespace {

using testing::CommandLine;

struct Case {
  const char *table, *target;
  std::vector<const char*> said;
};

TEST(ReportCommand, WritesAPageThatNeedsNothingElse) {
  const std::vector<Case> cases{
      {"breast_cancer", "diagnosis", {"ROC curve", "Precision and recall", "expected calibration error", "From which probability on to act", "Importance of columns", "Learning curves", "always “benign”"}},
      {"iris", "species", {"Class by class", "each class against the others", "versicolor", "Which class was taken for which"}},
      {"diabetes", "progression", {"Prediction and truth", "Against a normal distribution", "always the mean", "R²"}}};
  for (const auto& [table, target, said] : cases) {
    CommandLine command;
    const std::string name = table;
    command.copy(name + ".csv");
    const auto arguments = "train " + name + ".csv --target " + target + " --epochs 30 --report report.html";
    const auto finished = command.run(arguments);
    ASSERT_EQ(finished.code, 0) << finished.err;
    EXPECT_NE(finished.out.find("Wrote report.html"), std::string::npos);
    const auto page = command.read("report.html");
    EXPECT_EQ(testing::markup_error(page), "") << name;
    for (const char* outside : {"<script", "http", "url(", "@import", "<link", ">nan", "NaN"}) EXPECT_EQ(page.find(outside), std::string::npos) << name << ": " << outside;
    const auto text = testing::text_of_markup(page);
    for (const char* words : said) EXPECT_NE(text.find(words), std::string::npos) << name << ": " << words;
    EXPECT_LT(page.size(), 200'000u) << name;
    ASSERT_EQ(command.run(arguments + " --threads 3").code, 0);
    EXPECT_EQ(command.read("report.html"), page) << name << ": other bytes with other threads";
  }
}

TEST(ReportCommand, LeavesNothingWhereItCannotBeWritten) {
  struct Bad {
    const char* report;
    int code;
  };
  for (const auto& [report, code] : {Bad{"nowhere/report.html", 1}, Bad{".", 1}, Bad{"model.safetensors", 2}, Bad{"-", 2}, Bad{"iris.csv", 2}}) {
    CommandLine command;
    command.copy("iris.csv");
    const auto finished = command.run(std::string("train iris.csv --target species --epochs 2 --report ") + report);
    EXPECT_EQ(finished.code, code) << report << ": " << finished.err;
    EXPECT_EQ(finished.error_lines(), 1) << finished.err;
    EXPECT_TRUE(finished.err.starts_with("longhand: error: ")) << finished.err;
    EXPECT_EQ(command.files(), 1) << report;
  }
  // The model cannot be written: no page either.
  CommandLine command;
  command.copy("iris.csv");
  EXPECT_EQ(command.run("train iris.csv --target species --epochs 2 --report report.html -o /dev/full").code, 1);
  EXPECT_FALSE(command.has("report.html"));
}

}  // namespace
}  // namespace longhand
