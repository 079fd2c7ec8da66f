// What the columns of a table are taken for.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

#include "base/text.h"
#include "data/missing_cells.h"
#include "data/parse_date.h"
#include "data/parse_number.h"
#include "longhand/data.h"

namespace longhand {
namespace {

using data::MissingCells;

// From so many rows on, what differs in each of them is no coincidence.
constexpr std::int64_t kLeastRowsOfIdentifier = 20;
constexpr double kShareOfIdentifier = 0.9;
// A few numbers among a few texts are names of categories: 0, 1, 2, 3+.
constexpr std::size_t kMostMixedCategories = 20;
constexpr std::int64_t kLeastRowsOfMixedCategory = 3;

std::string shown(std::string_view cell) { return "'" + printable(cell, 40) + "'"; }

// "1,234", "1,234.5", "3,14", "1.234,5", "1.234.567", "1 234": digits in groups, or with a comma.
bool has_commas(std::string_view text) {
  text = data::trimmed(text);
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  if (text.empty() || text.front() < '0' || text.front() > '9') return false;
  if (text.find_first_not_of("0123456789., '_") != text.npos) return false;
  const char last = text.back();
  if (last < '0' || last > '9') return false;
  const auto separator = text.find_first_not_of("0123456789");
  if (separator == text.npos) return false;
  const bool is_one_comma = text[separator] == ',' && text.find_first_not_of("0123456789", separator + 1) == text.npos;
  if (is_one_comma) return true;
  // Groups of three after the first, then perhaps one other separator and decimals.
  std::size_t at = separator;
  if (at > 3) return false;
  while (at < text.size() && text[at] == text[separator]) {
    const auto end = std::min(text.find_first_not_of("0123456789", at + 1), text.size());
    if (end - at != 4) return false;
    at = end;
  }
  if (at == text.size()) return text[separator] != '.' || text.find('.', separator + 1) != text.npos;
  return (text[at] == '.' || text[at] == ',') && text.find_first_not_of("0123456789", at + 1) == text.npos;
}

bool are_yes_and_no(std::string_view a, std::string_view b) {
  static constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"no", "yes"}, {"false", "true"}, {"n", "y"}, {"f", "t"}, {"off", "on"}};
  const auto first = data::in_small_letters(data::trimmed(a)), second = data::in_small_letters(data::trimmed(b));
  return std::ranges::any_of(kWords, [&](const auto& words) {
    return (first == words.first && second == words.second) || (first == words.second && second == words.first);
  });
}

class Profiler {
 public:
  Profiler(const Table& table, const Column& column, const MissingCells& missing)
      : table_(table), column_(column), missing_(missing) {
    profile_.name = column.name();
  }

  ColumnProfile profile(bool is_category, bool is_number, bool is_row_counter) {
    column_.is_numbers() ? count_numbers() : count_texts();
    if (decide_constant()) return profile_;
    is_row_counter_ = is_row_counter;
    if (is_category) return take(ColumnKind::category, "as said");
    if (is_number) {
      take(ColumnKind::number, "as said");
      if (!column_.is_numbers()) find_stray();
      return profile_;
    }
    column_.is_numbers() ? decide_numbers() : decide_texts();
    return profile_;
  }

 private:
  ColumnProfile& take(ColumnKind kind, std::string why) {
    profile_.kind = kind;
    profile_.why = std::move(why);
    return profile_;
  }

  void count_numbers() {
    bool is_first = true;
    for (const double value : column_.numbers()) {
      if (missing_.has_numbers() && missing_.is_missing(value)) {
        ++profile_.missing;
        continue;
      }
      least_ = is_first ? value : std::min(least_, value);
      greatest_ = is_first ? value : std::max(greatest_, value);
      are_whole_ = are_whole_ && value == std::floor(value);
      is_first = false;
    }
    present_ = static_cast<std::int64_t>(column_.rows()) - profile_.missing;
  }

  void count_texts() {
    std::vector<std::int64_t> rows(column_.texts().size());
    for (const auto code : column_.codes()) ++rows[static_cast<std::size_t>(code)];
    const auto is_missing = data::missing_texts(column_, missing_);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (is_missing[i]) profile_.missing += rows[i];
      else if (rows[i] > 0) texts_.push_back({column_.texts()[i], rows[i]});
    }
    present_ = static_cast<std::int64_t>(column_.rows()) - profile_.missing;
  }

  bool decide_constant() {
    if (present_ == 0) {
      take(ColumnKind::constant, "no cell has a value");
      return true;
    }
    const bool is_one = column_.is_numbers() ? least_ == greatest_ : texts_.size() == 1;
    if (!is_one || profile_.missing > 0) return false;
    take(ColumnKind::constant, shown(column_.cell(0)) + " in all rows");
    return true;
  }

  void decide_numbers() {
    if (column_.has_codes()) {
      take(ColumnKind::category, "numbers with leading zeros are codes");
    } else if (is_row_counter_ || counts_rows()) {
      take(ColumnKind::identifier, "whole numbers that count the rows");
    } else {
      take(ColumnKind::number, "every cell is a number");
    }
  }

  bool counts_rows() const {
    if (!are_whole_ || profile_.missing > 0 || present_ < kLeastRowsOfIdentifier) return false;
    if (greatest_ - least_ != static_cast<double>(present_ - 1)) return false;
    std::vector<bool> seen(static_cast<std::size_t>(present_));
    for (const double value : column_.numbers()) {
      const auto place = static_cast<std::size_t>(value - least_);
      if (seen[place]) return false;
      seen[place] = true;
    }
    return true;
  }

  void decide_texts() {
    if (decide_number_texts() || decide_boolean() || decide_dates() || decide_commas() || decide_mostly_numbers()) return;
    if (differs_everywhere()) {
      take(ColumnKind::identifier, distinct_texts() + " in " + counted(present_, "row"));
    } else {
      take(ColumnKind::category, distinct_texts());
    }
  }

  std::string distinct_texts() const { return counted(static_cast<std::int64_t>(texts_.size()), "distinct text"); }

  bool differs_everywhere() const {
    return present_ >= kLeastRowsOfIdentifier &&
           static_cast<double>(texts_.size()) > kShareOfIdentifier * static_cast<double>(present_);
  }

  bool decide_number_texts() {
    bool are_codes = false, are_too_long = false;
    for (const auto& [text, rows] : texts_) {
      const auto number = data::parse_number(text);
      if (!number.is_finite()) return false;
      are_codes = are_codes || data::is_code(data::trimmed(text));
      are_too_long = are_too_long || data::loses_digits(data::trimmed(text), number.value);
    }
    if (are_too_long && differs_everywhere()) {
      take(ColumnKind::identifier, "whole numbers of more digits than a number holds, nearly all distinct");
    } else if (are_too_long) {
      take(ColumnKind::category, "whole numbers of more digits than a number holds are codes");
    } else if (are_codes) {
      take(ColumnKind::category, "numbers with leading zeros are codes");
    } else {
      take(ColumnKind::number, "every cell that has a value is a number");
    }
    return true;
  }

  bool decide_boolean() {
    if (texts_.size() != 2 || !are_yes_and_no(texts_[0].text, texts_[1].text)) return false;
    take(ColumnKind::boolean, shown(texts_[0].text) + " or " + shown(texts_[1].text));
    return true;
  }

  bool all_are(DateOrder order) const {
    return std::ranges::all_of(texts_, [&](const Text& text) { return data::parse_date(text.text, order).has_value(); });
  }

  bool decide_dates() {
    std::optional<DateOrder> found;
    bool is_clear = true;
    for (const auto order : {DateOrder::year_month_day, DateOrder::day_month_year, DateOrder::month_day_year, DateOrder::time}) {
      if (!all_are(order)) continue;
      is_clear = !found.has_value();
      if (is_clear) found = order;
    }
    if (!found) return false;
    // Between points the day comes first everywhere.
    const bool has_points = std::ranges::all_of(texts_, [](const Text& text) { return text.text.find('.') < 3; });
    take(ColumnKind::date, *found == DateOrder::time ? "times of day" : "dates");
    profile_.order = *found;
    if (is_clear || has_points) return true;
    profile_.problem = place_of(texts_[0].text) + ": " + shown(texts_[0].text) +
                       " may have its day or its month first, and no cell tells; write the year first, as 2020-04-03";
    return true;
  }

  bool decide_commas() {
    const Text* example = nullptr;
    for (const auto& text : texts_) {
      const bool has = has_commas(text.text);
      if (!has && !data::parse_number(text.text).is_finite()) return false;
      if (has && example == nullptr) example = &text;
    }
    if (example == nullptr) return false;
    take(ColumnKind::number, "numbers with thousands separators or decimal commas");
    profile_.problem = place_of(example->text) + ": " + shown(example->text) +
                       " has a thousands separator or a decimal comma; write numbers as 1234.5";
    return true;
  }

  // inf and 1e400 are numbers too, though none to learn from.
  bool decide_mostly_numbers() {
    std::int64_t rows = 0;
    bool has_words = false;
    for (const auto& text : texts_) {
      const bool is_number = data::parse_number(text.text).state != data::NumberState::not_a_number;
      rows += is_number ? text.rows : 0;
      has_words = has_words || !is_number;
    }
    if (2 * rows <= present_) return false;
    const bool are_names = has_words && texts_.size() <= kMostMixedCategories &&
                           present_ >= kLeastRowsOfMixedCategory * static_cast<std::int64_t>(texts_.size());
    if (are_names) return false;
    take(ColumnKind::number, "most cells are numbers");
    find_stray();
    return true;
  }

  // Texts are in the order of their first rows.
  void find_stray() {
    for (const auto& [text, rows] : texts_) {
      const auto state = data::parse_number(text).state;
      if (state == data::NumberState::finite) continue;
      profile_.problem = place_of(text) + ": " + shown(text) +
                         (state == data::NumberState::not_finite ? " is not a finite number" : " is not a number");
      return;
    }
  }

  std::string place_of(std::string_view text) const {
    for (std::size_t row = 0; row < column_.rows(); ++row) {
      if (column_.texts()[static_cast<std::size_t>(column_.codes()[row])] == text) {
        return table_.where(static_cast<std::int64_t>(row), column_.name());
      }
    }
    return table_.name();
  }

  struct Text {
    std::string_view text;
    std::int64_t rows;
  };

  const Table& table_;
  const Column& column_;
  const MissingCells& missing_;
  ColumnProfile profile_;
  std::int64_t present_ = 0;  // rows with a value
  std::vector<Text> texts_;   // distinct ones with a value, of a column of text
  double least_ = 0, greatest_ = 0;  // of a column of numbers
  bool are_whole_ = true, is_row_counter_ = false;
};

std::vector<bool> places_of(const Table& table, const std::vector<std::string>& names) {
  std::vector<bool> places(table.columns().size());
  for (const auto& name : names) {
    const auto found = table.find(name);
    if (!found) {
      throw ArgumentError(table.name() + ": no column '" + printable(name, 60) + "'");
    }
    places[*found] = true;
  }
  return places;
}

}  // namespace

std::string_view name(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::number: return "number";
    case ColumnKind::boolean: return "boolean";
    case ColumnKind::category: return "category";
    case ColumnKind::date: return "date";
    case ColumnKind::identifier: return "identifier";
    case ColumnKind::constant: return "constant";
  }
  return "?";
}

std::string_view name(DateOrder order) {
  switch (order) {
    case DateOrder::year_month_day: return "year-month-day";
    case DateOrder::day_month_year: return "day-month-year";
    case DateOrder::month_day_year: return "month-day-year";
    case DateOrder::time: return "time";
  }
  return "?";
}

std::vector<ColumnProfile> profile_columns(const Table& table, const KindOptions& options) {
  const auto are_categories = places_of(table, options.categorical), are_numbers = places_of(table, options.numeric);
  const auto are_row_counters = places_of(table, options.row_counters);
  const MissingCells missing(options.missing);
  std::vector<ColumnProfile> profiles;
  for (std::size_t i = 0; i < table.columns().size(); ++i) {
    profiles.push_back(Profiler(table, table.columns()[i], missing).profile(are_categories[i], are_numbers[i], are_row_counters[i]));
  }
  return profiles;
}

std::size_t count_distinct(const Column& column, const KindOptions& options, std::size_t most) {
  const MissingCells missing(options.missing);
  if (column.is_numbers()) {
    std::unordered_set<double> seen;
    for (const double value : column.numbers()) {
      if (seen.size() == most) break;
      if (!missing.is_missing(value)) seen.insert(value);
    }
    return seen.size();
  }
  auto is_counted = data::missing_texts(column, missing);
  std::size_t count = 0;
  for (const auto code : column.codes()) {
    const auto i = static_cast<std::size_t>(code);
    if (is_counted[i] || count == most) continue;
    is_counted[i] = true;
    ++count;
  }
  return count;
}

}  // namespace longhand
