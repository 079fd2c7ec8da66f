// One formula in text, in TeX and with numbers: parentheses where they are needed, and only there.
#include "explain/render.h"

#include <gtest/gtest.h>

namespace longhand {
namespace {

using Kind = Expression::Kind;

Expression name(const char* text, bool scalar = true) { return {.kind = Kind::name, .text = text, .is_scalar = scalar}; }
Expression number(double value) { return {.kind = Kind::number, .value = value}; }
Expression of(Kind kind, std::vector<Expression> children, const char* text = "") {
  bool scalar = true;
  for (const auto& child : children) scalar = scalar && child.is_scalar;
  return {.kind = kind, .text = text, .children = std::move(children), .is_scalar = scalar};
}
Expression add(Expression a, Expression b) { return of(Kind::add, {a, b}); }
Expression subtract(Expression a, Expression b) { return of(Kind::subtract, {a, b}); }
Expression times(Expression a, Expression b) { return of(Kind::multiply, {a, b}); }
Expression product(Expression a, Expression b) { return of(Kind::product, {a, b}); }
Expression over(Expression a, Expression b) { return of(Kind::divide, {a, b}); }
Expression minus(Expression a) { return of(Kind::negate, {a}); }
Expression power(Expression a, Expression b) { return of(Kind::power, {a, b}); }
Expression transposed(Expression a) { return of(Kind::transpose, {a}); }
Expression sum(Expression a, const char* over = "j") { return of(Kind::sum, {a}, over); }
Expression call(const char* function, std::vector<Expression> arguments) { return of(Kind::call, arguments, function); }
Expression compare(Expression a, const char* sign, Expression b) { return of(Kind::compare, {a, b}, sign); }

const Expression a = name("a"), b = name("b"), c = name("c"), n = name("n"), W = name("W1", false), x = name("x", false);

struct Row {
  Expression expression;
  const char *text, *latex, *numbers;
};

// a = 2, b = 3, c = 5, n = -4, W1 = [[1, -2]], x = [6, 7].
const std::vector<Row>& rows() {
  static const std::vector<Row> kRows{
      {add(a, subtract(b, c)), "a + b - c", "a + b - c", "2 + 3 - 5"},
      {subtract(a, add(b, c)), "a - (b + c)", "a - \\left(b + c\\right)", "2 - (3 + 5)"},
      {subtract(a, subtract(b, c)), "a - (b - c)", "a - \\left(b - c\\right)", "2 - (3 - 5)"},
      {subtract(a, minus(b)), "a - (-b)", "a - \\left(-b\\right)", "2 - (-3)"},
      {add(a, minus(b)), "a + (-b)", "a + \\left(-b\\right)", "2 + (-3)"},
      {minus(minus(a)), "-(-a)", "-\\left(-a\\right)", "-(-2)"},
      {minus(number(-2)), "-(-2)", "-\\left(-2\\right)", "-(-2)"},
      {minus(add(a, b)), "-(a + b)", "-\\left(a + b\\right)", "-(2 + 3)"},
      {minus(times(a, b)), "-a b", "-a \\, b", "-2 × 3"},
      {minus(n), "-n", "-n", "-(-4)"},
      {add(n, n), "n + n", "n + n", "-4 + (-4)"},
      {subtract(a, n), "a - n", "a - n", "2 - (-4)"},
      {times(add(a, b), c), "(a + b) c", "\\left(a + b\\right) \\, c", "(2 + 3) × 5"},
      {times(a, subtract(number(1), b)), "a (1 - b)", "a \\, \\left(1 - b\\right)", "2 × (1 - 3)"},
      {times(a, minus(b)), "a (-b)", "a \\, \\left(-b\\right)", "2 × (-3)"},
      {times(n, n), "n n", "n \\, n", "(-4) × (-4)"},
      {times(times(a, b), c), "a b c", "a \\, b \\, c", "2 × 3 × 5"},
      {times(a, times(b, c)), "a (b c)", "a \\, \\left(b \\, c\\right)", "2 × (3 × 5)"},
      {times(number(0.5), number(4)), "0.5 × 4", "0.5 \\times 4", "0.5 × 4"},
      {over(a, times(b, c)), "a / (b c)", "\\frac{a}{b \\, c}", "2 / (3 × 5)"},
      {over(times(a, b), c), "a b / c", "\\frac{a \\, b}{c}", "2 × 3 / 5"},
      {over(a, over(b, c)), "a / (b / c)", "\\frac{a}{\\frac{b}{c}}", "2 / (3 / 5)"},
      {over(add(a, b), subtract(b, c)), "(a + b) / (b - c)", "\\frac{a + b}{b - c}", "(2 + 3) / (3 - 5)"},
      {over(a, n), "a / n", "\\frac{a}{n}", "2 / (-4)"},
      {times(a, over(b, c)), "a (b / c)", "a \\, \\frac{b}{c}", "2 × (3 / 5)"},
      {power(name("e"), minus(a)), "e^(-a)", "{e}^{-a}", "e^(-2)"},
      {power(add(a, b), number(2)), "(a + b)^2", "{\\left(a + b\\right)}^{2}", "(2 + 3)^2"},
      {power(over(a, b), number(2)), "(a / b)^2", "{\\left(\\frac{a}{b}\\right)}^{2}", "(2 / 3)^2"},
      {power(n, number(2)), "n^2", "{n}^{2}", "(-4)^2"},
      {power(power(a, b), c), "(a^b)^c", "{\\left({a}^{b}\\right)}^{c}", "(2^3)^5"},
      {power(a, power(b, c)), "a^(b^c)", "{a}^{{b}^{c}}", "2^(3^5)"},
      {number(1e-8), "1e-08", "1 \\cdot 10^{-8}", "1e-08"},
      {add(product(W, x), b), "W₁ x + b", "W_{1} x + b", "[[1, -2]] · [6, 7] + 3"},
      {product(transposed(W), minus(x)), "W₁ᵀ (-x)", "{W_{1}}^{\\top} \\left(-x\\right)", "[[1, -2]]ᵀ · (-[6, 7])"},
      {product(product(W, x), transposed(x)), "W₁ x xᵀ", "W_{1} x {x}^{\\top}", "[[1, -2]] · [6, 7] · [6, 7]ᵀ"},
      {transposed(product(W, x)), "(W₁ x)ᵀ", "{\\left(W_{1} x\\right)}^{\\top}", "([[1, -2]] · [6, 7])ᵀ"},
      {times(W, W), "W₁ ⊙ W₁", "W_{1} \\odot W_{1}", "[[1, -2]] ⊙ [[1, -2]]"},
      {times(a, W), "a W₁", "a \\, W_{1}", "2 × [[1, -2]]"},
      {minus(sum(times(x, x))), "-Σⱼ x ⊙ x", "-\\sum_{j} x \\odot x", "-Σⱼ [6, 7] ⊙ [6, 7]"},
      {sum(add(a, b), "i"), "Σᵢ (a + b)", "\\sum_{i} \\left(a + b\\right)", "Σᵢ (2 + 3)"},
      {times(sum(a), b), "(Σⱼ a) b", "\\left(\\sum_{j} a\\right) \\, b", "(Σⱼ 2) × 3"},
      {over(sum(a, "i"), name("N")), "Σᵢ a / N", "\\frac{\\sum_{i} a}{N}", "Σᵢ 2 / N"},
      {call("log", {subtract(number(1), a)}), "log(1 - a)", "\\log\\left(1 - a\\right)", "log(1 - 2)"},
      {call("max", {number(0), n}), "max(0, n)", "\\max\\left(0, n\\right)", "max(0, -4)"},
      {call("sqrt", {a}), "√(a)", "\\sqrt{a}", "√(2)"},
      {call("abs", {subtract(a, b)}), "|a - b|", "\\left|a - b\\right|", "|2 - 3|"},
      {call("log_softmax", {x}), "log_softmax(x)", "\\mathrm{log\\_softmax}\\left(x\\right)", "log_softmax([6, 7])"},
      {times(call("log", {a}), b), "log(a) b", "\\log\\left(a\\right) \\, b", "log(2) × 3"},
      {of(Kind::choose, {compare(a, ">", number(0)), number(1), number(0)}), "1 if a > 0, else 0",
       "\\begin{cases} 1 & \\text{if } a > 0 \\\\ 0 & \\text{otherwise} \\end{cases}", "1 if 2 > 0, else 0"},
      {times(a, of(Kind::choose, {compare(b, "≤", c), b, c})), "a (b if b ≤ c, else c)",
       "a \\, \\left(\\begin{cases} b & \\text{if } b \\le c \\\\ c & \\text{otherwise} \\end{cases}\\right)",
       "2 × (3 if 3 ≤ 5, else 5)"},
      {compare(subtract(a, b), "≠", c), "a - b ≠ c", "a - b \\ne c", "2 - 3 ≠ 5"},
      {power(name("dL/da1"), number(2)), "(∂L/∂a₁)^2", "{\\left(\\frac{\\partial L}{\\partial a_{1}}\\right)}^{2}", "∂L/∂a₁^2"},
      {name("dL/dW2"), "∂L/∂W₂", "\\frac{\\partial L}{\\partial W_{2}}", "∂L/∂W₂"},
  };
  return kRows;
}

TEST(Render, EachFormulaInThreeWays) {
  const std::map<std::string, Tensor> values{{"a", Tensor::scalar(2)},  {"b", Tensor::scalar(3)},
                                             {"c", Tensor::scalar(5)},  {"n", Tensor::scalar(-4)},
                                             {"W1", Tensor{{1, -2}}},   {"x", Tensor{6, 7}}};
  for (const auto& row : rows()) {
    EXPECT_EQ(render_text(row.expression), row.text);
    EXPECT_EQ(render_latex(row.expression), row.latex);
    EXPECT_EQ(render_numbers(row.expression, values, 4), row.numbers);
  }
}

const std::map<std::string, Tensor>& values() {
  static const std::map<std::string, Tensor> kValues{{"a", Tensor::scalar(2)},  {"b", Tensor::scalar(3)}, {"n", Tensor::scalar(-4)},
                                                     {"W1", Tensor{{1, -2}}},   {"x", Tensor{6, 7}},      {"b1", Tensor{8, 9}},
                                                     {"L_rows", Tensor{8, 9}},  {"long", Tensor(Shape{128, 784})}};
  return kValues;
}

Numbers numbers(bool is_batch = false) {
  return {.find = [](const std::string& id) { return values().contains(id) ? &values().at(id) : nullptr; }, .is_batch = is_batch};
}

struct MathmlRow {
  Expression expression;
  const char *symbols, *numbers;
};

TEST(Render, Mathml) {
  const MathmlRow kRows[] = {
      {subtract(a, add(b, n)), "<mrow><mi>a</mi><mo>−</mo><mrow><mo stretchy=\"false\">(</mo><mrow><mi>b</mi><mo>+</mo><mi>n</mi></mrow><mo stretchy=\"false\">)</mo></mrow></mrow>",
       "<mrow><mn>2</mn><mo>−</mo><mrow><mo stretchy=\"false\">(</mo><mrow><mn>3</mn><mo>+</mo><mrow><mo stretchy=\"false\">(</mo><mrow><mo>−</mo><mn>4</mn></mrow><mo stretchy=\"false\">)</mo>"
       "</mrow></mrow><mo stretchy=\"false\">)</mo></mrow></mrow>"},
      {over(a, add(b, a)), "<mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mi>a</mi></mrow></mfrac>",
       "<mfrac><mn>2</mn><mrow><mn>3</mn><mo>+</mo><mn>2</mn></mrow></mfrac>"},
      {power(name("e"), minus(a)), "<msup><mrow><mi>e</mi></mrow><mrow><mo>−</mo><mi>a</mi></mrow></msup>",
       "<msup><mrow><mi>e</mi></mrow><mrow><mo>−</mo><mn>2</mn></mrow></msup>"},
      {compare(a, "<", b), "<mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow>", "<mrow><mn>2</mn><mo>&lt;</mo><mn>3</mn></mrow>"},
      {name("dL/dW2"), "<mfrac><mrow><mi>∂</mi><mi>L</mi></mrow><mrow><mi>∂</mi><msub><mi>W</mi><mn>2</mn></msub></mrow></mfrac>",
       "<mfrac><mrow><mi>∂</mi><mi>L</mi></mrow><mrow><mi>∂</mi><msub><mi>W</mi><mn>2</mn></msub></mrow></mfrac>"},
      {call("sqrt", {a}), "<msqrt><mi>a</mi></msqrt>", "<msqrt><mn>2</mn></msqrt>"},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(render_mathml(row.expression), row.symbols);
    EXPECT_EQ(render_mathml(row.expression, numbers()), row.numbers);
  }
}

TEST(Render, NumbersInTex) {
  EXPECT_EQ(render_latex(product(W, x), numbers()),
            "\\begin{bmatrix} 1 & -2 \\end{bmatrix} \\cdot \\begin{bmatrix} 6 \\\\ 7 \\end{bmatrix}");
  EXPECT_EQ(render_latex(subtract(a, n), numbers()), "2 - \\left(-4\\right)");
  EXPECT_EQ(render_latex(times(a, b), numbers()), "2 \\times 3");
}

TEST(Render, ABiasOfABatchLiesAndALossOfEachRowStands) {
  const char *lying = "\\begin{bmatrix} 8 & 9 \\end{bmatrix}", *standing = "\\begin{bmatrix} 8 \\\\ 9 \\end{bmatrix}";
  EXPECT_EQ(render_latex(name("b1", false), numbers(true)), lying);
  EXPECT_EQ(render_latex(name("b1", false), numbers()), standing);
  EXPECT_EQ(render_latex(name("L_rows", false), numbers(true)), standing);
}

TEST(Render, WhatIsLongIsWrittenAsItsExtents) {
  const auto e = add(product(name("long", false), x), name("b1", false));
  EXPECT_EQ(render_text(e, numbers()), "[128×784] · [6, 7] + [8, 9]");
  EXPECT_EQ(render_latex(name("long", false), numbers()), "[128 \\times 784]");
  EXPECT_EQ(render_extents(e, numbers()), "[128×784] · [2] + [2]");
  EXPECT_EQ(render_extents(product(a, x), numbers()), "1 · [2]");
}

TEST(NamesIn, AreQuantitiesEachOnce) {
  const auto e = add(times(a, W), over(sum(power(name("e"), a)), name("N")));
  EXPECT_EQ(names_in(e), (std::vector<std::string>{"a", "W1"}));
}

}  // namespace
}  // namespace longhand
