#include "parity/goldens.h"

#include <fstream>

#include "formats/json.h"

namespace longhand::testing {

std::vector<GoldenCase> read_goldens(const std::string& file) {
  std::ifstream stream(std::string(LONGHAND_SOURCE_DIR) + "/tests/goldens/" + file);
  const auto json = nlohmann::ordered_json::parse(stream);
  std::vector<GoldenCase> cases;
  for (const auto& entry : json["cases"]) cases.push_back({entry["name"], entry});
  return cases;
}

namespace {

Derivation explained_at(const Model& model, int steps_before, const std::map<std::string, Tensor>& memory) {
  const auto step = build_step(model, {.stable = false, .input_gradient = true, .loss_after = true});
  const auto& sample = *model.network.sample;
  auto values = step_values(model, step, sample.input, sample.target);
  for (const auto& [name, value] : memory) values[name] = value;
  values["step"] = Tensor::scalar(steps_before, DType::i32);
  return explain(step.graph, values, {.batch = sample.is_batch});
}

}  // namespace

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
  if (step.graph.find_input("row") != kNoNode) {
    Tensor rows({x.shape()[0]}, DType::i32);
    for (std::int64_t i = 0; i < rows.count(); ++i) rows.set(i, static_cast<double>(i));
    values["row"] = std::move(rows);
  }
  return values;
}

Derivation explained(const Model& model) { return explained_at(model, 0, {}); }

Derivation explained(const GoldenCase& golden) {
  std::map<std::string, Tensor> memory;
  if (golden.json.contains("memory")) {
    for (const auto& [name, value] : golden.json["memory"].items()) memory[name] = tensor_from_json(value, name);
  }
  return explained_at(model_of(golden, DType::f64), golden.json.value("steps_before", 0), memory);
}

}  // namespace longhand::testing
