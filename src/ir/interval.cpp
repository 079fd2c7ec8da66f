#include "ir/interval.h"

#include <algorithm>
#include <numbers>

namespace longhand {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double below(double x) { return std::nextafter(x, -kInfinity); }
double above(double x) { return std::nextafter(x, kInfinity); }

// The ends of what a correctly rounded operation may have rounded to `rounded`; exact where it is,
// so that 1.3 + 0 is 1.3.
Interval around(double rounded, bool is_exact) {
  return is_exact || std::isnan(rounded) ? Interval(rounded) : Interval{below(rounded), above(rounded)};
}

// Whether a + b lost nothing to rounding (Knuth's two-sum); true also where an operand is infinite.
bool sum_is_exact(double a, double b, double sum) {
  if (!std::isfinite(a) || !std::isfinite(b)) return true;
  const double b_taken = sum - a;
  return (a - (sum - b_taken)) + (b - b_taken) == 0;
}

Interval added(double a, double b) {
  const double sum = a + b;
  return around(sum, sum_is_exact(a, b, sum));
}

Interval multiplied(double a, double b) {
  if (a == 0 || b == 0) return Interval(0);
  const double product = a * b;
  const bool is_exact = std::isinf(a) || std::isinf(b) || (product != 0 && std::fma(a, b, -product) == 0);
  return around(product, is_exact);
}

// b is not 0.
Interval divided(double a, double b) {
  if (a == 0) return Interval(0);
  if (std::isinf(a) && std::isinf(b)) return Interval(0);  // the other corners hold the rest
  const double quotient = a / b;
  const bool is_exact = std::isinf(a) || std::isinf(b) || (quotient != 0 && std::fma(quotient, b, -a) == 0);
  return around(quotient, is_exact);
}

// The mathematical library's last place or two may be wrong.
double well_below(double x) { return below(below(x)); }
double well_above(double x) { return above(above(x)); }

// For a function that rises from `least` to `most`. The libraries are exact at 0 and in the limits.
template <class F>
Interval rising(Interval x, F f, double least, double most) {
  if (x.is_undefined()) return x;
  const auto is_exact = [&](double at) { return at == 0 || std::isinf(at) || std::isinf(f(at)); };
  const double low = is_exact(x.low) ? f(x.low) : well_below(f(x.low));
  const double high = is_exact(x.high) ? f(x.high) : well_above(f(x.high));
  return {std::max(least, low), std::min(most, high)};
}

Interval whole_power(Interval base, double n) {
  const auto at = [&](double x) {
    const double value = std::pow(x, n);
    return value == 0 || std::isinf(value) ? Interval(value) : Interval{well_below(value), well_above(value)};
  };
  const bool is_even = std::fmod(n, 2) == 0;
  if (n == 0) return Interval(1);
  if (n < 0) return Interval(1) / whole_power(base, -n);
  const auto ends = hull(at(base.low), at(base.high));
  return is_even && base.contains(0) ? hull(ends, Interval(0)) : ends;
}

// Whether a number phase + 2 pi k is in x, with an allowance for the rounding of both.
bool meets_turn(Interval x, double phase) {
  constexpr double kTurn = 2 * std::numbers::pi;
  const double slack = 1e-15 * (1 + std::max(std::abs(x.low), std::abs(x.high)));
  const double first = std::ceil((x.low - slack - phase) / kTurn) * kTurn + phase;
  return first <= x.high + slack;
}

// sin with its crests at `crest` and troughs half a turn on.
template <class F>
Interval wave(Interval x, F f, double crest) {
  if (x.is_undefined()) return x;
  if (!x.is_bounded()) return {-1, 1};
  const auto at = [&](double value) { return Interval{well_below(f(value)), well_above(f(value))}; };
  auto result = hull(at(x.low), at(x.high));
  if (meets_turn(x, crest)) result.high = 1;
  if (meets_turn(x, crest + std::numbers::pi)) result.low = -1;
  return {std::max(result.low, -1.0), std::min(result.high, 1.0)};
}

}  // namespace

Interval hull(Interval a, Interval b) {
  if (a.is_undefined()) return b;
  if (b.is_undefined()) return a;
  return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

Interval intersection(Interval a, Interval b) {
  if (!meet(a, b)) return Interval::undefined();
  return {std::max(a.low, b.low), std::min(a.high, b.high)};
}

Interval operator-(Interval x) { return {-x.high, -x.low}; }

Interval operator+(Interval a, Interval b) { return {added(a.low, b.low).low, added(a.high, b.high).high}; }

Interval operator-(Interval a, Interval b) { return a + -b; }

Interval operator*(Interval a, Interval b) {
  if (a.is(0) || b.is(0)) return Interval(0);
  if (a.is_undefined() || b.is_undefined()) return Interval::undefined();
  Interval result = Interval::undefined();
  for (const double left : {a.low, a.high}) {
    for (const double right : {b.low, b.high}) result = hull(result, multiplied(left, right));
  }
  return result;
}

Interval operator/(Interval a, Interval b) {
  if (a.is_undefined() || b.is_undefined() || b.is(0)) return Interval::undefined();
  if (a.is(0)) return Interval(0);
  if (b.low < 0 && b.high > 0) return Interval::everything();
  Interval result = Interval::undefined();
  for (const double left : {a.low, a.high}) {
    for (const double right : {b.low, b.high}) {
      if (right != 0) {
        result = hull(result, divided(left, right));
      } else if (left != 0) {
        // Nearing 0 from the side on which b lies.
        result = hull(result, Interval((left > 0) == (b.high > 0) ? kInfinity : -kInfinity));
      } else {
        result = hull(result, Interval(0));
      }
    }
  }
  return result;
}

Interval exp(Interval x) { return rising(x, [](double v) { return std::exp(v); }, 0, kInfinity); }

Interval log(Interval x) {
  if (x.is_undefined() || x.high < 0) return Interval::undefined();
  return rising({std::max(x.low, 0.0), x.high}, [](double v) { return std::log(v); }, -kInfinity, kInfinity);
}

Interval log1p(Interval x) {
  if (x.is_undefined() || x.high < -1) return Interval::undefined();
  return rising({std::max(x.low, -1.0), x.high}, [](double v) { return std::log1p(v); }, -kInfinity, kInfinity);
}

Interval expm1(Interval x) { return rising(x, [](double v) { return std::expm1(v); }, -1, kInfinity); }

Interval sqrt(Interval x) {
  if (x.is_undefined() || x.high < 0) return Interval::undefined();
  return rising({std::max(x.low, 0.0), x.high}, [](double v) { return std::sqrt(v); }, 0, kInfinity);
}

Interval abs(Interval x) {
  if (x.is_undefined() || x.low >= 0) return x;
  if (x.high <= 0) return -x;
  return {0, std::max(-x.low, x.high)};
}

Interval erf(Interval x) { return rising(x, [](double v) { return std::erf(v); }, -1, 1); }

Interval sin(Interval x) { return wave(x, [](double v) { return std::sin(v); }, std::numbers::pi / 2); }

Interval cos(Interval x) { return wave(x, [](double v) { return std::cos(v); }, 0); }

Interval tanh(Interval x) { return rising(x, [](double v) { return std::tanh(v); }, -1, 1); }

Interval power(Interval base, Interval exponent) {
  if (base.is_undefined() || exponent.is_undefined()) return Interval::undefined();
  if (exponent.is_point() && std::floor(exponent.low) == exponent.low) return whole_power(base, exponent.low);
  if (base.high < 0) return Interval::undefined();
  return exp(exponent * log(base));
}

Interval minimum(Interval a, Interval b) {
  if (a.is_undefined() || b.is_undefined()) return Interval::undefined();
  return {std::min(a.low, b.low), std::min(a.high, b.high)};
}

Interval maximum(Interval a, Interval b) {
  if (a.is_undefined() || b.is_undefined()) return Interval::undefined();
  return {std::max(a.low, b.low), std::max(a.high, b.high)};
}

Interval less(Interval a, Interval b) {
  if (a.high < b.low) return Interval(1);
  return a.low >= b.high ? Interval(0) : Interval(0, 1);
}

Interval less_equal(Interval a, Interval b) {
  if (a.high <= b.low) return Interval(1);
  return a.low > b.high ? Interval(0) : Interval(0, 1);
}

Interval equal(Interval a, Interval b) {
  if (a.is_point() && b.is(a.low)) return Interval(1);
  return meet(a, b) ? Interval(0, 1) : Interval(0);
}

Interval select(Interval condition, Interval a, Interval b) {
  if (condition.is(1)) return a;
  return condition.is(0) ? b : hull(a, b);
}

}  // namespace longhand
