#include <algorithm>

#include "explain/numbers.h"
#include "explain/script.h"
#include "explain/symbols.h"

namespace longhand {
namespace {

class LatexScript : public Script {
 public:
  LatexScript(const Numbers* numbers, int digits) : numbers_(numbers), digits_(digits) {}

  Markup name(const std::string& id) const override {
    const auto* value = find_value(numbers_, id);
    if (value == nullptr) return {is_bare_letter(id) ? id : latex_symbol(id)};
    auto text = latex_value(id, *value, *numbers_);
    const bool negative = text.starts_with("-");
    return {std::move(text), negative};
  }

  std::string number(double value) const override { return display_latex(value, digits_); }
  std::string parenthesised(const std::string& term) const override { return "\\left(" + term + "\\right)"; }
  std::string negated(const std::string& term) const override { return "-" + term; }

  std::string infix(const std::string& a, Infix sign, bool is_written, const std::string& b) const override {
    switch (sign) {
      case Infix::plus: return a + " + " + b;
      case Infix::minus: return a + " - " + b;
      case Infix::scale: return a + (is_written ? " \\times " : " \\, ") + b;
      case Infix::entrywise: return a + " \\odot " + b;
      case Infix::product: return a + (is_written ? " \\cdot " : " ") + b;
    }
    return "";
  }

  std::string fraction(const std::string& a, const std::string& b) const override { return "\\frac{" + a + "}{" + b + "}"; }
  std::string power(const std::string& base, const std::string& exponent) const override {
    return "{" + base + "}^{" + exponent + "}";
  }
  std::string transposed(const std::string& term) const override { return "{" + term + "}^{\\top}"; }

  std::string choice(const std::string& condition, const std::string& a, const std::string& b) const override {
    return "\\begin{cases} " + a + " & \\text{if } " + condition + " \\\\ " + b + " & \\text{otherwise} \\end{cases}";
  }

  std::string comparison(const std::string& a, const std::string& sign, const std::string& b) const override {
    const char* command = sign == "≤" ? "\\le" : sign == "≥" ? "\\ge" : sign == "≠" ? "\\ne" : sign.c_str();
    return a + " " + command + " " + b;
  }

  std::string sum(const std::string& over, const std::string& term) const override {
    return "\\sum_{" + over + "} " + term;
  }

  std::string call(const std::string& function, const std::vector<std::string>& arguments) const override {
    if (function == "abs") return "\\left|" + arguments[0] + "\\right|";
    if (function == "sqrt") return "\\sqrt{" + arguments[0] + "}";
    static const std::vector<std::string> kKnown{"max", "min", "log", "sin", "cos", "tanh"};
    auto text = "\\" + function;
    if (std::ranges::find(kKnown, function) == kKnown.end()) {
      // \operatorname would be refused by GitHub.
      text = "\\mathrm{";
      for (const char c : function) text += c == '_' ? std::string("\\_") : std::string(1, c);
      text += "}";
    }
    text += "\\left(";
    for (std::size_t i = 0; i < arguments.size(); ++i) text += (i > 0 ? ", " : "") + arguments[i];
    return text + "\\right)";
  }

 private:
  const Numbers* numbers_;
  const int digits_;
};

}  // namespace

std::unique_ptr<Script> latex_script(const Numbers* numbers, int digits) { return std::make_unique<LatexScript>(numbers, digits); }

std::string latex_value(const std::string& id, const Tensor& value, const Numbers& numbers) {
  return display_latex(lies_flat(id, value, numbers) ? value.reshaped({1, value.count()}) : value, numbers.digits, numbers.most_entries);
}

}  // namespace longhand
