// Where the predictions of a number are off, and by how much.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/quantile.h"
#include "base/text.h"
#include "report/assessment.h"
#include "report/markup.h"
#include "report/normal.h"
#include "report/plot.h"
#include "report/words.h"

namespace longhand::report {

std::string residuals_section(const Assessment& all) {
  const auto& p = all.outcomes.predictions;
  const auto& y = all.outcomes.values;
  std::vector<Point> against, off;
  std::vector<double> residuals, sizes;
  for (std::size_t i = 0; i < p.size(); ++i) {
    against.push_back({p[i], y[i]});
    off.push_back({p[i], y[i] - p[i]});
    residuals.push_back(y[i] - p[i]);
    sizes.push_back(std::abs(y[i] - p[i]));
  }
  const auto predicted = close_scale(std::ranges::min(p), std::ranges::max(p));
  const auto [least, greatest] = std::ranges::minmax(residuals);
  const double low = std::min(std::ranges::min(p), std::ranges::min(y)), high = std::max(std::ranges::max(p), std::ranges::max(y));
  const auto both = close_scale(low, high);
  const auto target = quoted(all.target().name);

  Plot scatter("Prediction and truth", {"Predicted " + target, both, false, {}}, {"True " + target, both, false, {}}, 360, 300);
  scatter.line(std::vector<Point>{{both.low, both.low}, {both.high, both.high}}, Tone::soft, true);
  scatter.dots(against, Tone::first);

  Plot residual("Residuals", {"Predicted " + target, predicted, false, {}}, {"True less predicted", close_scale(least, greatest), false, {}}, 360, 300);
  residual.line(std::vector<Point>{{predicted.low, 0}, {predicted.high, 0}}, Tone::soft, true);
  residual.dots(off, Tone::first);

  const auto bins = histogram(residuals);
  const auto most = static_cast<double>(std::ranges::max(bins.counts));
  const double end = bins.low + bins.width * static_cast<double>(bins.counts.size());
  Plot heap("Histogram of residuals", {"True less predicted", exact_scale(bins.low, end), false, {}}, {"Rows", round_scale(0, most), false, {}});
  for (std::size_t i = 0; i < bins.counts.size(); ++i) {
    if (bins.counts[i] == 0) continue;
    const double left = bins.low + bins.width * static_cast<double>(i);
    heap.bar({left + 0.04 * bins.width, 0}, {left + 0.96 * bins.width, static_cast<double>(bins.counts[i])}, Tone::first, counted(bins.counts[i], "row"));
  }

  const auto normal = normal_plot(residuals);
  const auto expected = close_scale(normal.front().x, normal.back().x), found = close_scale(normal.front().y, normal.back().y);
  const double from = std::max(expected.low, found.low), to = std::min(expected.high, found.high);
  Plot quantiles("Residuals against a normal distribution", {"Expected, in standard deviations", expected, false, {}}, {"Residual, in standard deviations", found, false, {}});
  quantiles.line(std::vector<Point>{{from, from}, {to, to}}, Tone::soft, true);
  quantiles.dots(normal, Tone::first);

  std::ranges::sort(sizes);
  const auto at = [&](double share) { return figure(quantile(sizes, share)); };
  const auto dots = drawn_dots(p.size());
  const auto sample = dots == p.size() ? std::string() : fmt::format("; {} of the {} are drawn", with_commas(static_cast<std::int64_t>(dots)), with_commas(static_cast<std::int64_t>(p.size())));
  const auto html = paragraph(fmt::format("Half of the rows are off by less than {}, nine of ten by less than {}, and the worst by {}.", at(0.5), at(0.9), at(1))) +
                    figures({figure_of(scatter.svg(), "Prediction and truth", fmt::format("Each dot is a row{}; on the dashed line the prediction is exact.", sample)),
                             figure_of(residual.svg(), "What is left over", "A cloud around the line without a shape is what one wants. A bend, or a funnel, is something that the network has not learned."),
                             figure_of(heap.svg(), "How far off", "Right of 0 the truth is greater than the prediction."),
                             figure_of(quantiles.svg(), "Against a normal distribution", "Dots that leave the dashed line at its ends are more, or fewer, large errors than a normal distribution has.")});
  return section("Where it is off", html);
}

}  // namespace longhand::report
