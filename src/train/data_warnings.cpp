#include "train/data_warnings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/quantile.h"
#include "base/text.h"
#include "data/missing_cells.h"
#include "data/names.h"
#include "data/parse_number.h"
#include "data/words.h"

namespace longhand::train {
namespace {

constexpr std::size_t kMostOfAKind = 5;

class Search {
 public:
  Search(const Table& table, const ColumnRoles& roles, const Model& model, const TrainOptions& options)
      : table_(table), roles_(roles), model_(model), options_(options), missing_(options.columns.missing) {}

  std::vector<std::string> run() {
    for (const auto& profile : roles_.profiles) {
      if (!profile.warning.empty() && roles_.is_input_or_left_out(profile.name)) add(profile.warning);
    }
    end_kind();
    for (const auto& input : model_.inputs) {
      if (input.kind == ColumnKind::category) look_for_alike(input.name, texts_of(table_.column(input.name)), "categories");
    }
    end_kind();
    look_at_classes();
    for (const auto& input : model_.inputs) look_for_far_values(input);
    end_kind();
    if (model_.target->task == Task::regression) look_at_values_of_target();
    return std::move(warnings_);
  }

 private:
  // Of many columns with one trouble the first are named.
  void add(std::string warning) {
    if (of_kind_++ < kMostOfAKind) warnings_.push_back(std::move(warning));
  }
  void end_kind() {
    if (of_kind_ > kMostOfAKind) warnings_.push_back(fmt::format("{}: {} more columns are like these", table_.name(), of_kind_ - kMostOfAKind));
    of_kind_ = 0;
  }

  std::string column(const std::string& name) const { return table_.name() + ": column '" + printable(name, 60) + "': "; }

  std::vector<std::string> texts_of(const Column& column) const {
    constexpr std::size_t kMost = 10'000;
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < std::min(column.texts().size(), kMost); ++i) {
      if (!missing_.is_missing(column.texts()[i])) texts.emplace_back(column.texts()[i]);
    }
    return texts;
  }

  void look_for_alike(const std::string& name, const std::vector<std::string>& texts, const char* what) {
    const auto alike = data::find_alike(texts);
    if (!alike.first) return;
    const auto others = alike.count == 1 ? std::string() : fmt::format(", as others do ({} in all)", alike.count);
    add(column(name) + fmt::format("'{}' and '{}' differ in capitals or spaces alone{}, and are {} of their own; write them alike if they are the same",
                                   printable(alike.first->a, 40), printable(alike.first->b, 40), others, what));
  }

  void look_at_classes() {
    const auto& target = *model_.target;
    look_for_alike(target.name, target.classes, "classes");
    for (const auto& name : target.classes) {
      // "none" and its like are classes as often as not.
      if (!missing_.is_missing(name) || data::in_small_letters(data::trimmed(name)) == "none" || data::parse_number(name).is_finite()) continue;
      add(column(target.name) + fmt::format("'{}' is taken for a class; --skip-missing-target leaves out rows without a target", printable(name, 40)));
    }
    end_kind();
    look_for_rare_classes();
  }

  void look_for_rare_classes() {
    constexpr std::int64_t kFewRows = 3;
    const auto& classes = model_.target->classes;
    if (classes.size() <= 2) return;
    std::vector<std::int64_t> rows(classes.size());
    for (const auto code : Classes(classes).encode(table_, model_.target->name)) ++rows[static_cast<std::size_t>(code)];
    std::vector<std::string> rare;
    for (std::size_t i = 0; i < classes.size(); ++i) {
      if (rows[i] < kFewRows) rare.push_back(classes[i]);
    }
    if (rare.empty()) return;
    warnings_.push_back(column(model_.target->name) + fmt::format("{} of {} classes have fewer than {} rows, so that they can hardly be learned: {}", rare.size(),
                                                                 classes.size(), kFewRows, data::list_names(rare)));
  }

  // An extreme that all others are far from.
  void look_at_values_of_target() {
    constexpr double kFar = 10, kGap = 0.7;
    const auto& name = model_.target->name;
    auto values = table_.numbers(name);
    std::ranges::sort(values);
    const double median = quantile(values, 0.5), quartiles = quantile(values, 0.75) - quantile(values, 0.25);
    for (const bool is_least : {true, false}) {
      const double value = is_least ? values.front() : values.back();
      const auto next = is_least ? *std::ranges::upper_bound(values, value) : *(std::ranges::lower_bound(values, value) - 1);
      const double distance = std::abs(value - median);
      if (distance <= kFar * quartiles || std::abs(value - next) < kGap * distance || quartiles == 0) continue;
      const auto [first, rows] = rows_with(name, value);
      warnings_.push_back(table_.where(first, name) + fmt::format(": {}{} is far from all other values of the target; rows in which it stands for no value are to be left out",
                                                                  data::shortest_decimal(value), rows == 1 ? std::string() : fmt::format(", in {} rows,", with_commas(rows))));
    }
  }

  // Those are scaled by quartiles, whatever others are, unless somebody says otherwise.
  void look_for_far_values(const InputColumn& input) {
    if (input.kind != ColumnKind::number || input.scaling != NumberScaling::robust) return;
    const double above = input.greatest - input.fill, below = input.fill - input.least;
    const double times = std::max(above, below) / input.scale;
    constexpr double kVeryFar = 1000;
    const bool is_by_the_values = !options_.number_scaling;
    if (!is_by_the_values && times < kVeryFar) return;
    const double value = above > below ? input.greatest : input.least;
    const auto [first, rows] = rows_with(input.name, value);
    add(table_.where(first, input.name) +
        fmt::format(": {}{} is {:.2g} times as far from the median as the quartiles are from each other; "
                    "if it stands for no value, --missing takes it so{}",
                    data::shortest_decimal(value), rows == 1 ? std::string() : fmt::format(", in {} rows,", with_commas(rows)), times,
                    is_by_the_values ? "; the column is scaled by median and quartiles" : ""));
  }

  std::pair<std::int64_t, std::int64_t> rows_with(const std::string& name, double value) const {
    std::int64_t first = -1, count = 0;
    const auto& cells = table_.column(name);
    for (std::size_t row = 0; row < cells.rows(); ++row) {
      const double cell = cells.is_numbers() ? cells.numbers()[row] : data::parse_number(cells.cell(row)).value;
      if (cell != value) continue;
      if (count++ == 0) first = static_cast<std::int64_t>(row);
    }
    return {std::max<std::int64_t>(first, 0), count};
  }

  const Table& table_;
  const ColumnRoles& roles_;
  const Model& model_;
  const TrainOptions& options_;
  const data::MissingCells missing_;
  std::vector<std::string> warnings_;
  std::size_t of_kind_ = 0;
};

}  // namespace

std::vector<std::string> data_warnings(const Table& table, const ColumnRoles& roles, const Model& model, const TrainOptions& options) {
  return Search(table, roles, model, options).run();
}

}  // namespace longhand::train
