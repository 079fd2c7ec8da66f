// What the network goes by, and how it came to learn it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "explain/html_page.h"
#include "report/assessment.h"
#include "report/markup.h"
#include "report/plot.h"
#include "report/words.h"

namespace longhand::report {
namespace {

constexpr std::size_t kMostBars = 15;
constexpr std::size_t kFewValues = 8;
constexpr double kLeastSpan = 0.2;  // of an axis of probabilities

// Where not all rows or columns were shuffled.
std::string shuffled_words(const Assessment& all) {
  std::string text;
  const auto inputs = static_cast<std::int64_t>(all.tested->inputs.size()), shuffled = static_cast<std::int64_t>(all.importance.size());
  if (shuffled < inputs) text += fmt::format(" Shuffled were the {} of {} columns that tell most by themselves; what tells something only together with others may be missing.", with_commas(shuffled), with_commas(inputs));
  if (all.effort.rows < all.held_out->rows()) text += fmt::format(" On {} of the {} rows, drawn at random.", with_commas(all.effort.rows), with_commas(all.held_out->rows()));
  return text;
}

std::string importance_figure(const Assessment& all) {
  const auto count = std::min(kMostBars, all.importance.size());
  std::vector<std::string> names;
  double most = 0, least = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& one = all.importance[count - 1 - i];
    names.push_back(printable(one.column, 22));
    most = std::max(most, one.rise + one.spread);
    least = std::min(least, one.rise - one.spread);
  }
  const bool is_number = all.target().task == Task::regression;
  const auto rows = static_cast<double>(count);
  Scale upright{-0.7, rows - 0.3, 1, {}};
  Plot plot("Importance of columns", {is_number ? "Rise of the typical error (RMSE)" : "Rise of the log loss", exact_scale(least, most == least ? least + 1 : most, 4), false, {}}, {"", upright, false, names}, 400, 60 + 19 * rows);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& one = all.importance[count - 1 - i];
    const auto y = static_cast<double>(i);
    plot.bar({0, y - 0.32}, {one.rise, y + 0.32}, Tone::first, one.column);
    plot.range({one.rise - one.spread, y}, {one.rise + one.spread, y}, Tone::soft);
  }
  return figure_of(plot.svg(), "Importance of columns",
                   fmt::format("How much worse the predictions get when a column's cells are shuffled among the rows, over {} shuffles (the thin bars: one standard deviation). Columns that say the same share "
                               "their importance, so each of them may look dispensable.{}{}", all.effort.repeats, shuffled_words(all), count < all.importance.size() ? fmt::format(" The first {} of {} columns.", count, all.importance.size()) : ""));
}

// The outputs that have a line: of a class, its probability. Two classes are one line.
std::vector<std::size_t> outputs_of(const Assessment& all) {
  return all.target().task == Task::multiclass ? drawn_classes(all) : std::vector<std::size_t>{0};
}

Scale line_scale(const Model& model, const Dependence& dependence) {
  const double low = dependence.points.front().value, high = dependence.points.back().value;
  const auto input = std::ranges::find(model.inputs, dependence.column, &InputColumn::name);
  const bool is_date = input != model.inputs.end() && input->kind == ColumnKind::date;
  return is_date ? date_scale(low, high, input->order == DateOrder::time) : exact_scale(low, high);
}

std::string dependence_figure(const Assessment& all, const Dependence& dependence) {
  const auto& target = all.target();
  const auto& points = dependence.points;
  const bool is_share = target.task != Task::regression;
  const auto outputs = outputs_of(all);
  const bool is_single = outputs.size() == 1, has_band = !is_share;  // probabilities lie at both ends, and fill a band
  double low = points.front().mean[outputs[0]], high = low;
  for (const auto& point : points) {
    for (const auto output : outputs) {
      low = std::min(low, has_band ? point.low[output] : point.mean[output]);
      high = std::max(high, has_band ? point.high[output] : point.mean[output]);
    }
  }
  if (is_share) {  // so that little is not made to look like much
    const double lacking = std::max(0.0, kLeastSpan - (high - low)) / 2;
    low = std::max(0.0, low - lacking);
    high = std::min(1.0, high + lacking);
  }
  const auto upright = close_scale(low, high);
  const auto label = !is_share ? "Predicted " + quoted(target.name) : is_single ? "Probability of " + quoted(target.classes[1]) : "Probability";
  Axis level{printable(dependence.column, 50), {}, false, {}};
  const bool is_line = dependence.is_numbers && points.size() > kFewValues;
  if (is_line) {
    level.scale = line_scale(*all.tested, dependence);
  } else {
    for (const auto& point : points) level.names.push_back(printable(point.cell, 12));
    level.scale = {-0.5, static_cast<double>(points.size()) - 0.5, 1, {}};
  }
  Plot plot("Prediction by " + dependence.column, level, {label, upright, is_share, {}});
  const auto x_of = [&](std::size_t i) { return is_line ? points[i].value : static_cast<double>(i); };
  std::vector<Key> keys;
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    std::vector<Point> mean, below, above;
    for (std::size_t i = 0; i < points.size(); ++i) {
      mean.push_back({x_of(i), points[i].mean[outputs[k]]});
      below.push_back({x_of(i), points[i].low[outputs[k]]});
      above.push_back({x_of(i), points[i].high[outputs[k]]});
    }
    const auto tone = all.target().task == Task::multiclass ? tone_of_class(all, outputs[k]) : Tone::first;
    if (is_line) {
      if (has_band) plot.band(below, above, tone);
      plot.line(mean, tone);
    } else {
      for (std::size_t i = 0; has_band && i < points.size(); ++i) plot.range(below[i], above[i], Tone::soft);
      if (dependence.is_numbers) plot.line(mean, tone);
      plot.dots(mean, tone, 4.5);
    }
    if (!is_single) keys.push_back({std::string(css_class(tone)), printable(target.classes[outputs[k]], 24)});
  }
  return figure_of(plot.svg(), dependence.column, dependence.is_of_weeks ? "Each point is the mean over the week around it." : "", keys);
}

}  // namespace

std::string importance_section(const Assessment& all) {
  if (all.importance.empty()) return {};
  std::vector<std::string> dependences;
  for (const auto& one : all.dependence) {
    if (!one.points.empty()) dependences.push_back(dependence_figure(all, one));
  }
  const bool is_number = all.target().task == Task::regression;
  HtmlTable table({"Column", is_number ? ">Rise of RMSE" : ">Rise of log loss", ">±", is_number ? ">Fall of R²" : ">Fall of accuracy (points)"});
  // As many decimals as the first one needs for four digits.
  const double most = all.importance.front().rise;
  const int decimals = most > 0 ? std::clamp(3 - static_cast<int>(std::floor(std::log10(most))), 0, 4) : 4;
  for (std::size_t i = 0; i < std::min(kMostBars, all.importance.size()); ++i) {
    const auto& one = all.importance[i];
    table.row({html_escaped(printable(one.column, 40)), fixed(one.rise, decimals), fixed(one.spread, decimals),
               is_number ? fixed(one.fall, 3) : fixed(100 * one.fall, 1)});
  }
  std::string html = "<div class=\"figures\">\n" + importance_figure(all) + "<div>" + table.html() + "</div>\n</div>\n";
  html += "<h3>How the prediction goes with the leading columns</h3>\n";
  html += paragraph(std::string("The mean prediction if the column had this value in every row and all else stayed as it is") +
                        (is_number ? "; within the band are eight of ten rows" : "") + ". It says what the network does, not what causes what.", "small soft");
  return section("What it goes by", html + figures(dependences));
}

std::string learning_section(const Assessment& all) {
  if (all.training == nullptr || all.training->history.size() < 2) return {};
  const auto& history = all.training->history;
  std::vector<Point> learned, held_out;
  double least = history[0].loss, most = least;
  for (std::size_t i = 0; i < history.size(); ++i) {
    const auto epoch = static_cast<double>(i + 1);
    learned.push_back({epoch, history[i].loss});
    if (history[i].validation_loss) held_out.push_back({epoch, *history[i].validation_loss});
    for (const double loss : {history[i].loss, history[i].validation_loss.value_or(history[i].loss)}) {
      least = std::min(least, loss);
      most = std::max(most, loss);
    }
  }
  const auto epochs = static_cast<double>(history.size());
  Plot plot("Learning curves", {"Epoch", exact_scale(1, epochs), false, {}}, {"Loss", round_scale(std::min(0.0, least), most), false, {}});
  plot.line(learned, Tone::second);
  std::vector<Key> keys{{"s2", "learned rows (while learning)"}};
  std::string caption = "The loss is what learning makes small.";
  if (!held_out.empty()) {
    plot.line(held_out, Tone::first);
    keys.push_back({"s1", "held-out rows"});
    const auto best = std::clamp<std::int64_t>(all.training->epochs, 1, static_cast<std::int64_t>(held_out.size()));
    plot.dots(std::vector{held_out[static_cast<std::size_t>(best - 1)]}, Tone::first, 4.5);
    caption += fmt::format(" The dot is the best epoch, {}. Where the held-out line rises while the other falls, the network begins to learn rows by heart.", best);
  }
  return section("How learning went", figures({figure_of(plot.svg(), "Learning curves", caption, keys)}));
}

}  // namespace longhand::report
