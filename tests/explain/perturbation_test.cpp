// What is worked out again after a move, against working out everything again.
#include "explain/perturbation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/philox.h"
#include "support/random_graph.h"

namespace longhand {
namespace {

constexpr std::int64_t kRows = 3;

Inputs<double> inputs_of(const Graph& graph, std::uint64_t salt) {
  Inputs<double> inputs;
  for (const auto& [name, tensor] : testing::random_values(graph, kRows, DType::f64, salt)) {
    inputs[name] = to_array<double>(tensor);
  }
  return inputs;
}

TEST(Perturbation, AgreesWithEvaluatingEverything) {
  PhiloxStream stream(7, 0);
  int compared = 0;
  for (int round = 0; round < 100; ++round) {
    std::vector<unsigned> choices(4 + stream.below(16));
    for (auto& choice : choices) choice = stream.next();
    auto graph = testing::random_graph(choices, false);
    if (graph.outputs().empty()) continue;
    const auto loss = mean(graph.var(graph.outputs()[0].second)).id;
    const auto inputs = inputs_of(graph, stream.next());
    const auto values = evaluate<double>(graph, inputs, {}, kRows);
    for (NodeId of = 0; of < loss; ++of) {
      const auto& point = values[static_cast<std::size_t>(of)];
      if (graph.node(of).type.kind != Kind::real || point.real.empty()) continue;
      Perturbation perturbation(graph, values, of, loss);
      // Several, as what a move leaves behind would show in the next.
      for (int move = 0; move < 4; ++move) {
        const auto entry = static_cast<std::size_t>(stream.below(point.real.size()));
        auto moved = point;
        moved.real[entry] += move % 2 == 0 ? 1e-3 : 0.3 * stream.normal();
        const auto all = evaluate<double>(graph, inputs, {{of, moved}}, kRows, loss);
        ASSERT_NEAR(perturbation.move(entry, moved.real[entry]).result, all[static_cast<std::size_t>(loss)].real[0], 1e-13)
            << to_string(graph) << "%" << of << "[" << entry << "]";
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 1000);
}

struct Corner {
  const char* name;
  Var (*function)(Var);
  double at;
};

TEST(Perturbation, TellsOfEachKindOfCorner) {
  for (const auto& [name, function, at] : std::vector<Corner>{
           {"relu", [](Var x) { return relu(x); }, 0},
           {"abs", [](Var x) { return abs(x); }, 0},
           {"leaky_relu", [](Var x) { return leaky_relu(x, 0.1); }, 0},
           {"hard_tanh", [](Var x) { return hard_tanh(x); }, 1},
           {"hard_sigmoid", [](Var x) { return hard_sigmoid(x); }, -3}}) {
    Graph graph;
    const Var x = graph.input("x", {2});
    const Var loss = sum(function(x));
    for (const double from : {at, at + 0.01, at - 0.01}) {
      const auto values = evaluate<double>(graph, {{"x", {{2}, {7, from}, {}}}});
      Perturbation perturbation(graph, values, x.id, loss.id);
      EXPECT_TRUE(perturbation.move(1, from + 0.02).crosses_kink || perturbation.move(1, from - 0.02).crosses_kink)
          << name << " from " << from;
      EXPECT_FALSE(perturbation.move(1, from == at ? at : from + (from - at) / 2).crosses_kink) << name << " from " << from;
      EXPECT_FALSE(perturbation.move(0, 7.5).crosses_kink) << name;
    }
  }
}

TEST(Perturbation, MeasuresTheLargestMoveOnTheWay) {
  Graph graph;
  const Var x = graph.input("x", {1});
  const Var loss = sum(0.001 * (x * 50.0));
  const auto values = evaluate<double>(graph, {{"x", {{1}, {0.2}, {}}}});
  Perturbation perturbation(graph, values, x.id, loss.id);
  EXPECT_NEAR(perturbation.move(0, 0.3).largest_move, 5.0 / 10, 1e-12);
}

}  // namespace
}  // namespace longhand
