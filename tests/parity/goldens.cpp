#include "parity/goldens.h"

#include <fstream>

namespace longhand::testing {

std::vector<GoldenCase> read_goldens(const std::string& file) {
  std::ifstream stream(std::string(LONGHAND_SOURCE_DIR) + "/tests/goldens/" + file);
  const auto json = nlohmann::ordered_json::parse(stream);
  std::vector<GoldenCase> cases;
  for (const auto& entry : json["cases"]) cases.push_back({entry["name"], entry});
  return cases;
}

std::string test_name(const std::string& case_name, std::size_t index) {
  std::string name = std::to_string(index) + "_";
  for (const char c : case_name) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
}

Model model_of(const GoldenCase& golden, DType dtype) {
  return Model::from_network(parse_network(golden.json["network"].dump(), golden.name), 0, dtype);
}

Tensor class_numbers(const Model& model, const Tensor& target) {
  const auto rows = target.shape()[0], columns = target.count() / rows;
  if (model.network.loss.type != "cross_entropy" || columns == 1) return target;
  Tensor numbers({rows, 1}, DType::f64);
  for (std::int64_t i = 0; i < target.count(); ++i) {
    if (target.at(i) == 1) numbers.set(i / columns, static_cast<double>(i % columns));
  }
  return numbers;
}

std::map<std::string, Tensor> step_values(const Model& model, const StepGraph& step, const Tensor& x,
                                          const Tensor& y) {
  std::map<std::string, Tensor> values;
  for (const auto& node : step.graph.nodes()) {
    if (node.op != Op::state) continue;
    const auto& name = node.attributes.name;
    values[name] = model.state.contains(name) ? model.state.get(name)
                                              : Tensor(node.type.shape, model.dtype);
  }
  values["x"] = x.cast(model.dtype);
  if (model.network.loss.type == "cross_entropy") {
    values["y"] = y.reshaped({y.shape()[0]}).cast(DType::i32);
  } else {
    values["y"] = y.cast(model.dtype);
  }
  values["learning_rate"] = Tensor::scalar(model.network.optimizer.learning_rate, model.dtype);
  values["step"] = Tensor::scalar(0, DType::i32);
  return values;
}

}  // namespace longhand::testing
