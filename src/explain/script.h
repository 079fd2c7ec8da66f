// What a kind of markup writes for each kind of term. Where parentheses stand is Renderer's to say.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "explain/render.h"

namespace longhand {

enum class Infix : std::uint8_t {
  plus, minus,
  scale,      ///< by a scalar
  entrywise,
  product,    ///< of matrices and vectors
};

struct Markup {
  std::string text;
  bool begins_with_sign = false;
};

class Script {
 public:
  virtual ~Script() = default;

  /// Whether a fraction's line and a raised exponent hold their terms together.
  virtual bool is_raised() const { return true; }
  /// The symbol, or the value that stands in its place.
  virtual Markup name(const std::string& id) const = 0;
  virtual std::string number(double value) const = 0;
  virtual std::string parenthesised(const std::string& term) const = 0;
  virtual std::string negated(const std::string& term) const = 0;
  /// `is_written`: the sign of a product is needed, as numbers stand on both sides.
  virtual std::string infix(const std::string& a, Infix sign, bool is_written, const std::string& b) const = 0;
  virtual std::string fraction(const std::string& a, const std::string& b) const = 0;
  virtual std::string power(const std::string& base, const std::string& exponent) const = 0;
  virtual std::string transposed(const std::string& term) const = 0;
  virtual std::string choice(const std::string& condition, const std::string& a, const std::string& b) const = 0;
  virtual std::string comparison(const std::string& a, const std::string& sign, const std::string& b) const = 0;
  virtual std::string sum(const std::string& over, const std::string& term) const = 0;
  virtual std::string call(const std::string& function, const std::vector<std::string>& arguments) const = 0;
};

/// `numbers` may be null; else it must outlive the script. `digits`: of the formula's own numbers.
std::unique_ptr<Script> text_script(const Numbers* numbers, int digits);
std::unique_ptr<Script> latex_script(const Numbers* numbers, int digits);
std::unique_ptr<Script> mathml_script(const Numbers* numbers, int digits);

/// What the formula has as a letter of its own: "e", "N", "u".
bool is_bare_letter(const std::string& name);
/// The value that stands in place of a name, or null.
const Tensor* find_value(const Numbers* numbers, const std::string& id);
/// Whether a value of one axis is a row: in a batch, where columns are rows of the table, a bias is.
bool lies_flat(const std::string& id, const Tensor& value, const Numbers& numbers);

}  // namespace longhand
