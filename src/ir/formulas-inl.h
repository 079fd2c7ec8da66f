// The formula and the derivative of every entry-by-entry operation, written once and read by all:
// evaluation (numbers), the differentiator (graph nodes) and the kernels (SIMD vectors).
//
// A reader supplies values V with + - * / and unary -, and a context `c` with
//   c.number(double) -> V;  c.less, c.less_equal, c.equal (V, V) -> mask;  c.select(mask, V, V) -> V;
//   c.exp, log, log1p, expm1, sqrt, abs, erf, sin, cos, tanh, sigmoid (V) -> V;  c.power(V, V) -> V.
// `y` is the value of the operation, where the slope is best written with it.
//
// Re-included for each SIMD target inside Highway's namespace, since a template compiled for the
// baseline does not inline into code for a wider target.

// clang-format off
#if defined(LONGHAND_IR_FORMULAS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LONGHAND_IR_FORMULAS_INL_H_
#undef LONGHAND_IR_FORMULAS_INL_H_
#else
#define LONGHAND_IR_FORMULAS_INL_H_
#endif
// clang-format on

#include "longhand/ir.h"

#ifdef HWY_NAMESPACE
HWY_BEFORE_NAMESPACE();
#endif
namespace longhand {
#ifdef HWY_NAMESPACE
namespace HWY_NAMESPACE {
#endif

template <Op op>
struct Formula;

template <>
struct Formula<Op::negate> {
  template <class C, class V> static V value(const C&, V x) { return -x; }
  template <class C, class V> static V slope(const C& c, V, V) { return c.number(-1); }
};
template <>
struct Formula<Op::exp> {
  template <class C, class V> static V value(const C& c, V x) { return c.exp(x); }
  template <class C, class V> static V slope(const C&, V, V y) { return y; }
};
template <>
struct Formula<Op::log> {
  template <class C, class V> static V value(const C& c, V x) { return c.log(x); }
  template <class C, class V> static V slope(const C& c, V x, V) { return c.number(1) / x; }
};
template <>
struct Formula<Op::log1p> {
  template <class C, class V> static V value(const C& c, V x) { return c.log1p(x); }
  template <class C, class V> static V slope(const C& c, V x, V) { return c.number(1) / (c.number(1) + x); }
};
template <>
struct Formula<Op::expm1> {
  template <class C, class V> static V value(const C& c, V x) { return c.expm1(x); }
  template <class C, class V> static V slope(const C& c, V, V y) { return y + c.number(1); }
};
template <>
struct Formula<Op::sqrt> {
  template <class C, class V> static V value(const C& c, V x) { return c.sqrt(x); }
  template <class C, class V> static V slope(const C& c, V, V y) { return c.number(1) / (c.number(2) * y); }
};
template <>
struct Formula<Op::abs> {
  template <class C, class V> static V value(const C& c, V x) { return c.abs(x); }
  template <class C, class V> static V slope(const C& c, V x, V) {
    return c.select(c.less(c.number(0), x), c.number(1),
                    c.select(c.less(x, c.number(0)), c.number(-1), c.number(0)));
  }
};
template <>
struct Formula<Op::erf> {
  template <class C, class V> static V value(const C& c, V x) { return c.erf(x); }
  template <class C, class V> static V slope(const C& c, V x, V) {
    return c.number(1.1283791670955126) * c.exp(-(x * x));  // 2 / sqrt(pi)
  }
};
template <>
struct Formula<Op::sin> {
  template <class C, class V> static V value(const C& c, V x) { return c.sin(x); }
  template <class C, class V> static V slope(const C& c, V x, V) { return c.cos(x); }
};
template <>
struct Formula<Op::cos> {
  template <class C, class V> static V value(const C& c, V x) { return c.cos(x); }
  template <class C, class V> static V slope(const C& c, V x, V) { return -c.sin(x); }
};
template <>
struct Formula<Op::relu> {
  // The comparison is this way round so that NaN passes through.
  template <class C, class V> static V value(const C& c, V x) {
    return c.select(c.less_equal(x, c.number(0)), c.number(0), x);
  }
  template <class C, class V> static V slope(const C& c, V x, V) {
    return c.select(c.less(c.number(0), x), c.number(1), c.number(0));
  }
};
template <>
struct Formula<Op::sigmoid> {
  template <class C, class V> static V value(const C& c, V x) {
    return c.number(1) / (c.number(1) + c.exp(-x));
  }
  template <class C, class V> static V slope(const C& c, V, V y) { return y * (c.number(1) - y); }
};
template <>
struct Formula<Op::tanh> {
  template <class C, class V> static V value(const C& c, V x) { return c.tanh(x); }
  template <class C, class V> static V slope(const C& c, V, V y) { return c.number(1) - y * y; }
};

template <>
struct Formula<Op::add> {
  template <class C, class V> static V value(const C&, V a, V b) { return a + b; }
  template <class C, class V> static V slope_left(const C& c, V, V, V) { return c.number(1); }
  template <class C, class V> static V slope_right(const C& c, V, V, V) { return c.number(1); }
};
template <>
struct Formula<Op::subtract> {
  template <class C, class V> static V value(const C&, V a, V b) { return a - b; }
  template <class C, class V> static V slope_left(const C& c, V, V, V) { return c.number(1); }
  template <class C, class V> static V slope_right(const C& c, V, V, V) { return c.number(-1); }
};
template <>
struct Formula<Op::multiply> {
  template <class C, class V> static V value(const C&, V a, V b) { return a * b; }
  template <class C, class V> static V slope_left(const C&, V, V b, V) { return b; }
  template <class C, class V> static V slope_right(const C&, V a, V, V) { return a; }
};
template <>
struct Formula<Op::divide> {
  template <class C, class V> static V value(const C&, V a, V b) { return a / b; }
  template <class C, class V> static V slope_left(const C& c, V, V b, V) { return c.number(1) / b; }
  template <class C, class V> static V slope_right(const C&, V, V b, V y) { return -(y / b); }
};
template <>
struct Formula<Op::power> {
  template <class C, class V> static V value(const C& c, V a, V b) { return c.power(a, b); }
  template <class C, class V> static V slope_left(const C& c, V a, V b, V) {
    // x^0 is 1 everywhere: flat, though 0^-1 is not finite.
    return c.select(c.equal(b, c.number(0)), c.number(0), b * c.power(a, b - c.number(1)));
  }
  // 0^b is 0 for every b > 0: flat, though log 0 is not finite.
  template <class C, class V> static V slope_right(const C& c, V a, V, V y) {
    return c.select(c.equal(a, c.number(0)), c.number(0), y * c.log(a));
  }
};
// Where both operands are equal each has half of the slope. A NaN on either side is the result.
template <>
struct Formula<Op::minimum> {
  template <class C, class V> static V value(const C& c, V a, V b) {
    return c.select(c.less(b, a), b, c.select(c.equal(b, b), a, b));
  }
  template <class C, class V> static V slope_left(const C& c, V a, V b, V) {
    return c.select(c.less(a, b), c.number(1),
                    c.select(c.equal(a, b), c.number(0.5), c.number(0)));
  }
  template <class C, class V> static V slope_right(const C& c, V a, V b, V y) {
    return slope_left(c, b, a, y);
  }
};
template <>
struct Formula<Op::maximum> {
  template <class C, class V> static V value(const C& c, V a, V b) {
    return c.select(c.less(a, b), b, c.select(c.equal(b, b), a, b));
  }
  template <class C, class V> static V slope_left(const C& c, V a, V b, V y) {
    return Formula<Op::minimum>::slope_left(c, b, a, y);
  }
  template <class C, class V> static V slope_right(const C& c, V a, V b, V y) {
    return Formula<Op::minimum>::slope_left(c, a, b, y);
  }
};
template <>
struct Formula<Op::sigmoid_cross_entropy> {
  template <class C, class V> static V value(const C& c, V z, V y) {
    return Formula<Op::relu>::value(c, z) - z * y + c.log1p(c.exp(-c.abs(z)));
  }
  template <class C, class V> static V slope_left(const C& c, V z, V y, V) {
    return c.sigmoid(z) - y;
  }
  template <class C, class V> static V slope_right(const C&, V z, V, V) { return -z; }
};

/// Calls f.template operator()<op>() for a unary operation that has a formula; false for others.
template <class F>
bool visit_unary(Op op, F&& f) {
  switch (op) {
    case Op::negate: f.template operator()<Op::negate>(); return true;
    case Op::exp: f.template operator()<Op::exp>(); return true;
    case Op::log: f.template operator()<Op::log>(); return true;
    case Op::log1p: f.template operator()<Op::log1p>(); return true;
    case Op::expm1: f.template operator()<Op::expm1>(); return true;
    case Op::sqrt: f.template operator()<Op::sqrt>(); return true;
    case Op::abs: f.template operator()<Op::abs>(); return true;
    case Op::erf: f.template operator()<Op::erf>(); return true;
    case Op::sin: f.template operator()<Op::sin>(); return true;
    case Op::cos: f.template operator()<Op::cos>(); return true;
    case Op::relu: f.template operator()<Op::relu>(); return true;
    case Op::sigmoid: f.template operator()<Op::sigmoid>(); return true;
    case Op::tanh: f.template operator()<Op::tanh>(); return true;
    default: return false;
  }
}

/// The same for binary operations.
template <class F>
bool visit_binary(Op op, F&& f) {
  switch (op) {
    case Op::add: f.template operator()<Op::add>(); return true;
    case Op::subtract: f.template operator()<Op::subtract>(); return true;
    case Op::multiply: f.template operator()<Op::multiply>(); return true;
    case Op::divide: f.template operator()<Op::divide>(); return true;
    case Op::power: f.template operator()<Op::power>(); return true;
    case Op::minimum: f.template operator()<Op::minimum>(); return true;
    case Op::maximum: f.template operator()<Op::maximum>(); return true;
    case Op::sigmoid_cross_entropy: f.template operator()<Op::sigmoid_cross_entropy>(); return true;
    default: return false;
  }
}

#ifdef HWY_NAMESPACE
}  // namespace HWY_NAMESPACE
#endif
}  // namespace longhand
#ifdef HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif

#endif  // LONGHAND_IR_FORMULAS_INL_H_
