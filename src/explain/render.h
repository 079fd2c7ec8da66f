// Expressions as text, TeX and MathML, in symbols or with the numbers in: printings of one formula.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "explain/expression.h"
#include "longhand/explain.h"

namespace longhand {

/// Values in place of names, rounded for display. A long one is written as its extents.
struct Numbers {
  std::function<const Tensor*(const std::string& id)> find;  ///< null: the name stays
  int digits = 4;
  bool is_batch = false;    ///< what has an entry a unit is a row: the column is the batch
  std::int64_t most_entries = WriteOptions().most_entries;
  bool as_extents = false;  ///< every value is written as its extents
};

/// Enough for a number of a formula itself to be as good as exact to a reader.
inline constexpr int kAllDigits = 10;

/// "W₁ x + b₁"; `digits` are those of the numbers in it.
std::string render_text(const Expression& expression, int digits = kAllDigits);
/// "W_{1} x + b_{1}".
std::string render_latex(const Expression& expression, int digits = kAllDigits);
/// "<mrow><msub>…": an element for <math>.
std::string render_mathml(const Expression& expression, int digits = kAllDigits);

/// "[[1, 2]] · [3, 4] + [5]".
std::string render_numbers(const Expression& expression, const std::map<std::string, Tensor>& values, int digits);
std::string render_text(const Expression& expression, const Numbers& numbers);
std::string render_latex(const Expression& expression, const Numbers& numbers);
std::string render_mathml(const Expression& expression, const Numbers& numbers);
/// The same with extents: "[1×2] · [2] + [1]".
std::string render_extents(const Expression& expression, Numbers numbers);

/// A value as it stands in a formula: a number, a column (in text a list), a matrix, or the extents of a long one.
std::string text_value(const Tensor& value, const Numbers& numbers);
std::string latex_value(const std::string& id, const Tensor& value, const Numbers& numbers);
std::string mathml_value(const std::string& id, const Tensor& value, const Numbers& numbers);

}  // namespace longhand
