// The table itself: nothing is missing from it.
#include "support/op_samples.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "ir/op_table.h"
#include "support/op_goldens.h"

namespace longhand::testing {
namespace {

TEST(OpSamples, EveryOperationHasOneThatAddsIt) {
  std::set<Op> added;
  for (const auto& sample : op_samples()) {
    SCOPED_TRACE(describe(sample));
    const auto built = build(sample);
    const auto& node = built.value.node();
    if (name(node.op) == sample.operation) added.insert(node.op);
  }
  for (int op = 0; op < kOpCount; ++op) {
    EXPECT_TRUE(added.contains(static_cast<Op>(op)))
        << name(static_cast<Op>(op)) << " has no sample";
  }
}

TEST(OpSamples, EveryOperationHasReferenceValues) {
  std::set<std::string> with_reference;
  for (const auto& golden : op_goldens()) with_reference.insert(golden.sample.operation);
  for (const auto& sample : op_samples()) {
    if (!sample.expected.empty()) with_reference.insert(sample.operation);
  }
  with_reference.insert("gelu_tanh");  // ops.json has it as gelu, approximate "tanh"
  for (const auto& sample : op_samples()) {
    EXPECT_TRUE(with_reference.contains(sample.operation)) << sample.operation;
  }
}

TEST(OpSamples, EveryOperationHasBadOperands) {
  std::set<std::string> with_bad;
  for (const auto& sample : bad_samples()) with_bad.insert(sample.operation);
  const std::set<std::string> takes_all = {"input", "state", "constant", "to_real"};
  for (const auto& sample : op_samples()) {
    if (takes_all.contains(sample.operation)) continue;
    EXPECT_TRUE(with_bad.contains(sample.operation)) << sample.operation;
  }
}

TEST(OpSamples, EveryCompositeThatTheGraphRecordsIsThere) {
  const std::set<std::string> composites = {"leaky_relu", "elu",      "gelu",       "gelu_tanh",
                                            "silu",       "softplus", "hard_tanh",  "hard_sigmoid",
                                            "logsumexp",  "softmax",  "log_softmax"};
  std::set<std::string> found;
  for (const auto& sample : op_samples()) {
    const auto built = build(sample);
    if (!composites.contains(sample.operation)) continue;
    SCOPED_TRACE(describe(sample));
    found.insert(sample.operation);
    ASSERT_EQ(built.graph->composites().size(), 1U);
    EXPECT_EQ(built.graph->composites()[0].name, sample.operation);
    EXPECT_EQ(built.graph->composites()[0].inputs, std::vector{built.operands[0].id});
    EXPECT_EQ(built.graph->composites()[0].output, built.value.id);
  }
  EXPECT_EQ(found, composites);
}

TEST(OpSamples, GraphsOfAllPassVerify) {
  for (const auto& sample : op_samples()) {
    for (const auto rows : {Rows::symbolic, Rows::known}) {
      EXPECT_NO_THROW(verify(*build(sample, rows).graph)) << describe(sample);
    }
  }
}

}  // namespace
}  // namespace longhand::testing
