// Folds of a cross-validation: what any of them must be, whatever the classes, groups and times.
#include "data/folds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace longhand::data {
namespace {

using Codes = std::vector<std::int32_t>;

Codes random_codes(std::size_t rows, int classes, std::mt19937& random) {
  Codes codes(rows);
  // Some classes are many times as frequent as others.
  for (auto& code : codes) code = static_cast<std::int32_t>(std::min(random() % static_cast<unsigned>(classes), random() % static_cast<unsigned>(classes)));
  return codes;
}

std::map<std::int32_t, std::vector<std::int64_t>> rows_by(const Codes& codes, const Codes& folds, std::int64_t count) {
  std::map<std::int32_t, std::vector<std::int64_t>> rows;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    EXPECT_TRUE(folds[i] >= 0 && folds[i] < count);
    rows.try_emplace(codes[i], static_cast<std::size_t>(count)).first->second[static_cast<std::size_t>(folds[i])]++;
  }
  return rows;
}

void expect_even(const std::vector<std::int64_t>& counts, std::int64_t by) {
  EXPECT_LE(std::ranges::max(counts) - std::ranges::min(counts), by);
}

TEST(StratifiedFolds, HaveEachClassInProportion) {
  std::mt19937 random(1);
  for (const int classes : {1, 2, 3, 9}) {
    for (const std::int64_t folds : {2, 3, 5, 10}) {
      for (const std::size_t rows : {10U, 11U, 97U, 500U}) {
        const auto codes = random_codes(rows, classes, random);
        const auto fold_of = stratified_folds(codes, folds, random());
        for (const auto& [code, counts] : rows_by(codes, fold_of, folds)) expect_even(counts, 1);
        expect_even(rows_by(Codes(rows), fold_of, folds)[0], 1);
      }
    }
  }
}

TEST(StratifiedFolds, AreDrawnFromTheSeed) {
  const Codes codes(100);
  EXPECT_EQ(stratified_folds(codes, 5, 1), stratified_folds(codes, 5, 1));
  EXPECT_NE(stratified_folds(codes, 5, 1), stratified_folds(codes, 5, 2));
  // Part of what a seed means: these must never change, on any machine.
  EXPECT_EQ(stratified_folds(Codes{0, 1, 0, 1, 0, 1, 0, 1}, 2, 1), (Codes{1, 1, 0, 0, 1, 1, 0, 0}));
}

TEST(GroupedFolds, KeepEachGroupWholeAndAreAboutEven) {
  std::mt19937 random(2);
  for (const std::int64_t folds : {2, 3, 5}) {
    for (const std::size_t rows : {60U, 400U}) {
      const auto groups = random_codes(rows, 20, random);
      const auto fold_of = grouped_folds(groups, folds, random());
      std::map<std::int32_t, std::set<std::int32_t>> folds_of_group;
      std::map<std::int32_t, std::int64_t> sizes;
      for (std::size_t i = 0; i < rows; ++i) {
        folds_of_group[groups[i]].insert(fold_of[i]);
        ++sizes[groups[i]];
      }
      for (const auto& [group, in] : folds_of_group) EXPECT_EQ(in.size(), 1U) << group;
      const auto largest = std::ranges::max_element(sizes, {}, [](const auto& size) { return size.second; })->second;
      const auto counts = rows_by(Codes(rows), fold_of, folds)[0];
      expect_even(counts, largest);
      EXPECT_GT(std::ranges::min(counts), 0);
    }
  }
  EXPECT_THROW(grouped_folds(Codes{1, 1, 2, 2, 2}, 3, 1), ArgumentError);
}

TEST(TimeFolds, FollowTheTimeAndKeepEqualTimesTogether) {
  std::mt19937 random(3);
  for (const std::int64_t folds : {2, 4, 7}) {
    std::vector<double> times(200);
    for (auto& time : times) time = static_cast<double>(random() % 60);
    const auto fold_of = time_folds(times, folds);
    std::vector<std::int64_t> counts(static_cast<std::size_t>(folds + 1));
    for (std::size_t i = 0; i < times.size(); ++i) {
      ++counts[static_cast<std::size_t>(fold_of[i] + 1)];
      for (std::size_t j = 0; j < times.size(); ++j) {
        EXPECT_TRUE(times[i] >= times[j] || fold_of[i] <= fold_of[j]);
        EXPECT_TRUE(times[i] != times[j] || fold_of[i] == fold_of[j]);
      }
    }
    EXPECT_GT(std::ranges::min(counts), 0);
    const auto even = 200 / (folds + 1);
    for (const auto count : counts) EXPECT_NEAR(static_cast<double>(count), static_cast<double>(even), 14);
  }
  EXPECT_EQ(time_folds(std::vector<double>{5, 1, 2, 3, 4, 6}, 2), (Codes{1, -1, -1, 0, 0, 1}));
  EXPECT_THROW(time_folds(std::vector<double>{1, 1, 1, 2, 2}, 2), ArgumentError);
}

TEST(Folds, NeedTwoFoldsAndARowForEach) {
  EXPECT_THROW(stratified_folds(Codes(10), 1, 0), ArgumentError);
  EXPECT_THROW(stratified_folds(Codes(4), 5, 0), ArgumentError);
  const auto alone = stratified_folds(Codes(4), 4, 0);
  EXPECT_EQ(std::set<std::int32_t>(alone.begin(), alone.end()).size(), 4U);
}

}  // namespace
}  // namespace longhand::data
