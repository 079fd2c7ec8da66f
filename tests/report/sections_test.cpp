// What the sections of a page say of what is given to them.
#include <gtest/gtest.h>

#include <limits>
#include <regex>

#include "report/assessment.h"
#include "report/linear_model.h"
#include "support/markup.h"

namespace longhand::report {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// The cells of each row of the first table.
std::vector<std::vector<std::string>> rows_of(const std::string& html) {
  std::vector<std::vector<std::string>> rows;
  const std::regex cell("<t[dh][^>]*>(.*?)</t[dh]>");
  for (auto at = html.find("<tr>"); at != std::string::npos; at = html.find("<tr>", at + 1)) {
    const auto row = html.substr(at, html.find("</tr>", at) - at);
    rows.emplace_back();
    for (auto one = std::sregex_iterator(row.begin(), row.end(), cell); one != std::sregex_iterator(); ++one) rows.back().push_back(testing::text_of_markup((*one)[1]));
  }
  return rows;
}

// A fit of 300 rows, 100 of them held out.
struct Fit {
  explicit Fit(Task task = Task::binary) : model(testing::linear_model({"a", "b"}, {1, 1}, task)) {
    std::string text = "a,b,y\n";
    for (int i = 0; i < 300; ++i) text += std::to_string(i) + ",1," + (task == Task::regression ? "3" : i % 2 == 0 ? "yes" : "no") + "\n";
    table = parse_csv(text, "/of/t.csv");
    learned = table.select_rows(std::vector<std::int32_t>(200));
    const auto others = table.select_rows(std::vector<std::int32_t>(100));
    held_out = Table("/of/others.csv", {others.columns().begin(), others.columns().end()});
    all.options = &options;
    all.model = all.tested = &model;
    all.training = &training;
    all.table = &table;
    all.learned = &learned;
    all.held_out = &held_out;
    all.asked = *model.target;
    if (task == Task::regression) add("rmse", 2, {1.5, 2.5}, 4, 1.9);
    else add("accuracy", 0.9, {0.85, 0.95}, 0.6, 0.93), add("auc", 0.8, {kNaN, kNaN}, 0.5, 0.85), add("log_loss", 0.3, {0.2, 0.4}, 0.7, 0.25);
    all.metrics.rows = 100;
    all.baseline_words = "always “no”";
    all.intervals.resamples = 1000;
    training.rows = 9000;
  }

  void add(const std::string& name, double value, Bounds bounds, double guess, double on_learned) {
    all.metrics.values.emplace_back(name, value);
    all.intervals.bounds.push_back(bounds);
    all.baseline.values.emplace_back(name, guess);
    if (!all.on_learned) all.on_learned.emplace();
    all.on_learned->values.emplace_back(name, on_learned);
  }

  std::string summary() const { return testing::text_of_markup(summary_section(all)); }
  std::string metrics() const { return testing::text_of_markup(metrics_section(all)); }
  std::string method() const { return testing::text_of_markup(method_section(all)); }

  Model model;
  ReportOptions options;
  TrainResult training;
  Table table, learned, held_out;
  Assessment all;
};

bool has(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

TEST(Summary, SaysWhichRowsItsFiguresAreOf) {
  const std::string figures = ", it is right about “y” in 90.0% (95% interval 85.0% to 95.0%); saying always “no” would be right in 60.0%.";
  Fit fit;
  EXPECT_TRUE(has(fit.summary(), "On 100 rows that it had not learned from" + figures)) << fit.summary();
  EXPECT_TRUE(has(fit.summary(), "95%: –"));  // of AUC, which most resamples do not have
  fit.all.training = nullptr;
  for (const auto& [seen, words] : {std::pair{train::Seen::no, "On 100 rows of others.csv"}, {train::Seen::learned, "On 100 rows of others.csv, the very rows that it learned from"},
                                    {train::Seen::partly, "On 100 rows of others.csv, most of which it learned from"}}) {
    fit.all.seen = seen;
    EXPECT_TRUE(has(fit.summary(), words + figures)) << words;
  }
  const Fit numbers(Task::regression);
  EXPECT_TRUE(has(numbers.summary(), "On 100 rows that it had not learned from, its predictions of “y” are off by 2 typically (RMSE; 95% interval 1.5 to 2.5), where guessing the mean is off by 4."));
}

TEST(Summary, OfASampleSaysSo) {
  Fit fit;
  EXPECT_FALSE(has(fit.summary(), "sample"));
  EXPECT_TRUE(has(fit.method(), "200 learned from, 100 held out"));
  fit.options.file_rows = 10'000;
  EXPECT_TRUE(has(fit.summary(), "t.csv has 10,000 rows, and the network learned from 9,000 of them. The figures and plots here are of a sample of 300, drawn at random."));
  EXPECT_TRUE(has(fit.method(), "9,000 learned from, 100 held out"));
}

TEST(Summary, BeginsWithWhatIsSerious) {
  Fit fit;
  fit.all.findings.cautions = {{false, "This may be", ""}};
  EXPECT_FALSE(has(fit.summary(), "with care"));
  fit.all.findings.cautions = {{true, "One", ""}, {true, "Two", ""}, {false, "This may be", ""}};
  EXPECT_TRUE(has(fit.summary(), "Read this with care: One and Two."));
}

TEST(MetricsSection, SaysWhatEachIsWorth) {
  const Fit fit;
  const auto rows = rows_of(metrics_section(fit.all));
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0], (std::vector<std::string>{"Metric", "Value", "95% interval", "On learned rows", "Constant guess"}));
  const std::vector<std::vector<std::string>> cells{{"90.0%", "85.0% to 95.0%", "93.0%", "60.0%"}, {"0.800", "–", "0.850", "0.500"}, {"0.300", "0.200 to 0.400", "0.250", "0.700"}};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(std::vector<std::string>(rows[i + 1].begin() + 1, rows[i + 1].end()), cells[i]);
    EXPECT_EQ(has(rows[i + 1][0], "lower is better"), i == 2) << rows[i + 1][0];
  }
}

TEST(MetricsSection, SaysWhatIsNotPlain) {
  const std::string none_wrong = "No row was wrong", before = "These figures are of the network before it learned once more", of_folds = "The model that was written learned from all rows.";
  CrossValidation folds;
  for (const bool is_right : {false, true}) {
    for (const bool is_refit : {false, true}) {
      for (const bool has_folds : {false, true}) {
        Fit fit;
        if (is_right) fit.all.metrics.values[0].second = 1;
        if (is_refit) fit.training.before_refit = fit.model;
        if (has_folds) fit.options.folds = &folds;
        EXPECT_EQ(has(fit.metrics(), none_wrong), is_right);
        EXPECT_EQ(has(fit.metrics(), before), is_refit && !has_folds);
        EXPECT_EQ(has(fit.metrics(), of_folds), has_folds);
      }
    }
  }
}

TEST(FoldsSection, HasTheFiguresOfEachPartAndOfAll) {
  Fit fit;
  EXPECT_EQ(folds_section(fit.all), "");
  CrossValidation folds;
  folds.folds.resize(2);
  folds.folds[0] = {.rows = {}, .metrics = {.rows = 1000, .values = {{"accuracy", 0.8}, {"auc", 0.7}}, .confusion = {}}, .epochs = 4};
  folds.folds[1] = {.rows = {}, .metrics = {.rows = 300, .values = {{"accuracy", 0.9}, {"auc", 0.76}}, .confusion = {}}, .epochs = 7};
  folds.metrics = {.rows = 1300, .values = {{"accuracy", 0.823}, {"auc", 0.72}}, .confusion = {}};
  folds.spread = {{0.85, 0.071}, {0.73, 0.042}};
  fit.options.folds = &folds;
  EXPECT_EQ(rows_of(folds_section(fit.all)),
            (std::vector<std::vector<std::string>>{{"Part", "Rows", "Epochs", "Accuracy", "AUC"}, {"1", "1,000", "4", "80.0%", "0.700"}, {"2", "300", "7", "90.0%", "0.760"},
                                                   {"Mean", "", "", "85.0%", "0.730"}, {"Standard deviation", "", "", "7.1 points", "0.042"}, {"All together", "1,300", "", "82.3%", "0.720"}}));
  const auto lead = [&] { return testing::text_of_markup(folds_section(fit.all)); };
  EXPECT_TRUE(has(lead(), "cut into 2 parts, and each was predicted by a network that learned from the others alone. Accuracy: 85.0% on average, with a standard deviation of 7.1 points"));
  EXPECT_TRUE(has(lead(), "are of all 1,300 rows that were predicted so"));
  fit.options.split_time = "t";
  EXPECT_TRUE(has(lead(), "learned from those before it alone"));
}

TEST(MethodSection, SaysHowRowsWereHeldOut) {
  struct Case {
    Task task;
    void (*change)(Fit&);
    const char* words;
  };
  for (const auto& [task, change, words] :
       {Case{Task::binary, [](Fit&) {}, "100 held out at random, each class in proportion"}, Case{Task::regression, [](Fit&) {}, "100 held out at random"},
        Case{Task::binary, [](Fit& fit) { fit.options.split_by = "g"; }, "100 held out, rows of one “g” together"},
        Case{Task::binary, [](Fit& fit) { fit.options.split_time = "t"; }, "100 held out, the latest by “t”"},
        Case{Task::binary, [](Fit& fit) { fit.options.validation_table = &fit.held_out; }, "100 held out, those of others.csv"},
        Case{Task::binary, [](Fit& fit) { fit.all.held_out = &fit.learned; }, "all 200 were learned from"}}) {
    Fit fit(task);
    change(fit);
    EXPECT_TRUE(has(fit.method(), std::string(words) + "\n")) << words << fit.method();
  }
}

TEST(MethodSection, SaysWhatWasDoneToColumns) {
  Fit fit;
  const auto plain = fit.method();
  for (const char* words : {"Missing cells", "Left out", "Weights", "At the end"}) EXPECT_FALSE(has(plain, words)) << words;
  fit.model.inputs[1].has_missing = true;
  fit.options.left_out = {"id", "name"};
  fit.model.training.emplace_back("class_weight", "\"balanced\"");
  fit.training.before_refit = fit.model;
  for (const char* words : {"Missing cells“b”: the median", "Left outid and name", "In the loss each row counts by the rarity of its class", "At the endlearned again from all rows"}) EXPECT_TRUE(has(fit.method(), words)) << words;
}

TEST(LearningSection, HasADotAtTheBestEpoch) {
  Fit fit;
  fit.training.history = {{.loss = 1, .validation_loss = 0.9}, {.loss = 0.5, .validation_loss = 0.4}, {.loss = 0.3, .validation_loss = 0.6}};
  fit.training.epochs = 2;
  const auto html = learning_section(fit.all);
  EXPECT_TRUE(has(testing::text_of_markup(html), "The dot is the best epoch, 2."));
  const auto x = testing::attributes(html, "cx"), y = testing::attributes(html, "cy");
  ASSERT_EQ(x.size(), 1U);
  EXPECT_TRUE(has(html, "L" + x[0] + " " + y[0] + "L")) << html;  // the middle of three points
  fit.training.history.resize(1);
  EXPECT_EQ(learning_section(fit.all), "");
}

}  // namespace
}  // namespace longhand::report
