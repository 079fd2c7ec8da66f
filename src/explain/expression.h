// The formula of a quantity: the graph from its node down to the nearest named nodes, as a person
// would write it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "explain/notation.h"
#include "longhand/ir.h"

namespace longhand {

/// A term of a formula. Owned by its parent.
struct Expression {
  enum class Kind : std::uint8_t {
    name,       ///< text: the id
    number,     ///< value
    negate, add, subtract,
    multiply,   ///< entry by entry, or by a scalar
    product,    ///< of matrices and vectors
    divide, power,
    transpose,
    call,       ///< text: the function's name
    choose,     ///< children: condition, a, b
    compare,    ///< text: the sign
    sum,        ///< text: over "i", the rows, "j", what is in a row, or "ij", all entries of a matrix
  };
  Kind kind = Kind::number;
  std::string text;
  double value = 0;
  std::vector<Expression> children;
  bool is_scalar = true;  ///< of one entry (a row)

  bool operator==(const Expression&) const = default;
};

/// The formula of `node`. For one sample (not `batch`) the rows are left out: a sum over them is its
/// one term, their number is 1.
Expression formula_of(const Graph& graph, const Notation& notation, NodeId node, bool batch);

/// The names in it, each once, in the order in which they stand.
std::vector<std::string> names_in(const Expression& expression);

}  // namespace longhand
