#include "data/folds.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "base/philox.h"

namespace longhand::data {
namespace {

void require_folds(std::int64_t folds, std::size_t rows) {
  if (folds < 2) throw ArgumentError("cross-validation needs at least 2 folds, not " + std::to_string(folds));
  if (static_cast<std::size_t>(folds) > rows) {
    throw ArgumentError("cross-validation: " + std::to_string(folds) + " folds of " + std::to_string(rows) + " rows");
  }
}

std::vector<std::int32_t> random_order(std::size_t count, std::uint64_t seed) {
  std::vector<std::int32_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  PhiloxStream stream(seed, hash_name("folds"));
  shuffle(order, stream);
  return order;
}

}  // namespace

std::vector<std::int32_t> stratified_folds(std::span<const std::int32_t> codes, std::int64_t folds, std::uint64_t seed) {
  require_folds(folds, codes.size());
  auto order = random_order(codes.size(), seed);
  // Dealt out class after class, so that one begins where the one before it ended.
  std::ranges::stable_sort(order, {}, [&](std::int32_t row) { return codes[static_cast<std::size_t>(row)]; });
  std::vector<std::int32_t> fold_of(codes.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    fold_of[static_cast<std::size_t>(order[i])] = static_cast<std::int32_t>(i % static_cast<std::size_t>(folds));
  }
  return fold_of;
}

std::vector<std::int32_t> grouped_folds(std::span<const std::int32_t> groups, std::int64_t folds, std::uint64_t seed) {
  require_folds(folds, groups.size());
  std::vector<std::int32_t> names(groups.begin(), groups.end());
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  if (static_cast<std::size_t>(folds) > names.size()) {
    throw ArgumentError("cross-validation: " + std::to_string(folds) + " folds of " + std::to_string(names.size()) + " groups");
  }
  const auto place_of = [&](std::int32_t group) {
    return static_cast<std::size_t>(std::ranges::lower_bound(names, group) - names.begin());
  };
  std::vector<std::int64_t> rows(names.size());
  for (const auto group : groups) ++rows[place_of(group)];
  auto order = random_order(names.size(), seed);
  std::ranges::stable_sort(order, std::greater<>(), [&](std::int32_t place) { return rows[static_cast<std::size_t>(place)]; });
  std::vector<std::int64_t> filled(static_cast<std::size_t>(folds));
  std::vector<std::int32_t> fold_of_group(names.size());
  for (const auto place : order) {
    const auto fold = std::ranges::min_element(filled);
    *fold += rows[static_cast<std::size_t>(place)];
    fold_of_group[static_cast<std::size_t>(place)] = static_cast<std::int32_t>(fold - filled.begin());
  }
  std::vector<std::int32_t> fold_of;
  fold_of.reserve(groups.size());
  for (const auto group : groups) fold_of.push_back(fold_of_group[place_of(group)]);
  return fold_of;
}

std::vector<std::int32_t> time_folds(std::span<const double> times, std::int64_t folds) {
  require_folds(folds, times.size());
  std::vector<double> sorted(times.begin(), times.end());
  std::ranges::sort(sorted);
  const auto rows = static_cast<std::int64_t>(times.size()), blocks = folds + 1;
  std::vector<std::int32_t> fold_of;
  std::vector<bool> has_rows(static_cast<std::size_t>(blocks));
  for (const double time : times) {
    // The block that the middle of the rows of this time is in.
    const auto [first, last] = std::ranges::equal_range(sorted, time);
    const auto middle = (first - sorted.begin()) + (last - first) / 2;
    const auto block = std::min(middle * blocks / rows, blocks - 1);
    has_rows[static_cast<std::size_t>(block)] = true;
    fold_of.push_back(static_cast<std::int32_t>(block) - 1);
  }
  if (std::ranges::find(has_rows, false) != has_rows.end()) {
    throw ArgumentError("cross-validation: the times are too few or too uneven for " + std::to_string(folds) + " folds");
  }
  return fold_of;
}

}  // namespace longhand::data
