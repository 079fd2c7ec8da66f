#include <gtest/gtest.h>

#include "longhand/ir.h"

namespace longhand {
namespace {

TEST(Print, IsALineANodeThenWritesAndOutputs) {
  Graph graph;
  const Var x = graph.input("x", {Shape::kBatch, 2});
  const Var w = graph.state("fc1.weight", {3, 2});
  const Var b = graph.constant(Tensor{0.5, -1.0, 2.0});
  const Var z = linear(x, w, b).labelled("fc1", "z");
  const Var a = silu(z).labelled("fc1", "a");
  const Var largest = argmax(a, -1, true);
  const Var kept = greater(a, z);
  const Var gram = matmul(z, a, true);
  const Var total = sum(gram, {0});
  const Var adjoint = exp(z);
  graph.label(adjoint.id).adjoint_of = z.id;
  const Var slope = cos(z);
  graph.label(slope.id).derivative_of = a.id;
  graph.label(slope.id).with_respect_to = z.id;
  graph.assign(w, -w);
  graph.output("class", largest);
  graph.output("kept", kept);
  graph.output("total", total);
  EXPECT_EQ(to_string(graph),
            "%0: [B, 2] = input(x)\n"
            "%1: [3, 2] = state(fc1.weight)\n"
            "%2: [3] = constant([0.5, -1, 2])\n"
            "%3: [B, 3] = linear(%0, %1, %2)  # fc1 z\n"
            "%4: [B, 3] = sigmoid(%3)  in silu\n"
            "%5: [B, 3] = multiply(%3, %4)  in silu  # fc1 a\n"
            "%6: [B, 1] index = argmax(%5, axes=[1], keep_dims)\n"
            "%7: [B, 3] boolean = greater(%5, %3)\n"
            "%8: [3, 3] = matmul(%3, %5, transpose_left)\n"
            "%9: [3] = sum(%8, axes=[0])\n"
            "%10: [B, 3] = exp(%3)  # adjoint of %3\n"
            "%11: [B, 3] = cos(%3)  # d%5/d%3\n"
            "%12: [3, 2] = negate(%1)\n"
            "assign fc1.weight = %12\n"
            "output class = %6\n"
            "output kept = %7\n"
            "output total = %9\n");
}

TEST(Print, ShowsTheAttributesThatMakeANodeWhatItIs) {
  Graph graph;
  const Var x = graph.input("x", {2, 3});
  const Var i = graph.input("i", {2}, Kind::index);
  const Var step = graph.input("step", {}, Kind::index);
  slice(x, 1, 0, 2);
  pad(x, 0, 1, 2);
  concatenate({x, x}, 0);
  transpose(x);
  one_hot(i, 5);
  scatter_add(i, x, 7);
  random_uniform(step, i, 4, 9, 2);
  graph.constant(Tensor(Shape{3, 3}));
  EXPECT_EQ(to_string(graph),
            "%0: [2, 3] = input(x)\n"
            "%1: [2] index = input(i)\n"
            "%2: [] index = input(step)\n"
            "%3: [2, 2] = slice(%0, axis=1, 0, 2)\n"
            "%4: [5, 3] = pad(%0, axis=0, 1, 2)\n"
            "%5: [4, 3] = concatenate(%0, %0, axis=0)\n"
            "%6: [3, 2] = transpose(%0, axes=[1, 0])\n"
            "%7: [2, 5] = one_hot(%1, 5)\n"
            "%8: [7, 3] = scatter_add(%1, %0, 7)\n"
            "%9: [2, 4] = random_uniform(%2, %1, columns=4, seed=9, stream=2)\n"
            "%10: [3, 3] = constant(...)\n");
}

}  // namespace
}  // namespace longhand
