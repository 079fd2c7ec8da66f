// Dropout: how much is kept, how it is scaled, and what a mask depends on.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "longhand/exec.h"
#include "longhand/nn.h"

namespace longhand::nn {
namespace {

constexpr std::int64_t kColumns = 32;

struct Settings {
  double p = 0.25;
  std::uint64_t seed = 1;
  std::string layer = "drop";
  double step = 0;
  std::int64_t first_row = 0, rows = 100;
  Mode mode = Mode::train;
  DType dtype = DType::f32;
};

// Ones through dropout.
std::vector<double> dropped(const Settings& s) {
  Sequential root;
  root.add<Dropout>(s.layer, s.p);
  root.initialize(s.seed);
  Graph graph(s.mode);
  graph.output("y", root.forward(graph.input("x", {Shape::kBatch, kColumns})));
  const Program program(graph, {s.dtype, s.rows});
  const State none;
  Runner runner(program, none);
  for (const auto& slot : program.inputs()) {
    if (slot.name == "x") runner.bind("x", Tensor::full({s.rows, kColumns}, 1, s.dtype));
    if (slot.name == "step") runner.bind("step", Tensor::scalar(s.step, DType::i32));
    if (slot.name != "row") continue;
    Tensor numbers({s.rows}, DType::i32);
    for (std::int64_t i = 0; i < s.rows; ++i) numbers.set(i, static_cast<double>(s.first_row + i));
    runner.bind("row", numbers);
  }
  runner.run(s.rows);
  return runner.output("y").to_doubles();
}

TEST(Dropout, KeepsItsShareAndTheMean) {
  for (const double p : {0.1, 0.5, 0.9}) {
    const auto y = dropped({.p = p, .rows = 2000});
    double kept = 0;
    for (const double value : y) {
      EXPECT_TRUE(value == 0 || std::abs(value - 1 / (1 - p)) < 1e-6) << value;
      kept += value != 0;
    }
    const double n = static_cast<double>(y.size());
    EXPECT_NEAR(kept / n, 1 - p, 5 * std::sqrt(p * (1 - p) / n)) << p;
  }
}

TEST(Dropout, IsNothingForPredictionAndForPZero) {
  for (const Settings& s : {Settings{.mode = Mode::predict}, Settings{.p = 0}}) {
    EXPECT_EQ(dropped(s), std::vector<double>(100 * kColumns, 1));
  }
}

TEST(Dropout, DrawsAnewForEachSeedLayerStepAndRow) {
  const std::set<std::vector<double>> masks{dropped({}),
                                            dropped({.seed = 2}),
                                            dropped({.layer = "other"}),
                                            dropped({.step = 1}),
                                            dropped({.first_row = 100})};
  EXPECT_EQ(masks.size(), 5U);
  EXPECT_EQ(dropped({}), dropped({}));
}

TEST(Dropout, IsTheSameHoweverTheRowsAreSplit) {
  const auto whole = dropped({});
  for (const std::int64_t size : {1, 7, 50}) {
    std::vector<double> joined;
    for (std::int64_t first = 0; first < 100; first += size) {
      const auto part = dropped({.first_row = first, .rows = std::min<std::int64_t>(size, 100 - first)});
      joined.insert(joined.end(), part.begin(), part.end());
    }
    EXPECT_EQ(joined, whole) << size;
  }
}

TEST(Dropout, TwoLayersShareStepAndRowInputs) {
  Sequential root;
  root.add<Dropout>("a", 0.5);
  root.add<Dropout>("b", 0.5);
  Graph graph(Mode::train);
  root.forward(graph.input("x", {Shape::kBatch, 2}));
  EXPECT_NO_THROW(verify(graph));
  EXPECT_NE(graph.find_input("step"), kNoNode);
  EXPECT_NE(graph.find_input("row"), kNoNode);
}

TEST(Dropout, StopsWhatIsNotFiniteWhereItDrops) {
  Sequential root;
  root.add<Dropout>("drop", 0.999);
  root.initialize(1);
  Graph graph(Mode::train);
  graph.output("y", root.forward(graph.input("x", {Shape::kBatch, 2})));
  const Program program(graph);
  const State none;
  Runner runner(program, none);
  runner.bind("x", Tensor{{INFINITY, NAN}});
  runner.bind("step", Tensor::scalar(0, DType::i32));
  runner.bind("row", Tensor({1}, DType::i32));
  runner.run(1);
  EXPECT_EQ(runner.output("y").to_doubles(), (std::vector<double>{0, 0}));
}

}  // namespace
}  // namespace longhand::nn
