// What the columns of a table are taken for.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <ranges>
#include <string>
#include <unordered_set>
#include <utility>

#include "base/text.h"
#include "data/missing_cells.h"
#include "data/number_notation.h"
#include "data/parse_date.h"
#include "data/parse_number.h"
#include "data/words.h"
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
constexpr std::array kOrders{DateOrder::year_month_day, DateOrder::day_month_year, DateOrder::month_day_year, DateOrder::time};

std::string shown(std::string_view cell) { return "'" + printable(cell, 40) + "'"; }

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
    if (is_category) {
      take(ColumnKind::category, "as said");
      find_doubts();
      return profile_;
    }
    if (is_number) {
      take(ColumnKind::number, "as said");
      if (!column_.is_numbers()) find_stray();
      return profile_;
    }
    column_.is_numbers() ? decide_numbers() : decide_texts();
    if (profile_.problem.empty()) find_doubts();
    return profile_;
  }

 private:
  struct Text {
    std::string_view text;
    std::int64_t rows;
  };

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
    if (is_row_counter_ || counts_rows()) {
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
    if (decide_number_texts() || decide_boolean() || decide_dates() || decide_commas() || decide_mostly_numbers() || decide_mostly_dates()) return;
    if (differs_everywhere()) {
      take(ColumnKind::identifier, distinct_texts() + " in " + counted(present_, "row"));
    } else {
      take(ColumnKind::category, distinct_texts());
    }
    warn_of_numbers_and_dates();
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
    const auto what = are_too_long ? std::string("whole numbers of more digits than a number holds") : std::string("numbers with leading zeros");
    if ((are_too_long || are_codes) && differs_everywhere()) {
      take(ColumnKind::identifier, what + ", nearly all distinct");
    } else if (are_too_long || are_codes) {
      take(ColumnKind::category, what + " are codes");
    } else {
      take(ColumnKind::number, "every cell that has a value is a number");
    }
    return true;
  }

  bool decide_boolean() {
    const auto first = data::yes_or_no(texts_[0].text);
    const Text* other = nullptr;
    for (const auto& text : texts_) {
      const auto word = data::yes_or_no(text.text);
      if (!first || !word || word->pair != first->pair) return false;
      if (word->is_yes != first->is_yes && other == nullptr) other = &text;
    }
    if (other == nullptr) return false;
    take(ColumnKind::boolean, shown(texts_[0].text) + " or " + shown(other->text) + (texts_.size() > 2 ? ", in capitals or not" : ""));
    return true;
  }

  bool all_are(DateOrder order) const {
    return std::ranges::all_of(texts_, [&](const Text& text) { return data::parse_date(text.text, order).has_value(); });
  }

  bool decide_dates() {
    std::optional<DateOrder> found;
    bool is_clear = true;
    for (const auto order : kOrders) {
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
      const bool has = data::has_separators(text.text);
      if (!has && !data::parse_number(text.text).is_finite()) return false;
      if (has && example == nullptr) example = &text;
    }
    if (example == nullptr) return false;
    take(ColumnKind::number, "numbers with thousands separators or decimal commas");
    profile_.problem = place_of(example->text) + ": " + shown(example->text) +
                       " has a thousands separator or a decimal comma; write numbers as 1234.5, or say --decimal and --thousands";
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
                         (state == data::NumberState::not_finite ? " is not a finite number" : " is not a number") + advice_on_stray(text, rows);
      return;
    }
  }

  // The header once more, or one line above or below the table.
  std::string advice_on_stray(std::string_view text, std::int64_t rows) const {
    if (data::in_small_letters(data::trimmed(text)) == data::in_small_letters(column_.name())) return " but the column's name; where the header is repeated, that line is to be removed";
    auto advice = data::advice_on_number(text);
    const bool is_word = data::parse_number(text).state == data::NumberState::not_a_number;
    if (advice.empty() && is_word) advice = "; --missing takes such words for cells without a value, --categorical the column for texts";
    const auto is_text_of = [&](std::size_t row) { return column_.cell(row) == text; };
    if (rows > 1 || column_.rows() < 3) return advice;
    if (is_text_of(0)) return advice + "; if it is of a second line of names or units, remove that";
    if (is_text_of(column_.rows() - 1)) return advice + "; if it is of notes or totals below the table, remove that line";
    return advice;
  }

  // A date that is none among others: a day that does not exist, or another way of writing.
  bool decide_mostly_dates() {
    DateOrder best = DateOrder::year_month_day;
    std::int64_t most = -1, dates = 0;
    for (const auto order : kOrders) {
      std::int64_t rows = 0;
      for (const auto& text : texts_) rows += data::parse_date(text.text, order) ? text.rows : 0;
      if (rows > most) best = order;
      most = std::max(most, rows);
    }
    const auto is_date = [](const Text& text) {
      return std::ranges::any_of(kOrders, [&](DateOrder order) { return data::parse_date(text.text, order).has_value(); });
    };
    for (const auto& text : texts_) dates += is_date(text) ? text.rows : 0;
    if (2 * dates <= present_) return false;
    const auto stray = std::ranges::find_if(texts_, [&](const Text& text) { return !data::parse_date(text.text, best); });
    take(ColumnKind::date, "most cells are dates");
    profile_.order = best;
    const auto what = best == DateOrder::time ? std::string("a time of day") : "a date written " + std::string(name(best));
    profile_.problem = place_of(stray->text) + ": " + shown(stray->text) + " is not " + what +
                       ", as other cells are; --missing takes such cells for empty ones, --categorical the column for texts";
    return true;
  }

  // What texts may have been meant for, where most are alike.
  void warn_of_numbers_and_dates() {
    const auto are_most = [&](const auto& is_such) {
      std::int64_t rows = 0;
      for (const auto& text : texts_) rows += is_such(text.text) ? text.rows : 0;
      return 2 * rows > present_;
    };
    const auto is_signed = [](std::string_view text) { return data::is_number_with_sign(text); };
    const auto is_number = [](std::string_view text) { return data::parse_number(text).is_finite() || data::has_separators(text); };
    const auto warn = [&](const auto& is_such, const std::string& what, const std::string& remedy) {
      const auto example = std::ranges::find_if(texts_, [&](const Text& text) { return is_such(text.text); });
      profile_.warning = place_of(example->text) + ": " + shown(example->text) + what + ", so that the column is taken for " +
                         (profile_.kind == ColumnKind::identifier ? "an identifier" : "categories") + "; " + remedy;
    };
    const auto number_texts = static_cast<std::size_t>(std::ranges::count_if(texts_, [&](const Text& text) { return is_number(text.text); }));
    const bool has_signs = std::ranges::any_of(texts_, [&](const Text& text) { return is_signed(text.text); });
    if (has_signs && are_most([&](std::string_view text) { return is_signed(text) || is_number(text); })) {
      warn(is_signed, " is a number with a sign that is not read", "write it as 1234.5");
    } else if (texts_.size() > kMostMixedCategories && are_most(data::is_number_with_unit)) {
      warn(data::is_number_with_unit, " is a number with its unit, which is not read", "write the number alone");
    } else if (are_most(data::has_short_year)) {
      warn(data::has_short_year, " looks like a date whose year has two digits", "write it with four");
    } else if (number_texts > kMostMixedCategories && 4 * number_texts > texts_.size()) {
      warn(is_number, " is a number among texts", "--missing takes texts for cells without a value");
    }
  }

  // "yes" and "1", where all texts are words for yes and no.
  std::optional<std::pair<std::string_view, std::string_view>> words_for_one() const {
    std::array<std::string_view, 2> first;  // for no and for yes
    std::optional<std::pair<std::string_view, std::string_view>> found;
    for (const auto& text : texts_) {
      const auto word = data::trimmed(text.text);
      const auto known = data::yes_or_no(word);
      if (!known && word != "0" && word != "1") return std::nullopt;
      auto& other = first[known ? known->is_yes : word == "1"];
      if (other.empty()) other = text.text;
      else if (!found) found = {other, text.text};
    }
    return found;
  }

  void find_doubts() {
    const auto where = table_.name() + ": column '" + printable(column_.name(), 60) + "': ";
    if (profile_.kind == ColumnKind::number && are_dates_of_digits()) {
      profile_.warning = where + "its numbers look like dates, and are taken for numbers; write them as 2015-01-31";
    }
    if (profile_.kind != ColumnKind::category) return;
    const auto invalid = std::ranges::find_if(texts_, [](const Text& text) { return find_invalid_utf8(text.text) != std::string::npos; });
    if (invalid != texts_.end()) {
      profile_.problem = place_of(invalid->text) + ": the category " + shown(invalid->text) + " is not UTF-8; save the table as UTF-8";
      return;
    }
    if (const auto alike = words_for_one()) {
      profile_.doubt = where + shown(alike->first) + " and " + shown(alike->second) + " may mean the same, and are categories of their own; write them alike if so";
      return;
    }
    constexpr std::size_t kMost = 10'000;
    std::vector<std::string> texts;
    for (const auto& text : texts_ | std::views::take(kMost)) texts.emplace_back(text.text);
    if (const auto alike = data::find_alike(texts); alike.first) profile_.doubt = where + alike.words("categories");
  }

  bool are_dates_of_digits() const {
    if (column_.is_numbers()) {
      return std::ranges::all_of(column_.numbers(), [&](double value) { return data::is_date_of_digits(value) || missing_.is_missing(value); });
    }
    return std::ranges::all_of(texts_, [](const Text& text) { return data::is_date_of_digits(data::parse_number(text.text).value); });
  }

  std::string place_of(std::string_view text) const {
    for (std::size_t row = 0; row < column_.rows(); ++row) {
      if (column_.texts()[static_cast<std::size_t>(column_.codes()[row])] == text) {
        return table_.where(static_cast<std::int64_t>(row), column_.name());
      }
    }
    return table_.name();
  }

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
