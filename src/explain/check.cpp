#include "explain/check.h"

#include <algorithm>
#include <cmath>
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

void compare(GradientCheck& check, double analytic, const Slope& slope) {
  if (slope.is_at_kink) {
    check.kink = true;
    ++check.left_out;
    return;
  }
  // A slope lost in the rounding of a large loss tells nothing of a gradient that near.
  if (!slope.is_known && std::abs(analytic - slope.value) <= 4 * slope.error) {
    ++check.left_out;
    return;
  }
  const double scale = std::max({std::abs(analytic), std::abs(slope.value), 1e-8});
  const double error = std::abs(analytic - slope.value) / scale;
  // What is not a number is the worst there is.
  check.relative_error = std::isnan(error) ? std::numeric_limits<double>::infinity() : std::max(error, check.relative_error);
  ++check.entries;
}

void add(GradientCheck& sum, const GradientCheck& part) {
  sum.entries += part.entries;
  sum.left_out += part.left_out;
  sum.kink = sum.kink || part.kink;
  sum.relative_error = std::max(sum.relative_error, part.relative_error);
}

}  // namespace

GradientCheck check_gradient(const GradientOf& what, const CheckOptions& options) {
  const auto& point = what.values[static_cast<std::size_t>(what.of)].real;
  const auto& analytic = what.values[static_cast<std::size_t>(what.gradient)].real;
  const auto entries = drawn_entries(point.size(), options);
  const int threads = options.pool == nullptr ? 1 : options.pool->size();
  std::vector<Perturbation> perturbations;
  for (int i = 0; i < threads; ++i) perturbations.emplace_back(what.graph, what.values, what.of, what.loss);
  std::vector<GradientCheck> parts(static_cast<std::size_t>(threads));
  const auto work = [&](std::span<const std::size_t> piece, int thread, int share) {
    const auto [begin, end] = share_of(static_cast<std::int64_t>(piece.size()), share, threads);
    auto& part = parts[static_cast<std::size_t>(share)];
    auto& perturbation = perturbations[static_cast<std::size_t>(thread)];
    for (auto i = begin; i < end; ++i) {
      const auto entry = piece[static_cast<std::size_t>(i)];
      compare(part, analytic[entry], measure_slope(perturbation, entry, point[entry]));
    }
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
