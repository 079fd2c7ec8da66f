// What a cross-validation came to.
#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "explain/html_page.h"
#include "report/assessment.h"
#include "report/markup.h"
#include "report/words.h"

namespace longhand::report {
namespace {

std::string lead(const Assessment& all, const CrossValidation& folds) {
  const auto& [name, value] = folds.metrics.values.front();
  const auto text = [&](double of) { return metric_text(name, of, all.target(), folds.metrics.rows); };
  const auto deviation = metric_difference_text(name, folds.spread.front().deviation, all.target(), folds.metrics.rows);
  return fmt::format("The rows were cut into {} parts, and each was predicted by a network that learned from {} alone. {}: {} on average, with a standard deviation of {} from part to part. The figures above and the curves and tables of errors below are of all {} that were predicted so.",
                     folds.folds.size(), all.options->split_time.empty() ? "the others" : "those before it", words_of(name, all.target()).title, text(folds.spread.front().mean),
                     deviation, counted(folds.metrics.rows, "row"));
}

}  // namespace

std::string folds_section(const Assessment& all) {
  if (all.options->folds == nullptr) return {};
  const auto& folds = *all.options->folds;
  const auto& target = all.target();
  std::vector<std::string> headers{"Part", ">Rows", ">Epochs"};
  for (const auto& [name, value] : folds.metrics.values) headers.push_back(">" + words_of(name, target).title);
  HtmlTable table(headers);
  const auto text = [&](std::size_t i, double value) { return metric_text(folds.metrics.values[i].first, value, target, folds.metrics.rows); };
  const auto add = [&](const std::string& title, const std::string& rows, const std::string& epochs, const auto& value_of) {
    std::vector<std::string> cells{title, rows, epochs};
    for (std::size_t i = 0; i < folds.metrics.values.size(); ++i) cells.push_back(value_of(i));
    table.row(cells);
  };
  for (std::size_t fold = 0; fold < folds.folds.size(); ++fold) {
    const auto& one = folds.folds[fold];
    add(std::to_string(fold + 1), with_commas(one.metrics.rows), std::to_string(one.epochs), [&](std::size_t i) { return text(i, one.metrics.values[i].second); });
  }
  add("<b>Mean</b>", "", "", [&](std::size_t i) { return text(i, folds.spread[i].mean); });
  add("Standard deviation", "", "", [&](std::size_t i) { return metric_difference_text(folds.metrics.values[i].first, folds.spread[i].deviation, target, folds.metrics.rows); });
  add("<b>All together</b>", with_commas(folds.metrics.rows), "", [&](std::size_t i) { return text(i, folds.metrics.values[i].second); });
  return section("Over " + std::to_string(folds.folds.size()) + " parts", paragraph(html_escaped(lead(all, folds))) + table.html());
}

}  // namespace longhand::report
