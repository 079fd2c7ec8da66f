// What the operations compute, over the table and against PyTorch.
#include <gtest/gtest.h>

#include <limits>

#include "ir/op_table.h"
#include "support/expect_close.h"
#include "support/op_goldens.h"
#include "support/op_samples.h"

namespace longhand::testing {
namespace {

constexpr Tolerance kDouble = {1e-12, 1e-15};
constexpr Tolerance kFloat = {1.3e-6, 1e-5};
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// The operands rounded to single precision, so that only the computation differs.
OpSample rounded(OpSample sample) {
  for (auto& operand : sample.operands) {
    if (operand.kind != Kind::index)
      operand.value = operand.value.cast(DType::f32).cast(DType::f64);
  }
  return sample;
}

TEST(Values, AreThoseOfPyTorch) {
  ASSERT_GT(op_goldens().size(), 200U);
  for (const auto& golden : op_goldens()) {
    const auto value = evaluate_sample<double>(golden.sample);
    EXPECT_TRUE(close(to_doubles(value), golden.sample.expected, kDouble))
        << describe(golden.sample);
    EXPECT_EQ(to_string(value.shape), to_string(golden.shape)) << describe(golden.sample);
  }
}

TEST(Values, AreThoseComputedByOtherMeans) {
  for (const auto& sample : op_samples()) {
    if (sample.expected.empty()) continue;
    EXPECT_TRUE(close(to_doubles(evaluate_sample<double>(sample)), sample.expected, kDouble))
        << describe(sample);
  }
}

TEST(Values, InSinglePrecisionAreNearThoseInDouble) {
  std::vector<OpSample> samples = op_samples();
  for (const auto& golden : op_goldens()) samples.push_back(golden.sample);
  for (const auto& sample : samples) {
    const auto single = rounded(sample);
    const auto value = evaluate_sample<float>(single);
    EXPECT_TRUE(close(to_doubles(value), to_doubles(evaluate_sample<double>(single)), kFloat))
        << describe(sample);
  }
}

TEST(Values, AreTheSameWhetherOrNotTheBatchIsKnownWhenTheGraphIsBuilt) {
  for (const auto& sample : op_samples()) {
    const auto symbolic = evaluate_sample<double>(sample, Rows::symbolic);
    const auto known = evaluate_sample<double>(sample, Rows::known);
    EXPECT_EQ(symbolic.shape, known.shape) << describe(sample);
    EXPECT_TRUE(close(to_doubles(symbolic), to_doubles(known), {0, 0})) << describe(sample);
  }
}

TEST(Values, HaveTheShapeThatWasInferred) {
  for (const auto& sample : op_samples()) {
    const auto built = build(sample);
    std::int64_t batch = 1;
    for (const auto& operand : sample.operands) {
      if (operand.batch) batch = operand.value.shape()[0];
    }
    EXPECT_EQ(evaluate_sample<double>(sample).shape, built.value.shape().with_rows(batch))
        << describe(sample);
  }
}

std::vector<double> value_of(const std::vector<double>& values, Build build) {
  const auto count = static_cast<std::int64_t>(values.size());
  return to_doubles(evaluate_sample<double>(
      {"", "", {{Tensor::from(values, {count}, DType::f64)}}, std::move(build)}));
}

using Vars = std::vector<Var>;

TEST(Values, NanPassesThroughWhatCompares) {
  const std::pair<const char*, Build> functions[] = {
      {"relu", [](const Vars& x) { return relu(x[0]); }},
      {"leaky_relu", [](const Vars& x) { return leaky_relu(x[0]); }},
      {"elu", [](const Vars& x) { return elu(x[0]); }},
      {"hard_sigmoid", [](const Vars& x) { return hard_sigmoid(x[0]); }},
      {"hard_tanh", [](const Vars& x) { return hard_tanh(x[0]); }},
      {"abs", [](const Vars& x) { return abs(x[0]); }},
      {"sigmoid", [](const Vars& x) { return sigmoid(x[0]); }},
      {"minimum left", [](const Vars& x) { return minimum(x[0], x[0].graph->constant(0.0)); }},
      {"minimum right", [](const Vars& x) { return minimum(x[0].graph->constant(0.0), x[0]); }},
      {"maximum left", [](const Vars& x) { return maximum(x[0], x[0].graph->constant(0.0)); }},
      {"maximum right", [](const Vars& x) { return maximum(x[0].graph->constant(0.0), x[0]); }},
      {"softplus", [](const Vars& x) { return softplus(x[0]); }},
  };
  for (const auto& [name, function] : functions) {
    EXPECT_TRUE(close(value_of({kNan}, function), {kNan}, kDouble)) << name;
  }
  const Build largest = [](const Vars& x) { return reduce_max(x[0]); };
  for (const auto& values : {std::vector{kNan, 1.0, 2.0}, {1.0, kNan, 2.0}, {1.0, 2.0, kNan}}) {
    EXPECT_TRUE(close(value_of(values, largest), {kNan}, kDouble));
  }
}

TEST(Values, AComparisonWithNanIsFalseExceptNotEqual) {
  const auto compared = [](Op op) {
    return value_of({kNan}, [=](const Vars& x) {
      return x[0].graph->add(op, {x[0].id, x[0].id});
    })[0];
  };
  for (const auto op : {Op::equal, Op::less, Op::less_equal, Op::greater, Op::greater_equal}) {
    EXPECT_EQ(compared(op), 0) << name(op);
  }
  EXPECT_EQ(compared(Op::not_equal), 1);
}

TEST(Values, OfExtremeLogitsAreFinite) {
  const auto far = [](double z) { return std::vector{z, 0.0, -z}; };
  for (const double z : {1000.0, 1e30}) {
    EXPECT_EQ(value_of(far(z), [](const Vars& x) { return softmax(x[0]); }),
              (std::vector{1.0, 0.0, 0.0}));
    EXPECT_EQ(value_of(far(z), [](const Vars& x) { return log_softmax(x[0]); }),
              (std::vector{0.0, -z, -2 * z}));
    EXPECT_EQ(value_of(far(z), [](const Vars& x) { return logsumexp(x[0]); }), std::vector{z});
    EXPECT_EQ(value_of(far(z), [](const Vars& x) { return sigmoid(x[0]); }),
              (std::vector{1.0, 0.5, 0.0}));
    EXPECT_TRUE(close(value_of(far(z), [](const Vars& x) { return softplus(x[0]); }),
                      {z, 0.6931471805599453, 0}, kDouble));
    EXPECT_EQ(value_of(far(z), [](const Vars& x) { return silu(x[0]); }),
              (std::vector{z, 0.0, 0.0}));
    EXPECT_EQ(value_of(far(z), [](const Vars& x) { return gelu(x[0]); }),
              (std::vector{z, 0.0, 0.0}));
    EXPECT_EQ(value_of(far(z), [](const Vars& x) { return elu(x[0]); }),
              (std::vector{z, 0.0, -1.0}));
  }
}

TEST(Values, AnImpossibleClassThatIsNotTheTargetAddsNothing) {
  const double infinity = std::numeric_limits<double>::infinity();
  const auto loss = value_of({0, -infinity, 0}, [](const Vars& x) {
    const Var target = x[0].graph->constant(Tensor{{1.0, 0.0, 0.0}});
    return softmax_cross_entropy(reshape(x[0], {1, 3}), target);
  });
  EXPECT_TRUE(close(loss, {0.6931471805599453}, kDouble));
}

}  // namespace
}  // namespace longhand::testing
