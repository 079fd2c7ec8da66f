#include "explain/render.h"

#include <algorithm>

#include "explain/numbers.h"
#include "explain/script.h"
#include "explain/symbols.h"

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

// A sum in front of a factor would seem to sum the product.
int left_rank(const Expression& product) {
  return product.children[0].kind == Kind::sum ? kPower : kProduct;
}

// A number in front of a product needs no parentheses.
int right_rank(const Expression& product) {
  return product.children[0].kind == Kind::number && product.children[1].kind == Kind::multiply ? kProduct : kPower;
}

// ∂L/∂W^2 would seem to be by the square of W.
bool opens_under(const Expression& e, int least) {
  return e.kind == Kind::name && least == kAtom && e.text.starts_with("d") && e.text.find('/') != std::string::npos;
}

class Renderer {
 public:
  Renderer(const Script& script, bool numbers) : script_(script), numbers_(numbers) {}

  Markup render(const Expression& e, int least = kChoice) const {
    auto term = bare(e);
    // A negative number put in place of a name is held together too.
    const bool negative = e.kind == Kind::name && term.begins_with_sign && least > kSum;
    const bool held = e.kind == Kind::divide && script_.is_raised() && least < kAtom;
    if ((rank_of(e) < least && !held) || negative || (!numbers_ && opens_under(e, least))) return {script_.parenthesised(term.text)};
    return term;
  }

 private:
  Markup bare(const Expression& e) const {
    const auto child = [&](std::size_t i, int least) { return render(e.children[i], least); };
    const auto text = [&](std::size_t i, int least) { return render(e.children[i], least).text; };
    const auto infix = [&](int left, Infix sign, const std::string& right) {
      const auto first = child(0, left);
      return Markup{script_.infix(first.text, sign, sign_is_written(e), right), first.begins_with_sign};
    };
    const int exponent = script_.is_raised() ? kChoice : kAtom;
    switch (e.kind) {
      case Kind::name: return script_.name(e.text);
      case Kind::number: return {script_.number(e.value), e.value < 0};
      case Kind::negate: return {script_.negated(unsigned_term(child(0, kProduct))), true};
      case Kind::add: return infix(kSum, Infix::plus, unsigned_term(child(1, kSum)));
      case Kind::subtract: return infix(kSum, Infix::minus, unsigned_term(child(1, kProduct)));
      case Kind::multiply: return infix(left_rank(e), factor_sign(e), text(1, right_rank(e)));
      case Kind::product: return infix(left_rank(e), Infix::product, text(1, kPower));
      case Kind::divide: return fraction(e);
      case Kind::power: return {script_.power(text(0, kAtom), text(1, exponent))};
      case Kind::transpose: return {script_.transposed(text(0, kAtom))};
      case Kind::choose: return {script_.choice(text(0, kComparison), text(1, kComparison), text(2, kComparison))};
      case Kind::compare: return {script_.comparison(text(0, kSum), e.text, text(1, kSum))};
      case Kind::sum: return {script_.sum(e.text, text(0, kProduct))};
      case Kind::call: return call(e);
    }
    return {};
  }

  Markup fraction(const Expression& e) const {
    if (script_.is_raised()) return {script_.fraction(render(e.children[0]).text, render(e.children[1]).text)};
    const auto above = render(e.children[0], kProduct);
    return {script_.fraction(above.text, render(e.children[1], kPower).text), above.begins_with_sign};
  }

  Markup call(const Expression& e) const {
    std::vector<std::string> arguments;
    for (const auto& child : e.children) arguments.push_back(render(child).text);
    return {script_.call(e.text, arguments)};
  }

  // What stands behind a sign must not begin with one.
  std::string unsigned_term(const Markup& term) const {
    return term.begins_with_sign ? script_.parenthesised(term.text) : term.text;
  }

  static Infix factor_sign(const Expression& e) {
    return e.children[0].is_scalar || e.children[1].is_scalar ? Infix::scale : Infix::entrywise;
  }

  bool sign_is_written(const Expression& e) const {
    return numbers_ || (e.children[0].kind == Kind::number && e.children[1].kind == Kind::number);
  }

  const Script& script_;
  const bool numbers_;
};

std::string rendered(const Expression& expression, const std::unique_ptr<Script>& script, bool numbers) {
  return Renderer(*script, numbers).render(expression).text;
}

}  // namespace

bool is_bare_letter(const std::string& name) { return name == "e" || name == "N" || name == "u"; }

const Tensor* find_value(const Numbers* numbers, const std::string& id) {
  return numbers == nullptr ? nullptr : numbers->find(id);
}

bool lies_flat(const std::string& id, const Tensor& value, const Numbers& numbers) {
  if (!numbers.is_batch || value.shape().rank() != 1) return false;
  auto symbol = symbol_of(id);
  while (!symbol.by.empty() || !symbol.below.empty()) {
    auto inner = symbol.by.empty() ? symbol.below[0] : symbol.by[0];
    symbol = std::move(inner);
  }
  static const std::vector<std::string> kLetters{"b", "beta", "gamma", "mu", "running mean", "running var", "sigma", "var"};
  return std::ranges::find(kLetters, symbol.letter) != kLetters.end();
}

std::string render_text(const Expression& expression, int digits) { return rendered(expression, text_script(nullptr, digits), false); }

std::string render_latex(const Expression& expression, int digits) { return rendered(expression, latex_script(nullptr, digits), false); }

std::string render_mathml(const Expression& expression, int digits) { return rendered(expression, mathml_script(nullptr, digits), false); }

std::string render_numbers(const Expression& expression, const std::map<std::string, Tensor>& values, int digits) {
  const auto find = [&](const std::string& id) {
    const auto found = values.find(id);
    return found == values.end() ? nullptr : &found->second;
  };
  return render_text(expression, {.find = find, .digits = digits});
}

std::string render_text(const Expression& expression, const Numbers& numbers) {
  return rendered(expression, text_script(&numbers, numbers.digits), true);
}

std::string render_extents(const Expression& expression, Numbers numbers) {
  numbers.as_extents = true;
  return render_text(expression, numbers);
}

std::string render_latex(const Expression& expression, const Numbers& numbers) {
  return rendered(expression, latex_script(&numbers, numbers.digits), true);
}

std::string render_mathml(const Expression& expression, const Numbers& numbers) {
  return rendered(expression, mathml_script(&numbers, numbers.digits), true);
}

}  // namespace longhand
