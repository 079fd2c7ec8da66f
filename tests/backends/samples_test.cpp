// Every operation's samples through a Program of each backend, beside evaluate.
#include <gtest/gtest.h>

#include <cmath>

#include "backends/each_target.h"
#include "longhand/exec.h"
#include "support/op_samples.h"

namespace longhand::testing {
namespace {

template <class T>
std::vector<double> run_sample(const OpSample& sample, Rows rows, const std::string& backend) {
  auto built = build(sample, rows);
  built.graph->output("y", built.value);
  std::int64_t count = 1;
  State state;
  for (std::size_t i = 0; i < sample.operands.size(); ++i) {
    const auto& operand = sample.operands[i];
    if (operand.batch) count = operand.value.shape()[0];
    if (operand.leaf == Op::state) {
      state.set("x" + std::to_string(i), operand.value.cast(detail::dtype_of<T>()));
    }
  }
  const Program program(*built.graph,
                        {detail::dtype_of<T>(), std::max<std::int64_t>(count, 1), backend});
  Runner runner(program, state);
  for (const auto& input : program.inputs()) {
    const auto& operand =
        sample.operands[static_cast<std::size_t>(std::stoi(input.name.substr(1)))];
    runner.bind(input.name, operand.kind == Kind::index
                                ? operand.value
                                : operand.value.cast(detail::dtype_of<T>()));
  }
  runner.run(count);
  return runner.output("y").to_doubles();
}

template <class T>
void check_sample(const OpSample& sample, Rows rows, const std::string& backend) {
  SCOPED_TRACE(describe(sample) + " on " + backend + (sizeof(T) == 4 ? " float" : " double"));
  const auto expected = to_doubles(evaluate_sample<T>(sample, rows));
  const auto found = run_sample<T>(sample, rows, backend);
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (std::isnan(expected[i])) {
      EXPECT_TRUE(std::isnan(found[i])) << "entry " << i << " is " << found[i];
    } else if (std::isinf(expected[i]) || backend == "reference") {
      EXPECT_EQ(found[i], expected[i]) << "entry " << i;
    } else {
      const double tolerance = 64 * std::numeric_limits<T>::epsilon();
      EXPECT_NEAR(found[i], expected[i], tolerance * std::max(1.0, std::fabs(expected[i])))
          << "entry " << i;
    }
  }
}

void check_all(const std::string& backend) {
  for (const auto& sample : op_samples()) {
    for (const auto rows : {Rows::symbolic, Rows::known}) {
      check_sample<float>(sample, rows, backend);
      check_sample<double>(sample, rows, backend);
    }
  }
}

TEST(Samples, CpuAgreesWithEvaluate) {
  each_target([] { check_all("cpu"); });
}

TEST(Samples, ReferenceIsEvaluate) { check_all("reference"); }

}  // namespace
}  // namespace longhand::testing
