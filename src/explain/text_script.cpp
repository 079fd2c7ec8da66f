#include "explain/numbers.h"
#include "explain/script.h"
#include "explain/symbols.h"

namespace longhand {
namespace {

class TextScript : public Script {
 public:
  TextScript(const Numbers* numbers, int digits) : numbers_(numbers), digits_(digits) {}

  bool is_raised() const override { return false; }

  Markup name(const std::string& id) const override {
    const auto* value = find_value(numbers_, id);
    if (value == nullptr) return {is_bare_letter(id) ? id : unicode_symbol(id)};
    auto text = text_value(*value, *numbers_);
    const bool negative = text.starts_with("-");
    return {std::move(text), negative};
  }

  std::string number(double value) const override { return display(value, digits_); }
  std::string parenthesised(const std::string& term) const override { return "(" + term + ")"; }
  std::string negated(const std::string& term) const override { return "-" + term; }

  std::string infix(const std::string& a, Infix sign, bool is_written, const std::string& b) const override {
    switch (sign) {
      case Infix::plus: return a + " + " + b;
      case Infix::minus: return a + " - " + b;
      case Infix::scale: return a + (is_written ? " × " : " ") + b;
      case Infix::entrywise: return a + " ⊙ " + b;
      case Infix::product: return a + (is_written ? " · " : " ") + b;
    }
    return "";
  }

  std::string fraction(const std::string& a, const std::string& b) const override { return a + " / " + b; }
  std::string power(const std::string& base, const std::string& exponent) const override { return base + "^" + exponent; }
  std::string transposed(const std::string& term) const override { return term + "ᵀ"; }

  std::string choice(const std::string& condition, const std::string& a, const std::string& b) const override {
    return a + " if " + condition + ", else " + b;
  }

  std::string comparison(const std::string& a, const std::string& sign, const std::string& b) const override {
    return a + " " + sign + " " + b;
  }

  std::string sum(const std::string& over, const std::string& term) const override {
    return (over == "i" ? "Σᵢ " : over == "ij" ? "Σᵢⱼ " : "Σⱼ ") + term;
  }

  std::string call(const std::string& function, const std::vector<std::string>& arguments) const override {
    if (function == "abs") return "|" + arguments[0] + "|";
    std::string text = function == "sqrt" ? "√(" : function + "(";
    for (std::size_t i = 0; i < arguments.size(); ++i) text += (i > 0 ? ", " : "") + arguments[i];
    return text + ")";
  }

 private:
  const Numbers* numbers_;
  const int digits_;
};

}  // namespace

std::unique_ptr<Script> text_script(const Numbers* numbers, int digits) { return std::make_unique<TextScript>(numbers, digits); }

std::string text_value(const Tensor& value, const Numbers& numbers) {
  if (numbers.as_extents && value.shape().rank() == 0) return "1";
  return numbers.as_extents || is_long(value, numbers.most_entries) ? "[" + extents(value) + "]" : display(value, numbers.digits);
}

}  // namespace longhand
