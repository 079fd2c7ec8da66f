#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "explain/html_page.h"
#include "report/assessment.h"
#include "report/markup.h"
#include "report/calibration.h"
#include "report/words.h"
#include "train/scored_rows.h"

namespace longhand::report {
namespace {

std::string task_words(const TargetColumn& target) {
  if (target.task == Task::regression) return "a number";
  std::vector<std::string> names;
  for (const auto& name : target.classes) names.push_back(quoted(name));
  return target.task == Task::binary ? names[0] + " or " + names[1] : fmt::format("one of {} classes: {}", names.size(), listed(names, 5));
}

std::string interval_text(const Assessment& all, std::size_t metric) {
  const auto& name = all.metrics.values[metric].first;
  const auto [low, high] = all.intervals.bounds[metric];
  if (std::isnan(low)) return "–";
  return fmt::format("{} to {}", metric_text(name, low, all.target(), all.metrics.rows), metric_text(name, high, all.target(), all.metrics.rows));
}

std::string value_text(const Assessment& all, const Metrics& metrics, std::size_t metric) {
  return metric_text(metrics.values[metric].first, metrics.values[metric].second, all.target(), all.metrics.rows);
}

// Which rows the figures are about.
std::string rows_words(const Assessment& all) {
  const auto rows = counted(all.metrics.rows, "row");
  if (all.folds() != nullptr) return fmt::format("On {}, each predicted by a network that had not learned from it (cross-validation in {} parts)", rows, all.folds()->folds.size());
  if (all.seen == train::Seen::learned) return "On " + rows + " of " + file_name(all.held_out->name()) + ", the very rows that it learned from";
  if (all.seen == train::Seen::partly) return "On " + rows + " of " + file_name(all.held_out->name()) + ", most of which it learned from";
  if (all.training == nullptr) return "On " + rows + " of " + file_name(all.held_out->name());
  return all.is_tested_apart() ? "On " + rows + " that it had not learned from" : "On the " + rows + " that it learned from";
}

std::string verdict(const Assessment& all) {
  const auto& target = all.target();
  if (target.task == Task::regression) {
    return fmt::format("{}, its predictions of {} are off by {} typically (RMSE; 95% interval {}), where guessing the mean is off by {}.", rows_words(all), quoted(target.name),
                       value_text(all, all.metrics, 0), interval_text(all, 0), value_text(all, all.baseline, 0));
  }
  return fmt::format("{}, it is right about {} in {} (95% interval {}); saying {} would be right in {}.", rows_words(all), quoted(target.name), value_text(all, all.metrics, 0),
                     interval_text(all, 0), all.baseline_words, value_text(all, all.baseline, 0));
}

std::string tile(const std::string& value, const std::string& name, const std::string& below) {
  return fmt::format("<div class=\"tile\"><div class=\"big\">{}</div><div>{}</div><div class=\"soft\">{}</div></div>\n", html_escaped(value), html_escaped(name), html_escaped(below));
}

}  // namespace

std::string summary_section(const Assessment& all) {
  const auto& target = all.target();
  std::string html = fmt::format("<h1>How well {} can be predicted</h1>\n", html_escaped(quoted(target.name)));
  html += paragraph(html_escaped(fmt::format("A network that predicts {} ({}) from {} of {}.", quoted(target.name), task_words(target),
                                             counted(static_cast<std::int64_t>(all.model->inputs.size()), "column"), file_name(all.table->name()))), "soft");
  html += paragraph(html_escaped(verdict(all)), "lead");
  if (all.is_of_sample()) {
    html += paragraph(html_escaped(fmt::format("{} has {}, and the network learned from {} of them. The figures and plots here are of a sample of {}, drawn at random.", file_name(all.table->name()),
                                               counted(all.options->file_rows, "row"), with_commas(all.training->rows), with_commas(all.table->rows()))), "soft");
  }
  std::vector<std::string> serious;
  for (const auto& caution : all.findings.cautions) {
    if (caution.is_serious) serious.push_back(caution.title);
  }
  if (!serious.empty()) html += paragraph("<b>Read this with care:</b> " + html_escaped(listed(serious, 3)) + ".", "bad");
  html += "<div class=\"tiles\">\n";
  for (std::size_t i = 0; i < std::min<std::size_t>(all.metrics.values.size(), 3); ++i) {
    html += tile(value_text(all, all.metrics, i), words_of(all.metrics.values[i].first, target).title, "95%: " + interval_text(all, i));
  }
  return html + "</div>\n";
}

namespace {

// What was told while it learned, and of the rows.
std::string lines_told(const Assessment& all) {
  auto told = all.training != nullptr ? all.training->warnings : std::vector<std::string>();
  told.insert(told.end(), all.options->told.begin(), all.options->told.end());
  if (told.empty()) return {};
  std::string lines;
  for (const auto& warning : told) lines += "<li>" + with_whole_flags(html_escaped(warning)) + "</li>\n";
  return "<div class=\"caution mild\">\n<h3>What is odd in the table, or was left out</h3>\n<ul>\n" + lines + "</ul>\n</div>\n";
}

}  // namespace

std::string cautions_section(const Assessment& all) {
  std::string html;
  for (const auto& caution : all.findings.cautions) {
    html += fmt::format("<div class=\"caution {}\">\n<h3>{}</h3>\n<p>{}</p>\n</div>\n", caution.is_serious ? "serious" : "mild", html_escaped(caution.title), with_whole_flags(html_escaped(caution.text)));
  }
  html += lines_told(all);
  if (html.empty()) html = paragraph("None of the usual traps was found. What was looked for:");
  HtmlTable table({"Looked for", "Found"});
  for (const auto& check : all.findings.checks) {
    table.row({html_escaped(check.what), fmt::format("<span class=\"{}\">{}</span>", check.is_caution ? "warm" : "good", html_escaped(check.found))});
  }
  return section("What to beware of", html + table.html());
}

std::string metrics_section(const Assessment& all) {
  const auto& target = all.target();
  HtmlTable table({"=Metric", ">Value", ">95% interval", all.on_learned && all.is_tested_apart() ? ">On learned rows" : ">", ">Constant guess"});
  for (std::size_t i = 0; i < all.metrics.values.size(); ++i) {
    const auto& name = all.metrics.values[i].first;
    const auto words = words_of(name, target);
    table.row({html_escaped(words.title) + "<div class=\"soft small\">" + html_escaped(words.meaning + (train::is_higher_better(name) ? "" : "; lower is better")) + "</div>", "<b>" + value_text(all, all.metrics, i) + "</b>", interval_text(all, i),
               all.on_learned && all.is_tested_apart() ? value_text(all, *all.on_learned, i) : "", value_text(all, all.baseline, i)});
  }
  std::string html = table.html();
  html += paragraph(html_escaped(fmt::format("The constant guess is {}. Intervals: the middle 95% of {} resamples of the {} (bootstrap); on other rows like these the figure would lie about there.",
                                             all.baseline_words, with_commas(all.intervals.resamples),
                                             all.groups > 0 ? fmt::format("{} of {}", counted(all.groups, "group"), quoted(all.options->split_by)) : counted(all.metrics.rows, "row"))), "soft small");
  if (target.task != Task::regression && all.metrics.value("accuracy") == 1) {
    html += paragraph(html_escaped(fmt::format("No row was wrong, so the interval of accuracy has no width. With {} it may still be that up to {} of all rows would be wrong (95% confidence).",
                                               counted(all.metrics.rows, "row"), percent(most_wrong_after_none(all.metrics.rows)))), "soft small");
  }
  if (target.task == Task::binary) {
    html += paragraph(html_escaped(fmt::format("AUC, F1 and all that is said of finding, missing and false alarms is about {}; --positive {} asks about the other class.", quoted(target.classes[1]),
                                               shell_word(target.classes[0]))), "soft small");
  }
  if (all.training != nullptr && all.training->before_refit && all.folds() == nullptr) {
    html += paragraph("These figures are of the network before it learned once more from all rows, the held-out ones among them. The model that was written is that later one: it has seen more, and "
                      "nothing is left to measure it on.", "soft small");
  }
  if (all.folds() != nullptr) {
    html += paragraph("The model that was written learned from all rows. What the columns matter and the curves of learning are of the network before that, on the rows that it held out.", "soft small");
  }
  return section("How good it is", html);
}

}  // namespace longhand::report
