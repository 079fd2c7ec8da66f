#include "backends/cpu/dense_row.h"

#include <algorithm>

#include "backends/cpu/gemm.h"
#include "ir/op_table.h"

namespace longhand {
namespace {

struct Layer {
  NodeId x, weight, bias, result;
  Op activation;
};

bool can_activate(Op op) { return op == Op::relu || op == Op::sigmoid || op == Op::tanh; }

bool is_state(const Plan& plan, NodeId id) {
  return plan.buffers[static_cast<std::size_t>(id)].space == Buffer::Space::state;
}

std::optional<Layer> as_layer(const Plan& plan, const Step& step) {
  const auto& linear = plan.graph.node(step.nodes[0]);
  if (step.kind != Step::Kind::product || linear.op != Op::linear || step.nodes.size() > 2) {
    return std::nullopt;
  }
  Layer layer{linear.inputs[0], linear.inputs[1], linear.inputs[2], step.nodes.back(),
              Op::stop_gradient};
  if (step.nodes.size() == 2) {
    const auto& activation = plan.graph.node(step.nodes[1]);
    const bool is_kept =
        plan.buffers[static_cast<std::size_t>(step.nodes[0])].space != Buffer::Space::none;
    if (is_kept || !can_activate(activation.op) || activation.inputs[0] != step.nodes[0])
      return std::nullopt;
    layer.activation = activation.op;
  }
  if (!is_state(plan, layer.weight) || !is_state(plan, layer.bias)) return std::nullopt;
  return layer;
}

bool is_read_once(const Plan& plan, NodeId id) {
  long reads = std::ranges::count_if(plan.graph.outputs(),
                                     [&](const auto& output) { return output.second == id; });
  for (const auto& node : plan.graph.nodes()) reads += std::ranges::count(node.inputs, id);
  return reads == 1;
}

template <class T>
class DenseChainOf : public DenseChain {
 public:
  DenseChainOf(const Plan& plan, std::vector<Layer> layers)
      : layers_(std::move(layers)), functions_(dense_row_functions<T>()) {
    for (const auto& layer : layers_) {
      const auto& shape = plan.graph.node(layer.weight).type.shape;
      DenseRow row{shape[1],        shape[0], layer.activation,
                   prepared_bytes_, 0,        is_dot_product(shape[0], shape[1])};
      prepared_bytes_ += functions_.weight_bytes(row);
      row.bias_at = prepared_bytes_;
      prepared_bytes_ += functions_.bias_bytes(row);
      rows_.push_back(row);
      between_row_ = std::max(between_row_, functions_.bias_bytes(row) / sizeof(T));
    }
  }

  std::size_t steps() const override { return layers_.size(); }
  std::size_t prepared_bytes() const override { return prepared_bytes_; }
  std::size_t scratch_bytes() const override { return 2 * between_row_ * sizeof(T); }

  void prepare(const Memory& memory) const override {
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      functions_.pack(rows_[i], buffer<T>(memory, layers_[i].weight),
                      buffer<T>(memory, layers_[i].bias), memory.prepared);
    }
  }

  void run(const Memory& memory) const override {
    functions_.run(rows_.data(), rows_.size(), buffer<T>(memory, layers_.front().x),
                   memory.prepared, reinterpret_cast<T*>(memory.scratch), between_row_,
                   buffer<T>(memory, layers_.back().result));
  }

 private:
  std::vector<Layer> layers_;
  std::vector<DenseRow> rows_;
  DenseRowFunctions<T> functions_;
  std::size_t prepared_bytes_ = 0, between_row_ = 0;
};

}  // namespace

std::unique_ptr<DenseChain> find_dense_chain(const Plan& plan) {
  if (!plan.fixed_state || !plan.graph.writes().empty()) return nullptr;
  std::vector<Layer> layers;
  for (const auto& step : plan.steps) {
    const auto layer = as_layer(plan, step);
    if (!layer) break;
    if (!layers.empty() && (layer->x != layers.back().result || !is_read_once(plan, layer->x)))
      break;
    layers.push_back(*layer);
  }
  if (layers.empty()) return nullptr;
  if (!(plan.graph.node(layers[0].x).type.shape[0] == Shape::kBatch)) return nullptr;
  if (plan.dtype == DType::f32)
    return std::make_unique<DenseChainOf<float>>(plan, std::move(layers));
  return std::make_unique<DenseChainOf<double>>(plan, std::move(layers));
}

}  // namespace longhand
