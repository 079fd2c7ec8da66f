// Whether a plan is the step of a tiny network: its graph, read forward and then backward.
#include "backends/cpu/tiny_step.h"

#include <algorithm>
#include <set>

#include "ir/op_table.h"

namespace longhand {
namespace {

using Ids = std::vector<NodeId>;

class TinyStepMatcher {
 public:
  explicit TinyStepMatcher(const Graph& graph) : graph_(graph) {}

  bool read() { return read_forward() && read_loss() && read_backward() && covers_everything(); }
  TinyStep take() { return std::move(step_); }

 private:
  const Node& node(NodeId id) const { return graph_.node(id); }

  // What the attributes of an operation must be; those without any need no check.
  using Check = bool (*)(const Attributes&);
  static bool any(const Attributes&) { return true; }
  static bool over_rows(const Attributes& a) { return a.axes == std::vector<std::int64_t>{0}; }
  static bool as_they_lie(const Attributes& a) { return !a.transpose_left && !a.transpose_right; }
  static bool left_transposed(const Attributes& a) {
    return a.transpose_left && !a.transpose_right;
  }

  // The node with this operation, these operands, reshaped or not, and such attributes. Notes it.
  NodeId find(Op op, const Ids& inputs, Check check = any) {
    for (std::size_t i = 0; i < graph_.size(); ++i) {
      const auto& candidate = graph_.nodes()[i];
      if (candidate.op != op || candidate.inputs.size() != inputs.size()) continue;
      bool fits = check(candidate.attributes);
      for (std::size_t k = 0; k < inputs.size(); ++k) {
        fits = fits && unreshaped(graph_, candidate.inputs[k]) == inputs[k];
      }
      if (!fits) continue;
      covered_.insert(static_cast<NodeId>(i));
      return static_cast<NodeId>(i);
    }
    return kNoNode;
  }

  NodeId find_number(double value) const {
    for (std::size_t i = 0; i < graph_.size(); ++i) {
      const auto& candidate = graph_.nodes()[i];
      if (candidate.op == Op::constant && candidate.type.shape.rank() == 0 &&
          candidate.type.kind == Kind::real && candidate.attributes.value.item() == value) {
        return static_cast<NodeId>(i);
      }
    }
    return kNoNode;
  }

  bool read_forward() {
    const auto& nodes = graph_.nodes();
    const auto loss = std::ranges::find(nodes, Op::sigmoid_cross_entropy, &Node::op);
    if (loss == nodes.end()) return false;
    losses_ = static_cast<NodeId>(loss - nodes.begin());
    covered_.insert(losses_);
    z_ = loss->inputs[0];
    step_.y = loss->inputs[1];
    if (node(step_.y).op != Op::input) return false;
    auto activation = Op::stop_gradient;
    for (NodeId id = z_; node(id).op != Op::input;) {
      if (node(id).op != Op::linear) return false;
      covered_.insert(id);
      const auto& inputs = node(id).inputs;
      const auto& shape = node(inputs[1]).type.shape;
      step_.layers.insert(step_.layers.begin(),
                          {shape[1], shape[0], activation, inputs[1], inputs[2]});
      values_.insert(values_.begin(), inputs[0]);
      if (node(inputs[1]).op != Op::state || node(inputs[2]).op != Op::state) return false;
      if (std::max(shape[0], shape[1]) > kTinyWidth || step_.layers.size() > kTinyLayers)
        return false;
      id = inputs[0];
      if (node(id).op == Op::input) break;
      activation = node(id).op;
      if (activation != Op::relu && activation != Op::sigmoid && activation != Op::tanh)
        return false;
      covered_.insert(id);
      id = node(id).inputs[0];
    }
    if (values_.empty()) return false;
    step_.x = values_.front();
    return step_.layers.back().out == 1 && node(step_.x).type.shape.rank() == 2 &&
           node(step_.x).type.shape[0] == Shape::kBatch;
  }

  // The mean over rows is the only output.
  bool read_loss() {
    const auto rows = find(Op::extent, {losses_}, over_rows);
    step_.loss = find(Op::divide, {find(Op::sum, {losses_}, over_rows), rows});
    share_ = find(Op::divide, {find_number(1), rows});
    return rows != kNoNode && graph_.outputs().size() == 1 &&
           graph_.outputs()[0].second == step_.loss;
  }

  bool read_backward() {
    step_.rate = graph_.find_input("learning_rate");
    if (step_.rate == kNoNode) return false;
    auto dz = find(Op::multiply, {share_, find(Op::subtract, {find(Op::sigmoid, {z_}), step_.y})});
    for (std::size_t i = step_.layers.size(); i-- > 0;) {
      const auto& layer = step_.layers[i];
      const auto value = values_[i];
      if (!is_written(layer.weight, find(Op::matmul, {dz, value}, left_transposed)) ||
          !is_written(layer.bias, find(Op::sum, {dz}, over_rows))) {
        return false;
      }
      if (i == 0) break;
      dz = find(Op::multiply, {find(Op::matmul, {dz, layer.weight}, as_they_lie),
                               find_slope(step_.layers[i - 1].activation, value)});
      if (dz == kNoNode) return false;
    }
    return graph_.writes().size() == 2 * step_.layers.size();
  }

  NodeId find_slope(Op activation, NodeId value) {
    const auto one = find_number(1);
    switch (activation) {
      case Op::relu:
        return find(Op::to_real, {find(Op::less, {find_number(0), value})});
      case Op::sigmoid:
        return find(Op::multiply, {value, find(Op::subtract, {one, value})});
      default:
        return find(Op::subtract, {one, find(Op::multiply, {value, value})});
    }
  }

  // Whether the state becomes itself less the rate times the gradient.
  bool is_written(NodeId state, NodeId gradient) {
    const auto value = find(Op::subtract, {state, find(Op::multiply, {step_.rate, gradient})});
    return value != kNoNode &&
           std::ranges::find(graph_.writes(), std::pair(state, value)) != graph_.writes().end();
  }

  bool covers_everything() const {
    for (std::size_t i = 0; i < graph_.size(); ++i) {
      const auto& candidate = graph_.nodes()[i];
      const bool computes =
          info(candidate.op).op_class != OpClass::leaf && candidate.op != Op::reshape;
      if (computes && !covered_.contains(static_cast<NodeId>(i))) return false;
    }
    return true;
  }

  const Graph& graph_;
  TinyStep step_;
  NodeId z_ = kNoNode, losses_ = kNoNode, share_ = kNoNode;
  Ids values_;  // what each layer reads
  std::set<NodeId> covered_;
};

template <class T>
class TinyStepCallOf : public TinyStepCall {
 public:
  TinyStepCallOf(const Plan& plan, TinyStep step)
      : step_(std::move(step)), function_(tiny_step_function<T>()) {
    const auto slot = [&](NodeId id) { return plan.buffers[static_cast<std::size_t>(id)].slot; };
    x_slot_ = slot(step_.x);
    y_slot_ = slot(step_.y);
    rate_slot_ = slot(step_.rate);
  }

  void run(const Memory& memory) const override {
    constexpr std::int32_t kOnly[] = {0};
    function_(
        step_, memory.buffers,
        {kOnly, buffer<T>(memory, step_.x), 0, buffer<T>(memory, step_.y), 0, nullptr, nullptr});
  }

  void run_rows(const Memory& memory, const RowSteps& steps) const override {
    TinySteps<T> rows{.order = steps.order,
                      .x = buffer<T>(memory, step_.x),
                      .x_row = 0,
                      .y = buffer<T>(memory, step_.y),
                      .y_row = 0,
                      .rates = steps.inputs[rate_slot_].scalars,
                      .losses = steps.records[0]};
    take_table(steps.inputs[x_slot_], rows.x, rows.x_row);
    take_table(steps.inputs[y_slot_], rows.y, rows.y_row);
    function_(step_, memory.buffers, rows);
  }

 private:
  static void take_table(const RowSteps::Input& input, const T*& table, std::size_t& row) {
    if (input.table == nullptr) return;
    table = static_cast<const T*>(input.table);
    row = input.row_bytes / sizeof(T);
  }

  TinyStep step_;
  TinyStepFunction<T> function_;
  std::size_t x_slot_, y_slot_, rate_slot_;
};

}  // namespace

std::unique_ptr<TinyStepCall> find_tiny_step(const Plan& plan) {
  if (plan.max_rows != 1) return nullptr;
  TinyStepMatcher matcher(plan.graph);
  if (!matcher.read()) return nullptr;
  if (plan.dtype == DType::f32)
    return std::make_unique<TinyStepCallOf<float>>(plan, matcher.take());
  return std::make_unique<TinyStepCallOf<double>>(plan, matcher.take());
}

}  // namespace longhand
