// What a printed formula says, read from its text alone: "W₁ x + b₁" and the values of its symbols give
// a value. Knows nothing of graphs, so that it tells whether what a person reads is true.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace longhand::testing {

struct Matrix {
  std::size_t rows = 1, columns = 1;
  std::vector<double> entries;

  bool is_scalar() const { return rows == 1 && columns == 1; }
};

/// A formula that cannot be read, or whose shapes do not fit.
struct FormulaError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The value of the right side of "symbol = right side".
///
/// Two things side by side are a matrix product, or where one of them is a number a multiple; ⊙ goes entry by
/// entry, as +, -, /, ^ and functions do; a number goes with every entry. / divides all that stands before it in
/// its term by the one thing behind it, which ends the term. For one sample vectors are columns; in a `batch`
/// rows are samples, a row goes with every row, Σᵢ adds up rows, Σⱼ what is in a row and Σᵢⱼ all.
Matrix value_of_formula(const std::string& formula, const std::map<std::string, Matrix>& symbols, bool batch);

}  // namespace longhand::testing
