// What a target column is taken for.
#include <gtest/gtest.h>

#include "longhand/train.h"

namespace longhand {
namespace {

Task task_of(const std::vector<std::string>& cells) {
  std::string text = "a,y\n";
  for (const auto& cell : cells) text += "1," + cell + "\n";
  return choose_task(parse_csv(text, "t.csv"), "y");
}

std::vector<std::string> numbers(int count, int distinct, double step = 1) {
  std::vector<std::string> cells;
  for (int i = 0; i < count; ++i) cells.push_back(std::to_string(i % distinct * step));
  return cells;
}

TEST(ChooseTask, TextIsClasses) {
  EXPECT_EQ(task_of({"x", "y", "x"}), Task::binary);
  EXPECT_EQ(task_of({"x", "y", "z"}), Task::multiclass);
}

TEST(ChooseTask, TwoNumbersAreClasses) {
  EXPECT_EQ(task_of({"0", "1", "1"}), Task::binary);
  EXPECT_EQ(task_of({"0.5", "1.5"}), Task::binary);
}

TEST(ChooseTask, FewWholeNumbersAreClasses) {
  EXPECT_EQ(task_of(numbers(30, 10)), Task::multiclass);
  EXPECT_EQ(task_of(numbers(29, 10)), Task::regression);
  EXPECT_EQ(task_of(numbers(60, 20)), Task::multiclass);
  EXPECT_EQ(task_of(numbers(63, 21)), Task::regression);
  EXPECT_EQ(task_of(numbers(60, 10, 0.5)), Task::regression);
}

TEST(ChooseTask, CodesAreClassesUnlessTheyAreMany) {
  EXPECT_EQ(task_of({"007", "07", "7", "07"}), Task::multiclass);
  EXPECT_EQ(task_of({"9007199254740992", "9007199254740993"}), Task::binary);
  std::vector<std::string> many;
  for (int i = 0; i < 30; ++i) many.push_back("0" + std::to_string(100 + i));
  EXPECT_EQ(task_of(many), Task::regression);
}

TEST(ChooseTask, YesAndNoInCapitalsOrNotAreTwoClasses) {
  EXPECT_EQ(task_of({"TRUE", "true", "False", "FALSE"}), Task::binary);
  EXPECT_THROW(task_of({"TRUE", "true"}), DataError);
}

TEST(ChooseTask, OneValueIsNothingToLearn) {
  EXPECT_THROW(task_of({"x", "x"}), DataError);
  EXPECT_THROW(task_of({"1.5", "1.5"}), DataError);
}

TEST(ChooseTask, AStrayCellAmongManyNumbersIsToldOf) {
  auto cells = numbers(60, 60, 0.25);
  cells[7] = "n/a";
  try {
    task_of(cells);
    FAIL();
  } catch (const DataError& error) {
    EXPECT_NE(std::string(error.what()).find("t.csv: row 8 (line 9), column 'y': 'n/a' is not a number"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace longhand
