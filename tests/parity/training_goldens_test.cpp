// Forward, loss, gradients and five updates against PyTorch, in double and single precision.
#include <gtest/gtest.h>

#include <cmath>

#include "formats/json.h"
#include "ir/evaluate.h"
#include "parity/goldens.h"

namespace longhand::testing {
namespace {

struct Precision {
  const char* key;
  DType dtype;
  double relative, absolute;
};
constexpr Precision kPrecisions[] = {{"f64", DType::f64, 1e-7, 1e-12}, {"f32", DType::f32, 1.3e-6, 1e-5}};

class TrainingGoldens : public ::testing::TestWithParam<std::tuple<GoldenCase, std::string>> {
 protected:
  const GoldenCase& golden() const { return std::get<0>(GetParam()); }
  const std::string& backend() const { return std::get<1>(GetParam()); }

  static void expect_close(const Tensor& actual, const nlohmann::ordered_json& expected,
                           const Precision& precision, const std::string& what) {
    const Tensor values = tensor_from_json(expected, what);
    ASSERT_EQ(actual.count(), values.count()) << what;
    for (std::int64_t i = 0; i < values.count(); ++i) {
      const double e = values.at(i);
      ASSERT_NEAR(actual.at(i), e, precision.relative * std::abs(e) + precision.absolute)
          << what << " entry " << i << " in " << precision.key;
    }
  }
};

TEST_P(TrainingGoldens, GradientsAndFiveUpdatesAreThoseOfPyTorch) {
  for (const auto& precision : kPrecisions) {
    auto model = model_of(golden(), precision.dtype);
    for (const auto& [name, values] : golden().json["initial"].items()) {
      model.state.set(name, tensor_from_json(values, name, precision.dtype));
    }
    const auto& weights = golden().json["sample_weight"];
    auto step = build_step(model, {.row_weights = !weights.is_null(), .input_gradient = true});
    for (const auto& parameter : step.parameters) {
      step.graph.output("gradient " + parameter.name, step.graph.var(parameter.gradient));
    }
    step.graph.output("gradient x", step.graph.var(step.x_gradient));

    const Tensor x = tensor_from_json(golden().json["input"], "input");
    const Tensor y = class_numbers(model, tensor_from_json(golden().json["target"], "target"));
    auto values = step_values(model, step, x, y);
    if (!weights.is_null()) values["weight"] = tensor_from_json(weights, "weight", precision.dtype);
    State state;
    for (const auto& [name, value] : values) {
      if (step.graph.find_state(name) != kNoNode) state.set(name, value.clone());
    }
    const auto rows = x.shape()[0];
    const Program program(step.graph, {.dtype = precision.dtype, .max_rows = rows, .backend = backend()});
    Runner runner(program, state);
    for (const auto& slot : program.inputs()) runner.bind(slot.name, values.at(slot.name));

    const auto& expected = golden().json[precision.key];
    for (int t = 0; t < 5; ++t) {
      values.at("step").set(0, t);
      runner.run(rows);
      if (t == 0) {
        expect_close(runner.output("L"), expected["loss"], precision, "loss");
        expect_close(runner.output("gradient x"), expected["input_gradient"], precision, "input gradient");
        for (const auto& [name, gradient] : expected["gradients"].items()) {
          expect_close(runner.output("gradient " + name), gradient, precision, "gradient of " + name);
        }
      }
      for (const auto& [name, after] : expected["updates"][static_cast<std::size_t>(t)].items()) {
        expect_close(state.get(name), after, precision, name + " after step " + std::to_string(t + 1));
      }
      if (HasFatalFailure()) return;
    }
  }
}

TEST_P(TrainingGoldens, OutputIsThatOfPyTorch) {
  for (const auto& precision : kPrecisions) {
    auto model = model_of(golden(), precision.dtype);
    auto modules = make_network(model.network);
    modules->cast_to(precision.dtype);
    State state = modules->state().clone();  // buffers as they begin
    for (const auto& [name, values] : golden().json["initial"].items()) {
      state.set(name, tensor_from_json(values, name, precision.dtype));
    }
    modules->load(state);
    const Tensor x = tensor_from_json(golden().json["input"], "input", precision.dtype);
    expect_close((*modules)(x), golden().json[precision.key]["output"], precision, "output");
  }
}

std::vector<std::string> backends() { return {"reference", "cpu"}; }

INSTANTIATE_TEST_SUITE_P(
    Cases, TrainingGoldens,
    ::testing::Combine(::testing::ValuesIn(read_goldens("parity.json")), ::testing::ValuesIn(backends())),
    [](const auto& test) {
      return test_name(std::get<0>(test.param).name, test.index) + "_" + std::get<1>(test.param);
    });

}  // namespace
}  // namespace longhand::testing
