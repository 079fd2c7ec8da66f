#include "longhand/report.h"

#include <algorithm>
#include <numeric>

#include "explain/html_page.h"
#include "report/assessment.h"
#include "report/plot.h"
#include "report/rows.h"
#include "report/words.h"

namespace longhand {
namespace {

using report::Assessment;

constexpr std::size_t kMostDependences = 6;
constexpr double kLeastShare = 0.01;  // of the importance of the first

// What one guess for all rows is worth, made from the rows that were learned from.
void add_baseline(Assessment& all) {
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
}

std::string plots_section(const Assessment& all) {
  return all.target().task == Task::regression ? report::residuals_section(all) : report::class_plots_section(all);
}

// With a cross-validation, plots are of all rows that it predicted.
std::string plots_of_folds(const Assessment& all) {
  auto plotted = all;
  plotted.outcomes = all.options->folds->outcomes;
  plotted.metrics = all.options->folds->metrics;
  return plots_section(plotted);
}

std::string page(Assessment& all) {
  const auto& options = *all.options;
  all.outcomes = outcomes_of(*all.tested, *all.held_out, options.threads);
  all.metrics = measure(all.outcomes);
  all.intervals = bootstrap_intervals(all.outcomes, {.seed = options.seed, .threads = options.threads});
  add_baseline(all);
  if (all.learned != nullptr) all.on_learned = evaluate(*all.tested, *all.learned, options.threads);
  all.importance = report::importance_of(*all.tested, *all.held_out, {.seed = options.seed, .threads = options.threads});
  for (const auto& one : all.importance) {
    const bool matters = one.rise > kLeastShare * all.importance.front().rise || all.dependence.empty();
    if (all.dependence.size() == kMostDependences || !matters) break;
    all.dependence.push_back(report::dependence_of(*all.tested, *all.held_out, one.column, {.seed = options.seed, .threads = options.threads}));
  }
  all.findings = report::look_for_cautions({all.table, all.learned, all.held_out, all.tested, &all.metrics, &all.intervals,
                                            &all.baseline, all.on_learned ? &*all.on_learned : nullptr, all.training});
  std::string body = summary_section(all);
  body += cautions_section(all);
  body += metrics_section(all);
  body += folds_section(all);
  body += options.folds != nullptr ? plots_of_folds(all) : plots_section(all);
  body += importance_section(all);
  body += learning_section(all);
  body += data_section(all);
  body += method_section(all);
  return html_page("Report: " + all.target().name, body, std::string(report::plot_style()) + std::string(report::report_style()));
}

}  // namespace

std::string write_report(const Table& table, const TrainResult& result, const ReportOptions& options) {
  Assessment all{.options = &options, .model = &result.model, .tested = result.before_refit ? &*result.before_refit : &result.model,
                 .training = &result, .table = &table, .learned = &table, .held_out = &table};
  Table learned, held_out;
  if (options.validation_table != nullptr) {
    all.held_out = options.validation_table;
  } else if (!result.split.held_out.empty()) {
    learned = table.select_rows(result.split.train);
    held_out = table.select_rows(result.split.held_out);
    all.learned = &learned;
    all.held_out = &held_out;
  }
  return page(all);
}

std::string write_report(const Model& model, const Table& table, const ReportOptions& options) {
  Assessment all{.options = &options, .model = &model, .tested = &model, .table = &table, .held_out = &table};
  return page(all);
}

}  // namespace longhand
