// What a page says of how good a model is, where that is easily said wrong.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <iomanip>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "base/philox.h"
#include "longhand/report.h"
#include "report/calibration.h"
#include "report/importance.h"
#include "support/markup.h"

namespace longhand::report {
namespace {

Table table_of(int rows, const std::string& header, const std::function<std::string(int, PhiloxStream&)>& row) {
  PhiloxStream stream(7, 1);
  auto text = header + "\n";
  for (int i = 0; i < rows; ++i) text += row(i, stream) + "\n";
  return parse_csv(text, "rows.csv");
}

TrainOptions quick(std::int64_t epochs = 15) {
  TrainOptions options;
  options.target = "y";
  options.hidden = {8};
  options.epochs = epochs;
  return options;
}

std::string page_text(const Table& table, const TrainOptions& options) {
  return testing::text_of_markup(write_report(table, fit(table, options), {.validation_table = options.validation_table, .split_by = options.split_by, .split_time = options.split_time}));
}

void expect_said(const std::string& text, const std::vector<const char*>& said, const std::vector<const char*>& not_said = {}) {
  for (const char* words : said) EXPECT_NE(text.find(words), std::string::npos) << words;
  for (const char* words : not_said) EXPECT_EQ(text.find(words), std::string::npos) << words;
}

TEST(Verdict, AModelThatIsWorseThanTheMeanIsSaidToBe) {
  const auto number = [](double x, double y) { return std::to_string(x) + "," + std::to_string(y); };
  const auto learned = table_of(200, "x,y", [&](int, PhiloxStream& s) { const double x = s.uniform(); return number(x, 10 * x); });
  const auto others = table_of(60, "x,y", [&](int, PhiloxStream& s) { return number(50 + s.uniform(), 5 + s.uniform()); });
  auto options = quick(60);
  options.validation_table = &others;
  expect_said(page_text(learned, options), {"Clearly worse than guessing the mean", "no, worse"}, {"Not clearly better", "may not say much"});
}

// A few large values are most of the error, of the network and of the mean alike.
TEST(Verdict, WhereFewValuesAreLargeItIsBetterThanTheMean) {
  const auto table = table_of(800, "x,y", [](int, PhiloxStream& s) {
    const double x = s.normal();
    return std::to_string(x) + "," + std::to_string(std::exp(1.6 * x + 0.3 * s.normal()));
  });
  expect_said(page_text(table, quick(150)), {}, {"Not clearly better"});
}

TEST(Verdict, ARankingThatIsGoodIsSaidWhereAccuracyIsNoBetter) {
  const auto table = table_of(1500, "x,y", [](int, PhiloxStream& s) {
    const double x = s.uniform();
    return std::to_string(x) + (s.uniform() < 0.35 * x * x ? ",yes" : ",no");
  });
  expect_said(page_text(table, quick(40)), {"no better than that of a constant guess, but it ranks the rows", "take another threshold"}, {"may not say much"});
}

TEST(Verdict, WhereColumnsSayNothingItIsSaid) {
  const auto table = table_of(300, "x,y", [](int, PhiloxStream& s) { return std::to_string(s.uniform()) + (s.uniform() < 0.5 ? ",yes" : ",no"); });
  expect_said(page_text(table, quick(5)), {"Not clearly better than a constant guess", "may not say much"}, {"it ranks the rows"});
}

TEST(Verdict, RowsOfOneClassTellNothing) {
  const auto table = table_of(200, "t,x,y", [](int i, PhiloxStream& s) {
    const double x = s.uniform();
    return std::to_string(i) + "," + std::to_string(x) + (i < 150 && x > 0.5 ? ",yes" : ",no");
  });
  auto options = quick();
  options.split_time = "t";
  const auto page = write_report(table, fit(table, options), {.split_time = "t"});
  expect_said(testing::text_of_markup(page), {"All rows to test on are “no”", "no ROC curve"}, {"From which probability on to act", "constant guess gives", "is those rows by heart", "Precision"});
  EXPECT_EQ(page.find("aria-label=\"ROC curve\""), std::string::npos);
}

TEST(Verdict, AShiftOfTheTargetIsNotCalledLearningByHeart) {
  const auto table = table_of(500, "t,x,y", [](int i, PhiloxStream& s) {
    const double x = s.uniform();
    const bool is_yes = i < 400 ? x > 0.5 : s.uniform() < 0.1;
    return std::to_string(i) + "," + std::to_string(x) + (is_yes ? ",yes" : ",no");
  });
  auto options = quick(60);
  options.split_time = "t";
  expect_said(page_text(table, options), {"need not be rows learned by heart"}, {"is those rows by heart"});
}

TEST(Verdict, OfRowsThatWereLearnedFrom) {
  const auto table = table_of(120, "x,y", [](int, PhiloxStream& s) { const double x = s.uniform(); return std::to_string(x) + (x > 0.5 ? ",yes" : ",no"); });
  auto options = quick(80);
  options.refit = true;
  const auto result = fit(table, options);
  std::vector<std::int32_t> some{5, 3, 9};
  expect_said(testing::text_of_markup(write_report(result.model, table.select_rows(some))), {"On 3 rows of rows.csv"}, {"learned from these very rows"});
  expect_said(testing::text_of_markup(write_report(result.model, table)), {"The network has learned from these very rows", "the very rows that it learned from"}, {"--class-weight"});
}

TEST(Verdict, OfOneRowThatIsRight) {
  // Of 59 rows without an error the bound is just below 5%, as tables of Clopper and Pearson's have it.
  EXPECT_NEAR(most_wrong_after_none(1), 0.95, 1e-12);
  EXPECT_NEAR(most_wrong_after_none(10), 0.2589, 5e-5);
  EXPECT_LT(most_wrong_after_none(59), 0.05);
  EXPECT_GT(most_wrong_after_none(58), 0.05);
  const auto table = table_of(120, "x,y", [](int i, PhiloxStream&) { return std::to_string(i % 10) + (i % 10 > 4 ? ",yes" : ",no"); });
  const auto result = fit(table, quick(80));
  expect_said(testing::text_of_markup(write_report(result.model, table.select_rows(std::vector<std::int32_t>{9}))), {"up to 95.0% of all rows would be wrong"}, {"--class-weight", "is rare"});
}

TEST(Verdict, IsAgainstTheGuessThatTheLearnedRowsMake) {
  const auto rows = [](int count, int of_ten) {
    return table_of(count, "x,y", [=](int i, PhiloxStream& s) { return std::to_string(s.uniform()) + (i % 10 < of_ten ? ",yes" : ",no"); });
  };
  const auto others = rows(100, 7);
  auto options = quick(2);
  options.validation_table = &others;
  expect_said(page_text(rows(200, 2), options), {"saying always “no” would be right in 30.0%"});
}

TEST(Verdict, IsOfTheNetworkBeforeItLearnedFromAllRows) {
  const auto rows = [](bool is_flipped) {
    return table_of(200, "x,y", [=](int, PhiloxStream& s) { const double x = s.uniform(); return std::to_string(x) + ((x > 0.5) != is_flipped ? ",yes" : ",no"); });
  };
  auto result = fit(rows(false), quick(40));
  expect_said(testing::text_of_markup(write_report(rows(false), result)), {}, {"worse than a constant guess"});
  result.before_refit = fit(rows(true), quick(40)).model;
  expect_said(testing::text_of_markup(write_report(rows(false), result)), {"Clearly worse than a constant guess"});
}

TEST(Verdict, OfACrossValidationIsOfAllItsRows) {
  const auto table = table_of(120, "x,y", [](int, PhiloxStream& s) { const double x = s.uniform(); return std::to_string(x) + (x > 0.5 ? ",yes" : ",no"); });
  const auto options = quick();
  const auto folds = cross_validate(table, options, 3);
  const auto text = testing::text_of_markup(write_report(table, fit(table, options), {.folds = &folds}));
  expect_said(text, {"On 120 rows, each predicted by a network that had not learned from it (cross-validation in 3 parts)", "it is right about “y” in"});
}

TEST(Roles, OfColumnsAreTold) {
  const auto table = table_of(150, "person,w,x,y", [](int i, PhiloxStream& s) {
    const double x = s.uniform();
    return "p" + std::to_string(i / 5) + "," + std::to_string(1 + i % 3) + "," + std::to_string(x) + (x > 0.5 ? ",yes" : ",no");
  });
  auto options = quick(5);
  options.sample_weight = "w";
  options.split_by = "person";
  options.balance_classes = true;
  const auto text = page_text(table, options);
  expect_said(text, {"w (weighs the rows)", "person (groups the rows", "its cell in “w” and the rarity of its class"}, {"(not used)"});
}

TEST(Roles, TheColumnOfTimeIsNotAdvisedAgainst) {
  const auto table = table_of(200, "ts,x,y", [](int i, PhiloxStream& s) { return std::to_string(1000 + i + i / 7) + "," + std::to_string(s.uniform()) + "," + std::to_string(s.uniform() + i * 0.01); });
  auto options = quick(5);
  options.split_time = "ts";
  auto result = fit(table, options);
  EXPECT_EQ(result.model.inputs.size(), 1U);
  options.learn_split_time = true;
  result = fit(table, options);
  ASSERT_EQ(result.model.inputs.size(), 2U);
  expect_said(testing::text_of_markup(write_report(table, result, {.split_time = "ts"})), {"ts (says which rows are the latest)"}, {"“ts” looks like", "--drop ts"});
}

TEST(Positive, IsWhatAPageIsAbout) {
  const auto table = table_of(200, "x,y", [](int, PhiloxStream& s) { const double x = s.uniform(); return std::to_string(x) + (x + 0.2 * s.normal() > 0.7 ? ",yes" : ",no"); });
  const auto result = fit(table, quick(30));
  expect_said(testing::text_of_markup(write_report(result.model, table)), {"Probability of “yes”", "is about “yes”; --positive no asks about the other"});
  expect_said(testing::text_of_markup(write_report(result.model, table, {.positive = "no"})), {"Probability of “no”", "is about “no”; --positive yes asks about the other"});
  EXPECT_THROW(write_report(result.model, table, {.positive = "maybe"}), ArgumentError);
}

std::string three_decimals(double value) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(3) << value;
  return text.str();
}

// 2 a / (2 a + b + c), of a rows of the class that are found, b that are not and c others.
TEST(Positive, IsWhatF1IsOf) {
  const auto table = table_of(600, "x,y", [](int, PhiloxStream& s) { const double x = s.uniform(); return std::to_string(x) + (x + 0.3 * s.normal() > 0.8 ? ",yes" : ",no"); });
  auto options = quick(150);
  options.refit = false;
  const auto result = fit(table, options);
  ASSERT_GT(result.train.value("f1"), 0.3);
  const auto f1 = [](const Metrics& metrics, std::size_t code) {
    const auto found = static_cast<double>(metrics.confusion[code][code]);
    return three_decimals(2 * found / (2 * found + static_cast<double>(metrics.confusion[code][1 - code] + metrics.confusion[1 - code][code])));
  };
  for (const std::size_t code : {0, 1}) {
    const auto page = write_report(table, result, {.positive = result.model.target->classes[code]});
    const auto row = page.substr(page.find(">F1<"));
    const std::regex cell("<td class=\"num\">(?:<b>)?([0-9.]+)(?:</b>)?</td>");
    std::vector<std::string> figures;
    for (auto at = std::sregex_iterator(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(row.find("</tr>")), cell); at != std::sregex_iterator(); ++at) figures.push_back((*at)[1]);
    ASSERT_GE(figures.size(), 2U);
    EXPECT_EQ(figures[0], f1(*result.validation, code));
    EXPECT_EQ(figures[1], f1(result.train, code));
  }
}

TEST(Warnings, AreTheTitlesOfTrapsAsLines) {
  const auto table = table_of(400, "x,copy,y", [](int i, PhiloxStream& s) { return std::to_string(s.uniform()) + (i % 25 == 0 ? ",alive,yes" : ",dead,no"); });
  EXPECT_EQ(warnings_about(table, fit(table, quick(30))),
            (std::vector<std::string>{"rows.csv: column 'copy' all but gives 'y' away by itself: if it is known only afterwards, leave it out with --drop copy", "rows.csv: 'yes' is rare: 4.0% of all rows"}));
  const auto chance = table_of(300, "x,y", [](int, PhiloxStream& s) { return std::to_string(s.uniform()) + (s.uniform() < 0.5 ? ",yes" : ",no"); });
  EXPECT_EQ(warnings_about(chance, fit(chance, quick(5))), std::vector<std::string>{"rows.csv: not clearly better than a constant guess"});
}

// The colour that each class has in each key of the page.
std::map<std::string, std::set<std::string>> colours_of(const std::string& page) {
  std::map<std::string, std::set<std::string>> colours;
  const std::regex key("<span class=\"key (s[0-9])\"></span>(k[0-9])<");
  for (auto at = std::sregex_iterator(page.begin(), page.end(), key); at != std::sregex_iterator(); ++at) colours[(*at)[2]].insert((*at)[1]);
  return colours;
}

TEST(Colours, OfAClassAreTheSameInAllPlots) {
  for (const int classes : {2, 3, 9}) {
    const auto table = table_of(360, "a,b,y", [&](int i, PhiloxStream& s) {
      const int k = i % classes;
      return std::to_string(k + 0.7 * s.normal()) + "," + std::to_string(k * k + s.normal()) + ",k" + std::to_string(k);
    });
    const auto colours = colours_of(write_report(table, fit(table, quick(10))));
    EXPECT_EQ(colours.size(), static_cast<std::size_t>(std::min(classes, 6)));
    std::set<std::string> all;
    for (const auto& [name, of_class] : colours) {
      EXPECT_EQ(of_class.size(), 1U) << name;
      all.insert(of_class.begin(), of_class.end());
    }
    EXPECT_EQ(all.size(), colours.size());
  }
}

TEST(Effort, IsBoundedForWideTables) {
  std::string header = "y";
  for (int j = 0; j < 260; ++j) header += ",c" + std::to_string(j);
  const auto table = table_of(60, header, [](int i, PhiloxStream& s) {
    auto row = std::to_string(i % 7 + s.uniform());
    for (int j = 0; j < 260; ++j) row += "," + std::to_string(s.uniform());
    return row;
  });
  auto options = quick(1);
  options.hidden = {1};
  const auto result = fit(table, options);
  for (const std::int64_t rows : {60, 100'000}) {
    const auto effort = effort_for(result.model, rows);
    EXPECT_LE(effort.columns, 200U);
    EXPECT_GE(effort.columns, 20U);
    EXPECT_LE(effort.rows, rows);
    EXPECT_GE(effort.repeats, 2);
  }
  auto large = result.model;
  large.network.layers[0].out = 1'000'000;
  EXPECT_EQ(effort_for(large, 100'000).columns, 20U);
  double last = -1;
  const auto page = write_report(table, result, {.progress = [&](double share) {
                                   EXPECT_GE(share, last);
                                   EXPECT_LE(share, 1);
                                   last = share;
                                 }});
  EXPECT_GT(last, 0.8);
  expect_said(testing::text_of_markup(page), {"Shuffled were the 200 of 260 columns"}, {"(not used)"});
  int calls = 0;
  EXPECT_THROW(write_report(table, result, {.progress = [&](double) {
                              if (++calls == 100) throw Interrupted("stopped");
                            }}), Interrupted);
}

}  // namespace
}  // namespace longhand::report
