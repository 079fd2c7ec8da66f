#include <cmath>

#include "base/philox.h"
#include "longhand/nn.h"

namespace longhand::nn {

Linear::Linear(Module& parent, std::string name, std::int64_t in, std::int64_t out)
    : Module(parent, std::move(name)), in_(in), out_(out) {
  if (in < 1 || out < 1) {
    throw ArgumentError("'" + path() + "': a linear layer from " + std::to_string(in) + " to " +
                        std::to_string(out) + " units");
  }
  checked_multiply(in, out);
  // PyTorch's default for both: Kaiming uniform with a = sqrt(5), which comes to 1 / sqrt(in).
  const double bound = 1 / std::sqrt(static_cast<double>(in));
  declare({.name = "weight", .shape = {out_, in_}, .bound = bound});
  declare({.name = "bias", .shape = {out_}, .bound = bound});
}

Var Linear::forward(Var x) const {
  Graph& graph = *x.graph;
  const Var weight = parameter(graph, "weight").labelled(path(), "W");
  const Var bias = parameter(graph, "bias").labelled(path(), "b");
  return linear(x, weight, bias).labelled(path(), "z");
}

Dropout::Dropout(Module& parent, std::string name, double p)
    : Module(parent, std::move(name)), p_(p) {
  if (!(p >= 0 && p < 1)) {
    throw ArgumentError("'" + path() + "': dropout needs 0 <= p < 1, not " + std::to_string(p));
  }
}

Var Dropout::forward(Var x) const {
  Graph& graph = *x.graph;
  if (graph.mode() == Mode::predict || p_ == 0) return x;
  const auto find_or_add = [&](const char* name, Shape shape) {
    const auto found = graph.find_input(name);
    return found == kNoNode ? graph.input(name, shape, Kind::index) : graph.var(found);
  };
  const Var step = find_or_add("step", {});
  const Var row = find_or_add("row", {Shape::kBatch});
  const Var drawn = random_uniform(step, row, x.shape()[1], seed(), hash_name(path()));
  const Var kept = greater_equal(drawn, graph.constant(p_)).labelled(path(), "mask");
  graph.begin_composite("dropout", {x, kept}, {{"p", p_}}, true);
  return graph.end_composite(where(kept, x * (1 / (1 - p_)), graph.constant(0.0))).labelled(path(), "h");
}

Activation::Activation(Module& parent, std::string name, Function function, double parameter)
    : Module(parent, std::move(name)), function_(function), parameter_(parameter) {}

Var Activation::forward(Var x) const {
  const Var y = function_(x, parameter_);
  return y.id == x.id ? y : y.labelled(path(), "a");
}

Activation::Function find_activation(std::string_view name, double* default_parameter) {
  struct Row {
    std::string_view name;
    Activation::Function function;
    double parameter;
  };
  static constexpr Row kTable[] = {
      {"relu", [](Var x, double) { return relu(x); }, 0},
      {"leaky_relu", [](Var x, double slope) { return leaky_relu(x, slope); }, 0.01},
      {"elu", [](Var x, double alpha) { return elu(x, alpha); }, 1},
      {"gelu", [](Var x, double) { return gelu(x); }, 0},
      {"gelu_tanh", [](Var x, double) { return gelu_tanh(x); }, 0},
      {"silu", [](Var x, double) { return silu(x); }, 0},
      {"softplus", [](Var x, double) { return softplus(x); }, 0},
      {"tanh", [](Var x, double) { return tanh(x); }, 0},
      {"sigmoid", [](Var x, double) { return sigmoid(x); }, 0},
      {"hard_sigmoid", [](Var x, double) { return hard_sigmoid(x); }, 0},
      {"hard_tanh", [](Var x, double) { return hard_tanh(x); }, 0},
      {"softmax", [](Var x, double) { return softmax(x); }, 0},
      {"identity", [](Var x, double) { return x; }, 0},
  };
  for (const auto& row : kTable) {
    if (row.name != name) continue;
    if (default_parameter != nullptr) *default_parameter = row.parameter;
    return row.function;
  }
  return nullptr;
}

void Sequential::add_skip(std::string name, std::size_t from) {
  if (from >= modules_.size()) {
    throw ArgumentError("'" + name + "': there is no module " + std::to_string(from) + " before it");
  }
  const auto& module = add<Activation>(std::move(name), find_activation("identity"));
  skips_[&module] = from;
}

Var Sequential::forward(Var x) const {
  std::vector<Var> outputs;
  for (const auto& module : modules_) {
    x = module->forward(x);
    if (const auto skip = skips_.find(module.get()); skip != skips_.end()) {
      x = (x + outputs[skip->second]).labelled(module->path(), "residual");
    }
    outputs.push_back(x);
  }
  return x;
}

}  // namespace longhand::nn
