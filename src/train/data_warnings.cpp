#include "train/data_warnings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>

#include "base/quantile.h"
#include "base/text.h"
#include "data/as_numbers.h"
#include "data/missing_cells.h"
#include "data/names.h"
#include "data/odd_rows.h"
#include "data/parse_number.h"
#include "data/words.h"

namespace longhand::train {
namespace {

constexpr std::size_t kMostOfAKind = 5;

// Of many columns with one trouble the first are named.
class Warnings {
 public:
  explicit Warnings(const Table& table) : table_(table) {}
  void add(std::string warning) {
    if (of_kind_++ < kMostOfAKind) all_.push_back(std::move(warning));
  }
  void end_kind() {
    if (of_kind_ > kMostOfAKind) all_.push_back(fmt::format("{}: {} more of these are not named", table_.name(), of_kind_ - kMostOfAKind));
    of_kind_ = 0;
  }
  std::vector<std::string> take() {
    end_kind();
    return std::exchange(all_, {});
  }

 private:
  const Table& table_;
  std::vector<std::string> all_;
  std::size_t of_kind_ = 0;
};

struct FarValue {
  double value;
  std::int64_t row, rows;  // the first such row, and how many there are
  double times;            // as far from the median as the quartiles are from each other
};

std::string in_rows(const FarValue& far) { return far.rows == 1 ? "" : fmt::format(", in {} rows,", with_commas(far.rows)); }

// The least or greatest value, if all others are far from it by their quartiles, however many rows have it. NaN is no value.
std::optional<FarValue> far_end(const std::vector<double>& cells, bool is_least) {
  constexpr double kFar = 10, kGap = 0.7, kRounding = 1e-9;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const double sign = is_least ? 1 : -1;
  double end = kInfinity, next = kInfinity;  // times sign
  FarValue far{};
  std::int64_t present = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (std::isnan(cells[i])) continue;
    ++present;
    const double value = sign * cells[i];
    if (value < end) {
      next = std::exchange(end, value);
      far = {cells[i], static_cast<std::int64_t>(i), 1, 0};
    } else if (value == end) {
      ++far.rows;
    } else {
      next = std::min(next, value);
    }
  }
  // Of most columns this tells, without sorting, that the gap is no large part of the way to the others' median.
  const double reach = (next - end) / kGap * (1 + kRounding);
  const auto near = std::ranges::count_if(cells, [&](double cell) { return sign * cell != end && sign * cell - end <= reach; });
  if (present == far.rows || 2 * near < present - far.rows) return std::nullopt;
  std::vector<double> others;
  std::ranges::copy_if(cells, std::back_inserter(others), [&](double cell) { return !std::isnan(cell) && cell != far.value; });
  std::ranges::sort(others);
  const double distance = std::abs(far.value - quantile(others, 0.5)), quartiles = quantile(others, 0.75) - quantile(others, 0.25);
  if (quartiles == 0 || distance <= kFar * quartiles || next - end < kGap * distance) return std::nullopt;
  far.times = distance / quartiles;
  return far;
}

std::vector<FarValue> find_far(const std::vector<double>& cells) {
  std::vector<FarValue> found;
  for (const bool is_least : {true, false}) {
    if (const auto far = far_end(cells, is_least)) found.push_back(*far);
  }
  return found;
}

// The classes of which there are fewer rows.
std::vector<std::string> classes_below(std::int64_t least, const Table& table, const TargetColumn& target) {
  std::vector<std::int64_t> rows(target.classes.size());
  for (const auto code : Classes(target.classes).encode(table, target.name)) ++rows[static_cast<std::size_t>(code)];
  std::vector<std::string> names;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] < least) names.push_back(target.classes[i]);
  }
  return names;
}

class Search {
 public:
  Search(const Table& table, const ColumnRoles& roles, const Model& model, const TrainOptions& options)
      : table_(table), roles_(roles), model_(model), options_(options), missing_(options.columns.missing) {}

  std::vector<std::string> run() {
    for (auto& row : data::odd_rows(table_)) warnings_.add(std::move(row));
    warnings_.end_kind();
    for (const auto doubt : {&ColumnProfile::warning, &ColumnProfile::doubt}) {
      for (const auto& profile : roles_.profiles) {
        if (!(profile.*doubt).empty() && roles_.is_input_or_left_out(profile.name)) warnings_.add(profile.*doubt);
      }
      warnings_.end_kind();
    }
    look_at_classes();
    auto found = warnings_.take();
    std::ranges::move(far_values(table_, model_.inputs, options_), std::back_inserter(found));  // which names but some of its kind
    if (model_.target->task == Task::regression) look_at_values_of_target();
    std::ranges::move(warnings_.take(), std::back_inserter(found));
    return found;
  }

 private:
  std::string column(const std::string& name) const { return table_.name() + ": column '" + printable(name, 60) + "': "; }

  void look_at_classes() {
    const auto& target = *model_.target;
    const auto profile = std::ranges::find(roles_.profiles, target.name, &ColumnProfile::name);
    const auto alike = data::find_alike(target.classes);
    if (alike.first) warnings_.add(column(target.name) + alike.words("classes"));
    else if (profile != roles_.profiles.end() && !profile->doubt.empty()) warnings_.add(profile->doubt);
    for (const auto& name : target.classes) {
      // "none" and its like are classes as often as not.
      if (!missing_.is_missing(name) || data::in_small_letters(data::trimmed(name)) == "none" || data::parse_number(name).is_finite()) continue;
      warnings_.add(column(target.name) + fmt::format("'{}' is taken for a class; --skip-missing-target leaves out rows without a target", printable(name, 40)));
    }
    warnings_.end_kind();
    look_for_rare_classes();
    look_for_numbers_as_classes();
    warnings_.end_kind();
  }

  void look_for_rare_classes() {
    constexpr std::int64_t kFewRows = 3;
    const auto& classes = model_.target->classes;
    if (classes.size() <= 2) return;
    const auto rare = classes_below(kFewRows, table_, *model_.target);
    if (rare.empty()) return;
    warnings_.add(column(model_.target->name) + fmt::format("{} of {} classes have fewer than {} rows, so that they can hardly be learned: {}", rare.size(),
                                                                 classes.size(), kFewRows, data::list_names(rare)));
  }

  // Grades, ages and counts as likely as names of classes.
  void look_for_numbers_as_classes() {
    constexpr std::size_t kMany = 6;
    const auto& classes = model_.target->classes;
    const bool are_digits = classes.size() == 10 && classes.front() == "0" && classes.back() == "9";
    if (options_.task || classes.size() < kMany || are_digits || !table_.column(model_.target->name).is_numbers()) return;
    warnings_.add(column(model_.target->name) + fmt::format("its {} whole numbers are taken for classes; --task regression predicts amounts", classes.size()));
  }

  void look_at_values_of_target() {
    const auto& name = model_.target->name;
    for (const auto& far : find_far(table_.numbers(name))) {
      warnings_.add(table_.where(far.row, name) + fmt::format(": {}{} is far from all other values of the target; rows in which it stands for no value are to be left out",
                                                              data::shortest_decimal(far.value), in_rows(far)));
    }
  }

  const Table& table_;
  const ColumnRoles& roles_;
  const Model& model_;
  const TrainOptions& options_;
  const data::MissingCells missing_;
  Warnings warnings_{table_};
};

// As people write a number for no value: 999, -9999, 9.99; or the same in several rows.
bool may_stand_for_none(const FarValue& far) {
  constexpr std::int64_t kSeveral = 3;
  const auto digits = data::shortest_decimal(std::abs(far.value));
  return far.rows >= kSeveral || digits.find_first_not_of("9.") == std::string::npos;
}

std::vector<std::string> far_numbers(const Table& table, const InputColumn& input, const TrainOptions& options) {
  const bool is_ruled_by_few = input.scaling == NumberScaling::robust && !options.number_scaling;
  std::vector<std::string> found;
  for (const auto& far : find_far(data::numbers_or_missing(table, table.column(input.name), data::MissingCells(options.columns.missing)))) {
    if (!is_ruled_by_few && !may_stand_for_none(far)) continue;
    const auto value = data::shortest_decimal(far.value);
    found.push_back(table.where(far.row, input.name) +
                    fmt::format(": {}{} is {:.2g} times as far from the median as the quartiles are from each other; if it stands for no value, --missing {} takes it so{}", value,
                                in_rows(far), far.times, value, is_ruled_by_few ? "; the column is scaled by median and quartiles" : ""));
  }
  return found;
}

std::vector<std::string> far_dates(const Table& table, const InputColumn& input, const TrainOptions& options) {
  const auto& column = table.column(input.name);
  std::vector<std::string> found;
  for (const auto& far : find_far(data::days_or_missing(table, column, data::MissingCells(options.columns.missing), input.order))) {
    const auto cell = column.cell(static_cast<std::size_t>(far.row));
    found.push_back(table.where(far.row, input.name) + fmt::format(": '{}'{} is far from all other dates; if it stands for no value, --missing takes it so", printable(cell, 40), in_rows(far)));
  }
  return found;
}

}  // namespace

std::vector<std::string> far_values(const Table& table, const std::vector<InputColumn>& inputs, const TrainOptions& options) {
  Warnings warnings(table);
  for (const auto& input : inputs) {
    if (input.kind == ColumnKind::number) {
      for (auto& far : far_numbers(table, input, options)) warnings.add(std::move(far));
    } else if (input.kind == ColumnKind::date) {
      for (auto& far : far_dates(table, input, options)) warnings.add(std::move(far));
    }
  }
  return warnings.take();
}

std::string untested_classes(const Table& held_out, const TargetColumn& target) {
  if (held_out.rows() == 0 || target.task == Task::regression) return {};
  const auto names = classes_below(1, held_out, target);
  if (names.empty()) return {};
  return fmt::format("{}: {} of {} classes {} no held-out row, so that the figures say nothing of {}: {}", held_out.name(), names.size(), target.classes.size(), names.size() == 1 ? "has" : "have",
                     names.size() == 1 ? "it" : "them", data::list_names(names));
}

std::vector<std::string> data_warnings(const Table& table, const ColumnRoles& roles, const Model& model, const TrainOptions& options) {
  return Search(table, roles, model, options).run();
}

}  // namespace longhand::train
