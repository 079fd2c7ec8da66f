// Fused sweeps beside evaluate: every entry-by-entry operation under every kind of broadcasting.
#include <gtest/gtest.h>

#include <cmath>

#include "backends/each_target.h"
#include "base/thread_pool.h"
#include "exec/plan.h"
#include "ir/evaluate.h"
#include "ir/op_table.h"
#include "longhand/exec.h"
#include "support/expect_close.h"
#include "support/op_samples.h"

namespace longhand::testing {
namespace {

struct Bound {
  std::string name;
  Tensor values;
};

template <class T>
std::vector<double> run_on_cpu(const Graph& graph, const std::vector<Bound>& inputs,
                               std::int64_t rows, int threads = 1) {
  const Program program(graph, {detail::dtype_of<T>(), rows, "cpu"});
  State state;
  Runner runner(program, state, make_thread_pool(threads));
  for (const auto& input : inputs)
    runner.bind(input.name, input.values.cast(detail::dtype_of<T>()));
  runner.run(rows);
  return runner.output("y").to_doubles();
}

template <class T>
std::vector<double> by_evaluate(const Graph& graph, const std::vector<Bound>& inputs) {
  Inputs<T> arrays;
  for (const auto& input : inputs)
    arrays[input.name] = to_array<T>(input.values.cast(detail::dtype_of<T>()));
  const auto values = evaluate<T>(graph, arrays);
  return to_doubles(values[static_cast<std::size_t>(graph.find_output("y"))]);
}

template <class T>
void check(const Graph& graph, const std::vector<Bound>& inputs, std::int64_t rows) {
  // Operands are about 1, and may cancel.
  constexpr double kTolerance = 32 * static_cast<double>(std::numeric_limits<T>::epsilon());
  const Tolerance tolerance{kTolerance, kTolerance};
  EXPECT_TRUE(close(run_on_cpu<T>(graph, inputs, rows), by_evaluate<T>(graph, inputs), tolerance))
      << (sizeof(T) == 4 ? "float" : "double");
}

std::vector<Op> binary_operations() {
  std::vector<Op> found;
  for (int i = 0; i < kOpCount; ++i) {
    const auto op = static_cast<Op>(i);
    const auto op_class = info(op).op_class;
    if (op_class == OpClass::binary || op_class == OpClass::comparison) found.push_back(op);
  }
  return found;
}

// Shapes that a right operand may have beside [rows, columns], and one that leads to a sweep of
// another shape.
std::vector<Shape> shapes_beside(std::int64_t columns) {
  constexpr auto kRows = Shape::kBatch;
  return {{kRows, columns}, {}, {1}, {1, 1}, {columns}, {1, columns}, {kRows, 1}};
}

TEST(Sweep, BinaryOperationsUnderBroadcasting) {
  each_target([] {
    for (const auto op : binary_operations()) {
      for (const std::int64_t columns : {1, 3, 16, 700, 2000}) {
        for (const auto& shape : shapes_beside(columns)) {
          for (const bool swapped : {false, true}) {
            const std::int64_t rows = columns > 100 ? 3 : 19;
            SCOPED_TRACE(std::string(name(op)) + " of " + to_string(shape) + " and columns " +
                         std::to_string(columns));
            Graph graph;
            const auto a = graph.input("a", {Shape::kBatch, columns}), b = graph.input("b", shape);
            graph.output(
                "y", graph.add(op, swapped ? std::vector{b.id, a.id} : std::vector{a.id, b.id}));
            const double low = op == Op::power ? 0.1 : -2;
            auto left = filled({rows, columns}, 1, low),
                 right = filled(shape.with_rows(rows), 2, low);
            for (std::int64_t i = 0; i < right.count(); i += 2)
              left.set(i, right.at(i));  // equal entries
            check<float>(graph, {{"a", left}, {"b", right}}, rows);
            check<double>(graph, {{"a", left}, {"b", right}}, rows);
          }
        }
      }
    }
  });
}

// Several operands of every kind in one step, some values read only inside it.
Var busy_formula(Var x, Var row, Var column, Var one) {
  const auto a = x * row + column;
  const auto b = tanh(a) - one * x;
  const auto c = where(less(a, b), exp(a - column), maximum(b, 0.25 * row));
  return c / (abs(a) + 1.5) + sigmoid(b) * sqrt(abs(c) + one);
}

TEST(Sweep, LongFormulasOfEveryLength) {
  each_target([] {
    for (const std::int64_t columns : {1, 2, 5, 17, 64, 511, 513, 1025, 5000}) {
      for (const std::int64_t rows : {1, 2, 7, 40}) {
        SCOPED_TRACE(std::to_string(rows) + " x " + std::to_string(columns));
        Graph graph;
        const auto x = graph.input("x", {Shape::kBatch, columns}),
                   row = graph.input("row", {columns});
        const auto column = graph.input("column", {Shape::kBatch, 1}), one = graph.input("one", {});
        graph.output("y", busy_formula(x, row, column, one));
        const std::vector<Bound> inputs = {{"x", filled({rows, columns}, 3)},
                                           {"row", filled({columns}, 4)},
                                           {"column", filled({rows, 1}, 5)},
                                           {"one", Tensor::scalar(0.75)}};
        check<float>(graph, inputs, rows);
        check<double>(graph, inputs, rows);
      }
    }
  });
}

TEST(Sweep, ThreadsChangeNoBit) {
  each_target([] {
    for (const std::int64_t columns : {3, 600, 30000}) {
      const std::int64_t rows = 90000 / columns;
      Graph graph;
      const auto x = graph.input("x", {Shape::kBatch, columns}),
                 row = graph.input("row", {columns});
      const auto column = graph.input("column", {Shape::kBatch, 1}), one = graph.input("one", {});
      graph.output("y", busy_formula(x, row, column, one));
      const std::vector<Bound> inputs = {{"x", filled({rows, columns}, 3)},
                                         {"row", filled({columns}, 4)},
                                         {"column", filled({rows, 1}, 5)},
                                         {"one", Tensor::scalar(0.75)}};
      const auto alone = run_on_cpu<float>(graph, inputs, rows);
      for (const int threads : {2, 3, 7, 16}) {
        EXPECT_TRUE(run_on_cpu<float>(graph, inputs, rows, threads) == alone)
            << threads << " threads";
      }
    }
  });
}

TEST(Sweep, NotANumberAndInfinityAreKept) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> edges = {0.0,        -0.0, 1,     -1,     kInfinity,
                                     -kInfinity, kNan, 1e-40, -1e-40, 1e38};
  const auto count = static_cast<std::int64_t>(edges.size());
  std::vector<double> left, right;
  for (const auto a : edges) {
    for (const auto b : edges) {
      left.push_back(a);
      right.push_back(b);
    }
  }
  each_target([&] {
    for (const auto op : binary_operations()) {
      SCOPED_TRACE(name(op));
      Graph graph;
      const auto a = graph.input("a", {count * count}), b = graph.input("b", {count * count});
      graph.output("y", graph.add(op, {a.id, b.id}));
      const std::vector<Bound> inputs = {{"a", Tensor::from(left, {count * count}, DType::f64)},
                                         {"b", Tensor::from(right, {count * count}, DType::f64)}};
      check<float>(graph, inputs, 1);
      check<double>(graph, inputs, 1);
    }
  });
}

// Additions, products and quotients are rounded one by one, however they are fused.
TEST(Sweep, PairsAreExactlyTheirParts) {
  const std::vector<Op> arithmetic = {Op::add, Op::subtract, Op::multiply, Op::divide};
  each_target([&] {
    for (const auto outer : arithmetic) {
      for (const auto inner : arithmetic) {
        for (const bool inner_is_left : {true, false}) {
          Graph graph;
          const auto a = graph.input("a", {Shape::kBatch, 13}), b = graph.input("b", {13});
          const auto c = graph.input("c", {Shape::kBatch, 1});
          const auto value = graph.add(inner, {a.id, b.id}).id;
          graph.output("y", graph.add(outer, inner_is_left ? std::vector{value, c.id}
                                                           : std::vector{c.id, value}));
          const std::vector<Bound> inputs = {
              {"a", filled({9, 13}, 1)}, {"b", filled({13}, 2)}, {"c", filled({9, 1}, 3)}};
          EXPECT_EQ(run_on_cpu<float>(graph, inputs, 9), by_evaluate<float>(graph, inputs));
          EXPECT_EQ(run_on_cpu<double>(graph, inputs, 9), by_evaluate<double>(graph, inputs));
        }
      }
    }
  });
}

// Each state is read and overwritten in one sweep.
TEST(Sweep, InPlaceUpdatesReadTheOldValue) {
  each_target([] {
    for (const std::int64_t n : {1, 7, 1000, 5003}) {
      Graph graph(Mode::train);
      const auto g = graph.input("g", {n});
      const auto w = graph.state("w", {n}), m = graph.state("m", {n});
      const auto m_new = 0.9 * m + g;
      graph.assign(m, m_new);
      graph.assign(w, (w - 0.5 * m_new) + 3.0 * m);
      State state;
      state.set("w", filled({n}, 1).cast(DType::f32));
      state.set("m", filled({n}, 2).cast(DType::f32));
      const auto old = state.clone();
      const auto gradient = filled({n}, 3).cast(DType::f32);
      const Program program(graph);
      Runner runner(program, state);
      runner.bind("g", gradient);
      runner.run(1);
      for (std::int64_t i = 0; i < n; ++i) {
        const float m_old = static_cast<float>(old.get("m").at(i));
        const float expected_m = 0.9f * m_old + static_cast<float>(gradient.at(i));
        const float expected_w =
            static_cast<float>(old.get("w").at(i)) - 0.5f * expected_m + 3.0f * m_old;
        EXPECT_EQ(state.get("m").at(i), expected_m);
        EXPECT_EQ(state.get("w").at(i), expected_w);
      }
    }
  });
}

}  // namespace
}  // namespace longhand::testing
