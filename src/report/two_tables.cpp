// What two tables have in common, and how they differ.
#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "data/row_hashes.h"
#include "report/cautions.h"
#include "report/cells.h"

namespace longhand::report {
namespace {

constexpr std::size_t kMostGroups = 10;

std::vector<double> counts_of(const Cells& cells, const Groups& groups) {
  std::vector<double> counts(groups.size());
  for (const double value : cells.values) ++counts[groups.of(value)];
  return counts;
}

}  // namespace

// Two hashes in a million rows that are equal by chance: 1 in 10^7.
std::int64_t rows_in_both(const Table& learned, const Table& held_out, const std::vector<std::string>& names) {
  const auto there = data::row_hashes(learned, names);
  const std::unordered_set<std::uint64_t> seen(there.begin(), there.end());
  return std::ranges::count_if(data::row_hashes(held_out, names), [&](std::uint64_t hash) { return seen.contains(hash); });
}

// With n and m rows and no drift, index / (1/n + 1/m) is about chi-squared with as many degrees of freedom
// as groups less one (Yurdakul 2018), which Wilson and Hilferty's cube root makes about normal.
Drift drift_of(const Model& model, const Table& learned, const Table& held_out, const std::string& column) {
  const auto before = cells_of(model, learned, column), after = cells_of(model, held_out, column);
  const Groups groups(before, kMostGroups);
  const auto a = counts_of(before, groups), b = counts_of(after, groups);
  const auto n = static_cast<double>(before.values.size()), m = static_cast<double>(after.values.size());
  Drift drift;
  double freedom = -1;
  for (std::size_t group = 0; group < a.size(); ++group) {
    if (a[group] + b[group] == 0) continue;
    ++freedom;
    const double p = std::max(a[group], 0.5) / n, q = std::max(b[group], 0.5) / m;
    drift.index += (p - q) * std::log(p / q);
  }
  if (freedom < 1) return drift;
  constexpr double kSurprise = 4;  // standard deviations: rare in a table of a thousand columns
  const double chi = drift.index / (1 / n + 1 / m) / freedom;
  const double z = (std::cbrt(chi) - (1 - 2 / (9 * freedom))) / std::sqrt(2 / (9 * freedom));
  drift.is_clear = z > kSurprise;
  return drift;
}

}  // namespace longhand::report
