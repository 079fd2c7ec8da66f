// Op::linear and Op::matmul as matrix products.
#include "backends/cpu/gemm.h"

namespace longhand {
namespace {

template <class T>
class ProductCall : public Call {
 public:
  ProductCall(const Plan& plan, NodeId id) : result_(id), function_(product_function<T>()) {
    const auto& node = plan.graph.node(id);
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
    const auto most = [&](const Extent& extent) {
      return static_cast<double>(extent.at(plan.max_rows));
    };
    needs_scratch_ = most(m_) * most(n_) * most(k_) > kTinyProduct;
  }

  std::size_t scratch_bytes(int threads) const override {
    return needs_scratch_ ? product_scratch(left_transposed_) * static_cast<std::size_t>(threads)
                          : 0;
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
    p.c = buffer<T>(memory, result_);
    function_(p, memory.scratch, memory.pool);
  }

 private:
  NodeId left_, right_, bias_ = kNoNode, result_;
  bool left_transposed_, right_transposed_, needs_scratch_;
  Extent m_, n_, k_;
  ProductFunction<T> function_;
};

}  // namespace

std::unique_ptr<Call> make_product(const Plan& plan, NodeId id) {
  if (plan.dtype == DType::f32) return std::make_unique<ProductCall<float>>(plan, id);
  return std::make_unique<ProductCall<double>>(plan, id);
}

}  // namespace longhand
