#include "explain/html_page.h"
#include "explain/numbers.h"
#include "explain/script.h"
#include "explain/symbols.h"

namespace longhand {
namespace {

std::string row(const std::string& terms) { return "<mrow>" + terms + "</mrow>"; }
std::string sign(const std::string& text) { return "<mo>" + html_escaped(text) + "</mo>"; }

// A fence grows only with what is tall: fonts have small ones narrower than the smallest that grows.
std::string fenced(const std::string& open, const std::string& terms, const std::string& close) {
  const bool is_tall = terms.find("<mfrac>") != std::string::npos || terms.find("<mtable") != std::string::npos ||
                       terms.find("<munder>") != std::string::npos;
  const auto fence = [&](const std::string& text) {
    return is_tall ? sign(text) : "<mo stretchy=\"false\">" + html_escaped(text) + "</mo>";
  };
  return row(fence(open) + terms + fence(close));
}

class MathmlScript : public Script {
 public:
  MathmlScript(const Numbers* numbers, int digits) : numbers_(numbers), digits_(digits) {}

  Markup name(const std::string& id) const override {
    const auto* value = find_value(numbers_, id);
    if (value == nullptr) return {is_bare_letter(id) ? "<mi>" + id + "</mi>" : mathml_symbol(id)};
    return {mathml_value(id, *value, *numbers_), value->shape().rank() == 0 && value->at(0) < 0};
  }

  std::string number(double value) const override { return display_mathml(value, digits_); }
  std::string parenthesised(const std::string& term) const override { return fenced("(", term, ")"); }
  std::string negated(const std::string& term) const override { return row(sign("−") + term); }

  std::string infix(const std::string& a, Infix infix, bool is_written, const std::string& b) const override {
    switch (infix) {
      case Infix::plus: return row(a + sign("+") + b);
      case Infix::minus: return row(a + sign("−") + b);
      case Infix::scale: return row(a + (is_written ? sign("×") : kThinSpace) + b);
      case Infix::entrywise: return row(a + sign("⊙") + b);
      case Infix::product: return row(a + (is_written ? sign("·") : kThinSpace) + b);
    }
    return "";
  }

  std::string fraction(const std::string& a, const std::string& b) const override { return "<mfrac>" + a + b + "</mfrac>"; }
  std::string power(const std::string& base, const std::string& exponent) const override {
    return "<msup>" + row(base) + exponent + "</msup>";
  }
  std::string transposed(const std::string& term) const override { return "<msup>" + row(term) + "<mo>⊤</mo></msup>"; }

  std::string choice(const std::string& condition, const std::string& a, const std::string& b) const override {
    const auto line = [](const std::string& value, const std::string& when) {
      return "<mtr><mtd>" + value + "</mtd><mtd>" + when + "</mtd></mtr>";
    };
    return row("<mo>{</mo><mtable class=\"cases\">" + line(a, row("<mtext>if&#160;</mtext>" + condition)) +
               line(b, "<mtext>otherwise</mtext>") + "</mtable>");
  }

  std::string comparison(const std::string& a, const std::string& compare, const std::string& b) const override {
    return row(a + sign(compare) + b);
  }

  std::string sum(const std::string& over, const std::string& term) const override {
    std::string indices;
    for (const char index : over) indices += std::string("<mi>") + index + "</mi>";
    return row("<munder><mo>∑</mo>" + row(indices) + "</munder>" + term);
  }

  std::string call(const std::string& function, const std::vector<std::string>& arguments) const override {
    if (function == "sqrt") return "<msqrt>" + arguments[0] + "</msqrt>";
    std::string list;
    for (std::size_t i = 0; i < arguments.size(); ++i) list += (i > 0 ? sign(",") : "") + arguments[i];
    if (function == "abs") return fenced("|", list, "|");
    return row("<mi mathvariant=\"normal\">" + html_escaped(function) + "</mi>" + fenced("(", list, ")"));
  }

 private:
  static constexpr const char* kThinSpace = "<mspace width=\"0.17em\"/>";

  const Numbers* numbers_;
  const int digits_;
};

}  // namespace

std::unique_ptr<Script> mathml_script(const Numbers* numbers, int digits) { return std::make_unique<MathmlScript>(numbers, digits); }

std::string mathml_value(const std::string& id, const Tensor& value, const Numbers& numbers) {
  return display_mathml(lies_flat(id, value, numbers) ? value.reshaped({1, value.count()}) : value, numbers.digits, numbers.most_entries);
}

}  // namespace longhand
