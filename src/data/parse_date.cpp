#include "data/parse_date.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>

#include "data/parse_number.h"

namespace longhand::data {
namespace {

constexpr double kSecondsOfDay = 86'400;

// Takes parts from the front of a text.
class DateScanner {
 public:
  explicit DateScanner(std::string_view text) : text_(text) {}

  bool at_end() const { return text_.empty(); }
  bool take(char letter) {
    if (text_.empty() || text_.front() != letter) return false;
    text_.remove_prefix(1);
    return true;
  }
  char next() const { return text_.empty() ? '\0' : text_.front(); }

  // A whole number of `least` to `most` digits.
  std::optional<int> digits(std::size_t least, std::size_t most) {
    std::size_t count = 0;
    int value = 0;
    while (count < most && count < text_.size() && text_[count] >= '0' && text_[count] <= '9') {
      value = value * 10 + (text_[count++] - '0');
    }
    if (count < least) return std::nullopt;
    text_.remove_prefix(count);
    return value;
  }

  // ".25" as 0.25; 0 where there is no point.
  std::optional<double> fraction() {
    if (next() != '.') return 0;
    std::size_t end = 1;
    while (end < text_.size() && text_[end] >= '0' && text_[end] <= '9') ++end;
    if (end == 1) return std::nullopt;
    double value = 0;
    std::from_chars(text_.data(), text_.data() + end, value);
    text_.remove_prefix(end);
    return value;
  }

 private:
  std::string_view text_;
};

std::optional<double> take_date(DateScanner& scanner, DateOrder order) {
  const bool year_first = order == DateOrder::year_month_day;
  std::array<std::optional<int>, 3> parts;
  const auto take_part = [&](std::size_t i) {
    const bool is_year = i == (year_first ? 0U : 2U);
    parts[i] = is_year ? scanner.digits(4, 4) : scanner.digits(1, 2);
    return parts[i].has_value();
  };
  if (!take_part(0)) return std::nullopt;
  const char between = scanner.next();
  if (between != '-' && between != '/' && between != '.') return std::nullopt;
  for (const std::size_t i : {1U, 2U}) {
    if (!scanner.take(between) || !take_part(i)) return std::nullopt;
  }
  const bool day_first = order == DateOrder::day_month_year;
  const int year = year_first ? *parts[0] : *parts[2];
  const int month = year_first || day_first ? *parts[1] : *parts[0];
  const int day = year_first ? *parts[2] : day_first ? *parts[0] : *parts[1];
  const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  return static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count());
}

// In seconds.
std::optional<double> take_time(DateScanner& scanner) {
  const auto hours = scanner.digits(1, 2);
  if (!hours || *hours > 23 || !scanner.take(':')) return std::nullopt;
  const auto minutes = scanner.digits(2, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  double seconds = *hours * 3600 + *minutes * 60;
  if (scanner.take(':')) {
    const auto whole = scanner.digits(2, 2);
    if (!whole || *whole > 60) return std::nullopt;  // 60 is a leap second
    const auto fraction = scanner.fraction();
    if (!fraction) return std::nullopt;
    seconds += *whole + *fraction;
  }
  return seconds;
}

// How far the clock is ahead, in seconds.
std::optional<double> take_offset(DateScanner& scanner) {
  if (scanner.take('Z')) return 0;
  const bool is_behind = scanner.next() == '-';
  if (!scanner.take('+') && !scanner.take('-')) return 0;
  const auto hours = scanner.digits(2, 2);
  if (!hours || *hours > 14) return std::nullopt;
  scanner.take(':');
  const auto minutes = scanner.at_end() ? std::optional(0) : scanner.digits(2, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  const double seconds = *hours * 3600 + *minutes * 60;
  return is_behind ? -seconds : seconds;
}

}  // namespace

std::optional<double> parse_date(std::string_view text, DateOrder order) {
  DateScanner scanner(trimmed(text));
  std::optional<double> days = 0;
  std::optional<double> seconds = 0, offset = 0;
  if (order == DateOrder::time) {
    seconds = take_time(scanner);
  } else {
    days = take_date(scanner, order);
    if (days && (scanner.take('T') || scanner.take(' '))) {
      seconds = take_time(scanner);
      if (seconds) {
        scanner.take(' ');
        offset = take_offset(scanner);
      }
    }
  }
  if (!days || !seconds || !offset || !scanner.at_end()) return std::nullopt;
  return *days + (*seconds - *offset) / kSecondsOfDay;
}

std::string date_text(double days, DateOrder order) {
  const auto two = [](auto number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  const double whole = std::floor(days);
  auto seconds = static_cast<std::int64_t>(std::round((days - whole) * kSecondsOfDay));
  auto day = static_cast<std::int64_t>(whole);
  if (seconds == static_cast<std::int64_t>(kSecondsOfDay)) {
    seconds = 0;
    ++day;
  }
  const auto time = two(seconds / 3600) + ":" + two(seconds / 60 % 60) + ":" + two(seconds % 60);
  if (order == DateOrder::time) return time;
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  auto year = std::to_string(static_cast<int>(date.year()));
  year.insert(0, year.size() < 4 ? 4 - year.size() : 0, '0');
  const auto text = year + "-" + two(static_cast<unsigned>(date.month())) + "-" + two(static_cast<unsigned>(date.day()));
  return seconds == 0 ? text : text + " " + time;
}

}  // namespace longhand::data
