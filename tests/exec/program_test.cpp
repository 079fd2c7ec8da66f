// Programs against evaluate, on random graphs: both backends, both precisions, any number of rows
// and threads.
#ifdef LONGHAND_HAVE_RAPIDCHECK
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <thread>

#include "base/thread_pool.h"
#include "longhand/exec.h"
#include "support/expect_close.h"
#include "support/random_graph.h"

namespace longhand::testing {
namespace {

// The outputs and the state after one run.
std::map<std::string, Tensor> ran(const Program& program, const std::map<std::string, Tensor>& values,
                                  std::int64_t rows, std::shared_ptr<ThreadPool> pool = nullptr) {
  State state;
  for (const auto& slot : program.states()) state.set(slot.name, values.at(slot.name).clone());
  Runner runner(program, state, std::move(pool));
  for (const auto& slot : program.inputs()) runner.bind(slot.name, values.at(slot.name));
  runner.run(rows);
  std::map<std::string, Tensor> result;
  for (const auto& slot : program.outputs()) result[slot.name] = runner.output(slot.name).clone();
  for (const auto& [name, tensor] : state.entries()) result[name] = tensor;
  return result;
}

template <class T>
void expect_evaluated(const std::vector<unsigned>& choices, double tolerance) {
  const auto graph = random_graph(choices, true);
  const auto dtype = detail::dtype_of<T>();
  for (const std::int64_t rows : {1, 3, 9}) {
    const auto values = random_values(graph, rows, dtype, 11);
    const auto expected = evaluated<T>(graph, values, rows);
    for (const std::string backend : {"reference", "cpu"}) {
      const Program program(graph, {dtype, 9, backend});
      const auto found = ran(program, values, rows);
      for (const auto& [name, tensor] : expected) {
        const auto result = close(found.at(name).to_doubles(), tensor.to_doubles(), {tolerance, tolerance});
        if (!result) RC_FAIL(backend + ", " + name + ": " + result.message() + "\n" + to_string(graph) + program.plan_text());
        RC_ASSERT(found.at(name).shape() == tensor.shape());
      }
    }
  }
}

RC_GTEST_PROP(Program, EqualsEvaluateInDouble, (const std::vector<unsigned>& choices)) {
  expect_evaluated<double>(choices, 1e-12);
}

RC_GTEST_PROP(Program, EqualsEvaluateInSingle, (const std::vector<unsigned>& choices)) {
  expect_evaluated<float>(choices, 2e-4);
}

RC_GTEST_PROP(Program, ThreadsChangeNoBit, (const std::vector<unsigned>& choices)) {
  const auto graph = random_graph(choices, true);
  constexpr std::int64_t kRows = 4001;  // enough that threads share the work
  const auto values = random_values(graph, kRows, DType::f32, 13);
  const Program program(graph, {DType::f32, kRows});
  const auto alone = ran(program, values, kRows);
  for (const int threads : {2, 3, 7}) {
    const auto shared = ran(program, values, kRows, make_thread_pool(threads));
    for (const auto& [name, tensor] : alone) RC_ASSERT(identical(shared.at(name), tensor));
  }
}

RC_GTEST_PROP(Program, MayBeUsedByManyThreadsAtOnce, (const std::vector<unsigned>& choices)) {
  const auto graph = random_graph(choices, true);
  const auto values = random_values(graph, 5, DType::f32, 17);
  const Program program(graph, {DType::f32, 8});
  const auto expected = ran(program, values, 5);
  std::vector<std::map<std::string, Tensor>> found(4);
  {
    std::vector<std::jthread> threads;
    for (auto& result : found) threads.emplace_back([&] { result = ran(program, values, 5); });
  }
  for (const auto& result : found) {
    for (const auto& [name, tensor] : expected) RC_ASSERT(identical(result.at(name), tensor));
  }
}

}  // namespace
}  // namespace longhand::testing
#endif
