// Intervals of reals: all the values that something may have. Ends are rounded outward, so that an
// operation's interval holds its result for every choice from its operands'.
#pragma once

#include <cmath>
#include <limits>

namespace longhand {

/// The numbers from low to high, which may be infinite. `undefined` holds none: log of negative
/// numbers. As a boolean, 0 or 1 where it is known, [0, 1] where it is not.
struct Interval {
  double low = 0;
  double high = 0;

  Interval() = default;
  explicit Interval(double value) : low(value), high(value) {}
  Interval(double low_end, double high_end) : low(low_end), high(high_end) {}
  static Interval undefined() { return Interval(std::numeric_limits<double>::quiet_NaN()); }
  static Interval everything() {
    return {-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
  }

  bool is_undefined() const { return std::isnan(low) || std::isnan(high); }
  bool is_point() const { return low == high; }
  bool is(double value) const { return low == value && high == value; }
  bool is_bounded() const { return std::isfinite(low) && std::isfinite(high); }
  bool contains(double value) const { return low <= value && value <= high; }
  double middle() const { return is_point() ? low : low / 2 + high / 2; }
  double width() const { return high - low; }
};

/// Whether a number is in both.
inline bool meet(Interval a, Interval b) { return a.low <= b.high && b.low <= a.high; }
/// Whether every number of `inner` is in `outer`.
inline bool holds(Interval outer, Interval inner) { return outer.low <= inner.low && inner.high <= outer.high; }
/// The least interval that holds both; what is undefined holds nothing.
Interval hull(Interval a, Interval b);
/// The numbers in both, or undefined.
Interval intersection(Interval a, Interval b);

Interval operator-(Interval x);
Interval operator+(Interval a, Interval b);
Interval operator-(Interval a, Interval b);
/// 0 times anything is 0, also where the other is infinite or undefined.
Interval operator*(Interval a, Interval b);
/// Everything, where b holds 0 between its ends.
Interval operator/(Interval a, Interval b);
inline Interval& operator+=(Interval& a, Interval b) { return a = a + b; }

Interval exp(Interval x);
Interval log(Interval x);
Interval log1p(Interval x);
Interval expm1(Interval x);
Interval sqrt(Interval x);
Interval abs(Interval x);
Interval erf(Interval x);
Interval sin(Interval x);
Interval cos(Interval x);
Interval tanh(Interval x);
Interval power(Interval base, Interval exponent);
Interval minimum(Interval a, Interval b);
Interval maximum(Interval a, Interval b);

// Comparisons: 1, 0, or [0, 1] where it depends on the choice.
Interval less(Interval a, Interval b);
Interval less_equal(Interval a, Interval b);
Interval equal(Interval a, Interval b);
inline Interval negated(Interval truth) { return {1 - truth.high, 1 - truth.low}; }
/// a, b, or both together where the condition is not known.
Interval select(Interval condition, Interval a, Interval b);

/// The intervals' context for formulas-inl.h.
struct IntervalContext {
  Interval number(double value) const { return Interval(value); }
  Interval less(Interval a, Interval b) const { return longhand::less(a, b); }
  Interval less_equal(Interval a, Interval b) const { return longhand::less_equal(a, b); }
  Interval equal(Interval a, Interval b) const { return longhand::equal(a, b); }
  Interval select(Interval condition, Interval a, Interval b) const { return longhand::select(condition, a, b); }
  Interval exp(Interval x) const { return longhand::exp(x); }
  Interval log(Interval x) const { return longhand::log(x); }
  Interval log1p(Interval x) const { return longhand::log1p(x); }
  Interval expm1(Interval x) const { return longhand::expm1(x); }
  Interval sqrt(Interval x) const { return longhand::sqrt(x); }
  Interval abs(Interval x) const { return longhand::abs(x); }
  Interval erf(Interval x) const { return longhand::erf(x); }
  Interval sin(Interval x) const { return longhand::sin(x); }
  Interval cos(Interval x) const { return longhand::cos(x); }
  Interval tanh(Interval x) const { return longhand::tanh(x); }
  Interval power(Interval a, Interval b) const { return longhand::power(a, b); }
  Interval sigmoid(Interval x) const { return number(1) / (number(1) + longhand::exp(-x)); }
};

}  // namespace longhand
