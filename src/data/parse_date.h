// Dates and times of day -> days. Knows nothing of tables.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "longhand/data.h"

namespace longhand::data {

/// Days since 1970-01-01, with the time of day as a fraction; for `time` the fraction alone. A date
/// is three parts between '-', '/' or '.', in the order's order: the year with four digits, and a month that
/// may be an English name, such as Jan or January; then parts may stand between spaces too, or a comma and a
/// space, and the last may be a year of two digits, of 1969 to 2068. Without a day it is the month's first:
/// 2015-03, year first; 03/2015 and Mar 2015, day first. After a date, behind a space or a T, may stand a time:
/// 12:30, 12:30:05, 12:30:05.25, each with AM or PM, and Z or +02:00, which is subtracted. Before a date may stand
/// the English name of a day of the week, which is skipped. Nothing where the text is no such date or there is
/// no such day.
std::optional<double> parse_date(std::string_view text, DateOrder order);

/// Whether a text looks like a date that parse_date does not read, as nothing tells the year's two digits from
/// the day's: 01/13/24.
bool has_short_year(std::string_view text);

/// Whether a whole number reads as a day between 1900 and 2100 with nothing between its parts: 20150102.
bool is_date_of_digits(double number);

/// "2015-01-02", "2015-01-02 12:30:05", "12:30:05": to the second.
std::string date_text(double days, DateOrder order);

}  // namespace longhand::data
