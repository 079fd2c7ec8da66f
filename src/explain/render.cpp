#include "explain/render.h"

#include <functional>

#include "explain/numbers.h"

namespace longhand {
namespace {

using Kind = Expression::Kind;

// How tightly a term holds together; one of lower rank inside a higher gets parentheses.
enum Rank : int { kChoice, kComparison, kSum, kProduct, kSign, kPower, kAtom };

int rank_of(const Expression& e) {
  switch (e.kind) {
    case Kind::choose: return kChoice;
    case Kind::compare: return kComparison;
    case Kind::add: case Kind::subtract: return kSum;
    case Kind::negate: return kSign;
    case Kind::multiply: case Kind::product: case Kind::divide: case Kind::sum: return kProduct;
    case Kind::power: case Kind::transpose: return kPower;
    case Kind::number: return e.value < 0 ? kSign : kAtom;
    case Kind::name: case Kind::call: return kAtom;
  }
  return kAtom;
}

// ∂L/∂W^2 would seem to be by the square of W.
bool opens_under(const Expression& e, int least) {
  return e.kind == Kind::name && least == kAtom && e.text.starts_with("d") && e.text.find('/') != std::string::npos;
}

// A sum in front of a factor would seem to sum the product.
int left_rank(const Expression& product) {
  return product.children[0].kind == Kind::sum ? kPower : kProduct;
}

// A number in front of a product needs no parentheses.
int right_rank(const Expression& product) {
  return product.children[0].kind == Kind::number && product.children[1].kind == Kind::multiply ? kProduct : kPower;
}

class TextRenderer {
 public:
  using Name = std::function<std::string(const std::string&)>;
  TextRenderer(Name name, bool numbers) : name_(std::move(name)), numbers_(numbers) {}

  std::string render(const Expression& e, int least = kChoice) const {
    auto text = bare(e);
    // A negative number put in place of a name is held together too.
    const bool negative = numbers_ && e.kind == Kind::name && text.starts_with("-");
    if (rank_of(e) < least || (negative && least > kSum) || (!numbers_ && opens_under(e, least))) return "(" + text + ")";
    return text;
  }

 private:
  std::string bare(const Expression& e) const {
    const auto child = [&](std::size_t i, int least) { return render(e.children[i], least); };
    switch (e.kind) {
      case Kind::name: return name_(e.text);
      case Kind::number: return display(e.value, 10);
      case Kind::negate: return "-" + unsigned_term(child(0, kProduct));
      case Kind::add: return child(0, kSum) + " + " + unsigned_term(child(1, kSum));
      case Kind::subtract: return child(0, kSum) + " - " + unsigned_term(child(1, kProduct));
      case Kind::multiply: return child(0, left_rank(e)) + times(e) + child(1, right_rank(e));
      case Kind::product: return child(0, left_rank(e)) + (numbers_ ? " · " : " ") + child(1, kPower);
      case Kind::divide: return child(0, kProduct) + " / " + child(1, kPower);
      case Kind::power: return child(0, kAtom) + "^" + child(1, kAtom);
      case Kind::transpose: return child(0, kAtom) + "ᵀ";
      case Kind::choose: return child(1, kComparison) + " if " + child(0, kComparison) + ", else " + child(2, kComparison);
      case Kind::compare: return child(0, kSum) + " " + e.text + " " + child(1, kSum);
      case Kind::sum: return (e.text == "i" ? "Σᵢ " : e.text == "ij" ? "Σᵢⱼ " : "Σⱼ ") + child(0, kProduct);
      case Kind::call: return call(e);
    }
    return "";
  }

  // What stands behind a sign must not begin with one.
  static std::string unsigned_term(const std::string& text) {
    return text.starts_with("-") ? "(" + text + ")" : text;
  }

  std::string times(const Expression& e) const {
    if (!e.children[0].is_scalar && !e.children[1].is_scalar) return " ⊙ ";
    const bool between_numbers = e.children[0].kind == Kind::number && e.children[1].kind == Kind::number;
    return numbers_ || between_numbers ? " × " : " ";
  }

  std::string call(const Expression& e) const {
    if (e.text == "abs") return "|" + render(e.children[0]) + "|";
    std::string text = e.text == "sqrt" ? "√(" : e.text + "(";
    for (std::size_t i = 0; i < e.children.size(); ++i) text += (i > 0 ? ", " : "") + render(e.children[i]);
    return text + ")";
  }

  Name name_;
  bool numbers_;
};

class LatexRenderer {
 public:
  std::string render(const Expression& e, int least = kChoice) const {
    // The line of a fraction holds it together, but not under an exponent.
    const bool held = e.kind == Kind::divide && least < kAtom;
    return (rank_of(e) < least && !held) || opens_under(e, least) ? parenthesised(bare(e)) : bare(e);
  }

 private:
  std::string bare(const Expression& e) const {
    const auto child = [&](std::size_t i, int least) { return render(e.children[i], least); };
    switch (e.kind) {
      case Kind::name: return e.text == "e" || e.text == "N" || e.text == "u" ? e.text : latex_symbol(e.text);
      case Kind::number: return display_latex(e.value, 10);
      case Kind::negate: return "-" + unsigned_term(child(0, kProduct));
      case Kind::add: return child(0, kSum) + " + " + unsigned_term(child(1, kSum));
      case Kind::subtract: return child(0, kSum) + " - " + unsigned_term(child(1, kProduct));
      case Kind::multiply:
        return child(0, left_rank(e)) + (e.children[0].is_scalar || e.children[1].is_scalar ? " \\, " : " \\odot ") + child(1, right_rank(e));
      case Kind::product: return child(0, left_rank(e)) + " " + child(1, kPower);
      case Kind::divide: return "\\frac{" + child(0, kChoice) + "}{" + child(1, kChoice) + "}";
      case Kind::power: return "{" + child(0, kAtom) + "}^{" + child(1, kChoice) + "}";
      case Kind::transpose: return "{" + child(0, kAtom) + "}^{\\top}";
      case Kind::choose:
        return "\\begin{cases} " + child(1, kChoice) + " & \\text{if } " + child(0, kChoice) + " \\\\ " +
               child(2, kChoice) + " & \\text{otherwise} \\end{cases}";
      case Kind::compare: return child(0, kSum) + sign(e.text) + child(1, kSum);
      case Kind::sum: return "\\sum_{" + e.text + "} " + child(0, kProduct);
      case Kind::call: return call(e);
    }
    return "";
  }

  static std::string parenthesised(const std::string& text) { return "\\left(" + text + "\\right)"; }

  static std::string unsigned_term(const std::string& text) {
    return text.starts_with("-") ? parenthesised(text) : text;
  }

  static std::string sign(const std::string& text) {
    if (text == "≤") return " \\le ";
    if (text == "≥") return " \\ge ";
    if (text == "≠") return " \\ne ";
    return " " + text + " ";
  }

  std::string call(const Expression& e) const {
    if (e.text == "abs") return "\\left|" + render(e.children[0]) + "\\right|";
    if (e.text == "sqrt") return "\\sqrt{" + render(e.children[0]) + "}";
    static const std::vector<std::string> kKnown{"max", "min", "log", "sin", "cos", "tanh"};
    std::string text;
    for (const auto& known : kKnown) {
      if (e.text == known) text = "\\" + known;
    }
    if (text.empty()) {
      text = "\\operatorname{";
      for (const char c : e.text) text += c == '_' ? std::string("\\_") : std::string(1, c);
      text += "}";
    }
    text += "\\left(";
    for (std::size_t i = 0; i < e.children.size(); ++i) text += (i > 0 ? ", " : "") + render(e.children[i]);
    return text + "\\right)";
  }
};

}  // namespace

std::string render_text(const Expression& expression) {
  return TextRenderer([](const std::string& id) { return unicode_symbol(id); }, false).render(expression);
}

std::string render_latex(const Expression& expression) { return LatexRenderer().render(expression); }

std::string render_numbers(const Expression& expression, const std::map<std::string, Tensor>& values,
                           int digits) {
  const auto name = [&](const std::string& id) {
    const auto found = values.find(id);
    return found == values.end() ? unicode_symbol(id) : display(found->second, digits);
  };
  return TextRenderer(name, true).render(expression);
}

}  // namespace longhand
