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

void require_fraction(double fraction, std::size_t rows) {
  if (!(fraction >= 0 && fraction < 1)) {
    throw ArgumentError("split: the fraction to hold out is " + std::to_string(fraction) +
                        ", expected at least 0 and less than 1");
  }
  if (rows > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
    throw ArgumentError("split: too many rows, " + std::to_string(rows));
  }
}

std::int64_t rows_held_out(double fraction, std::size_t rows) {
  return static_cast<std::int64_t>(std::floor(fraction * static_cast<double>(rows) + 0.5));
}

// Sorted, each once.
template <class Value>
std::vector<Value> distinct(std::span<const Value> values) {
  std::vector<Value> result(values.begin(), values.end());
  std::ranges::sort(result);
  const auto repeated = std::ranges::unique(result);
  result.erase(repeated.begin(), repeated.end());
  return result;
}

Split divided(std::size_t rows, const auto& is_held_out) {
  Split split;
  for (std::size_t row = 0; row < rows; ++row) {
    (is_held_out(row) ? split.held_out : split.train).push_back(static_cast<std::int32_t>(row));
  }
  return split;
}

}  // namespace

Split stratified_split(std::span<const std::int32_t> codes, double fraction, std::uint64_t seed) {
  require_fraction(fraction, codes.size());
  const auto rows = static_cast<std::int64_t>(codes.size());
  if (rows == 0) return {};
  const auto classes = distinct(codes);
  const auto class_of = [&](std::int32_t code) {
    return static_cast<std::size_t>(std::ranges::lower_bound(classes, code) - classes.begin());
  };
  std::vector<std::int64_t> counts(classes.size());
  for (const std::int32_t code : codes) ++counts[class_of(code)];
  std::vector<std::int64_t> quota = quotas(counts, rows, rows_held_out(fraction, codes.size()));

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

Split grouped_split(std::span<const std::int32_t> groups, double fraction, std::uint64_t seed) {
  require_fraction(fraction, groups.size());
  if (groups.empty()) return {};
  const auto names = distinct(groups);
  if (names.size() == 1 && fraction > 0) throw ArgumentError("split: all rows are of one group");
  const auto place_of = [&](std::int32_t group) {
    return static_cast<std::size_t>(std::ranges::lower_bound(names, group) - names.begin());
  };
  std::vector<std::int64_t> rows(names.size());
  for (const auto group : groups) ++rows[place_of(group)];
  std::vector<std::int32_t> order(names.size());
  std::iota(order.begin(), order.end(), 0);
  PhiloxStream stream(seed, hash_name("split"));
  shuffle(order, stream);
  auto left = rows_held_out(fraction, groups.size());
  std::vector<bool> is_held_out(names.size());
  bool has_any = fraction == 0;
  for (const auto group : order) {
    const auto place = static_cast<std::size_t>(group);
    if (rows[place] > left) continue;
    left -= rows[place];
    is_held_out[place] = has_any = true;
  }
  if (!has_any) is_held_out[static_cast<std::size_t>(std::ranges::min_element(rows) - rows.begin())] = true;
  return divided(groups.size(), [&](std::size_t row) { return is_held_out[place_of(groups[row])]; });
}

Split latest_split(std::span<const double> times, double fraction) {
  require_fraction(fraction, times.size());
  const auto held_out = std::max<std::int64_t>(rows_held_out(fraction, times.size()), 1);
  if (fraction == 0 || times.empty()) return divided(times.size(), [](std::size_t) { return false; });
  std::vector<double> sorted(times.begin(), times.end());
  std::ranges::sort(sorted);
  if (sorted.front() == sorted.back()) throw ArgumentError("split: all rows are of one time");
  // The first time that is held out: not the earliest of all.
  const double wanted = sorted[sorted.size() - static_cast<std::size_t>(held_out)];
  const double first = wanted > sorted.front() ? wanted : *std::ranges::upper_bound(sorted, wanted);
  return divided(times.size(), [&](std::size_t row) { return times[row] >= first; });
}

}  // namespace longhand
