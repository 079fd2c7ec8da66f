// How terms are put together, shortened as a person would: no sign behind a sign, no factor 1, one
// fraction for a product of fractions, one number in front.
#pragma once

#include "explain/expression.h"

namespace longhand {

Expression number(double value);
bool is_number(const Expression& e, double value);
/// A term of one entry where all its children are.
Expression node_of(Expression::Kind kind, std::vector<Expression> children);

Expression negated(Expression e);
Expression added(Expression a, Expression b);
/// Entry by entry, or by a scalar.
Expression multiplied(Expression a, Expression b);
Expression divided(Expression a, Expression b);
Expression power_of_e(Expression exponent);
Expression log_of(Expression argument);

}  // namespace longhand
