// The numbers' context for formulas-inl.h.
#pragma once

#include <cmath>

namespace longhand {

template <class T>
struct ScalarContext {
  T number(double value) const { return static_cast<T>(value); }
  bool less(T a, T b) const { return a < b; }
  bool less_equal(T a, T b) const { return a <= b; }
  bool equal(T a, T b) const { return a == b; }
  T select(bool condition, T a, T b) const { return condition ? a : b; }
  T exp(T x) const { return std::exp(x); }
  T log(T x) const { return std::log(x); }
  T log1p(T x) const { return std::log1p(x); }
  T expm1(T x) const { return std::expm1(x); }
  T sqrt(T x) const { return std::sqrt(x); }
  T abs(T x) const { return std::fabs(x); }
  T erf(T x) const { return std::erf(x); }
  T sin(T x) const { return std::sin(x); }
  T cos(T x) const { return std::cos(x); }
  T tanh(T x) const { return std::tanh(x); }
  T power(T a, T b) const { return std::pow(a, b); }
  T sigmoid(T x) const { return T(1) / (T(1) + std::exp(-x)); }
};

}  // namespace longhand
