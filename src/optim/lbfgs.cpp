// Limited-memory BFGS with a line search for the strong Wolfe conditions, as in Nocedal and Wright,
// Numerical Optimization (2006), algorithms 7.4, 3.5 and 3.6.
#include <algorithm>
#include <cmath>

#include "longhand/optim.h"

namespace longhand::optim {
namespace {

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

double largest(const Vector& a) {
  double result = 0;
  for (const double entry : a) result = std::max(result, std::abs(entry));
  return result;
}

// A point on the line x + length * direction.
struct Trial {
  double length = 0, value = 0, slope = 0;
  Vector x, gradient;
};

// Where the cubic through both ends, with their slopes, is least; NaN where it has no such place.
double cubic_minimum(const Trial& a, const Trial& b) {
  const double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.length - b.length);
  const double d2 = std::copysign(std::sqrt(d1 * d1 - a.slope * b.slope), b.length - a.length);
  return b.length - (b.length - a.length) * (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2);
}

class LineSearch {
 public:
  LineSearch(const Objective& objective, const Trial& start, const Vector& direction, const Lbfgs::Options& options)
      : objective_(objective), start_(start), direction_(direction), options_(options), left_(options.evaluations) {}

  // A point that satisfies the conditions, or the lowest that was found; the start where none is lower.
  Trial run(double length) {
    Trial previous = start_;
    while (left_ > 0) {
      Trial trial = at(length);
      if (!std::isfinite(trial.value)) {
        length = (previous.length + length) / 2;
        continue;
      }
      if (is_too_long(trial) || (previous.length > 0 && trial.value >= previous.value)) {
        return narrow(std::move(previous), std::move(trial));
      }
      if (is_flat(trial)) return trial;
      if (trial.slope >= 0) return narrow(std::move(trial), std::move(previous));
      const double guess = cubic_minimum(previous, trial);
      const double least = 1.5 * trial.length, most = 8 * trial.length;
      length = std::isfinite(guess) ? std::clamp(guess, least, most) : most;
      previous = std::move(trial);
    }
    return previous;
  }

 private:
  Trial at(double length) {
    --left_;
    Trial trial{.length = length, .x = start_.x, .gradient = Vector(start_.x.size())};
    for (std::size_t i = 0; i < trial.x.size(); ++i) trial.x[i] += length * direction_[i];
    trial.value = objective_(trial.x, trial.gradient);
    trial.slope = dot(trial.gradient, direction_);
    return trial;
  }

  // The first condition fails: the value has not fallen as the slope at the start foretells.
  bool is_too_long(const Trial& trial) const {
    return !(trial.value <= start_.value + options_.decrease * trial.length * start_.slope);
  }
  // The second: |slope| has fallen enough.
  bool is_flat(const Trial& trial) const { return std::abs(trial.slope) <= -options_.curvature * start_.slope; }

  // Between `low`, the lowest point so far, and `high` there is one that satisfies both.
  Trial narrow(Trial low, Trial high) {
    const double reach = largest(direction_);
    while (left_ > 0 && std::abs(high.length - low.length) * reach > 1e-15 * std::max(1.0, largest(low.x))) {
      const double from = std::min(low.length, high.length), to = std::max(low.length, high.length);
      const double margin = (to - from) / 10;
      const double guess = cubic_minimum(low, high);
      Trial trial = at(std::isfinite(guess) ? std::clamp(guess, from + margin, to - margin) : (from + to) / 2);
      if (is_too_long(trial) || trial.value >= low.value) {
        high = std::move(trial);
        continue;
      }
      if (is_flat(trial)) return trial;
      if (trial.slope * (high.length - low.length) >= 0) high = std::move(low);
      low = std::move(trial);
    }
    return low;
  }

  const Objective& objective_;
  const Trial& start_;
  const Vector& direction_;
  const Lbfgs::Options& options_;
  int left_;
};

}  // namespace

Lbfgs::Lbfgs(Objective objective, Vector x, Options options)
    : objective_(std::move(objective)), options_(options), x_(std::move(x)), gradient_(x_.size()),
      pairs_(static_cast<std::size_t>(options.memory)) {
  value_ = objective_(x_, gradient_);
}

bool Lbfgs::step() {
  if (largest(gradient_) <= options_.gradient_tolerance || !std::isfinite(value_)) return false;
  bool has_pairs = std::ranges::any_of(pairs_, [](const Pair& pair) { return !pair.step.empty(); });
  while (true) {
    auto direction = quasi_newton_direction();
    const double slope = dot(direction, gradient_);
    const Trial start{.length = 0, .value = value_, .slope = slope, .x = x_, .gradient = gradient_};
    // Along the bare gradient nothing says how far; later the step 1 is that of the model of the function.
    double norm = 0;
    for (const double entry : gradient_) norm += std::abs(entry);
    const double length = options_.first_length * (has_pairs ? 1 : std::min(1.0, 1 / norm));
    auto found = slope < 0 ? LineSearch(objective_, start, direction, options_).run(length) : start;
    if (found.value < value_) {
      take(std::move(found.x), found.value, std::move(found.gradient));
      return true;
    }
    // Perhaps the memory misleads: once more along the gradient, then no step is better than rounding.
    if (!has_pairs) return false;
    for (auto& pair : pairs_) pair = {};
    has_pairs = false;
  }
}

void Lbfgs::take(Vector x, double value, Vector gradient) {
  Pair pair{.step = x, .change = gradient};
  for (std::size_t i = 0; i < x.size(); ++i) {
    pair.step[i] -= x_[i];
    pair.change[i] -= gradient_[i];
  }
  // Without curvature along the step the pair would make the direction one of ascent.
  if (dot(pair.step, pair.change) <= 1e-14 * dot(pair.change, pair.change)) pair = {};
  if (!pairs_.empty()) pairs_[static_cast<std::size_t>(steps_) % pairs_.size()] = std::move(pair);
  ++steps_;
  x_ = std::move(x);
  value_ = value;
  gradient_ = std::move(gradient);
}

// -H gradient, H being built of the pairs from the newest to the oldest and back.
Vector Lbfgs::quasi_newton_direction() const {
  Vector direction = gradient_;
  const auto count = pairs_.size();
  Vector shares(count);
  double scale = 1;
  bool is_scaled = false;
  for (std::size_t age = 0; age < count; ++age) {
    const auto& [step, change] = pair_of_age(age);
    if (step.empty()) continue;
    const double curvature = dot(step, change);
    if (!is_scaled) scale = curvature / dot(change, change);
    is_scaled = true;
    shares[age] = dot(step, direction) / curvature;
    for (std::size_t i = 0; i < direction.size(); ++i) direction[i] -= shares[age] * change[i];
  }
  for (auto& entry : direction) entry *= scale;
  for (std::size_t age = count; age-- > 0;) {
    const auto& [step, change] = pair_of_age(age);
    if (step.empty()) continue;
    const double share = shares[age] - dot(change, direction) / dot(step, change);
    for (std::size_t i = 0; i < direction.size(); ++i) direction[i] += share * step[i];
  }
  for (auto& entry : direction) entry = -entry;
  return direction;
}

const Lbfgs::Pair& Lbfgs::pair_of_age(std::size_t age) const {
  const auto count = static_cast<std::int64_t>(pairs_.size());
  const auto slot = ((steps_ - 1 - static_cast<std::int64_t>(age)) % count + count) % count;
  return pairs_[static_cast<std::size_t>(slot)];
}

void Lbfgs::resume(std::int64_t steps, std::vector<Pair> pairs) {
  if (pairs.size() != pairs_.size()) throw ArgumentError("L-BFGS: a memory of another length");
  steps_ = steps;
  pairs_ = std::move(pairs);
}

}  // namespace longhand::optim
