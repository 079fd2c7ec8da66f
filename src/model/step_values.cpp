#include "model/step_values.h"

namespace longhand {

std::map<std::string, Tensor> step_values(const Model& model, const Graph& graph, const SampleSpec& sample) {
  std::map<std::string, Tensor> values;
  const auto rows = sample.input.shape()[0];
  for (const auto& node : graph.nodes()) {
    const auto& name = node.attributes.name;
    if (node.op == Op::state) {
      values[name] = model.state.contains(name) ? model.state.get(name).cast(DType::f64)
                                                : Tensor(node.type.shape, DType::f64);
    }
  }
  const bool is_class_number = target_kind(model.network.loss) == TargetKind::class_number;
  values[model.inputs.empty() ? "x" : "raw"] = sample.input;
  values["y"] = is_class_number ? sample.target.cast(DType::i32).reshaped({rows}) : sample.target;
  values["learning_rate"] = Tensor::scalar(model.network.optimizer.learning_rate, DType::f64);
  values["step"] = Tensor::scalar(static_cast<double>(model.steps), DType::i32);
  if (graph.find_input("row") != kNoNode) {
    Tensor numbers({rows}, DType::i32);
    for (std::int64_t i = 0; i < rows; ++i) numbers.set(i, static_cast<double>(i));
    values["row"] = std::move(numbers);
  }
  return values;
}

}  // namespace longhand
