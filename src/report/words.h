// Figures as words of a page.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "longhand/train.h"

namespace longhand::report {

/// Three or four significant digits, without an exponent where that can be: "0.0531", "48,100", "1.2e−09".
std::string figure(double value);
/// With so many decimals: "0.0060", "48,100".
std::string fixed(double value, int decimals);
/// The last part of a path: a page goes to people whom folders do not concern.
std::string file_name(std::string_view path);
/// "97.4%"; at most as many decimals as that many rows can tell apart.
std::string percent(double share, std::int64_t rows = 1000);
/// "a", "a and b", "a, b and 3 others".
std::string listed(const std::vector<std::string>& names, std::size_t most = 4);
/// A name from the table between curly quotes, cut where it is long; not yet escaped.
std::string quoted(std::string_view name);

/// A difference of two shares: "5.1 points", of a percentage.
std::string points(double difference);
/// A column's name as --drop and its like take it, for a shell too.
std::string list_argument(const std::string& column);
/// As a shell takes it for one word.
std::string shell_word(std::string_view text);

/// A metric to somebody who has never heard of it.
struct MetricWords {
  std::string title;    ///< "Accuracy"
  std::string meaning;  ///< a phrase
  bool is_share = false;
};
MetricWords words_of(const std::string& metric, const TargetColumn& target);
std::string metric_text(const std::string& metric, double value, const TargetColumn& target, std::int64_t rows);
/// A difference or deviation of that metric.
std::string metric_difference_text(const std::string& metric, double value, const TargetColumn& target, std::int64_t rows);

}  // namespace longhand::report
