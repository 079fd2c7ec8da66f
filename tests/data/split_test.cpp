#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <vector>

#include "longhand/data.h"

namespace longhand {
namespace {

using Codes = std::vector<std::int32_t>;

std::map<std::int32_t, int> count(const Codes& rows, const Codes& codes) {
  std::map<std::int32_t, int> counts;
  for (const std::int32_t row : rows) ++counts[codes[static_cast<std::size_t>(row)]];
  return counts;
}

void expect_every_row_once(const Split& split, std::size_t rows) {
  Codes all = split.train;
  all.insert(all.end(), split.held_out.begin(), split.held_out.end());
  std::ranges::sort(all);
  Codes expected(rows);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(all, expected);
  EXPECT_TRUE(std::ranges::is_sorted(split.train));
  EXPECT_TRUE(std::ranges::is_sorted(split.held_out));
}

TEST(StratifiedSplit, HoldsOutEachClassInProportion) {
  Codes codes(150);
  for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<std::int32_t>(i % 3);
  const Split split = stratified_split(codes, 0.2, 7);
  expect_every_row_once(split, codes.size());
  EXPECT_EQ(count(split.held_out, codes), (std::map<std::int32_t, int>{{0, 10}, {1, 10}, {2, 10}}));
}

TEST(StratifiedSplit, GivesWhatRoundingLeavesToTheLargestRemainders) {
  // 0.25 of 7, 5, 2: 1.75, 1.25 and 0.5 of 14 * 0.25 = 3.5, rounded to 4.
  Codes codes;
  for (const auto& [code, size] : {std::pair{0, 7}, {1, 5}, {2, 2}})
    codes.insert(codes.end(), static_cast<std::size_t>(size), code);
  const Split split = stratified_split(codes, 0.25, 1);
  EXPECT_EQ(count(split.held_out, codes), (std::map<std::int32_t, int>{{0, 2}, {1, 1}, {2, 1}}));
}

TEST(StratifiedSplit, LeavesEveryClassInTrain) {
  const Codes codes = {0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 2};
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    for (const double fraction : {0.0, 0.1, 0.3, 0.5, 0.9, 0.999}) {
      const Split split = stratified_split(codes, fraction, seed);
      expect_every_row_once(split, codes.size());
      EXPECT_EQ(count(split.train, codes).size(), 3U);
    }
  }
  EXPECT_EQ(stratified_split(codes, 0.999, 1).train.size(), 3U);
}

TEST(StratifiedSplit, IsFixedByTheSeed) {
  // Part of what a seed means: these must never change, on any machine.
  const Codes codes = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
  EXPECT_EQ(stratified_split(codes, 0.34, 1).held_out, stratified_split(codes, 0.34, 1).held_out);
  EXPECT_EQ(stratified_split(codes, 0.34, 1).held_out, (Codes{3, 8, 9, 10}));
  EXPECT_EQ(stratified_split(codes, 0.34, 2).held_out, (Codes{1, 3, 8, 10}));
  EXPECT_EQ(random_split(12, 0.34, 1).held_out, (Codes{3, 8, 9, 10}));
  EXPECT_EQ(random_split(12, 0.34, 2).held_out, (Codes{1, 3, 8, 10}));
  EXPECT_NE(random_split(1000, 0.34, 1).held_out, random_split(1000, 0.34, 2).held_out);
}

TEST(RandomSplit, IsUniform) {
  std::vector<int> times(20);
  const int seeds = 4000;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    for (const std::int32_t row : random_split(20, 0.25, seed).held_out)
      ++times[static_cast<std::size_t>(row)];
  }
  for (const int count_of_row : times)
    EXPECT_NEAR(count_of_row, seeds / 4, 5 * std::sqrt(seeds * 0.25 * 0.75));
}

TEST(RandomSplit, TakesTheExtremes) {
  EXPECT_EQ(random_split(10, 0, 1).train.size(), 10U);
  EXPECT_EQ(random_split(0, 0.5, 1).train.size(), 0U);
  EXPECT_EQ(random_split(1, 0.9, 1).train.size(), 1U);
  EXPECT_EQ(random_split(3, 0.99, 1).train.size(), 1U);
  for (const double fraction : {-0.1, 1.0, 2.0, std::nan("")}) {
    EXPECT_THROW(random_split(10, fraction, 1), ArgumentError);
    EXPECT_THROW(stratified_split(Codes{0, 1}, fraction, 1), ArgumentError);
  }
  EXPECT_THROW(random_split(-1, 0.1, 1), ArgumentError);
  EXPECT_THROW(random_split(std::int64_t{1} << 40, 0.1, 1), ArgumentError);
}

TEST(StratifiedSplit, TakesAnyCodes) {
  const Codes codes = {2'000'000'000, -5, 2'000'000'000, -5};
  EXPECT_EQ(stratified_split(codes, 0.5, 1).held_out.size(), 2U);
}

}  // namespace
}  // namespace longhand
