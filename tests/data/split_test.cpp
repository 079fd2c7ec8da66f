#include <gtest/gtest.h>

#include <set>

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

TEST(GroupedSplit, KeepsGroupsTogetherAndAsManyRowsAsFit) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<std::int32_t> groups;
    for (std::int32_t i = 0; i < 200; ++i) groups.push_back(i * 7919 % 23);  // 23 groups of 8 or 9 rows
    const auto split = grouped_split(groups, 0.25, seed);
    EXPECT_EQ(split.train.size() + split.held_out.size(), groups.size());
    std::set<std::int32_t> train, held_out;
    for (const auto row : split.train) train.insert(groups[static_cast<std::size_t>(row)]);
    for (const auto row : split.held_out) held_out.insert(groups[static_cast<std::size_t>(row)]);
    for (const auto group : held_out) EXPECT_FALSE(train.contains(group)) << group;
    EXPECT_LE(split.held_out.size(), 50);
    EXPECT_GT(split.held_out.size(), 41);  // no group of at most 9 rows would fit any more
  }
}

TEST(GroupedSplit, DependsOnTheSeedAlone) {
  std::vector<std::int32_t> groups, shifted;
  for (std::int32_t i = 0; i < 60; ++i) groups.push_back(i / 3), shifted.push_back(i / 3 * 5 - 100);
  EXPECT_EQ(grouped_split(groups, 0.3, 1).held_out, grouped_split(shifted, 0.3, 1).held_out);
  EXPECT_NE(grouped_split(groups, 0.3, 1).held_out, grouped_split(groups, 0.3, 2).held_out);
}

TEST(GroupedSplit, AtTheEdges) {
  const std::vector<std::int32_t> two{1, 1, 1, 1, 1, 1, 2, 2}, one{3, 3};
  EXPECT_EQ(grouped_split(two, 0.1, 0).held_out, (std::vector<std::int32_t>{6, 7}));  // none fits: the smallest
  EXPECT_TRUE(grouped_split(two, 0, 0).held_out.empty());
  EXPECT_THROW(grouped_split(one, 0.2, 0), ArgumentError);
  EXPECT_THROW(grouped_split(two, 1, 0), ArgumentError);
  EXPECT_TRUE(grouped_split({}, 0.2, 0).train.empty());
}

TEST(LatestSplit, HoldsOutTheLatestRows) {
  const std::vector<double> times{5, 1, 9, 3, 7, 2, 8, 4, 6, 10};
  const auto split = latest_split(times, 0.3);
  EXPECT_EQ(split.held_out, (std::vector<std::int32_t>{2, 6, 9}));
  EXPECT_EQ(split.train.size(), 7);
}

TEST(LatestSplit, KeepsRowsOfOneTimeTogether) {
  const std::vector<double> times{1, 1, 2, 2, 2, 3};
  EXPECT_EQ(latest_split(times, 0.34).held_out, (std::vector<std::int32_t>{2, 3, 4, 5}));
  const std::vector<double> early{1, 1, 1, 1, 2};
  EXPECT_EQ(latest_split(early, 0.6).held_out, (std::vector<std::int32_t>{4}));
  EXPECT_TRUE(latest_split(times, 0).held_out.empty());
  EXPECT_THROW(latest_split(std::vector<double>{2, 2}, 0.5), ArgumentError);
}

}  // namespace
}  // namespace longhand
