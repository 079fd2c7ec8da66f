#include "longhand/report.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <unordered_set>
#include <utility>

#include "base/text.h"
#include "explain/html_page.h"
#include "report/assessment.h"
#include "report/plot.h"
#include "report/rows.h"
#include "report/words.h"
#include "train/bootstrap_gain.h"
#include "train/hold_out.h"
#include "train/positive_class.h"

namespace longhand {
namespace {

using report::Assessment;

constexpr std::size_t kMostDependences = 6;
constexpr double kLeastShare = 0.01;  // of the importance of the first

// What one guess for all rows is worth, made from the rows that were learned from.
void add_baseline(Assessment& all, const BootstrapOptions& bootstrap) {
  const auto& target = all.target();
  const auto& source = all.learned != nullptr ? *all.learned : *all.held_out;
  auto guess = all.outcomes;
  if (target.task == Task::regression) {
    const auto values = source.numbers(target.name);
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    std::ranges::fill(guess.predictions, mean);
    all.baseline_words = "always the mean, " + report::figure(mean);
  } else {
    std::vector<double> shares(target.classes.size());
    for (const auto code : Classes(target.classes).encode(source, target.name)) shares[static_cast<std::size_t>(code)] += 1 / static_cast<double>(source.rows());
    const auto commonest = static_cast<std::size_t>(std::ranges::max_element(shares) - shares.begin());
    all.baseline_words = "always " + report::quoted(target.classes[commonest]);
    for (std::size_t i = 0; i < guess.predictions.size(); ++i) {
      guess.predictions[i] = target.task == Task::binary ? shares[1] : shares[i % shares.size()];
    }
  }
  all.baseline = measure(guess);
  if (target.task == Task::regression) all.gain = train::bootstrap_gain(all.outcomes, guess, bootstrap);
}

std::string plots_section(const Assessment& all) {
  return all.target().task == Task::regression ? report::residuals_section(all) : report::class_plots_section(all);
}

// The work of a page in the order in which it is done, and about how much each part is.
class Progress {
 public:
  explicit Progress(const std::function<void(double)>& tell) : tell_(tell) {}
  /// A part that is a share of the whole; its own share of that is told by what is returned.
  report::ShareFunction part(double share) {
    const double begin = std::exchange(done_, done_ + share);
    return [this, begin, share](double done) {
      if (tell_) tell_(begin + share * done);
    };
  }

 private:
  const std::function<void(double)>& tell_;
  double done_ = 0;
};

void add_question(Assessment& all) {
  all.asked = *all.tested->target;
  const auto& classes = all.tested->target->classes;
  train::order_classes(all.asked, all.options->positive);
  all.is_swapped = all.asked.classes != classes;
}

// By which the rows that the figures are of were held out; empty where they were not.
std::vector<std::int32_t> groups_of_outcomes(const Assessment& all) {
  const auto& options = *all.options;
  if (options.split_by.empty() || !all.held_out->find(options.split_by)) return {};
  if (all.training == nullptr) return train::groups_of(all.held_out->column(options.split_by));
  if (all.folds() != nullptr) return train::groups_of(all.table->column(options.split_by).select_rows(all.folds()->rows));
  return all.is_tested_apart() ? train::groups_of(all.held_out->column(options.split_by)) : std::vector<std::int32_t>();
}

void add_figures(Assessment& all) {
  const auto& options = *all.options;
  all.outcomes = all.oriented(all.folds() != nullptr ? all.folds()->outcomes : outcomes_of(*all.tested, *all.held_out, options.threads));
  all.metrics = measure(all.outcomes);
  const auto groups = groups_of_outcomes(all);
  const BootstrapOptions bootstrap{.seed = options.seed, .threads = options.threads, .groups = groups};
  all.intervals = bootstrap_intervals(all.outcomes, bootstrap);
  all.groups = static_cast<std::int64_t>(std::unordered_set(groups.begin(), groups.end()).size());
  add_baseline(all, bootstrap);
}

std::vector<double> told_by_each(const Assessment& all, const report::ShareFunction& progress) {
  const auto rows = std::max<std::int64_t>(1000, 10'000'000 / static_cast<std::int64_t>(all.tested->inputs.size()));
  const auto table = all.table->rows() <= rows ? *all.table : all.table->select_rows(report::draw_rows(all.table->rows(), rows, all.options->seed));
  std::vector<double> told;
  for (const auto& input : all.tested->inputs) {
    progress(static_cast<double>(told.size()) / static_cast<double>(all.tested->inputs.size()));
    told.push_back(report::told_by(*all.tested, table, input.name));
  }
  return told;
}

// The columns that tell most by themselves.
std::vector<std::string> leading_columns(const Model& model, const std::vector<double>& told, std::size_t count) {
  std::vector<std::size_t> order(told.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t i) { return told[i]; });
  order.resize(count);
  std::vector<std::string> names;
  for (const auto i : order) names.push_back(model.inputs[i].name);
  return names;
}

void add_dependence(Assessment& all, const report::ShareFunction& progress) {
  const auto& options = *all.options;
  for (const auto& one : all.importance) {
    const bool matters = one.rise > kLeastShare * all.importance.front().rise || all.dependence.empty();
    if (all.dependence.size() >= kMostDependences || !matters) break;
    progress(static_cast<double>(all.dependence.size()) / kMostDependences);
    const report::DependenceOptions effort{.most_rows = all.effort.dependence_rows, .seed = options.seed, .threads = options.threads};
    all.dependence.push_back(report::dependence_of(*all.tested, *all.held_out, one.column, effort));
    if (auto by_weekday = report::weekday_dependence_of(*all.tested, *all.held_out, one.column, effort)) all.dependence.push_back(std::move(*by_weekday));
  }
  for (auto& dependence : all.dependence) {
    for (auto& point : dependence.points) {
      if (all.is_swapped) point.mean[0] = 1 - point.mean[0];
    }
  }
}

report::Evidence evidence_of(const Assessment& all) {
  return {.table = all.table, .learned = all.learned, .held_out = all.held_out, .model = all.tested, .described = all.model, .target = &all.asked, .metrics = &all.metrics,
          .intervals = &all.intervals, .groups = all.groups, .baseline = &all.baseline, .gain = all.gain, .on_learned = all.on_learned ? &*all.on_learned : nullptr,
          .training = all.training, .folds = all.folds(), .seen = all.seen};
}

std::string page(Assessment& all) {
  const auto& options = *all.options;
  Progress progress(options.progress);
  add_question(all);
  progress.part(0.1)(0);
  add_figures(all);
  if (all.learned != nullptr) all.on_learned = measure(all.oriented(outcomes_of(*all.tested, *all.learned, options.threads)));
  const auto told = told_by_each(all, progress.part(0.2));
  all.effort = report::effort_for(*all.tested, all.held_out->rows());
  all.importance = report::importance_of(*all.tested, *all.held_out,
                                         {.repeats = all.effort.repeats, .most_rows = all.effort.rows, .columns = leading_columns(*all.tested, told, all.effort.columns),
                                          .seed = options.seed, .threads = options.threads, .progress = progress.part(0.4)});
  add_dependence(all, progress.part(0.2));
  progress.part(0.1)(0);
  auto evidence = evidence_of(all);
  evidence.told = told;
  all.findings = report::look_for_cautions(evidence);
  std::string body = summary_section(all);
  body += cautions_section(all);
  body += metrics_section(all);
  body += folds_section(all);
  body += plots_section(all);
  body += importance_section(all);
  body += learning_section(all);
  body += data_section(all);
  body += method_section(all);
  return html_page("Report: " + all.target().name, body, std::string(report::plot_style()) + std::string(report::report_style()));
}

}  // namespace

Outcomes report::Assessment::oriented(Outcomes given) const {
  return is_swapped ? train::swapped(std::move(given)) : given;
}

namespace {

// Of a fit: its parts stay where they are while it is looked at.
class FitAssessment {
 public:
  FitAssessment(const Table& table, const TrainResult& result, const ReportOptions& options)
      : all{.options = &options, .model = &result.model, .tested = result.before_refit ? &*result.before_refit : &result.model,
            .training = &result, .table = &table, .learned = &table, .held_out = &table} {
    if (options.validation_table != nullptr) {
      all.held_out = options.validation_table;
    } else if (!result.split.held_out.empty()) {
      learned_ = table.select_rows(result.split.train);
      held_out_ = table.select_rows(result.split.held_out);
      all.learned = &learned_;
      all.held_out = &held_out_;
    }
  }

  Assessment all;

 private:
  Table learned_, held_out_;
};

// A title as part of a line on a terminal.
std::string as_line(std::string text) {
  for (const std::string_view quote : {"\u201C", "\u201D"}) {
    for (std::size_t at = 0; (at = text.find(quote, at)) != std::string::npos;) text.replace(at, quote.size(), "'");
  }
  if (!text.empty() && text.front() >= 'A' && text.front() <= 'Z') text.front() = static_cast<char>(text.front() - 'A' + 'a');
  return text;
}

}  // namespace

std::string write_report(const Table& table, const TrainResult& result, const ReportOptions& options) {
  FitAssessment fit(table, result, options);
  return page(fit.all);
}

std::vector<std::string> warnings_about(const Table& table, const TrainResult& result, const ReportOptions& options) {
  FitAssessment fit(table, result, options);
  auto& all = fit.all;
  std::vector<std::string> warnings;
  for (const auto& column : report::telling_columns(*all.tested, table)) {
    const auto shown = printable(column, 60), target = printable(result.model.target->name, 60);
    warnings.push_back(table.name() + ": column '" + shown + "' all but gives '" + target +
                       "' away by itself: if it is known only afterwards, leave it out with --drop " + report::list_argument(column));
  }
  add_question(all);
  add_figures(all);
  for (const auto& caution : report::look_for_traps(evidence_of(all))) warnings.push_back(table.name() + ": " + as_line(caution.title));
  return warnings;
}

std::string write_report(const Model& model, const Table& table, const ReportOptions& options) {
  if (!model.target) throw ModelError("the model does not say what it predicts");
  Assessment all{.options = &options, .model = &model, .tested = &model, .table = &table, .held_out = &table};
  train::RowSum rows;
  rows.add(model, table);
  all.seen = train::seen(model, rows);
  return page(all);
}

}  // namespace longhand
