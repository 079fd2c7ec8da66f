#include "backends/cpu/reduce.h"

#include <algorithm>

namespace longhand {
namespace {

// The extents before, within and after the reduced axes.
struct Reduced {
  Extent outer, count, inner;
};

bool are_neighbours(const std::vector<std::int64_t>& axes) {
  return !axes.empty() && axes.back() - axes.front() + 1 == static_cast<std::int64_t>(axes.size());
}

Reduced reduced(const Shape& shape, const std::vector<std::int64_t>& axes) {
  const auto first = static_cast<std::size_t>(axes.front());
  const auto last = static_cast<std::size_t>(axes.back());
  return {product(shape, 0, first), product(shape, first, last + 1),
          product(shape, last + 1, shape.rank())};
}

template <class T>
class ReductionCall : public Call {
 public:
  ReductionCall(const Plan& plan, NodeId id) : result_(id) {
    const auto& node = plan.graph.node(id);
    operand_ = node.inputs[0];
    extents_ = reduced(plan.graph.node(operand_).type.shape, node.attributes.axes);
    const auto functions = reduce_functions<T>();
    function_ = node.op == Op::sum ? functions.sum : functions.max;
  }

  void run(const Memory& memory) const override {
    Reduction<T> r;
    r.outer = extents_.outer.at(memory.rows);
    r.count = extents_.count.at(memory.rows);
    r.inner = extents_.inner.at(memory.rows);
    r.along_rows = extents_.inner.per_row == 0 && extents_.inner.fixed == 1;
    r.x = buffer<T>(memory, operand_);
    r.y = buffer<T>(memory, result_);
    const bool by_columns = r.outer == 1 && !r.along_rows;
    const auto items = by_columns ? r.inner : r.outer;
    const auto work = static_cast<double>(r.outer * r.count) * static_cast<double>(r.inner) * 0.1;
    const int shares = shares_of(memory.pool, work);
    share_out(memory.pool, shares,
              [&](int /*thread*/, int index) { function_(r, part_of(items, index, shares, 16)); });
  }

 private:
  NodeId operand_, result_;
  Reduced extents_;
  void (*function_)(const Reduction<T>&, Share);
};

template <class T>
class CrossEntropyCall : public Call {
 public:
  CrossEntropyCall(const Plan& plan, NodeId id)
      : logits_(plan.graph.node(id).inputs[0]),
        targets_(plan.graph.node(id).inputs[1]),
        result_(id),
        function_(reduce_functions<T>().cross_entropy) {
    const auto& shape = plan.graph.node(logits_).type.shape;
    rows_ = product(shape, 0, 1);
    classes_ = product(shape, 1, 2);
  }

  void run(const Memory& memory) const override {
    CrossEntropy<T> c;
    c.rows = rows_.at(memory.rows);
    c.classes = classes_.at(memory.rows);
    c.z = buffer<T>(memory, logits_);
    c.y = buffer<T>(memory, targets_);
    c.loss = buffer<T>(memory, result_);
    const int shares = shares_of(memory.pool, static_cast<double>(c.rows * c.classes));
    share_out(memory.pool, shares,
              [&](int /*thread*/, int index) { function_(c, part_of(c.rows, index, shares, 16)); });
  }

 private:
  NodeId logits_, targets_, result_;
  Extent rows_, classes_;
  void (*function_)(const CrossEntropy<T>&, Share);
};

// The first of the largest; where the first entry is NaN, that.
template <class T>
class ArgmaxCall : public Call {
 public:
  ArgmaxCall(const Plan& plan, NodeId id) : operand_(plan.graph.node(id).inputs[0]), result_(id) {
    const auto& node = plan.graph.node(id);
    extents_ = reduced(plan.graph.node(operand_).type.shape, node.attributes.axes);
  }

  void run(const Memory& memory) const override {
    const auto rows = extents_.outer.at(memory.rows), count = extents_.count.at(memory.rows);
    const auto* x = buffer<T>(memory, operand_);
    auto* y = buffer<std::int32_t>(memory, result_);
    for (std::int64_t row = 0; row < rows; ++row, x += count) {
      std::int64_t best = 0;
      for (std::int64_t j = 1; j < count; ++j) {
        if (x[j] > x[best]) best = j;
      }
      y[row] = static_cast<std::int32_t>(best);
    }
  }

 private:
  NodeId operand_, result_;
  Reduced extents_;
};

template <class T>
std::unique_ptr<Call> make_reduction_of(const Plan& plan, NodeId id) {
  const auto& node = plan.graph.node(id);
  const auto& axes = node.attributes.axes;
  const auto rank = plan.graph.node(node.inputs[0]).type.shape.rank();
  if (!are_neighbours(axes)) return nullptr;
  if (node.op != Op::argmax) return std::make_unique<ReductionCall<T>>(plan, id);
  if (axes.back() + 1 != static_cast<std::int64_t>(rank)) return nullptr;
  return std::make_unique<ArgmaxCall<T>>(plan, id);
}

}  // namespace

std::unique_ptr<Call> make_reduction(const Plan& plan, NodeId id) {
  if (plan.dtype == DType::f32) return make_reduction_of<float>(plan, id);
  return make_reduction_of<double>(plan, id);
}

std::unique_ptr<Call> make_cross_entropy(const Plan& plan, NodeId id) {
  if (plan.dtype == DType::f32) return std::make_unique<CrossEntropyCall<float>>(plan, id);
  return std::make_unique<CrossEntropyCall<double>>(plan, id);
}

}  // namespace longhand
