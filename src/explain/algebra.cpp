#include "explain/algebra.h"

#include <optional>

namespace longhand {
namespace {

using Term = Expression::Kind;

// A term's number and the rest: 0.5 z is 0.5 and z. A rest of nothing is 1.
struct Scaled {
  double factor = 1;
  Expression rest;
};

Scaled split(Expression e) {
  if (e.kind == Term::number) return {e.value, number(1)};
  if (e.kind != Term::multiply || e.children[0].kind != Term::number) return {1, std::move(e)};
  return {e.children[0].value, std::move(e.children[1])};
}

// z z is z^2, z^2 z is z^3, and so is z^2 at the end of a longer product.
std::optional<Expression> as_power(const Expression& a, const Expression& b) {
  if (a == b && a.kind == Term::name) return node_of(Term::power, {a, number(2)});
  if (a.kind == Term::power && a.children[1].kind == Term::number && a.children[0] == b) {
    return node_of(Term::power, {b, number(a.children[1].value + 1)});
  }
  if (a.kind != Term::multiply) return std::nullopt;
  auto last = as_power(a.children[1], b);
  if (!last) return std::nullopt;
  return node_of(Term::multiply, {a.children[0], std::move(*last)});
}

Expression product_without_number(Expression a, Expression b) {
  if (is_number(a, 1)) return b;
  if (is_number(b, 1)) return a;
  if (auto power = as_power(a, b)) return std::move(*power);
  return node_of(Term::multiply, {std::move(a), std::move(b)});
}

bool is_choice_of_numbers(const Expression& e) {
  return e.kind == Term::choose && e.children[1].kind == Term::number && e.children[2].kind == Term::number;
}

Expression choose(Expression condition, Expression yes, Expression no) {
  return node_of(Term::choose, {std::move(condition), std::move(yes), std::move(no)});
}

}  // namespace

Expression number(double value) { return {.kind = Term::number, .value = value}; }

bool is_number(const Expression& e, double value) { return e.kind == Term::number && e.value == value; }

Expression node_of(Term kind, std::vector<Expression> children) {
  bool scalar = true;
  for (const auto& child : children) scalar = scalar && child.is_scalar;
  return {.kind = kind, .children = std::move(children), .is_scalar = scalar};
}

Expression negated(Expression e) {
  if (e.kind == Term::negate) return e.children[0];
  if (e.kind == Term::number) return number(-e.value);
  // The sign stands before a quotient or product, where the next one can meet it.
  if ((e.kind == Term::divide || e.kind == Term::multiply) && e.children[0].kind == Term::negate) {
    auto inner = std::move(e.children[0].children[0]);
    e.children[0] = std::move(inner);
    return e;
  }
  return node_of(Term::negate, {std::move(e)});
}

Expression added(Expression a, Expression b) {
  if (is_number(a, 0)) return b;
  if (is_number(b, 0)) return a;
  // Two choices by one condition are one choice.
  if (a.kind == Term::choose && b.kind == Term::choose && a.children[0] == b.children[0]) {
    return choose(std::move(a.children[0]), added(std::move(a.children[1]), std::move(b.children[1])),
                  added(std::move(a.children[2]), std::move(b.children[2])));
  }
  // So are two multiples of one term one multiple, also where the first ends a sum.
  const auto left = split(a), right = split(b);
  if (left.rest == right.rest) return multiplied(number(left.factor + right.factor), right.rest);
  if (a.kind == Term::add && split(a.children[1]).rest == right.rest) {
    return added(std::move(a.children[0]), added(std::move(a.children[1]), std::move(b)));
  }
  if (b.kind == Term::negate) return node_of(Term::subtract, {std::move(a), std::move(b.children[0])});
  if (b.kind == Term::number) {
    // a - 1 + 1 is a.
    if (a.kind == Term::subtract && a.children[1].kind == Term::number) {
      return added(std::move(a.children[0]), number(b.value - a.children[1].value));
    }
    if (b.value < 0) return node_of(Term::subtract, {std::move(a), number(-b.value)});
  }
  return node_of(Term::add, {std::move(a), std::move(b)});
}

Expression divided(Expression a, Expression b) {
  if (is_number(b, 1)) return a;
  if (a.kind == Term::divide) return divided(std::move(a.children[0]), multiplied(std::move(a.children[1]), std::move(b)));
  if (a.kind == Term::negate) return negated(node_of(Term::divide, {std::move(a.children[0]), std::move(b)}));
  return node_of(Term::divide, {std::move(a), std::move(b)});
}

Expression multiplied(Expression a, Expression b) {
  if (is_number(a, 1)) return b;
  if (is_number(b, 1)) return a;
  if (is_number(a, 0) || is_number(b, 0)) return number(0);
  if (is_number(a, -1)) return negated(std::move(b));
  if (is_number(b, -1)) return negated(std::move(a));
  if (a.kind == Term::negate) return negated(multiplied(std::move(a.children[0]), std::move(b)));
  if (b.kind == Term::negate) return negated(multiplied(std::move(a), std::move(b.children[0])));
  // One quotient: a product beside a fraction's line would leave open what is divided.
  if (b.kind == Term::divide) {
    return divided(multiplied(std::move(a), std::move(b.children[0])), std::move(b.children[1]));
  }
  if (a.kind == Term::divide) {
    return divided(multiplied(std::move(a.children[0]), std::move(b)), std::move(a.children[1]));
  }
  // A choice takes in a number, and a choice between numbers any factor: (1 if c, else 0) x is x if c, else 0.
  if (is_choice_of_numbers(a) || (a.kind == Term::choose && b.kind == Term::number)) std::swap(a, b);
  if (is_choice_of_numbers(b) || (b.kind == Term::choose && a.kind == Term::number)) {
    auto yes = multiplied(a, std::move(b.children[1]));
    return choose(std::move(b.children[0]), std::move(yes), multiplied(std::move(a), std::move(b.children[2])));
  }
  auto left = split(std::move(a)), right = split(std::move(b));
  auto product = product_without_number(std::move(left.rest), std::move(right.rest));
  const double factor = left.factor * right.factor;
  if (product.kind == Term::number) return number(factor * product.value);
  return factor == 1 ? product : node_of(Term::multiply, {number(factor), std::move(product)});
}

Expression power_of_e(Expression exponent) {
  return node_of(Term::power, {Expression{.kind = Term::name, .text = "e"}, std::move(exponent)});
}

Expression log_of(Expression argument) {
  const bool scalar = argument.is_scalar;
  return {.kind = Term::call, .text = "log", .children = {std::move(argument)}, .is_scalar = scalar};
}

}  // namespace longhand
