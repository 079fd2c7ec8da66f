#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "base/philox.h"
#include "longhand/data.h"

namespace longhand {
namespace {

// How many of each class to hold out: proportional, rounded by largest remainders (Hamilton's
// method), equal remainders in favour of the larger class, then of the lower code.
std::vector<std::int64_t> quotas(std::span<const std::int64_t> counts, std::int64_t rows,
                                 std::int64_t held_out) {
  std::vector<std::int64_t> quota(counts.size());
  std::vector<std::size_t> order(counts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::int64_t left = held_out;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    // The product is below 2^62, since both are below 2^31.
    quota[i] = std::min(counts[i] * held_out / rows, counts[i] - 1);
    left -= quota[i];
  }
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    const auto remainder = [&](std::size_t i) { return counts[i] * held_out % rows; };
    return std::pair(remainder(a), counts[a]) > std::pair(remainder(b), counts[b]);
  });
  for (const std::size_t i : order) {
    if (left == 0) break;
    if (quota[i] + 1 >= counts[i]) continue;
    ++quota[i];
    --left;
  }
  return quota;
}

}  // namespace

Split stratified_split(std::span<const std::int32_t> codes, double fraction, std::uint64_t seed) {
  if (!(fraction >= 0 && fraction < 1)) {
    throw ArgumentError("split: the fraction to hold out is " + std::to_string(fraction) +
                        ", expected at least 0 and less than 1");
  }
  const auto rows = static_cast<std::int64_t>(codes.size());
  if (rows > std::numeric_limits<std::int32_t>::max()) {
    throw ArgumentError("split: too many rows, " + std::to_string(rows));
  }
  if (rows == 0) return {};
  std::vector<std::int32_t> classes(codes.begin(), codes.end());
  std::ranges::sort(classes);
  const auto repeated = std::ranges::unique(classes);
  classes.erase(repeated.begin(), repeated.end());
  const auto class_of = [&](std::int32_t code) {
    return static_cast<std::size_t>(std::ranges::lower_bound(classes, code) - classes.begin());
  };
  std::vector<std::int64_t> counts(classes.size());
  for (const std::int32_t code : codes) ++counts[class_of(code)];
  const auto held_out =
      static_cast<std::int64_t>(std::floor(fraction * static_cast<double>(rows) + 0.5));
  std::vector<std::int64_t> quota = quotas(counts, rows, held_out);

  std::vector<std::int32_t> order(codes.size());
  std::iota(order.begin(), order.end(), 0);
  PhiloxStream stream(seed, hash_name("split"));
  shuffle(order, stream);
  Split split;
  for (const std::int32_t row : order) {
    std::int64_t& left = quota[class_of(codes[static_cast<std::size_t>(row)])];
    (left > 0 ? split.held_out : split.train).push_back(row);
    left -= left > 0;
  }
  std::ranges::sort(split.train);
  std::ranges::sort(split.held_out);
  return split;
}

Split random_split(std::int64_t rows, double fraction, std::uint64_t seed) {
  if (rows < 0 || rows > std::numeric_limits<std::int32_t>::max()) {
    throw ArgumentError("split: " + std::to_string(rows) + " rows");
  }
  return stratified_split(std::vector<std::int32_t>(static_cast<std::size_t>(rows)), fraction,
                          seed);
}

}  // namespace longhand
