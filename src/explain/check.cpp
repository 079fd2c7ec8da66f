#include "explain/check.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <numeric>

#include "base/philox.h"
#include "base/thread_pool.h"
#include "explain/slope.h"

namespace longhand {
namespace {

std::vector<std::size_t> drawn_entries(std::size_t count, const CheckOptions& options) {
  if (options.only) return {*options.only};
  std::vector<std::size_t> entries(count);
  std::iota(entries.begin(), entries.end(), std::size_t{0});
  if (options.most_entries > 0 && count > options.most_entries) {
    PhiloxStream stream(options.seed, hash_name("gradient check"));
    shuffle(std::span(entries), stream);
    entries.resize(options.most_entries);
    std::ranges::sort(entries);
  }
  return entries;
}

class Comparison {
 public:
  Comparison(const GradientOf& what, const Rounding& rounding)
      : what_(what), rounding_(rounding), perturbation_(what.graph, what.values, what.of, what.loss) {}

  void compare(std::size_t entry, GradientCheck& check) {
    const double at = value(what_.of, entry), analytic = value(what_.gradient, entry);
    if (!std::isfinite(analytic)) return count(check, std::numeric_limits<double>::infinity());
    auto slope = measure_slope(perturbation_, entry, at);
    double doubt = kDoubt * slope.error;
    bool is_hidden = !slope.is_known && !(std::abs(analytic - slope.value) > doubt);
    if (!is_hidden && !(error_of(analytic, slope) <= kRightGradient)) {
      // Both may be off by more than their last digits: where large numbers cancel on the way, or a
      // sigmoid is so flat that its slope has few digits left.
      slope = measure_slope(perturbation_, entry, at, rounding_.of(what_.loss, 0));
      doubt = kDoubt * slope.error + rounding_.of(what_.gradient, entry);
      is_hidden = !(error_of(analytic, slope) <= kRightGradient) && std::abs(analytic - slope.value) <= doubt;
    }
    if (is_hidden) {
      check.kink = check.kink || slope.met_kink;
      ++check.left_out;
    } else {
      count(check, error_of(analytic, slope));
    }
  }

 private:
  // Extrapolation adds up the rounding of several differences: twice that of the narrowest at most.
  static constexpr double kDoubt = 4;

  double value(NodeId node, std::size_t entry) const { return what_.values[static_cast<std::size_t>(node)].real[entry]; }

  static double error_of(double analytic, const Slope& slope) {
    return std::abs(analytic - slope.value) / std::max({std::abs(analytic), std::abs(slope.value), 1e-8});
  }

  static void count(GradientCheck& check, double error) {
    // What is not a number is the worst there is.
    check.relative_error = std::isnan(error) ? std::numeric_limits<double>::infinity() : std::max(error, check.relative_error);
    ++check.entries;
  }

  const GradientOf& what_;
  const Rounding& rounding_;
  Perturbation perturbation_;
};

void add(GradientCheck& sum, const GradientCheck& part) {
  sum.entries += part.entries;
  sum.left_out += part.left_out;
  sum.kink = sum.kink || part.kink;
  sum.relative_error = std::max(sum.relative_error, part.relative_error);
}

}  // namespace

GradientCheck check_gradient(const GradientOf& what, const CheckOptions& options) {
  const auto entries = drawn_entries(what.values[static_cast<std::size_t>(what.of)].real.size(), options);
  const Rounding own(what.graph, what.values, std::max(what.loss, what.gradient));
  const int threads = options.pool == nullptr ? 1 : options.pool->size();
  std::deque<Comparison> comparisons;
  for (int i = 0; i < threads; ++i) comparisons.emplace_back(what, what.rounding == nullptr ? own : *what.rounding);
  std::vector<GradientCheck> parts(static_cast<std::size_t>(threads));
  const auto work = [&](std::span<const std::size_t> piece, int thread, int share) {
    const auto [begin, end] = share_of(static_cast<std::int64_t>(piece.size()), share, threads);
    auto& comparison = comparisons[static_cast<std::size_t>(thread)];
    for (auto i = begin; i < end; ++i) comparison.compare(piece[static_cast<std::size_t>(i)], parts[static_cast<std::size_t>(share)]);
  };

  constexpr std::size_t kBetweenReports = 1024;
  for (std::size_t first = 0; first < entries.size(); first += kBetweenReports) {
    const auto piece = std::span(entries).subspan(first, std::min(kBetweenReports, entries.size() - first));
    if (options.pool == nullptr) work(piece, 0, 0);
    else options.pool->run(threads, [&](int thread, int share) { work(piece, thread, share); });
    if (options.progress) options.progress(static_cast<std::int64_t>(first + piece.size()));
  }
  GradientCheck check;
  for (const auto& part : parts) add(check, part);
  return check;
}

}  // namespace longhand
