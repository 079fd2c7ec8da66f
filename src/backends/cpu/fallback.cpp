#include "backends/cpu/fallback.h"

#include <new>
#include <vector>

#include "ir/evaluate.h"

namespace longhand {
namespace {

class Fallback : public Call {
 public:
  Fallback(const Plan& plan, NodeId id)
      : node_(plan.graph.node(id)), id_(id), in_single_(plan.dtype == DType::f32) {
    for (const auto input : node_.inputs) types_.push_back(plan.graph.node(input).type);
  }

  std::size_t scratch_bytes(int) const override { return types_.size() * sizeof(Operand); }

  void run(const Memory& memory) const override {
    auto* operands = reinterpret_cast<Operand*>(memory.scratch);
    for (std::size_t i = 0; i < types_.size(); ++i) {
      const auto* data = memory.buffers[node_.inputs[i]];
      new (operands + i) Operand{data, types_[i].shape.with_rows(memory.rows), types_[i].kind};
    }
    auto* result = memory.buffers[id_];
    const auto shape = node_.type.shape.with_rows(memory.rows);
    if (in_single_)
      evaluate_node<float>(node_, {operands, types_.size()}, result, shape);
    else
      evaluate_node<double>(node_, {operands, types_.size()}, result, shape);
  }

 private:
  const Node& node_;
  NodeId id_;
  bool in_single_;
  std::vector<Type> types_;
};

}  // namespace

std::unique_ptr<Call> make_fallback(const Plan& plan, NodeId id) {
  return std::make_unique<Fallback>(plan, id);
}

}  // namespace longhand
