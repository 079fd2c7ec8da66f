// Curves and tables of errors for classes.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/text.h"
#include "explain/html_page.h"
#include "report/assessment.h"
#include "report/calibration.h"
#include "report/markup.h"
#include "report/plot.h"
#include "report/thresholds.h"
#include "report/words.h"

namespace longhand::report {
namespace {

constexpr std::size_t kMostConfused = 20;

Axis share_axis(const std::string& label) { return {label, exact_scale(0, 1), true, {}}; }

const std::vector<Point> kDiagonal{{0, 0}, {1, 1}};

// Of thresholds; classes have the first two.
constexpr Tone kHalf = Tone::third, kCheapest = Tone::fourth;

std::string class_text(const Assessment& all, std::size_t code) { return quoted(all.target().classes[code]); }

Key class_key(const Assessment& all, std::size_t code) { return {std::string(css_class(tone_of_class(all, code))), printable(all.target().classes[code], 24)}; }

std::string calibration_figure(std::span<const double> p, const std::vector<bool>& came_true, const std::string& event) {
  const auto calibration = calibration_of(p, came_true);
  Plot plot("Calibration", share_axis("Probability that was given"), share_axis("Came true"));
  plot.line(kDiagonal, Tone::soft, true);
  for (const auto& bin : calibration.bins) {
    plot.range({bin.predicted, bin.interval.low}, {bin.predicted, bin.interval.high}, Tone::soft);
    const double share = static_cast<double>(bin.rows) / static_cast<double>(p.size());
    plot.dots(std::vector<Point>{{bin.predicted, bin.observed}}, Tone::first, std::round(20 + 100 * std::sqrt(share)) / 10);
  }
  return figure_of(plot.svg(), "Are the probabilities right?",
                   fmt::format("Rows are put together by the probability of {}. The larger the dot, the more rows; the thin bars are 95% intervals. On the dashed line, what is given 80% comes true in 80%. On average the two differ by {} "
                               "(expected calibration error).", event, points(calibration.expected_error)));
}

std::vector<std::vector<double>> binary_shares(const Assessment& all) {
  constexpr std::size_t kBins = 20;
  std::vector<std::vector<double>> shares(2, std::vector<double>(kBins));
  const auto& outcomes = all.outcomes;
  std::vector<double> counts(2);
  for (const auto code : outcomes.codes) ++counts[static_cast<std::size_t>(code)];
  for (std::size_t i = 0; i < outcomes.codes.size(); ++i) {
    const auto code = static_cast<std::size_t>(outcomes.codes[i]);
    const auto bin = std::min(static_cast<std::size_t>(outcomes.predictions[i] * kBins), kBins - 1);
    shares[code][bin] += 1 / counts[code];
  }
  return shares;
}

std::string separation_figure(const Assessment& all) {
  const auto shares = binary_shares(all);
  const double most = std::max(std::ranges::max(shares[0]), std::ranges::max(shares[1]));
  Plot plot("Probabilities by class", share_axis("Probability of " + class_text(all, 1)), {"Share of the class's rows", round_scale(0, most), true, {}});
  const double width = 1.0 / static_cast<double>(shares[0].size());
  for (std::size_t code = 0; code < 2; ++code) {
    for (std::size_t bin = 0; bin < shares[code].size(); ++bin) {
      if (shares[code][bin] == 0) continue;
      const double left = width * (static_cast<double>(bin) + 0.1 + 0.4 * static_cast<double>(code));
      plot.bar({left, 0}, {left + 0.4 * width, shares[code][bin]}, tone_of_class(all, code));
    }
  }
  return figure_of(plot.svg(), "How the classes come apart", "The further the two heaps lie apart, the surer the network is.",
                   {class_key(all, 0), class_key(all, 1)});
}

std::string threshold_table(const Assessment& all, std::span<const Threshold> thresholds) {
  const auto& half = threshold_at(thresholds, 0.5);
  const auto& f1 = best_f1(thresholds);
  HtmlTable table({"If missing one costs", ">Take from", ">False alarms", ">Missed", ">Right", ">Precision", ">Recall"});
  const auto add = [&](const std::string& name, const Threshold& one, double at) {
    table.row({name, std::isinf(one.at) ? "never" : fmt::format("{:.3f}", at), with_commas(one.false_positives), with_commas(one.false_negatives), percent(one.accuracy(), all.metrics.rows),
               percent(one.precision(), all.metrics.rows), percent(one.true_positive_rate(), all.metrics.rows)});
  };
  add("(as it is)", half, 0.5);
  if (const auto& costs = all.options->costs) {
    const auto& best = cheapest(thresholds, *costs);
    add(fmt::format("<b>{}, a false alarm {}</b>", figure(costs->false_negative), figure(costs->false_positive)), best, halfway(thresholds, best));
  }
  add("(best F1)", f1, halfway(thresholds, f1));
  using Usual = std::pair<const char*, ErrorCosts>;
  for (const auto& [words, costs] : {Usual{"10 times a false alarm", {1, 10}}, Usual{"5 times", {1, 5}}, Usual{"2 times", {1, 2}}, Usual{"the same", {1, 1}}, Usual{"half", {2, 1}}, Usual{"a fifth", {5, 1}}, Usual{"a tenth", {10, 1}}}) {
    const auto& best = cheapest(thresholds, costs);
    add(words, best, halfway(thresholds, best));
  }
  const auto what = html_escaped(class_text(all, 1)), other = html_escaped(shell_word(all.target().classes[0]));
  return "<h3>From which probability on to act</h3>\n" +
         paragraph("A false alarm is a row taken for " + what + " that is not; a missed one is " + what + " and not taken for it. Which threshold is best depends on what each costs. These were "
                   "chosen on the rows that they are shown for, so expect a little less. For the other class as the one to find: --positive " + other + ".", "small soft") + table.html();
}

// What the errors cost for each threshold, in hundredths.
std::string cost_figure(const Assessment& all, std::span<const Threshold> thresholds, const ErrorCosts& costs) {
  constexpr int kSteps = 100;
  std::vector<Point> curve;
  for (int i = 0; i <= kSteps; ++i) {
    const double at = static_cast<double>(i) / kSteps;
    curve.push_back({at, threshold_at(thresholds, at).cost(costs)});
  }
  const auto& best = cheapest(thresholds, costs);
  const double at = halfway(thresholds, best), half = threshold_at(thresholds, 0.5).cost(costs);
  const double most = std::ranges::max(curve, {}, &Point::y).y;
  Plot plot("Cost by threshold", share_axis("Taken for " + class_text(all, 1) + " from this probability on"), {"Cost of the errors", round_scale(0, most), false, {}});
  plot.line(curve, Tone::first);
  plot.dots(std::vector<Point>{{0.5, half}}, kHalf, 4.5);
  plot.dots(std::vector<Point>{{at, best.cost(costs)}}, kCheapest, 4.5);
  return figure_of(plot.svg(), "What the errors cost",
                   fmt::format("With {} for each false alarm and {} for each missed one, the {} here cost {} at the threshold of 0.5, and {} at {:.3f}, which is the cheapest of all. It was chosen on these rows, so "
                               "others will cost a little more.", figure(costs.false_positive), figure(costs.false_negative), counted(all.metrics.rows, "row"), figure(half), figure(best.cost(costs)), at),
                   {{std::string(css_class(kHalf)), "0.5"}, {std::string(css_class(kCheapest)), "the cheapest"}});
}

std::vector<bool> is_of_class(std::span<const std::int32_t> codes, std::int32_t code) {
  std::vector<bool> is;
  for (const auto one : codes) is.push_back(one == code);
  return is;
}

// Rows of one class: there are no false alarms, or nothing to find.
std::string figures_of_one_class(const Assessment& all) {
  const auto& outcomes = all.outcomes;
  return paragraph(html_escaped(fmt::format("All of the {} are {}, so there is nothing to tell apart: no ROC curve, no precision and recall, and no threshold to choose.", counted(all.metrics.rows, "row"),
                                            class_text(all, static_cast<std::size_t>(outcomes.codes.front()))))) +
         figures({calibration_figure(outcomes.predictions, is_of_class(outcomes.codes, 1), class_text(all, 1))});
}

std::string binary_figures(const Assessment& all) {
  const auto& outcomes = all.outcomes;
  if (std::ranges::all_of(outcomes.codes, [&](std::int32_t code) { return code == outcomes.codes.front(); })) return figures_of_one_class(all);
  const auto thresholds = thresholds_of(outcomes.predictions, outcomes.codes);
  const auto& half = threshold_at(thresholds, 0.5);
  const auto event = class_text(all, 1);
  Plot roc("ROC curve", share_axis("False alarms, of all others"), share_axis("Found, of all " + event));
  roc.line(kDiagonal, Tone::soft, true);
  roc.line(roc_curve(thresholds), Tone::first);
  const Point at{half.false_positive_rate(), half.true_positive_rate()};
  roc.dots(std::vector{at}, kHalf, 4.5);
  Plot curve("Precision and recall", share_axis("Found, of all " + event + " (recall)"), share_axis("Right, of those taken for it (precision)"));
  const double base = static_cast<double>(std::ranges::count(outcomes.codes, 1)) / static_cast<double>(outcomes.codes.size());
  curve.line(std::vector<Point>{{0, base}, {1, base}}, Tone::soft, true);
  auto points = precision_recall_curve(thresholds);
  points.insert(points.begin(), {0, points.front().y});  // many rows may share the greatest probability
  curve.line(points, Tone::first);
  if (!std::isnan(half.precision())) curve.dots(std::vector<Point>{{half.true_positive_rate(), half.precision()}}, kHalf, 4.5);
  return figures({figure_of(roc.svg(), "ROC curve", fmt::format("Towards the upper left is better; the dashed line is chance. The area below is the AUC, {}. The dot is the threshold of 0.5.",
                                                                metric_text("auc", all.metrics.value("auc"), all.target(), all.metrics.rows))),
                  figure_of(curve.svg(), "Precision and recall", fmt::format("Towards the upper right is better; the dashed line takes every row for {}. Average precision: {:.3f}.", event, average_precision(thresholds))),
                  calibration_figure(outcomes.predictions, is_of_class(outcomes.codes, 1), event), separation_figure(all)}) +
         threshold_table(all, thresholds) + (all.options->costs ? figures({cost_figure(all, thresholds, *all.options->costs)}) : std::string());
}

std::string confusion_table(const Assessment& all) {
  const auto& confusion = all.metrics.confusion;
  const auto& classes = all.target().classes;
  std::string html = "<h3>Which class was taken for which</h3>\n<div class=\"scroll\"><table class=\"confusion\">\n<tr><th>is \\ taken for</th>";
  for (const auto& name : classes) html += "<th class=\"num\">" + html_escaped(printable(name, 24)) + "</th>";
  html += "</tr>\n";
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const auto rows = std::accumulate(confusion[i].begin(), confusion[i].end(), std::int64_t{0});
    html += "<tr><th>" + html_escaped(printable(classes[i], 24)) + "</th>";
    for (std::size_t j = 0; j < classes.size(); ++j) {
      const double share = rows == 0 ? 0 : static_cast<double>(confusion[i][j]) / static_cast<double>(rows);
      if (confusion[i][j] == 0) html += "<td class=\"num soft\">0</td>";
      else html += fmt::format("<td class=\"num {}\" style=\"--a:{:.0f}%\">{}</td>", i == j ? "hit" : "miss", i == j ? 8 + 35 * share : 15 + 55 * share, with_commas(confusion[i][j]));
    }
    html += "</tr>\n";
  }
  return html + "</table></div>\n";
}

struct OfClass {
  std::size_t code;
  std::int64_t rows, taken, right;
  double auc;
};

// The outcomes of one class against all others.
Outcomes against_others(const Assessment& all, std::size_t code) {
  const auto& outcomes = all.outcomes;
  const auto classes = all.target().classes.size();
  Outcomes against{Task::binary, 2, {}, {}, {}};
  for (std::size_t i = 0; i < outcomes.codes.size(); ++i) {
    against.predictions.push_back(outcomes.predictions[i * classes + code]);
    against.codes.push_back(outcomes.codes[i] == static_cast<std::int32_t>(code) ? 1 : 0);
  }
  return against;
}

std::vector<OfClass> each_class(const Assessment& all) {
  const auto classes = all.target().classes.size();
  std::vector<OfClass> each;
  for (std::size_t code = 0; code < classes; ++code) {
    OfClass one{code, 0, 0, all.metrics.confusion[code][code], 0};
    for (std::size_t j = 0; j < classes; ++j) {
      one.rows += all.metrics.confusion[code][j];
      one.taken += all.metrics.confusion[j][code];
    }
    one.auc = measure(against_others(all, code)).value("auc");
    each.push_back(one);
  }
  return each;
}

std::string class_table(const Assessment& all, const std::vector<OfClass>& each) {
  HtmlTable table({"Class", ">Rows", ">Found (recall)", ">Right (precision)", ">F1", ">AUC against the others"});
  const auto share = [&](std::int64_t part, std::int64_t whole) { return whole == 0 ? std::string("–") : percent(static_cast<double>(part) / static_cast<double>(whole), all.metrics.rows); };
  for (const auto& one : each) {
    const double f1 = one.rows + one.taken == 0 ? std::nan("") : 2 * static_cast<double>(one.right) / static_cast<double>(one.rows + one.taken);
    table.row({html_escaped(printable(all.target().classes[one.code], 40)), with_commas(one.rows), share(one.right, one.rows), share(one.right, one.taken),
               fixed(f1, 3), fixed(one.auc, 3)});
  }
  return "<h3>Class by class</h3>\n" + table.html();
}

std::string multiclass_figures(const Assessment& all) {
  const auto& outcomes = all.outcomes;
  const auto classes = all.target().classes.size();
  const auto each = each_class(all);
  const auto by_class = class_table(all, each);
  const auto drawn = drawn_classes(all);
  Plot roc("ROC curves", share_axis("False alarms, of all others"), share_axis("Found, of all of the class"));
  roc.line(kDiagonal, Tone::soft, true);
  std::vector<Key> keys;
  std::vector<std::string> absent;
  for (const auto code : drawn) {
    if (std::isnan(each[code].auc)) {
      absent.push_back(class_text(all, code));
      continue;
    }
    const auto against = against_others(all, code);
    roc.line(roc_curve(thresholds_of(against.predictions, against.codes)), tone_of_class(all, code));
    keys.push_back(class_key(all, code));
  }
  std::vector<double> confidence;
  std::vector<bool> is_right;
  for (std::size_t i = 0; i < outcomes.codes.size(); ++i) {
    const auto row = std::span(outcomes.predictions).subspan(i * classes, classes);
    const auto taken = std::ranges::max_element(row) - row.begin();
    confidence.push_back(row[static_cast<std::size_t>(taken)]);
    is_right.push_back(taken == outcomes.codes[i]);
  }
  std::vector<std::string> curves;
  if (!keys.empty()) {
    curves.push_back(figure_of(roc.svg(), "ROC curves, each class against the others",
                               fmt::format("Towards the upper left is better; the dashed line is chance.{}{}", drawn.size() == classes ? "" : fmt::format(" The {} classes that are found least.", drawn.size()),
                                           absent.empty() ? "" : fmt::format(" No curve of {}: either no row or every row here is.", listed(absent))), keys));
  }
  curves.push_back(calibration_figure(confidence, is_right, "the class that was chosen"));
  return (classes <= kMostConfused ? confusion_table(all) : std::string()) + by_class + figures(curves);
}

}  // namespace

std::string class_plots_section(const Assessment& all) {
  if (all.target().task == Task::binary) return section("Where it is right and wrong", confusion_table(all) + binary_figures(all));
  return section("Where it is right and wrong", multiclass_figures(all));
}

}  // namespace longhand::report
