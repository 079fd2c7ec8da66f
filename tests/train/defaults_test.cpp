#include "train/defaults.h"

#include <gtest/gtest.h>

namespace longhand::train {
namespace {

std::vector<ColumnProfile> numbers(int count) {
  ColumnProfile column;
  column.kind = ColumnKind::number;
  return {static_cast<std::size_t>(count), column};
}

TrainOptions untouched() {
  TrainOptions options;
  options.optimizer = TrainOptions::default_optimizer(1000);
  return options;
}

struct Chosen {
  std::int64_t rows;
  int columns;
  std::vector<std::int64_t> hidden;
  std::int64_t members;  // 0: one
  std::int64_t steps;
  std::int64_t epochs;  // 0: until it stops
  double dropout;
};

constexpr double kPlain[] = {-1, 0, 1};  // ascending values of a column

TEST(Defaults, GoWithRowsAndColumns) {
  const Chosen table[] = {
      {150, 4, {100}, 0, 0, 0, 0},
      {1999, 20, {160}, 0, 0, 0, 0},
      {1999, 64, {256}, 0, 0, 0, 0},
      {161, 32, {256}, 0, 0, 0, 0},
      {160, 32, {256}, 0, 0, 0, 0.5},
      {1500, 300, {256}, 0, 0, 0, 0.5},
      {90, 20, {160}, 0, 0, 0, 0.5},
      {90, 19, {152}, 0, 0, 0, 0},
      {2000, 10, {128, 128}, 4, 16, 89, 0.1},
      {15'480, 8, {128, 128}, 4, 48, 32, 0.1},
      {4000, 57, {128, 128}, 4, 17, 63, 0.1},
      {20'000, 200, {128, 128}, 4, 0, 28, 0.1},
      {20'001, 10, {256, 256}, 1, 48, 28, 0.2},
      {1'000'000, 784, {256, 256}, 1, 0, 10, 0.2},
  };
  for (const auto& chosen : table) {
    SCOPED_TRACE(std::to_string(chosen.rows) + " rows of " + std::to_string(chosen.columns));
    const auto options = with_network_for(untouched(), chosen.rows, numbers(chosen.columns));
    EXPECT_EQ(options.hidden, chosen.hidden);
    EXPECT_EQ(options.members, chosen.members);
    EXPECT_EQ(options.number_steps.value_or(0), chosen.steps);
    EXPECT_EQ(options.epochs, chosen.epochs);
    EXPECT_EQ(number_scaling_for(options, kPlain, 1), chosen.rows > 20'000 ? NumberScaling::robust : NumberScaling::standard);
    EXPECT_EQ(options.dropout.value_or(0), chosen.dropout);
    EXPECT_EQ(options.schedule ? options.schedule->type : "", chosen.epochs > 0 ? "cosine" : "");
  }
}

TEST(Defaults, LeaveWhatIsSaid) {
  auto options = untouched();
  options.members = 1;
  options.dropout = 0;
  options.number_steps = 0;
  options.epochs = 5;
  options = with_network_for(options, 5000, numbers(3));
  EXPECT_EQ(options.hidden, (std::vector<std::int64_t>{128, 128}));
  EXPECT_EQ(options.members, 1);
  EXPECT_EQ(options.dropout, 0);
  EXPECT_EQ(options.number_steps, 0);
  EXPECT_EQ(options.epochs, 5);
}

TEST(Defaults, ArePlainWhereLayersAreSaid) {
  auto options = untouched();
  options.hidden = {7};
  options = with_network_for(options, 5000, numbers(3));
  EXPECT_EQ(options.hidden, std::vector<std::int64_t>{7});
  EXPECT_FALSE(options.dropout || options.number_steps || options.schedule);
  EXPECT_EQ(options.members + options.epochs, 0);
}

TEST(Defaults, LeaveLbfgsWhatItCanTake) {
  auto options = untouched();
  options.optimizer = find_optimizer("lbfgs");
  options = with_network_for(options, 5000, numbers(3));
  EXPECT_EQ(options.hidden, std::vector<std::int64_t>{100});
  EXPECT_FALSE(options.dropout || options.schedule);
}

}  // namespace
}  // namespace longhand::train
