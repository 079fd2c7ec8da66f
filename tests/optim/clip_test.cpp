// Clipping by the norm of all gradients together. PyTorch's figures are in tests/parity.
#include <gtest/gtest.h>

#include <cmath>

#include "ir/evaluate.h"
#include "longhand/optim.h"

namespace longhand::optim {
namespace {

// Gradients (3) and (0, 4): together they measure 5.
TEST(Clip, ScalesAllAlikeWhereTheyMeasureMoreThanTheLimit) {
  for (const auto& [limit, scale] : {std::pair(1.0, 1 / (5 + 1e-6)), {4.9, 4.9 / (5 + 1e-6)}, {5.1, 1.0}, {1e30, 1.0}}) {
    Graph graph;
    const Var a = graph.constant(Tensor::from(std::vector{3.0}, {1}, DType::f64));
    const Var b = graph.constant(Tensor::from(std::vector{0.0, 4.0}, {2}, DType::f64));
    const auto clipped = clip_by_global_norm({{"a", a}, {"b", b}}, limit);
    ASSERT_EQ(clipped.size(), 2u);
    const auto values = evaluate<double>(graph, {});
    const auto of = [&](Var var) { return values[static_cast<std::size_t>(var.id)].real; };
    EXPECT_DOUBLE_EQ(of(clipped[0])[0], 3 * scale) << limit;
    EXPECT_EQ(of(clipped[1])[0], 0);
    EXPECT_DOUBLE_EQ(of(clipped[1])[1], 4 * scale) << limit;
    EXPECT_EQ(clipped[1].node().label.layer, "b");
    EXPECT_EQ(clipped[1].node().label.role, "g");
  }
}

// As PyTorch's clip_grad_value_(2): (3, -0.5) becomes (2, -0.5), (-9) becomes (-2).
TEST(Clip, HoldsEachEntryWithinALimit) {
  Graph graph;
  const Var a = graph.constant(Tensor::from(std::vector{3.0, -0.5}, {2}, DType::f64));
  const Var b = graph.constant(Tensor::from(std::vector{-9.0}, {1}, DType::f64));
  const auto clipped = clip_by_value({{"a", a}, {"b", b}}, 2);
  const auto values = evaluate<double>(graph, {});
  EXPECT_EQ(values[static_cast<std::size_t>(clipped[0].id)].real, (std::vector{2.0, -0.5}));
  EXPECT_EQ(values[static_cast<std::size_t>(clipped[1].id)].real, (std::vector{-2.0}));
  EXPECT_EQ(clipped[1].node().label.layer, "b");
  EXPECT_THROW(clip_by_value({{"a", a}}, 0), ArgumentError);
}

TEST(Clip, RefusesALimitThatIsNone) {
  Graph graph;
  const Var g = graph.constant(1.0);
  for (const double limit : {0.0, -1.0, std::nan("")}) EXPECT_THROW(clip_by_global_norm({{"a", g}}, limit), ArgumentError);
  EXPECT_TRUE(clip_by_global_norm({}, 1).empty());
}

}  // namespace
}  // namespace longhand::optim
