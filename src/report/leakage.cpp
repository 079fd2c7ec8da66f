#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>

#include "base/philox.h"
#include "longhand/report.h"
#include "report/cautions.h"
#include "report/cells.h"

namespace longhand::report {
namespace {

constexpr std::size_t kMostRanges = 64, kMostTexts = 4096;
constexpr std::size_t kMostCounts = 1'000'000;  // of classes in groups
constexpr std::size_t kRowsOfGroup = 8;

// For each row, in which half of a random half-and-half split it is.
std::vector<bool> halves(std::size_t rows) {
  std::vector<std::size_t> order(rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  PhiloxStream stream(0, hash_name("halves"));
  shuffle(order, stream);
  std::vector<bool> half(rows);
  for (std::size_t i = 0; i < rows / 2; ++i) half[order[i]] = true;
  return half;
}

// The rows that are wrong when each group is taken for its most frequent class in the other half.
double wrong_rows(std::span<const std::size_t> groups, std::size_t count, std::span<const std::int32_t> codes,
                  std::size_t classes, const std::vector<bool>& half) {
  std::vector<std::int64_t> seen(2 * count * classes), total(2 * classes);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto code = static_cast<std::size_t>(codes[i]);
    ++seen[(half[i] * count + groups[i]) * classes + code];
    ++total[half[i] * classes + code];
  }
  double wrong = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const std::size_t other = half[i] ? 0 : 1;
    auto counts = std::span(seen).subspan((other * count + groups[i]) * classes, classes);
    if (std::ranges::max(counts) == 0) counts = std::span(total).subspan(other * classes, classes);
    const auto guess = std::ranges::max_element(counts) - counts.begin();
    wrong += guess == codes[i] ? 0 : 1;
  }
  return wrong;
}

// The squares that are left when each group is given its mean in the other half.
double squares_left(std::span<const std::size_t> groups, std::size_t count, std::span<const double> values, const std::vector<bool>& half) {
  std::vector<double> sums(2 * count), rows(2 * count), sum(2), all(2);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    sums[half[i] * count + groups[i]] += values[i];
    ++rows[half[i] * count + groups[i]];
    sum[half[i]] += values[i];
    ++all[half[i]];
  }
  double squares = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const std::size_t other = half[i] ? 0 : 1;
    const auto at = other * count + groups[i];
    const double guess = rows[at] > 0 ? sums[at] / rows[at] : sum[other] / all[other];
    squares += (values[i] - guess) * (values[i] - guess);
  }
  return squares;
}

// Rows up to a value are taken for one of two classes, those above it and those without a value for the other.
struct Cut {
  double at = -std::numeric_limits<double>::infinity();
  std::int32_t above = 0;
  bool is_wrong(double value, std::int32_t code) const { return (value <= at ? 1 - above : above) != code; }
};

// With the fewest wrong of `rows`, of which `ones` are of class 1 and those that have a value are `ascending`; midway to the
// next value.
Cut best_cut(std::span<const std::pair<double, std::int32_t>> ascending, std::int64_t rows, std::int64_t ones) {
  Cut best{.above = 2 * ones > rows ? 1 : 0};
  std::int64_t fewest = std::min(ones, rows - ones), seen_ones = 0;
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    seen_ones += ascending[i].second;
    const bool is_last = i + 1 == ascending.size();
    if (!is_last && ascending[i + 1].first == ascending[i].first) continue;
    const auto above = rows - static_cast<std::int64_t>(i + 1);
    const auto wrong_if_above_is_one = seen_ones + above - (ones - seen_ones);
    for (const std::int32_t code : {0, 1}) {
      const auto wrong = code == 1 ? wrong_if_above_is_one : rows - wrong_if_above_is_one;
      if (wrong >= fewest) continue;
      fewest = wrong;
      best = {is_last ? std::numeric_limits<double>::infinity() : std::midpoint(ascending[i].first, ascending[i + 1].first), code};
    }
  }
  return best;
}

// The rows that are wrong by the cut that is best in the other half.
double wrong_beyond_cuts(std::span<const double> values, std::span<const std::int32_t> codes, const std::vector<bool>& half) {
  double wrong = 0;
  for (const bool learned : {false, true}) {
    std::vector<std::pair<double, std::int32_t>> ascending;
    std::int64_t rows = 0, ones = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (half[i] != learned) continue;
      ++rows;
      ones += codes[i];
      if (!std::isnan(values[i])) ascending.emplace_back(values[i], codes[i]);
    }
    std::ranges::sort(ascending);
    const auto cut = best_cut(ascending, rows, ones);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (half[i] != learned) wrong += cut.is_wrong(values[i], codes[i]) ? 1 : 0;
    }
  }
  return wrong;
}

// From 0 to 1, equal values in the middle of theirs: a few values far from all others then weigh no more than these.
std::vector<double> ranks_of(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<double> ranks(values.size());
  for (std::size_t i = 0; i < order.size();) {
    auto end = i + 1;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    for (auto at = i; at < end; ++at) ranks[order[at]] = static_cast<double>(i + end - 1) / 2 / static_cast<double>(values.size());
    i = end;
  }
  return ranks;
}

// The square of the correlation of two series of ranks.
double squared_correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto mean = [](const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size()); };
  const double mean_a = mean(a), mean_b = mean(b);
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  const auto vary = [](const std::vector<double>& values) { return std::ranges::any_of(values, [&](double value) { return value != values.front(); }); };
  return vary(a) && vary(b) ? ab * ab / (aa * bb) : 0;
}

// How far numbers rise or fall together where the column has a value (Spearman 1904). In a few rows that may be chance.
double told_by_order(const Cells& cells, const std::vector<double>& target) {
  constexpr std::size_t kLeastRows = 20, kLeastShare = 10;  // a tenth of all
  std::vector<double> a, b;
  for (std::size_t i = 0; i < target.size(); ++i) {
    if (std::isnan(cells.values[i])) continue;
    a.push_back(cells.values[i]);
    b.push_back(target[i]);
  }
  return a.size() < std::max(kLeastRows, target.size() / kLeastShare) ? 0 : squared_correlation(ranks_of(a), ranks_of(b));
}

// Rows at equal distances.
Table thinned(const Table& table, std::int64_t most) {
  if (table.rows() <= most) return table;
  std::vector<std::int32_t> rows;
  for (std::int64_t i = 0; i < most; ++i) rows.push_back(static_cast<std::int32_t>(i * table.rows() / most));
  return table.select_rows(rows);
}

}  // namespace

double told_by(const Model& model, const Table& table, const std::string& column) {
  const auto& target = *model.target;
  const auto cells = cells_of(model, table, column);
  const auto rows = cells.values.size();
  if (rows < 4) return 0;
  const std::vector<std::size_t> one_group(rows, 0);
  const auto half = halves(rows);
  const auto gone = [](double left, double whole) { return whole > 0 ? 1 - left / whole : 0; };
  const bool is_regression = target.task == Task::regression;
  const auto values = is_regression ? ranks_of(table.numbers(target.name)) : std::vector<double>();
  const auto codes = is_regression ? std::vector<std::int32_t>() : Classes(target.classes).encode(table, target.name);
  const auto left = [&](std::span<const std::size_t> groups, std::size_t count) {
    return is_regression ? squares_left(groups, count, values, half) : wrong_rows(groups, count, codes, target.classes.size(), half);
  };
  const double whole = left(one_group, 1);
  double told = 0;
  const auto look_at = [&](std::size_t count, const auto& group_of) {
    std::vector<std::size_t> groups;
    for (const double value : cells.values) groups.push_back(group_of(value));
    told = std::max(told, gone(left(groups, count), whole));
  };
  const auto missing = cells.missing();
  if (missing > 0) look_at(2, [](double value) { return std::isnan(value) ? 1 : 0; });  // having a value may tell
  const auto most = cells.are_numbers ? kMostRanges : std::clamp(kMostCounts / std::max<std::size_t>(target.classes.size(), 1), kMostRanges, kMostTexts);
  const Groups groups(cells, std::clamp((rows - missing) / kRowsOfGroup, std::size_t{2}, most));
  look_at(groups.size(), [&](double value) { return groups.of(value); });
  if (is_regression) return cells.are_numbers ? std::max(told, told_by_order(cells, values)) : told;
  const bool may_be_cut = cells.are_numbers && target.classes.size() == 2;
  return may_be_cut ? std::max(told, gone(wrong_beyond_cuts(cells.values, codes, half), whole)) : told;
}

bool tells_all(double told, Task task) { return told >= (task == Task::regression ? 0.98 : 0.95); }

std::vector<std::string> telling_columns(const Model& model, const Table& table) {
  constexpr std::int64_t kMostCells = 4'000'000, kMostRows = 20'000, kFewestRows = 1000;
  const auto columns = static_cast<std::int64_t>(model.inputs.size());
  const auto rows = thinned(table, std::clamp(kMostCells / columns, kFewestRows, kMostRows));
  std::vector<std::string> telling;
  for (const auto& input : model.inputs) {
    if (tells_all(told_by(model, rows, input.name), model.target->task)) telling.push_back(input.name);
  }
  return telling;
}

}  // namespace longhand::report
