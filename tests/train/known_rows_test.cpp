// A model tells the rows that it learned from, and which class it asks for.
#include "train/known_rows.h"

#include <gtest/gtest.h>

#include "base/philox.h"
#include "train/positive_class.h"

namespace longhand::train {
namespace {

Table rows(int count, std::uint64_t seed) {
  PhiloxStream stream(seed, 1);
  std::string text = "a,b,note,y\n";
  for (int i = 0; i < count; ++i) {
    const double a = stream.uniform();
    text += std::to_string(a) + (i % 9 == 0 ? ",," : ",1.50,") + (i % 2 == 0 ? "left" : "right") + (a > 0.5 ? ",yes\n" : ",no\n");
  }
  return parse_csv(text, "rows.csv");
}

TrainOptions quick() {
  TrainOptions options;
  options.target = "y";
  options.hidden = {4};
  options.epochs = 30;
  options.patience = 3;
  return options;
}

Seen seen_by(const Model& model, const Table& table) {
  RowSum sum;
  sum.add(model, table);
  return seen(model, sum);
}

TEST(KnownRows, AreThoseLearnedFromInAnyOrder) {
  const auto table = rows(80, 1);
  auto options = quick();
  options.validation = 0;
  const auto model = fit(table, options).model;
  EXPECT_EQ(seen_by(model, table), Seen::learned);
  std::vector<std::int32_t> backwards, most;
  for (std::int32_t row = 79; row >= 0; --row) backwards.push_back(row);
  most.assign(backwards.begin(), backwards.end() - 1);
  EXPECT_EQ(seen_by(model, table.select_rows(backwards)), Seen::learned);
  EXPECT_EQ(seen_by(model, table.select_rows(most)), Seen::no);
  EXPECT_EQ(seen_by(model, rows(80, 2)), Seen::no);
  // The same but for one row's target.
  std::string text = "a,b,note,y\n";
  for (std::size_t row = 0; row < 80; ++row) {
    for (const char* name : {"a", "b", "note"}) text += table.column(name).cell(row) + ",";
    text += (table.column("y").cell(row) == "yes") != (row == 7) ? "yes\n" : "no\n";
  }
  EXPECT_EQ(seen_by(model, parse_csv(text, "rows.csv")), Seen::no);
}

TEST(KnownRows, InBlocksWhoseCellsAreReadAsOtherKinds) {
  const auto table = rows(80, 1);
  const auto model = fit(table, quick()).model;
  RowSum sum;
  std::vector<std::int32_t> first{1, 2, 3, 4}, others{0};
  for (std::int32_t row = 5; row < 80; ++row) others.push_back(row);
  // Rows 1 to 4 alone have a number in each cell of b, and come as a column of numbers.
  std::string text = "a,b,note,y\n";
  for (const auto row : first) {
    for (const auto& column : table.columns()) text += column.cell(static_cast<std::size_t>(row)) + (column.name() == "y" ? "\n" : ",");
  }
  const auto block = parse_csv(text, "rows.csv");
  ASSERT_TRUE(block.column("b").is_numbers());
  ASSERT_FALSE(table.column("b").is_numbers());
  sum.add(model, block);
  sum.add(model, table.select_rows(others));
  EXPECT_EQ(seen(model, sum), Seen::learned);
}

TEST(KnownRows, APartThatWasHeldOutIsSaid) {
  const auto table = rows(80, 1);
  auto options = quick();
  options.refit = false;
  const auto result = fit(table, options);
  EXPECT_EQ(seen_by(result.model, table), Seen::partly);
  EXPECT_EQ(seen_by(result.model, table.select_rows(result.split.train)), Seen::learned);
  EXPECT_EQ(seen_by(result.model, table.select_rows(result.split.held_out)), Seen::no);
}

TEST(PositiveClass, IsClassOne) {
  const auto table = rows(80, 1);
  auto options = quick();
  options.epochs = 200;
  options.patience = 0;
  options.optimizer = TrainOptions::default_optimizer(80);
  options.optimizer->learning_rate = 0.03;
  EXPECT_EQ(fit(table, options).model.target->classes, (std::vector<std::string>{"no", "yes"}));
  options.positive = "no";
  const auto model = fit(table, options).model;
  EXPECT_EQ(model.target->classes, (std::vector<std::string>{"yes", "no"}));
  const auto p = predict(model, table);
  const auto a = table.numbers("a");
  double of_no = 0, of_yes = 0, count = 0;  // the mean probability of "no"
  for (std::int64_t i = 0; i < 80; ++i) {
    const bool is_no = a[static_cast<std::size_t>(i)] <= 0.5;
    (is_no ? of_no : of_yes) += p.at(i);
    count += is_no ? 1 : 0;
  }
  EXPECT_GT(of_no / count, of_yes / (80 - count) + 0.2);
  for (const char* wrong : {"maybe", "1"}) {
    options.positive = wrong;
    EXPECT_THROW(fit(table, options), ArgumentError);
  }
  options.positive = "yes";
  options.from = &model;
  EXPECT_THROW(fit(table, options), ArgumentError);
  options.positive = "no";
  EXPECT_NO_THROW(fit(table, options));
}

TEST(PositiveClass, SwappedOutcomesAreOfTheOtherClass) {
  const Outcomes outcomes{Task::binary, 2, {0.9, 0.6, 0.4, 0.1, 0.7, 0.2}, {1, 1, 0, 0, 0, 0}, {}};
  const auto there = measure(outcomes), here = measure(swapped(outcomes));
  for (const char* same : {"accuracy", "auc", "log_loss", "brier"}) EXPECT_NEAR(there.value(same), here.value(same), 1e-15) << same;
  EXPECT_NEAR(there.value("f1"), 2.0 * 2 / (2 * 2 + 1), 1e-15);  // found 2, 1 false
  EXPECT_NEAR(here.value("f1"), 2.0 * 3 / (2 * 3 + 1), 1e-15);  // found 3, 1 missed
  EXPECT_EQ(here.confusion[0][0], there.confusion[1][1]);
}

}  // namespace
}  // namespace longhand::train
