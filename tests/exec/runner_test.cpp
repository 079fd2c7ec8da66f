// Runner: binding, rows, steps from tables, and what it refuses.
#include <gtest/gtest.h>

#include <functional>
#include <numeric>

#include "longhand/exec.h"
#include "backends/allocations.h"
#include "support/op_samples.h"

namespace longhand::testing {
namespace {

constexpr auto kBatch = Shape::kBatch;

// y = x w^T, its sum and the step's number; w learns by a rule that shows rate, step and rows.
Graph learner() {
  Graph graph(Mode::train);
  const Var x = graph.input("x", {kBatch, 3}), label = graph.input("label", {kBatch}, Kind::index);
  const Var rate = graph.input("rate", {}), step = graph.input("step", {}, Kind::index);
  const Var w = graph.state("w", {2, 3}), b = graph.state("b", {2});
  const Var difference = linear(x, w, b) - one_hot(label, 2);
  const Var loss = mean(sum(difference * difference, {1}));
  graph.output("difference", difference);
  graph.output("loss", loss);
  graph.output("step after", to_real(step) + 1.0);
  graph.assign(w, w - rate * matmul(difference, x, true) / extent(difference, {0}));
  graph.assign(b, b - rate * mean(difference, {0}));
  return graph;
}

State learner_state(DType dtype = DType::f32) {
  State state;
  state.set("w", filled({2, 3}, 1).cast(dtype));
  state.set("b", filled({2}, 2).cast(dtype));
  return state;
}

struct Data {
  Tensor x = filled({10, 3}, 3).cast(DType::f32);
  Tensor label = Tensor::from(std::vector<double>{0, 1, 1, 0, 1, 0, 0, 1, 0, 1}, {10}, DType::i32);
};

Tensor rows_of(const Tensor& table, std::span<const std::int32_t> rows) {
  const auto width = table.count() / table.shape()[0];
  Tensor result(table.shape().with_extent(0, static_cast<std::int64_t>(rows.size())), table.dtype());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::int64_t j = 0; j < width; ++j) {
      result.set(static_cast<std::int64_t>(i) * width + j, table.at(rows[i] * width + j));
    }
  }
  return result;
}

TEST(RunSteps, AreRunsOverTheRowsOfEachBatch) {
  for (const std::string backend : {"reference", "cpu"}) {
    const Program program(learner(), {DType::f32, 4, backend});
    const Data data;
    const std::vector<std::int32_t> order{7, 0, 3, 3, 9, 1, 2, 8, 4, 6, 5};  // 4, 4 and 3 rows, one twice
    const std::vector<double> rates{0.5, 0.25, 0.125}, numbers{10, 11, 12};

    auto expected_state = learner_state();
    std::vector<double> expected_losses;
    Runner one(program, expected_state);
    for (std::size_t step = 0; step < 3; ++step) {
      const auto rows = std::span(order).subspan(step * 4, step == 2 ? 3 : 4);
      one.bind("x", rows_of(data.x, rows));
      one.bind("label", rows_of(data.label, rows));
      one.bind("rate", Tensor::scalar(rates[step]));
      one.bind("step", Tensor::scalar(numbers[step], DType::i32));
      one.run(static_cast<std::int64_t>(rows.size()));
      expected_losses.push_back(one.output("loss").item());
    }

    auto state = learner_state();
    std::vector<double> losses(3), after(3);
    Runner many(program, state);
    many.bind_table("x", data.x);
    many.bind_table("label", data.label);
    many.run_steps({order, 4, {{"rate", rates}, {"step", numbers}}, {{"loss", losses}, {"step after", after}}});
    EXPECT_EQ(losses, expected_losses) << backend;
    EXPECT_EQ(after, (std::vector<double>{11, 12, 13})) << backend;
    for (const auto& [name, tensor] : expected_state.entries()) EXPECT_TRUE(identical(state.get(name), tensor)) << backend << name;
    EXPECT_TRUE(identical(many.output("difference"), one.output("difference"))) << backend;
    EXPECT_EQ(many.output("difference").shape(), (Shape{3, 2}));
  }
}

TEST(RunSteps, RowNumbersAreThoseOfTheTable) {
  Graph graph(Mode::train);
  const Var row = graph.input("row", {kBatch}, Kind::index);
  const Var seen = graph.state("seen", {10});
  graph.assign(seen, seen + sum(one_hot(row, 10), {0}));
  const Program program(graph, {DType::f32, 3});
  State state;
  state.set("seen", Tensor(Shape{10}));
  Runner runner(program, state);
  runner.bind_row_numbers("row");
  const std::vector<std::int32_t> order{4, 4, 9, 0, 4};
  runner.run_steps({order, 3, {}, {}});
  EXPECT_EQ(state.get("seen").to_doubles(), (std::vector<double>{1, 0, 0, 0, 3, 0, 0, 0, 0, 1}));
}

TEST(RunSteps, NoRowsAreNoSteps) {
  const Program program(learner(), {DType::f32, 4});
  auto state = learner_state();
  const auto before = state.clone();
  const Data data;
  Runner runner(program, state);
  runner.bind_table("x", data.x);
  runner.bind_table("label", data.label);
  runner.run_steps({{}, 4, {{"rate", {}}, {"step", {}}}, {}});
  EXPECT_TRUE(identical(state.get("w"), before.get("w")));
}

TEST(RunSteps, AStepAllocatesNothing) {
  const Program program(learner(), {DType::f32, 4});
  auto state = learner_state();
  const Data data;
  Runner runner(program, state);
  runner.bind_table("x", data.x);
  runner.bind_table("label", data.label);
  const auto allocations_of = [&](std::size_t steps) {
    const std::vector<std::int32_t> order(4 * steps, 1);
    const std::vector<double> scalars(steps, 0.01);
    std::vector<double> losses(steps);
    const auto before = allocations();
    runner.run_steps({order, 4, {{"rate", scalars}, {"step", scalars}}, {{"loss", losses}}});
    return allocations() - before;
  };
  allocations_of(1);
  EXPECT_EQ(allocations_of(1000), allocations_of(1));
}

TEST(Runner, RunsFewerRowsThanItHasMemoryFor) {
  for (const std::string backend : {"reference", "cpu"}) {
    const Program program(learner(), {DType::f32, 10, backend});
    const Data data;
    for (const std::int64_t rows : {10, 1, 7}) {
      auto state = learner_state();
      Runner runner(program, state);
      runner.bind("x", data.x);
      runner.bind("label", data.label);
      runner.bind("rate", Tensor::scalar(0.1));
      runner.bind("step", Tensor::scalar(0, DType::i32));
      runner.run(rows);
      const auto difference = runner.output("difference");
      EXPECT_EQ(difference.shape(), (Shape{rows, 2})) << backend;
      double sum = 0;
      for (std::int64_t i = 0; i < difference.count(); ++i) sum += difference.at(i) * difference.at(i);
      EXPECT_NEAR(runner.output("loss").item(), sum / static_cast<double>(rows), 1e-5) << backend;
    }
  }
}

// Rows that are not the first axis lie apart in memory: there can be no fewer of them than are bound.
TEST(Runner, RowsAlongAnotherAxisAreAllOrRefused) {
  Graph graph;
  graph.output("y", sum(graph.input("x", {2, kBatch}), {1}));
  const Program program(graph, {DType::f32, 3});
  const State state;
  Runner runner(program, state);
  runner.bind("x", Tensor{{1, 2, 3}, {4, 5, 6}});
  runner.run(3);
  EXPECT_EQ(runner.output("y").to_doubles(), (std::vector<double>{6, 15}));
  EXPECT_THROW(runner.run(2), ShapeError);
  const std::vector<std::int32_t> order(5);  // a batch of three and one of two
  EXPECT_THROW(runner.run_steps({order, 3, {}, {}}), ShapeError);
}

// Each is refused with a message that names what is wrong.
template <class Exception>
void expect_refused(const std::function<void()>& action, std::initializer_list<const char*> words) {
  try {
    action();
    ADD_FAILURE() << "not refused: " << *words.begin();
  } catch (const Exception& error) {
    for (const char* word : words) {
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what() << "\nlacks " << word;
    }
  }
}

TEST(Runner, ComputesIntoTheCallersMemory) {
  for (const std::string backend : {"reference", "cpu"}) {
    const Program program(learner(), {DType::f32, 4, backend});
    const Data data;
    auto state = learner_state(), other = learner_state();
    Runner own(program, state), given(program, other);
    Tensor memory(Shape{4, 2});
    given.bind_output("difference", memory);
    for (auto* runner : {&own, &given}) {
      runner->bind("x", data.x);
      runner->bind("label", data.label);
      runner->bind("rate", Tensor::scalar(0.5));
      runner->bind("step", Tensor::from(std::vector<double>{0}, {}, DType::i32));
      runner->run(4);
    }
    EXPECT_EQ(memory.to_doubles(), own.output("difference").to_doubles()) << backend;
    EXPECT_EQ(given.output("difference").data(), memory.data());
    EXPECT_THROW(given.bind_output("difference", Tensor(Shape{3, 2})), ShapeError);
    EXPECT_THROW(given.bind_output("difference", Tensor({4, 2}, DType::f64)), ShapeError);
    EXPECT_THROW(given.bind_output("none", memory), ArgumentError);
  }
}

TEST(Runner, RefusesInputsThatDoNotFit) {
  const Program program(learner(), {DType::f32, 4});
  auto state = learner_state();
  Runner runner(program, state);
  const Data data;
  const auto bind = [&](const char* name, Tensor value) { return [&runner, name, value] { runner.bind(name, value); }; };
  expect_refused<ArgumentError>(bind("z", data.x), {"'z'"});
  expect_refused<ShapeError>(bind("x", Tensor(Shape{4, 2})), {"'x'", "[4, 2]", "[B, 3]"});
  expect_refused<ShapeError>(bind("x", Tensor(Shape{3})), {"'x'", "[3]"});
  expect_refused<ShapeError>(bind("x", data.x.cast(DType::f64)), {"'x'", "f64", "f32"});
  expect_refused<ShapeError>(bind("label", Tensor(Shape{4})), {"'label'", "f32", "i32"});
  expect_refused<ShapeError>([&] { runner.bind_table("x", Tensor(Shape{9, 2})); }, {"'x'", "[9, 2]"});
  expect_refused<ShapeError>([&] { runner.bind_table("rate", Tensor::scalar(1)); }, {"'rate'"});
  expect_refused<ShapeError>([&] { runner.bind_row_numbers("x"); }, {"'x'"});
  expect_refused<ArgumentError>([&] { runner.output("z"); }, {"'z'"});
}

TEST(Runner, RefusesToRunWithoutWhatItNeeds) {
  const Program program(learner(), {DType::f32, 4});
  auto state = learner_state();
  const auto before = state.clone();
  Runner runner(program, state);
  const Data data;
  runner.bind_table("x", data.x);
  runner.bind_table("label", data.label);
  runner.bind("rate", Tensor::scalar(0.1));
  const std::vector<std::int32_t> order{0, 1, 2, 3, 4};
  const std::vector<double> two{0, 1}, one{0};
  std::vector<double> kept_two(2), kept_one(1);
  const auto steps = [&](Runner::Steps s) { return [&runner, s] { runner.run_steps(s); }; };
  expect_refused<ShapeError>(steps({order, 4, {}, {}}), {"'step'", "not bound"});
  runner.bind("step", Tensor::scalar(0, DType::i32));
  expect_refused<ArgumentError>(steps({order, 0, {}, {}}), {"0"});
  expect_refused<ShapeError>(steps({order, 5, {}, {}}), {"5", "4"});
  expect_refused<ArgumentError>(steps({order, 4, {{"rate", one}}, {}}), {"'rate'", "1", "2"});
  expect_refused<ArgumentError>(steps({order, 4, {{"speed", two}}, {}}), {"'speed'"});
  expect_refused<ShapeError>(steps({order, 4, {{"x", two}}, {}}), {"'x'"});
  expect_refused<ArgumentError>(steps({order, 4, {}, {{"loss", kept_one}}}), {"'loss'"});
  expect_refused<ArgumentError>(steps({order, 4, {}, {{"difference", kept_two}}}), {"'difference'"});
  for (const std::int32_t row : {-1, 10}) {
    const std::vector<std::int32_t> outside{0, row};
    expect_refused<ShapeError>([&] { runner.run_steps({outside, 4, {}, {}}); }, {"row", "10"});
  }
  runner.bind("x", rows_of(data.x, std::vector<std::int32_t>{1, 2}));
  expect_refused<ShapeError>([&] { runner.run(3); }, {"'x'", "3", "2"});
  expect_refused<ShapeError>([&] { runner.run(5); }, {"5", "4"});
  expect_refused<ShapeError>([&] { runner.run(-1); }, {"-1"});
  EXPECT_TRUE(identical(state.get("w"), before.get("w")));
}

TEST(Runner, RefusesAStateThatDoesNotFit) {
  const Program program(learner(), {DType::f32, 4});
  const auto refused = [&](const std::function<void(State&)>& change, std::initializer_list<const char*> words) {
    auto state = learner_state();
    change(state);
    expect_refused<ModelError>([&] { Runner runner(program, state); }, words);
  };
  refused([](State& s) { s = State(); }, {"'w'"});
  refused([](State& s) { s.set("w", Tensor(Shape{3, 2})); }, {"'w'", "[3, 2]", "[2, 3]"});
  refused([](State& s) { s.set("b", Tensor({2}, DType::f64)); }, {"'b'", "f64", "f32"});
  const auto constant = learner_state();
  expect_refused<ArgumentError>([&] { Runner runner(program, constant); }, {"constant"});
}

TEST(Program, AddsZerosForWhatAStateHasNot) {
  const Program program(learner(), {.dtype = DType::f64});
  State state;
  state.set("b", Tensor{1.0, 2.0});
  program.add_missing_states(state);
  ASSERT_EQ(state.size(), 2U);
  EXPECT_EQ(state.get("b").to_doubles(), (std::vector<double>{1, 2}));
  EXPECT_EQ(state.get("w").shape(), (Shape{2, 3}));
  EXPECT_EQ(state.get("w").dtype(), DType::f64);
  EXPECT_EQ(state.get("w").to_doubles(), std::vector<double>(6, 0));
}

TEST(Program, SaysWhatItTakesAndGives) {
  const Program program(learner(), {DType::f64, 4});
  std::vector<std::string> names;
  for (const auto* slots : {&program.inputs(), &program.states(), &program.outputs()}) {
    for (const auto& slot : *slots) names.push_back(slot.name + to_string(slot.type.shape));
  }
  EXPECT_EQ(names, (std::vector<std::string>{"x[B, 3]", "label[B]", "rate[]", "step[]", "w[2, 3]", "b[2]",
                                             "difference[B, 2]", "loss[]", "step after[]"}));
  EXPECT_EQ(program.dtype(), DType::f64);
  EXPECT_EQ(program.max_rows(), 4);
  EXPECT_NE(program.plan_text().find("linear"), std::string::npos);
  expect_refused<ArgumentError>([] { Program(learner(), {.backend = "abacus"}); }, {"'abacus'", "cpu", "reference"});
}

}  // namespace
}  // namespace longhand::testing
