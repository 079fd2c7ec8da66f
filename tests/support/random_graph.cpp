#include "support/random_graph.h"

#include "support/op_samples.h"

namespace longhand::testing {
namespace {

constexpr auto kBatch = Shape::kBatch;

class Grower {
 public:
  explicit Grower(Graph& graph) : graph_(graph) {
    values_ = {graph.input("x", {kBatch, 4}), graph.input("r", {kBatch, 1}), graph.input("s", {}),
               graph.state("w0", {3, 4}),     graph.state("w1", {4}),        graph.state("w2", {3})};
  }

  void grow(unsigned choice) {
    const Var a = pick(choice / 20), b = pick(choice / 20 + choice / 400 + 1);
    const auto size = values_.size();
    try {
      if (const Var made = node(choice % 20, a, b); made.id != a.id) values_.push_back(made);
    } catch (const ShapeError&) {
      values_.resize(size);  // the operands do not fit: this choice adds nothing
    }
  }

  const std::vector<Var>& values() const { return values_; }

 private:
  // Newer values first, so that graphs grow deep.
  Var pick(unsigned number) const { return values_[values_.size() - 1 - number % values_.size()]; }

  Var node(unsigned kind, Var a, Var b) {
    switch (kind) {
      case 0: return tanh(a * b);
      case 1: return 0.5 * (a + b);
      case 2: return 0.5 * (a - b);
      case 3: return a / (1.0 + abs(b));
      case 4: return maximum(a, b);
      case 5: return relu(a) - 0.25;
      case 6: return sin(a);
      case 7: return exp(-abs(a));
      case 8: return sqrt(1.0 + abs(a)) - 1.0;
      case 9: return sigmoid(a);
      case 10: return product(a);
      case 11: return mean(a, {-1}, true);
      case 12: return a.shape().rank() == 2 ? mean(a, {0}) : mean(a);
      case 13: return reduce_max(a, {-1}, true);
      case 14: return where(greater(values_[0], graph_.constant(0.1)), a, b);
      case 15: return slice(concatenate({a, b}), -1, 1, 4);
      case 16: return a.shape().rank() == 2 ? softmax(a) : 0.1 * a;
      case 17: return 0.5 * (stop_gradient(a) + broadcast(b, a.shape()));
      case 18: return flat(a);
      default: return erf(a) * 0.5;
    }
  }

  Var product(Var a) {
    const Var w0 = values_[3], w2 = values_[5];
    if (a.shape() == Shape{kBatch, 4}) return linear(a, w0, w2) * 0.2;
    if (a.shape() == Shape{3, 4}) return matmul(a, w0, true) * 0.2;
    if (a.shape() == Shape{4, 4}) return matmul(w0, a) * 0.2;
    return matmul(a, w0) * 0.2;
  }

  // Another shape of the same numbers.
  Var flat(Var a) {
    if (a.shape() == Shape{3, 4}) return reshape(a, {4, 3});
    if (a.shape() == Shape{4, 3}) return reshape(a, {3, 4});
    return reshape(a, Shape{1}.with_extent(0, a.shape().rank() == 0 ? 1 : a.shape()[0]));
  }

  Graph& graph_;
  std::vector<Var> values_;
};

}  // namespace

Graph random_graph(const std::vector<unsigned>& choices, bool writes) {
  Graph graph(Mode::train);
  Grower grower(graph);
  for (const auto choice : choices) grower.grow(choice);
  const auto& values = grower.values();
  const auto outputs = std::min<std::size_t>(values.size() - 6, 3);
  for (std::size_t i = 0; i < outputs; ++i) graph.output("y" + std::to_string(i), values[values.size() - 1 - i]);
  if (!writes) return graph;
  // The newest value of a state's shape becomes its next one.
  for (std::size_t state = 3; state < 6; ++state) {
    for (std::size_t i = values.size(); i-- > 6;) {
      const bool is_alias = values[i].node().op == Op::reshape || values[i].node().op == Op::stop_gradient;
      if (is_alias || !(values[i].node().type == values[state].node().type)) continue;
      graph.assign(values[state], values[i]);
      break;
    }
  }
  return graph;
}

std::map<std::string, Tensor> random_values(const Graph& graph, std::int64_t rows, DType dtype,
                                            std::uint64_t salt) {
  std::map<std::string, Tensor> values;
  for (const auto& node : graph.nodes()) {
    if (node.op != Op::input && node.op != Op::state) continue;
    values[node.attributes.name] = filled(node.type.shape.with_rows(rows), ++salt, -1, 1).cast(dtype);
  }
  return values;
}

template <class T>
std::map<std::string, Tensor> evaluated(const Graph& graph, const std::map<std::string, Tensor>& values,
                                        std::int64_t rows) {
  Inputs<T> inputs;
  for (const auto& [name, tensor] : values) inputs[name] = to_array<T>(tensor);
  const auto all = evaluate<T>(graph, inputs, {}, rows);
  std::map<std::string, Tensor> result;
  for (const auto& [name, id] : graph.outputs()) result[name] = to_tensor(all[static_cast<std::size_t>(id)]);
  for (const auto& [state, id] : graph.writes()) {
    result[graph.node(state).attributes.name] = to_tensor(all[static_cast<std::size_t>(id)]);
  }
  return result;
}

template std::map<std::string, Tensor> evaluated<float>(const Graph&, const std::map<std::string, Tensor>&,
                                                        std::int64_t);
template std::map<std::string, Tensor> evaluated<double>(const Graph&, const std::map<std::string, Tensor>&,
                                                         std::int64_t);

}  // namespace longhand::testing
