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

void expect_page(CommandLine& command, const std::string& arguments, const std::vector<const char*>& said) {
  SCOPED_TRACE(arguments);
  const auto finished = command.run(arguments + " --report page.html");
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_NE(finished.out.find("Wrote page.html"), std::string::npos);
  const auto page = command.read("page.html");
  EXPECT_EQ(testing::markup_error(page), "");
  for (const char* outside : {"<script", "http", ">nan", "NaN"}) EXPECT_EQ(page.find(outside), std::string::npos) << outside;
  const auto text = testing::text_of_markup(page);
  for (const char* words : said) EXPECT_NE(text.find(words), std::string::npos) << words;
}

TEST(ReportCommand, OfAModelOnOtherRows) {
  CommandLine command;
  for (const char* table : {"breast_cancer.csv", "iris.csv", "diabetes.csv"}) command.copy(table);
  ASSERT_EQ(command.run("train breast_cancer.csv --target diagnosis --epochs 5").code, 0);
  expect_page(command, "evaluate model.safetensors breast_cancer.csv", {"On 569 rows of breast_cancer.csv", "ROC curve", "Importance of columns", "breast_cancer.csv"});
  expect_page(command, "evaluate model.safetensors breast_cancer.csv --costs 1,20", {"What the errors cost", "20, a false alarm 1"});
  ASSERT_EQ(command.run("train iris.csv --target species --epochs 5 -o iris.safetensors").code, 0);
  expect_page(command, "evaluate iris.safetensors iris.csv", {"Class by class"});
  ASSERT_EQ(command.run("train diabetes.csv --target progression --epochs 5 -o diabetes.safetensors").code, 0);
  expect_page(command, "evaluate diabetes.safetensors diabetes.csv", {"Prediction and truth"});
}

TEST(ReportCommand, OfACrossValidation) {
  CommandLine command;
  for (const char* table : {"breast_cancer.csv", "iris.csv", "diabetes.csv"}) command.copy(table);
  expect_page(command, "train breast_cancer.csv --target diagnosis --epochs 5 --folds 3 --costs 2,5",
              {"Over 3 parts", "Standard deviation", "of all 569 rows that were predicted so", "the 569 rows here cost", "On 569 rows, each predicted by a network that had not learned from it"});
  expect_page(command, "train iris.csv --target species --epochs 5 --folds 3", {"Over 3 parts"});
  expect_page(command, "train diabetes.csv --target progression --epochs 5 --folds 3", {"Over 3 parts", "Typical error (RMSE)"});
}

TEST(ReportCommand, TheCheapestThresholdIsThatOfThePredictions) {
  CommandLine command;
  command.copy("breast_cancer.csv");
  ASSERT_EQ(command.run("train breast_cancer.csv --target diagnosis --epochs 3").code, 0);
  const auto json = command.run_json("evaluate model.safetensors breast_cancer.csv --costs 1,7");
  std::istringstream rows(command.run("predict model.safetensors breast_cancer.csv --keep diagnosis").out);
  std::vector<std::pair<double, bool>> predicted;
  std::string line;
  std::getline(rows, line);
  ASSERT_EQ(line, "diagnosis,prediction,p_benign,p_malignant");
  while (std::getline(rows, line)) predicted.emplace_back(std::stod(line.substr(line.rfind(',') + 1)), line.starts_with("malignant"));
  const auto cost_of = [&](double threshold) {
    double cost = 0;
    for (const auto& [p, is_malignant] : predicted) cost += p >= threshold ? (is_malignant ? 0 : 1) : (is_malignant ? 7 : 0);
    return cost;
  };
  const auto& costs = json["costs"];
  EXPECT_EQ(costs["at_half"]["cost"], cost_of(0.5));
  EXPECT_EQ(costs["cheapest"]["cost"], cost_of(costs["cheapest"]["threshold"]));
  for (const auto& [p, is_malignant] : predicted) EXPECT_LE(costs["cheapest"]["cost"], cost_of(p));
  EXPECT_LT(costs["cheapest"]["cost"], costs["at_half"]["cost"]);
  const auto text = command.run("evaluate model.safetensors breast_cancer.csv --costs 1,7");
  EXPECT_NE(text.out.find("cheapest here"), std::string::npos) << text.out;
}

TEST(ReportCommand, AsksForTheClassOfPositive) {
  CommandLine command;
  command.copy("breast_cancer.csv");
  ASSERT_EQ(command.run("train breast_cancer.csv --target diagnosis --epochs 3").code, 0);
  const std::string evaluate = "evaluate model.safetensors breast_cancer.csv --costs 1,7";
  const auto second = command.run_json(evaluate), first = command.run_json(evaluate + " --positive benign");
  EXPECT_EQ(second["positive"], "malignant");
  EXPECT_EQ(first["positive"], "benign");
  EXPECT_EQ(first["classes"], (nlohmann::ordered_json{"malignant", "benign"}));
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 2; ++j) EXPECT_EQ(first["metrics"]["confusion"][i][j], second["metrics"]["confusion"][1 - i][1 - j]);
  }
  for (const auto* json : {&first, &second}) {
    const auto& confusion = (*json)["metrics"]["confusion"];
    const double found = confusion[1][1], missed = confusion[1][0], falsely = confusion[0][1];
    EXPECT_NEAR((*json)["metrics"]["f1"].get<double>(), 2 * found / (2 * found + missed + falsely), 1e-12);
    EXPECT_EQ((*json)["costs"]["at_half"]["cost"], falsely + 7 * missed);
  }
  EXPECT_EQ(first["metrics"]["auc"], second["metrics"]["auc"]);
  expect_page(command, evaluate + " --positive benign", {"taken for “benign”", "--positive malignant"});
  EXPECT_NE(command.run(evaluate).out.find("a missed 'malignant'"), std::string::npos);
  for (const char* wrong : {" --positive maybe", " --positive ''x"}) EXPECT_EQ(command.run(evaluate + wrong).code, 2) << wrong;
  // A model that is learned so says so itself.
  ASSERT_EQ(command.run("train breast_cancer.csv --target diagnosis --epochs 3 --positive benign").code, 0);
  EXPECT_EQ(command.run_json(evaluate)["positive"], "benign");
  EXPECT_TRUE(command.run("predict model.safetensors breast_cancer.csv").out.starts_with("prediction,p_malignant,p_benign\n"));
  EXPECT_EQ(command.run("train breast_cancer.csv --target diagnosis --positive maybe").code, 2);
}

TEST(ReportCommand, SaysWhereRowsWereLearnedFrom) {
  CommandLine command;
  command.copy("iris.csv");
  ASSERT_EQ(command.run("train iris.csv --target species --epochs 300 --patience 5").code, 0);
  const auto same = command.run("evaluate model.safetensors iris.csv");
  EXPECT_EQ(same.code, 0);
  EXPECT_NE(same.err.find("iris.csv: these are the very rows that the model learned from"), std::string::npos) << same.err;
  EXPECT_EQ(command.run_json("evaluate model.safetensors iris.csv")["warnings"].size(), 1U);
  EXPECT_EQ(command.run("evaluate model.safetensors iris.csv --stream").err, same.err);
  const auto all = command.read("iris.csv");
  command.write("part.csv", all.substr(0, all.rfind('\n', all.size() - 2) + 1));
  EXPECT_EQ(command.run("evaluate model.safetensors part.csv").err, "");
  EXPECT_EQ(command.run_json("evaluate model.safetensors part.csv")["warnings"].size(), 0U);
}

TEST(ReportCommand, OfOtherRowsTellsWhatIsOddInThem) {
  CommandLine command;
  command.copy("iris.csv");
  ASSERT_EQ(command.run("train iris.csv --target species --epochs 20").code, 0);
  EXPECT_EQ(command.run("evaluate model.safetensors iris.csv --report page.html").code, 0);
  EXPECT_EQ(command.read("page.html").find("What is odd in the table"), std::string::npos);  // that it learned from them has its own place
  const auto all = command.read("iris.csv");
  const auto end = all.find('\n', all.find('\n') + 1);
  command.write("far.csv", all.substr(0, all.find('\n') + 1) + "999" + all.substr(all.find('\n') + 1, end - all.find('\n')));
  const auto finished = command.run("evaluate model.safetensors far.csv --report page.html");
  EXPECT_EQ(finished.code, 0) << finished.err;
  EXPECT_NE(finished.err.find("1 cell is far outside what was learned from"), std::string::npos) << finished.err;
  EXPECT_NE(command.read("page.html").find("1 cell is far outside what was learned from"), std::string::npos);
}

TEST(ReportCommand, CostsThatCannotBe) {
  CommandLine command;
  command.copy("iris.csv");
  ASSERT_EQ(command.run("train iris.csv --target species --epochs 2").code, 0);
  const std::string evaluate = "evaluate model.safetensors iris.csv ", train = "train iris.csv --target species -o other.safetensors ";
  for (const auto& arguments : {evaluate + "--costs 1", evaluate + "--costs 1,2,3", evaluate + "--costs 1,x", evaluate + "--costs 0,0", evaluate + "--costs 1,-2",
                                evaluate + "--costs 1,2", train + "--costs 1,2 --report page.html", train + "--costs 1,2",
                                evaluate + "--report -", evaluate + "--report iris.csv", evaluate + "--report model.safetensors"}) {
    const auto finished = command.run(arguments);
    EXPECT_EQ(finished.code, 2) << arguments << ": " << finished.err;
    EXPECT_EQ(finished.error_lines(), 1) << finished.err;
    EXPECT_EQ(command.files(), 2) << arguments;
  }
  EXPECT_EQ(command.run(evaluate + "--report nowhere/page.html").code, 1);
  const auto streamed = command.run(evaluate + "--stream --report page.html");
  EXPECT_EQ(streamed.code, 2);
  EXPECT_NE(streamed.err.find("--report needs the table in memory"), std::string::npos) << streamed.err;
  EXPECT_EQ(command.files(), 2);
}

// Making the page takes a wide network many times as long as writing the model does.
TEST(ReportCommand, AnInterruptLeavesTheModelAlone) {
  CommandLine command;
  std::string table = "y";
  for (int j = 0; j < 60; ++j) table += ",c" + std::to_string(j);
  for (int i = 0; i < 400; ++i) {
    table += "\n" + std::to_string(i % 17);
    for (int j = 0; j < 60; ++j) table += "," + std::to_string((i * 31 + j * 97) % 101) + ".5";
  }
  command.write("wide.csv", table + "\n");
  const auto finished = command.interrupt_when(
      {"train", "wide.csv", "--target", "y", "--task", "regression", "--hidden", "1024,1024", "--epochs", "1", "--no-refit", "--validation", "0.5", "--threads", "1", "--report", "page.html"},
      [&] { return command.has("model.safetensors"); }, SIGINT);
  EXPECT_EQ(finished.code, 130);
  EXPECT_NE(finished.err.find("longhand: error: interrupted; model.safetensors was written, page.html was not\n"), std::string::npos) << finished.err;
  EXPECT_EQ(command.run("inspect model.safetensors").code, 0);
  EXPECT_EQ(command.files(), 2);  // no page, and nothing under another name
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
