// What the learned rows tell of each column.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include "base/quantile.h"
#include "data/as_numbers.h"
#include "model/periods.h"
#include "train/columns.h"
#include "train/defaults.h"

namespace longhand::train {
namespace {

constexpr std::size_t kFewCategories = 20, kMostCategories = 1000;
constexpr std::size_t kMostKnots = 101;

class Description {
 public:
  Description(const Table& rows, const Table& known, const ColumnProfile& profile, const TrainOptions& options)
      : rows_(rows), known_(known), options_(options), missing_(options.columns.missing) {
    input_.name = profile.name;
    input_.kind = profile.kind;
    input_.order = profile.order;
  }

  InputColumn describe() {
    if (input_.is_category()) {
      describe_categories();
    } else {
      const bool is_date = input_.kind == ColumnKind::date;
      for (const double value : cells_of(rows_)) {
        if (!std::isnan(value)) present_.push_back(value);
      }
      std::ranges::sort(present_);
      input_.has_missing = std::ranges::any_of(cells_of(known_), [](double value) { return std::isnan(value); });
      scale();
      if (is_date) find_periods();
      else find_edges(options_.number_steps.value_or(0));
    }
    return std::move(input_);
  }

 private:
  std::vector<double> cells_of(const Table& table) const {
    const auto& column = table.column(input_.name);
    return input_.kind == ColumnKind::date ? data::days_or_missing(table, column, missing_, input_.order)
                                           : data::numbers_or_missing(table, column, missing_);
  }

  void describe_categories() {
    const auto& column = known_.column(input_.name);
    std::vector<std::int32_t> present;
    const auto texts = data::missing_texts(column, missing_);
    for (std::size_t row = 0; row < column.rows(); ++row) {
      const bool is_missing = column.is_numbers() ? missing_.is_missing(column.numbers()[row])
                                                  : texts[static_cast<std::size_t>(column.codes()[row])];
      if (!is_missing) present.push_back(static_cast<std::int32_t>(row));
    }
    input_.has_missing = present.size() < column.rows();
    const Table table(known_.name(), {column.select_rows(present)});
    const auto classes = Classes::of(table, column.name());
    input_.categories = frequent(classes, classes.encode(table, column.name()));
    input_.embedding = embedding_for(options_, input_.categories.size());
  }

  // A category of one row teaches nothing that another row could use; as an unknown one it teaches what
  // those are like.
  static std::vector<std::string> frequent(const Classes& classes, const std::vector<std::int32_t>& codes) {
    if (classes.size() <= kFewCategories) return classes.names();
    std::vector<std::int64_t> rows(classes.size());
    for (const auto code : codes) ++rows[static_cast<std::size_t>(code)];
    std::vector<std::size_t> order(classes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t code) { return rows[code]; });
    order.resize(std::min(order.size(), kMostCategories));
    if (rows[order[0]] > 1) std::erase_if(order, [&](std::size_t code) { return rows[code] == 1; });
    std::ranges::sort(order);
    std::vector<std::string> names;
    for (const auto code : order) names.push_back(classes.names()[code]);
    return without_twins(names);
  }

  // Where all that are left are numbers, 1 and 1.0 are one category, though they were two beside texts.
  static std::vector<std::string> without_twins(const std::vector<std::string>& names) {
    constexpr const char* kName = "category";
    return Classes::of(Table(kName, {Column::of_text(kName, names)}), kName).names();
  }

  void scale() {
    if (present_.empty()) return;
    input_.fill = quantile(present_, 0.5);
    input_.least = present_.front();
    input_.greatest = present_.back();
    const auto found = scaling_of(present_, rows_.name() + ": column '" + input_.name + "'");
    input_.mean = found.mean;
    input_.scale = found.scale;
    const bool is_date = input_.kind == ColumnKind::date;
    const auto scaling = is_date ? NumberScaling::standard : number_scaling_for(options_, present_, found.scale);
    if (found.is_constant || scaling == NumberScaling::standard) return;
    input_.scaling = scaling;
    if (scaling == NumberScaling::robust) {
      scale_robustly();
    } else {
      find_knots();
    }
  }

  // Where the quartiles meet, half of the reach stands for their distance.
  void scale_robustly() {
    const double quartiles = quantile(present_, 0.75) - quantile(present_, 0.25);
    input_.mean = input_.fill;
    input_.scale = quartiles > 0 ? quartiles : (present_.back() - present_.front()) / 2;
  }

  void find_knots() {
    const bool is_normal = input_.scaling == NumberScaling::quantile_normal;
    const auto count = std::min(kMostKnots, present_.size());
    for (std::size_t i = 0; i < count;) {
      const double knot = knot_at(i, count);
      // Equal knots are one, in the middle of their shares.
      auto end = i + 1;
      while (end < count && knot_at(end, count) == knot) ++end;
      const double share = static_cast<double>(i + end - 1) / 2 / static_cast<double>(count - 1);
      input_.knots.push_back(knot);
      // The outermost quantiles of a normal distribution are infinite.
      const double edge = 0.5 / static_cast<double>(count);
      input_.levels.push_back(is_normal ? normal_quantile(std::clamp(share, edge, 1 - edge)) : 2 * share - 1);
      i = end;
    }
  }

  void find_edges(std::int64_t steps) {
    if (steps == 0 || present_.empty() || present_.front() == present_.back()) return;
    for (std::int64_t i = 0; i <= steps; ++i) {
      const double edge = quantile(present_, static_cast<double>(i) / static_cast<double>(steps));
      if (input_.edges.empty() || edge > input_.edges.back()) input_.edges.push_back(edge);
    }
  }

  double knot_at(std::size_t i, std::size_t count) const {
    return quantile(present_, static_cast<double>(i) / static_cast<double>(count - 1));
  }

  // A year where the rows reach over most of one; the week where days differ in it; the day where there
  // are times.
  void find_periods() {
    if (present_.empty()) return;
    const bool is_time = input_.order == DateOrder::time;
    const double reach = present_.back() - present_.front();
    const auto differ = [&](double period) {
      const auto place = [&](double days) { return std::floor(days) - period * std::floor(std::floor(days) / period); };
      return std::ranges::any_of(present_, [&](double days) { return place(days) != place(present_[0]); });
    };
    constexpr double kMostOfAYear = 0.8;
    if (!is_time && reach >= kMostOfAYear * kYear) input_.periods.push_back(kYear);
    if (!is_time && !are_months() && differ(kWeek)) input_.periods.push_back(kWeek);
    if (std::ranges::any_of(present_, [](double days) { return days != std::floor(days); })) input_.periods.push_back(kDay);
  }

  // The first day of each month stands for the month, and its weekday for nothing.
  bool are_months() const {
    return std::ranges::all_of(present_, [](double days) {
      const std::chrono::sys_days day{std::chrono::days(static_cast<std::int64_t>(std::floor(days)))};
      return days == std::floor(days) && std::chrono::year_month_day(day).day() == std::chrono::day(1);
    });
  }

  const Table &rows_, &known_;
  const TrainOptions& options_;
  const data::MissingCells missing_;
  InputColumn input_;
  std::vector<double> present_;  // ascending
};

}  // namespace

std::vector<InputColumn> describe_columns(const Table& rows, const Table& known, const std::vector<ColumnProfile>& profiles,
                                          const TrainOptions& options) {
  std::vector<InputColumn> inputs;
  for (const auto& profile : profiles) inputs.push_back(Description(rows, known, profile, options).describe());
  return inputs;
}

}  // namespace longhand::train
