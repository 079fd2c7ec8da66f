// Op::linear and Op::matmul as matrix products, with what is computed of each part of them.
#include "backends/cpu/gemm.h"

namespace longhand {
namespace {

template <class T>
class ProductCall : public Call {
 public:
  ProductCall(const Plan& plan, const std::vector<NodeId>& nodes)
      : result_(nodes[0]), function_(product_function<T>()) {
    const auto& node = plan.graph.node(result_);
    const bool is_linear = node.op == Op::linear;
    left_transposed_ = !is_linear && node.attributes.transpose_left;
    right_transposed_ = is_linear || node.attributes.transpose_right;
    left_ = node.inputs[0];
    right_ = node.inputs[1];
    if (is_linear) bias_ = node.inputs[2];
    const auto& left = plan.graph.node(left_).type.shape;
    m_ = product(node.type.shape, 0, 1);
    n_ = product(node.type.shape, 1, 2);
    const std::size_t inner_axis = left_transposed_ ? 0 : 1;
    k_ = product(left, inner_axis, inner_axis + 1);
    is_dots_ =
        is_linear && n_.per_row == 0 && k_.per_row == 0 && is_dot_product(n_.fixed, k_.fixed);
    is_kept_ = plan.buffers[static_cast<std::size_t>(result_)].space != Buffer::Space::none;
    if (nodes.size() > 1) {
      const std::vector rest(nodes.begin() + 1, nodes.end());
      sweep_.emplace(plan, rest, result_);
      find_ending(plan, find_loops(plan, rest));
    }
    const auto most = [&](const Extent& extent) { return extent.at(plan.max_rows); };
    scratch_ = product_scratch(most(m_), most(n_), most(k_), sizeof(T), left_transposed_,
                               sweep_ ? sweep_->scratch_bytes() : 0);
  }

  std::size_t scratch_bytes(int threads) const override {
    return scratch_.bytes * static_cast<std::size_t>(threads);
  }

  void run(const Memory& memory) const override {
    const auto m = m_.at(memory.rows), n = n_.at(memory.rows), k = k_.at(memory.rows);
    Product<T> p;
    p.m = m;
    p.n = n;
    p.k = k;
    p.a = buffer<T>(memory, left_);
    p.a_row = left_transposed_ ? 1 : k;
    p.a_inner = left_transposed_ ? m : 1;
    p.b = buffer<T>(memory, right_);
    p.b_inner = right_transposed_ ? 1 : n;
    p.b_column = right_transposed_ ? k : 1;
    p.bias = bias_ == kNoNode ? nullptr : buffer<T>(memory, bias_);
    p.is_dots = is_dots_;
    p.c = is_kept_ ? buffer<T>(memory, result_) : nullptr;
    Epilogue<T> epilogue{sweep_ ? &*sweep_ : nullptr, &memory};
    if (ending_ != Ending::none) {
      epilogue.ending = ending_;
      epilogue.gate = gate_ == kNoNode ? nullptr : buffer<T>(memory, gate_);
      epilogue.result = buffer<T>(memory, finished_);
    }
    function_(p, epilogue, scratch_, memory.scratch, memory.pool);
  }

 private:
  // Whether all that follows is a ReLU, or the product with a ReLU's slope.
  void find_ending(const Plan& plan, const std::vector<SweepLoop>& loops) {
    const auto& loop = loops[0];
    const auto& shape = plan.graph.node(result_).type.shape;
    if (is_kept_ || left_transposed_ || loops.size() != 1) return;
    if (loop.kind == SweepLoop::Kind::one && loop.op == Op::relu) {
      ending_ = Ending::relu;
    } else if (loop.kind == SweepLoop::Kind::pair && loop.op == Op::multiply &&
               loop.inner == Op::less && loop.operands[2] == result_ &&
               is_zero(plan.graph.node(loop.operands[0])) &&
               plan.graph.node(loop.operands[1]).type.shape == shape) {
      ending_ = Ending::relu_slope;
      gate_ = loop.operands[1];
    }
    finished_ = loop.result;
  }

  static bool is_zero(const Node& node) {
    return node.op == Op::constant && node.type.shape.count() == 1 &&
           node.attributes.value.item() == 0;
  }

  NodeId left_, right_, bias_ = kNoNode, result_;
  Ending ending_ = Ending::none;
  NodeId gate_ = kNoNode, finished_ = kNoNode;
  bool left_transposed_, right_transposed_, is_kept_, is_dots_;
  Extent m_, n_, k_;
  std::optional<Sweep<T>> sweep_;
  ProductScratch scratch_;
  ProductFunction<T> function_;
};

}  // namespace

std::unique_ptr<Call> make_product(const Plan& plan, const std::vector<NodeId>& nodes) {
  if (plan.dtype == DType::f32) return std::make_unique<ProductCall<float>>(plan, nodes);
  return std::make_unique<ProductCall<double>>(plan, nodes);
}

}  // namespace longhand
