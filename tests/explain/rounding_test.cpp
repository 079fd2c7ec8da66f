#include "explain/rounding.h"

#include <gtest/gtest.h>

#include <cmath>

#include "longhand/ir.h"

namespace longhand {
namespace {

TEST(Rounding, BoundsWhatCancellationLoses) {
  // 1 + x keeps of x what fits beside 1; what is lost is known from x itself.
  const std::vector<double> at{1e-3, 1e-10, 1e-17, 0.5};
  Graph graph;
  const Var x = graph.input("x", {4});
  const Var back = (1.0 + x) - 1.0;
  const auto values = evaluate<double>(graph, {{"x", {{4}, at, {}}}});
  const Rounding rounding(graph, values, back.id);
  for (std::size_t i = 0; i < at.size(); ++i) {
    const double lost = std::abs(values[static_cast<std::size_t>(back.id)].real[i] - at[i]);
    EXPECT_GE(rounding.of(back.id, i), lost) << at[i];
    EXPECT_LE(rounding.of(back.id, i), 1e-15) << at[i];
    EXPECT_EQ(rounding.of(x.id, i), 0);
  }
  EXPECT_EQ(rounding.of(back.id, 3), 0);
}

TEST(Rounding, KnowsNothingOfWhatHasNoBound) {
  Graph graph;
  const Var x = graph.input("x", {1});
  const Var result = log((x + 1.0) - x);
  const auto values = evaluate<double>(graph, {{"x", {{1}, {0x1p53 + 2}, {}}}});
  EXPECT_TRUE(std::isinf(Rounding(graph, values, result.id).of(result.id, 0)));
}

TEST(Rounding, FollowsWhatWasReplaced) {
  Graph graph;
  const Var x = graph.input("x", {1});
  const Var unbounded = log(x - x), twin = (1.0 + x) - 1.0, result = unbounded * 3.0;
  const Inputs<double> inputs{{"x", {{1}, {1e-10}, {}}}};
  const auto twins = evaluate<double>(graph, inputs);
  const auto values = evaluate<double>(graph, inputs, {{unbounded.id, twins[static_cast<std::size_t>(twin.id)]}});
  const Rounding rounding(graph, values, result.id, {{unbounded.id, twin.id}});
  EXPECT_LT(rounding.of(result.id, 0), 1e-14);
  EXPECT_GE(rounding.of(result.id, 0), 3 * std::abs(twins[static_cast<std::size_t>(twin.id)].real[0] - 1e-10));
}

}  // namespace
}  // namespace longhand
