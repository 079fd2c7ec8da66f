// Numbers as a person reads them.
#include "explain/numbers.h"

#include <gtest/gtest.h>

#include <limits>

namespace longhand {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct Row {
  double value;
  int digits;
  const char *text, *latex;
};

constexpr Row kRows[] = {
    {0.9387738371800921, 4, "0.9388", "0.9388"},
    {-1.0652192896681274, 4, "-1.065", "-1.065"},
    {0.9387738371800921, 7, "0.9387738", "0.9387738"},
    {0.1, 17, "0.10000000000000001", "0.10000000000000001"},
    {0.1 + 0.2, 4, "0.3", "0.3"},
    {2.5, 4, "2.5", "2.5"},
    {0, 4, "0", "0"},
    {-0.0, 4, "0", "0"},
    {1, 4, "1", "1"},
    {100, 2, "100", "100"},
    {12345.678, 4, "12346", "12346"},
    {1300000, 2, "1300000", "1300000"},
    {-99999.6, 4, "-100000", "-100000"},
    {123456789, 4, "1.235e+08", "1.235 \\cdot 10^{8}"},
    {3.2e-7, 4, "3.2e-07", "3.2 \\cdot 10^{-7}"},
    {-1e-300, 4, "-1e-300", "-1 \\cdot 10^{-300}"},
    {0.00012346, 4, "0.0001235", "0.0001235"},
    {0.9999936, 4, "0.999994", "0.999994"},
    {-0.99999, 2, "-0.99999", "-0.99999"},
    {0.99951, 3, "0.99951", "0.99951"},
    {1.00001, 4, "1", "1"},
    {kInfinity, 4, "∞", "\\infty"},
    {-kInfinity, 4, "-∞", "-\\infty"},
    {kNan, 4, "undefined", "\\text{undefined}"},
};

TEST(Display, ANumber) {
  for (const auto& row : kRows) {
    EXPECT_EQ(display(row.value, row.digits), row.text) << row.value;
    EXPECT_EQ(display_latex(row.value, row.digits), row.latex) << row.value;
    EXPECT_EQ(display(Tensor::scalar(row.value, DType::f64), row.digits), row.text);
  }
}

Tensor counting(Shape shape) {
  Tensor result(shape, DType::f64);
  for (std::int64_t i = 0; i < result.count(); ++i) result.set(i, static_cast<double>(i));
  return result;
}

TEST(Display, ListsAreShownWholeOrByTheirEnds) {
  EXPECT_EQ(display(counting({3}), 4), "[0, 1, 2]");
  EXPECT_EQ(display(counting({1, 2}), 4), "[[0, 1]]");
  EXPECT_EQ(display(counting({10}), 4), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]");
  EXPECT_EQ(display(counting({11}), 4), "[0, 1, 2, …, 9, 10]");
  EXPECT_EQ(display(counting({11, 2}), 4), "[[0, 1], [2, 3], [4, 5], …, [18, 19], [20, 21]]");
  EXPECT_EQ(display(counting({1, 12}), 4), "[[0, 1, 2, …, 10, 11]]");
  EXPECT_EQ(display(counting({2, 1, 2}), 4), "[[[0, 1]], [[2, 3]]]");
  EXPECT_EQ(display(counting({0}), 4), "[]");
}

TEST(Display, ListsInTex) {
  EXPECT_EQ(display_latex(counting({2}), 4), "\\begin{bmatrix} 0 \\\\ 1 \\end{bmatrix}");
  EXPECT_EQ(display_latex(counting({2, 2}), 4), "\\begin{bmatrix} 0 & 1 \\\\ 2 & 3 \\end{bmatrix}");
  EXPECT_EQ(display_latex(counting({11}), 4), "[11]");
  EXPECT_EQ(display_latex(counting({1, 11}), 4), "[1 \\times 11]");
  EXPECT_EQ(display_latex(Tensor::scalar(1e-9, DType::f64), 4), "1 \\cdot 10^{-9}");
}

TEST(Display, NumbersAndListsInMathml) {
  EXPECT_EQ(display_mathml(0.5, 4), "<mn>0.5</mn>");
  EXPECT_EQ(display_mathml(-0.5, 4), "<mrow><mo>−</mo><mn>0.5</mn></mrow>");
  EXPECT_EQ(display_mathml(-0.0, 4), "<mn>0</mn>");
  EXPECT_EQ(display_mathml(-3.2e-7, 4),
            "<mrow><mo>−</mo><mn>3.2</mn><mo>·</mo><msup><mn>10</mn><mrow><mo>−</mo><mn>7</mn></mrow></msup></mrow>");
  EXPECT_EQ(display_mathml(-kInfinity, 4), "<mrow><mo>−</mo><mi>∞</mi></mrow>");
  EXPECT_EQ(display_mathml(kNan, 4), "<mtext>undefined</mtext>");
  EXPECT_EQ(display_mathml(counting({1, 2}), 4),
            "<mrow><mo>[</mo><mtable><mtr><mtd><mn>0</mn></mtd><mtd><mn>1</mn></mtd></mtr></mtable><mo>]</mo></mrow>");
  EXPECT_EQ(display_mathml(counting({2}), 4),
            "<mrow><mo>[</mo><mtable><mtr><mtd><mn>0</mn></mtd></mtr><mtr><mtd><mn>1</mn></mtd></mtr></mtable><mo>]</mo></mrow>");
  EXPECT_EQ(display_mathml(counting({2, 1, 1}), 4),
            "<mrow><mo>(</mo><mrow><mo>[</mo><mtable><mtr><mtd><mn>0</mn></mtd></mtr></mtable><mo>]</mo></mrow><mo>,</mo>"
            "<mrow><mo>[</mo><mtable><mtr><mtd><mn>1</mn></mtd></mtr></mtable><mo>]</mo></mrow><mo>)</mo></mrow>");
  EXPECT_EQ(display_latex(counting({2, 1, 1}), 4),
            "\\left(\\begin{bmatrix} 0 \\end{bmatrix}, \\begin{bmatrix} 1 \\end{bmatrix}\\right)");
  EXPECT_EQ(display_mathml(counting({11, 2}), 4), "<mrow><mo>[</mo><mn>11</mn><mo>×</mo><mn>2</mn><mo>]</mo></mrow>");
}

TEST(LargestEntries, AreNamedFromOne) {
  const auto entries = largest_entries(Tensor{{1, -5, 2}, {5, 0, -3}}, 3);
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[0].index, (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(entries[0].value, -5);
  EXPECT_EQ(entries[1].index, (std::vector<std::int64_t>{2, 1}));
  EXPECT_EQ(entries[2].index, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(largest_entries(Tensor{1, 2}, 9).size(), 2u);
}

}  // namespace
}  // namespace longhand
