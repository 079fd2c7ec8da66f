#include "support/op_samples.h"

#include "base/philox.h"
#include "support/op_sample_parts.h"

namespace longhand::testing {

std::string describe(const OpSample& sample) {
  std::string text = sample.operation + "(";
  for (const auto& operand : sample.operands) {
    if (text.back() != '(') text += ", ";
    text += to_string(operand.value.shape());
  }
  return text + ")" + (sample.variant.empty() ? "" : " ") + sample.variant;
}

const std::vector<OpSample>& op_samples() {
  static const auto kSamples = [] {
    std::vector<OpSample> all;
    for (auto* part : {elementwise_samples, structured_samples, leaf_and_random_samples}) {
      for (auto& sample : part()) all.push_back(std::move(sample));
    }
    return all;
  }();
  return kSamples;
}

const std::vector<BadSample>& bad_samples() {
  static const auto kSamples = [] {
    auto all = bad_elementwise_samples();
    for (auto& sample : bad_structured_samples()) all.push_back(std::move(sample));
    return all;
  }();
  return kSamples;
}

BuiltSample build(const OpSample& sample, Rows rows) {
  BuiltSample built{std::make_unique<Graph>(), {}, {}};
  Graph& graph = *built.graph;
  for (std::size_t i = 0; i < sample.operands.size(); ++i) {
    const auto& operand = sample.operands[i];
    const auto name = "x" + std::to_string(i);
    auto shape = operand.value.shape();
    if (operand.batch && rows == Rows::symbolic) shape = shape.with_extent(0, Shape::kBatch);
    if (operand.leaf == Op::constant) {
      built.operands.push_back(graph.constant(operand.value, operand.kind));
    } else if (operand.leaf == Op::state) {
      built.operands.push_back(graph.state(name, shape));
    } else {
      built.operands.push_back(graph.input(name, shape, operand.kind));
    }
  }
  built.value = sample.build(built.operands);
  return built;
}

template <class T>
Inputs<T> inputs_of(const OpSample& sample) {
  Inputs<T> inputs;
  for (std::size_t i = 0; i < sample.operands.size(); ++i) {
    inputs["x" + std::to_string(i)] = to_array<T>(sample.operands[i].value);
  }
  return inputs;
}

template <class T>
std::vector<double> to_doubles(const Array<T>& array) {
  if (!array.index.empty()) return {array.index.begin(), array.index.end()};
  return {array.real.begin(), array.real.end()};
}

template <class T>
Array<T> evaluate_sample(const OpSample& sample, Rows rows) {
  const auto built = build(sample, rows);
  auto values = evaluate<T>(*built.graph, inputs_of<T>(sample));
  return std::move(values[static_cast<std::size_t>(built.value.id)]);
}

Tensor filled(Shape shape, std::uint64_t salt, double low, double high) {
  Tensor result(shape, DType::f64);
  PhiloxStream numbers(salt, 0);
  for (auto& value : result.values<double>()) value = low + (high - low) * numbers.uniform();
  return result;
}

template Inputs<float> inputs_of(const OpSample&);
template Inputs<double> inputs_of(const OpSample&);
template std::vector<double> to_doubles(const Array<float>&);
template std::vector<double> to_doubles(const Array<double>&);
template Array<float> evaluate_sample(const OpSample&, Rows);
template Array<double> evaluate_sample(const OpSample&, Rows);

}  // namespace longhand::testing
