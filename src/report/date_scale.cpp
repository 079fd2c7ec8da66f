// Ticks where calendars have them.
#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "report/scale.h"

namespace longhand::report {
namespace {

constexpr std::size_t kMostTicks = 5;
constexpr double kHour = 1.0 / 24;
constexpr double kFirstMonday = 4;  // 5 January 1970

std::chrono::year_month_day date_of(double day) {
  return std::chrono::sys_days(std::chrono::days(static_cast<std::int64_t>(std::floor(day))));
}

std::vector<double> every_days(double low, double high, double step, double offset) {
  std::vector<double> ticks;
  for (double at = std::ceil((low - offset) / step - 1e-9); at * step + offset <= high + 1e-9 * step && ticks.size() <= kMostTicks; ++at) ticks.push_back(at * step + offset);
  return ticks;
}

std::vector<double> every_months(double low, double high, int step) {
  std::vector<double> ticks;
  const auto first = date_of(low);
  const int months = static_cast<int>(first.year()) * 12 + static_cast<int>(static_cast<unsigned>(first.month())) - 1;
  for (int month = (months / step) * step; ticks.size() <= kMostTicks; month += step) {
    const auto day = std::chrono::sys_days(std::chrono::year(month / 12) / static_cast<int>(month % 12 + 1) / 1).time_since_epoch().count();
    if (static_cast<double>(day) > high) break;
    if (static_cast<double>(day) >= low) ticks.push_back(static_cast<double>(day));
  }
  return ticks;
}

enum class Unit : std::uint8_t { hours, days, months, years };

std::string label_of(double tick, Unit unit, bool is_time) {
  const auto date = date_of(tick + 1e-9);
  const auto minutes = std::lround((tick - std::floor(tick + 1e-9)) * 24 * 60);
  const auto time = fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
  if (is_time) return time;
  const auto month = fmt::format("{:02}", static_cast<unsigned>(date.month())), day = fmt::format("{:02}", static_cast<unsigned>(date.day()));
  switch (unit) {
    case Unit::hours: return fmt::format("{}-{} {}", month, day, time);
    case Unit::days: return fmt::format("{}-{}-{}", static_cast<int>(date.year()), month, day);
    case Unit::months: return fmt::format("{}-{}", static_cast<int>(date.year()), month);
    case Unit::years: break;
  }
  return fmt::format("{}", static_cast<int>(date.year()));
}

}  // namespace

Scale date_scale(double low, double high, bool is_time) {
  Scale scale{.low = low, .high = high > low ? high : low + 1, .step = 0, .ticks = {}};
  auto unit = Unit::hours;
  const auto fits = [&](std::vector<double> ticks, Unit of) {
    unit = of;
    scale.ticks = std::move(ticks);
    return scale.ticks.size() <= kMostTicks;
  };
  const auto find = [&] {
    for (const int hours : {1, 3, 6, 12}) {
      if (fits(every_days(low, scale.high, hours * kHour, 0), Unit::hours)) return;
    }
    for (const int days : {1, 2}) {
      if (fits(every_days(low, scale.high, days, 0), Unit::days)) return;
    }
    for (const int days : {7, 14}) {
      if (fits(every_days(low, scale.high, days, kFirstMonday), Unit::days)) return;
    }
    for (const int months : {1, 3, 6}) {
      if (fits(every_months(low, scale.high, months), Unit::months)) return;
    }
    for (const int years : {1, 2, 5, 10, 20, 50, 100, 1000}) {
      if (fits(every_months(low, scale.high, 12 * years), Unit::years)) return;
    }
  };
  find();
  for (const double tick : scale.ticks) scale.labels.push_back(label_of(tick, unit, is_time));
  return scale;
}

}  // namespace longhand::report
