// Dates and times of day -> days. Knows nothing of tables.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "longhand/data.h"

namespace longhand::data {

/// Days since 1970-01-01, with the time of day as a fraction; for `time` the fraction alone. A date
/// is three numbers between '-', '/' or '.', the year with four digits, in the order's order; after
/// it, behind a space or a T, may stand a time: 12:30, 12:30:05, 12:30:05.25, and Z or +02:00, which
/// is subtracted. Nothing where the text is no such date or there is no such day.
std::optional<double> parse_date(std::string_view text, DateOrder order);

/// "2015-01-02", "2015-01-02 12:30:05", "12:30:05": to the second.
std::string date_text(double days, DateOrder order);

}  // namespace longhand::data
