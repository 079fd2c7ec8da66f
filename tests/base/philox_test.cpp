#include "base/philox.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

#include "longhand/base.h"

namespace longhand {
namespace {

using Words = std::array<std::uint32_t, 4>;

// The vectors published with Random123 by the authors of the paper.
TEST(Philox, MatchesTheKnownAnswers) {
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}),
            (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr std::uint32_t kOnes = 0xffffffff;
  EXPECT_EQ(philox4x32({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, IsKnownToTheCompiler) {
  static_assert(philox4x32({0, 0, 0, 0}, {0, 0})[0] == 0x6627e8d5);
  static_assert(uniform_from_bits<float>(0x80000000) == 0.5F);
}

TEST(Philox, UniformLiesBetweenZeroAndOneWithoutOne) {
  EXPECT_EQ(uniform_from_bits<float>(0), 0.0F);
  EXPECT_EQ(uniform_from_bits<float>(0xffffffff), 1.0F - 0x1p-24F);
  EXPECT_EQ(uniform_from_bits<double>(0, 0), 0.0);
  EXPECT_EQ(uniform_from_bits<double>(0xffffffff, 0xffffffff), 1.0 - 0x1p-53);
  EXPECT_EQ(uniform_from_bits<double>(0, 0x800), 0x1p-53);
}

TEST(PhiloxStream, StartsWithTheBlockOfItsSeedAndStream) {
  const std::uint64_t seed = 0x0123456789abcdef, stream = 0xfedcba9876543210;
  PhiloxStream numbers(seed, stream);
  for (std::uint32_t block = 0; block < 3; ++block) {
    for (const auto word :
         philox4x32({block, 0, 0x76543210, 0xfedcba98}, {0x89abcdef, 0x01234567})) {
      EXPECT_EQ(numbers.next(), word);
    }
  }
}

TEST(PhiloxStream, DiffersBySeedAndByStream) {
  std::set<std::uint32_t> firsts;
  for (std::uint64_t seed : {0ULL, 1ULL, 1ULL << 32}) {
    for (std::uint64_t stream : {0ULL, 1ULL, 1ULL << 32}) {
      firsts.insert(PhiloxStream(seed, stream).next());
    }
  }
  EXPECT_EQ(firsts.size(), 9U);
}

TEST(PhiloxStream, UniformHasTheRightMoments) {
  PhiloxStream numbers(1, 2);
  constexpr int kCount = 100'000;
  double sum = 0, squares = 0;
  for (int i = 0; i < kCount; ++i) {
    const double u = numbers.uniform();
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    sum += u;
    squares += u * u;
  }
  EXPECT_NEAR(sum / kCount, 0.5, 0.004);  // over four standard deviations
  EXPECT_NEAR(squares / kCount, 1.0 / 3.0, 0.004);
}

TEST(PhiloxStream, NormalHasTheRightMomentsAndTails) {
  PhiloxStream numbers(3, 4);
  constexpr int kCount = 100'000;
  double sum = 0, squares = 0, cubes = 0, fourths = 0;
  int beyond_two = 0;
  for (int i = 0; i < kCount; ++i) {
    const double z = numbers.normal();
    sum += z;
    squares += z * z;
    cubes += z * z * z;
    fourths += z * z * z * z;
    beyond_two += std::abs(z) > 2 ? 1 : 0;
  }
  EXPECT_NEAR(sum / kCount, 0, 0.015);
  EXPECT_NEAR(squares / kCount, 1, 0.02);
  EXPECT_NEAR(cubes / kCount, 0, 0.06);
  EXPECT_NEAR(fourths / kCount, 3, 0.15);
  EXPECT_NEAR(beyond_two / double{kCount}, 0.0455, 0.003);
}

TEST(PhiloxStream, NeighbouringNormalsAreNotCorrelated) {
  PhiloxStream numbers(5, 6);
  constexpr int kCount = 100'000;
  double products = 0;
  for (int i = 0; i < kCount; ++i) {
    const double first = numbers.normal();
    products += first * numbers.normal();
  }
  EXPECT_NEAR(products / kCount, 0, 0.015);
}

TEST(PhiloxStream, BelowReachesEveryNumberEquallyOften) {
  PhiloxStream numbers(7, 8);
  constexpr int kCount = 70'000;
  std::array<int, 7> seen{};
  for (int i = 0; i < kCount; ++i) ++seen.at(numbers.below(7));
  double chi_squared = 0;
  for (const int times : seen) chi_squared += std::pow(times - kCount / 7.0, 2) / (kCount / 7.0);
  EXPECT_LT(chi_squared, 22.5);  // six degrees of freedom: exceeded once in a thousand
}

// For 3 * 2^30 one word in four must be drawn again; without that, a third of the numbers would
// come twice as often as the others.
TEST(PhiloxStream, BelowIsUnbiasedForALargeRange) {
  for (const std::uint64_t n : {std::uint64_t{3} << 30, std::uint64_t{3} << 62}) {
    PhiloxStream numbers(9, n);
    constexpr int kCount = 30'000;
    std::array<int, 3> thirds{};
    std::array<int, 3> remainders{};
    for (int i = 0; i < kCount; ++i) {
      const auto number = numbers.below(n);
      ASSERT_LT(number, n);
      ++thirds.at(number / (n / 3));
      ++remainders.at(number % 3);
    }
    for (const int times : thirds) EXPECT_NEAR(times, kCount / 3, 350) << n;
    for (const int times : remainders) EXPECT_NEAR(times, kCount / 3, 350) << n;
  }
}

TEST(PhiloxStream, BelowAtTheEdges) {
  PhiloxStream numbers(1, 1);
  EXPECT_EQ(numbers.below(1), 0U);
  EXPECT_LE(numbers.below(0xffffffff), 0xfffffffeU);
  EXPECT_LT(numbers.below(std::uint64_t{1} << 32), std::uint64_t{1} << 32);
  EXPECT_THROW(numbers.below(0), ArgumentError);
}

TEST(Shuffle, KeepsTheItemsAndDependsOnTheSeedAlone) {
  std::vector<std::int32_t> items(1000);
  std::iota(items.begin(), items.end(), 0);
  const auto sorted = items;
  auto again = items;
  auto other = items;
  PhiloxStream seed1(1, 0), seed1_again(1, 0), seed2(2, 0);
  shuffle(items, seed1);
  shuffle(std::span(again), seed1_again);
  shuffle(other, seed2);
  EXPECT_EQ(items, again);
  EXPECT_NE(items, other);
  EXPECT_NE(items, sorted);
  std::sort(items.begin(), items.end());
  EXPECT_EQ(items, sorted);
}

TEST(Shuffle, GivesEveryOrderEquallyOften) {
  PhiloxStream numbers(11, 0);
  constexpr int kCount = 24'000;
  std::array<int, 256> orders{};
  for (int i = 0; i < kCount; ++i) {
    std::array<int, 4> items{0, 1, 2, 3};
    shuffle(items, numbers);
    ++orders.at(
        static_cast<std::size_t>(((items[0] * 4 + items[1]) * 4 + items[2]) * 4 + items[3]));
  }
  EXPECT_EQ(std::count(orders.begin(), orders.end(), 0), 256 - 24);
  for (const int times : orders) {
    if (times > 0) {
      EXPECT_NEAR(times, kCount / 24, 140);
    }
  }
}

TEST(Shuffle, LeavesNothingAndOneAlone) {
  PhiloxStream numbers(1, 0);
  std::vector<int> none, one{5};
  shuffle(none, numbers);
  shuffle(one, numbers);
  EXPECT_EQ(one, std::vector<int>{5});
}

// The vectors of the FNV specification.
TEST(HashName, MatchesTheKnownAnswers) {
  EXPECT_EQ(hash_name(""), 0xcbf29ce484222325U);
  EXPECT_EQ(hash_name("a"), 0xaf63dc4c8601ec8cU);
  EXPECT_EQ(hash_name("foobar"), 0x85944171f73967e8U);
  static_assert(hash_name("fc1.weight") != hash_name("fc2.weight"));
}

}  // namespace
}  // namespace longhand
