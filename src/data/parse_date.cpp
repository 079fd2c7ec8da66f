#include "data/parse_date.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>

#include "data/parse_number.h"
#include "data/words.h"

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
  std::size_t left() const { return text_.size(); }
  bool is_at_letter() const { return is_letter(next()); }

  // One space, with a comma before it or not.
  bool take_space() {
    const std::size_t size = text_.starts_with(", ") ? 2 : text_.starts_with(' ') ? 1 : 0;
    text_.remove_prefix(size);
    return size > 0;
  }

  std::string_view letters() {
    std::size_t count = 0;
    while (count < text_.size() && is_letter(text_[count])) ++count;
    const auto word = text_.substr(0, count);
    text_.remove_prefix(count);
    return word;
  }

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
  static bool is_letter(char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'); }

  std::string_view text_;
};

constexpr std::array<std::string_view, 12> kMonths{"january", "february", "march",     "april",   "may",      "june",
                                                   "july",    "august",   "september", "october", "november", "december"};

constexpr std::array<std::string_view, 7> kWeekdays{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

// A number or a month's name, as it stands in a date.
struct DatePart {
  int value = 0;
  std::size_t digits = 0;  // 0 for a name
  bool is_name() const { return digits == 0; }
  bool is_year() const { return digits == 4; }
  bool is_short() const { return digits == 1 || digits == 2; }
};

// "Jan", "January"; "Sept" is usual too. 0 for other words.
int month_named(std::string_view word) {
  constexpr std::size_t kShort = 3;
  const auto small = in_small_letters(word);
  if (small.size() < kShort) return 0;
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (small == kMonths[i] || small == kMonths[i].substr(0, kShort) || (small == "sept" && i == 8)) return static_cast<int>(i) + 1;
  }
  return 0;
}

// "Thu", "Thursday" or "Thu," with the space behind it; whether it is the right one is not looked at.
void skip_weekday(DateScanner& scanner) {
  auto ahead = scanner;
  constexpr std::size_t kShort = 3;
  const auto word = in_small_letters(ahead.letters());
  const bool is_weekday = std::ranges::any_of(kWeekdays, [&](std::string_view day) { return word == day || word == day.substr(0, kShort); });
  if (is_weekday && ahead.take_space()) scanner = ahead;
}

std::optional<DatePart> take_part(DateScanner& scanner) {
  if (const auto word = scanner.letters(); !word.empty()) {
    const int month = month_named(word);
    return month == 0 ? std::nullopt : std::optional(DatePart{month, 0});
  }
  const auto before = scanner.left();
  const auto value = scanner.digits(1, 4);
  if (!value) return std::nullopt;
  return DatePart{*value, before - scanner.left()};
}

struct DateParts {
  std::array<DatePart, 3> all;
  std::size_t count = 0;
  const DatePart& operator[](std::size_t i) const { return all[i]; }
};

// Up to three parts with one sign between them, none where there is something else; what is behind is left.
DateParts take_parts(DateScanner& scanner) {
  DateParts parts;
  char between = 0;
  bool has_name = false;
  for (;;) {
    const auto part = take_part(scanner);
    if (!part) return {};
    has_name = has_name || part->is_name();
    parts.all[parts.count++] = *part;
    if (parts.count == parts.all.size()) return parts;
    const char next = scanner.next();
    if (parts.count == 1 && (next == '-' || next == '/' || next == '.')) between = next;
    if (between != 0 ? scanner.take(between) : scanner.take_space()) {
      if (between == 0 && !has_name && !scanner.is_at_letter()) return {};  // behind the space is no name
      continue;
    }
    return parts;
  }
}

constexpr int kFirstShortYear = 69;  // of the last century, as POSIX has it

int year_of(const DatePart& part) {
  if (part.is_year()) return part.value;
  return part.value + (part.value < kFirstShortYear ? 2000 : 1900);
}

struct DayParts {
  DatePart year, month, day{1, 1};
};

// Which part is what in this order; nothing where the parts do not fit.
std::optional<DayParts> in_order(const DateParts& parts, DateOrder order) {
  DayParts of;
  const bool has_day = parts.count == 3;
  if (parts.count < 2) return std::nullopt;
  const auto is_month = [](const DatePart& part) { return part.is_name() || part.is_short(); };
  if (order == DateOrder::year_month_day) {
    of.year = parts[0];
    of.month = parts[1];
    if (has_day) of.day = parts[2];
  } else if (order == DateOrder::day_month_year) {
    of.year = parts[parts.count - 1];
    of.month = parts[parts.count - 2];
    if (has_day) of.day = parts[0];
  } else {
    if (!has_day) return std::nullopt;
    of.month = parts[0];
    of.day = parts[1];
    of.year = parts[2];
  }
  const bool may_be_short = has_day && of.month.is_name() && order == DateOrder::day_month_year;
  const bool is_year = of.year.is_year() || (may_be_short && of.year.digits == 2);
  if (!is_year || !is_month(of.month) || !of.day.is_short()) return std::nullopt;
  return of;
}

std::optional<double> take_date(DateScanner& scanner, DateOrder order) {
  const auto of = in_order(take_parts(scanner), order);
  if (!of) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(year_of(of->year)), std::chrono::month(static_cast<unsigned>(of->month.value)),
                                         std::chrono::day(static_cast<unsigned>(of->day.value)));
  if (!date.ok()) return std::nullopt;
  return static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count());
}

// Of a time from 12:00 AM, midnight, to 11:59 PM; the hour itself where neither stands there.
std::optional<int> hour_by_half(DateScanner& scanner, int hour) {
  auto ahead = scanner;
  ahead.take(' ');
  const auto half = in_small_letters(ahead.letters());
  if (half != "am" && half != "pm") return hour;
  if (hour < 1 || hour > 12) return std::nullopt;
  scanner = ahead;
  return hour % 12 + (half == "pm" ? 12 : 0);
}

// In seconds.
std::optional<double> take_time(DateScanner& scanner) {
  const auto hours = scanner.digits(1, 2);
  if (!hours || *hours > 23 || !scanner.take(':')) return std::nullopt;
  const auto minutes = scanner.digits(2, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  double seconds = *minutes * 60;
  if (scanner.take(':')) {
    const auto whole = scanner.digits(2, 2);
    if (!whole || *whole > 60) return std::nullopt;  // 60 is a leap second
    const auto fraction = scanner.fraction();
    if (!fraction) return std::nullopt;
    seconds += *whole + *fraction;
  }
  const auto hour = hour_by_half(scanner, *hours);
  if (!hour) return std::nullopt;
  return *hour * 3600 + seconds;
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
    skip_weekday(scanner);
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

bool has_short_year(std::string_view text) {
  DateScanner scanner(trimmed(text));
  const auto parts = take_parts(scanner);
  const bool is_alone = scanner.at_end() || scanner.next() == ' ';
  return parts.count == 3 && is_alone && parts[2].digits == 2 && std::ranges::all_of(parts.all, &DatePart::is_short);
}

bool is_date_of_digits(double number) {
  const auto is_within = number >= 19'000'101 && number <= 21'001'231 && number == std::floor(number);
  if (!is_within) return false;
  const auto digits = static_cast<unsigned>(number);
  return std::chrono::year_month_day(std::chrono::year(static_cast<int>(digits / 10'000)), std::chrono::month(digits / 100 % 100), std::chrono::day(digits % 100)).ok();
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
