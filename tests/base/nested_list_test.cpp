#include "base/nested_list.h"

#include <gtest/gtest.h>

namespace longhand {
namespace {

std::string number(std::int64_t index) { return std::to_string(index); }

TEST(NestedList, GoesRowByRow) {
  const std::pair<Shape, const char*> cases[] = {
      {{}, "0"}, {{1}, "[0]"}, {{3}, "[0, 1, 2]"}, {{2, 1}, "[[0], [1]]"}, {{2, 1, 2}, "[[[0, 1]], [[2, 3]]]"}, {{0}, "[]"}};
  for (const auto& [shape, text] : cases) EXPECT_EQ(nested_list(shape, number), text);
}

TEST(NestedList, LeavesOutWhatIsNotShown) {
  const auto ends = [](std::int64_t extent) { return std::vector<std::int64_t>{0, -1, extent - 1}; };
  EXPECT_EQ(nested_list({4}, number, ends), "[0, …, 3]");
  EXPECT_EQ(nested_list({3, 5}, number, ends), "[[0, …, 4], …, [10, …, 14]]");
}

}  // namespace
}  // namespace longhand
