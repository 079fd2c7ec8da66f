// Which classes have lines, and in which colours.
#include <algorithm>
#include <numeric>

#include "report/assessment.h"

namespace longhand::report {
namespace {

constexpr std::size_t kMostClasses = 6;

}  // namespace

std::vector<std::size_t> drawn_classes(const Assessment& all) {
  const auto& confusion = all.metrics.confusion;
  std::vector<std::size_t> classes(all.target().classes.size());
  std::iota(classes.begin(), classes.end(), std::size_t{0});
  if (classes.size() <= kMostClasses) return classes;
  const auto found = [&](std::size_t code) {
    const auto rows = std::accumulate(confusion[code].begin(), confusion[code].end(), std::int64_t{0});
    constexpr double kAbsent = 2;
    return rows == 0 ? kAbsent : static_cast<double>(confusion[code][code]) / static_cast<double>(rows);
  };
  std::ranges::stable_sort(classes, {}, found);
  classes.resize(kMostClasses);
  std::ranges::sort(classes);
  return classes;
}

Tone tone_of_class(const Assessment& all, std::size_t code) {
  if (all.target().task == Task::binary) return code == 1 ? Tone::first : Tone::second;
  const auto drawn = drawn_classes(all);
  const auto place = std::ranges::find(drawn, code);
  return place == drawn.end() ? Tone::soft : series_tone(static_cast<std::size_t>(place - drawn.begin()));
}

}  // namespace longhand::report
