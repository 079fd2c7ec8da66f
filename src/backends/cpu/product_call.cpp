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
    if (nodes.size() > 1)
      sweep_.emplace(plan, std::vector(nodes.begin() + 1, nodes.end()), result_);
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
    function_(p, {sweep_ ? &*sweep_ : nullptr, &memory}, scratch_, memory.scratch, memory.pool);
  }

 private:
  NodeId left_, right_, bias_ = kNoNode, result_;
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
