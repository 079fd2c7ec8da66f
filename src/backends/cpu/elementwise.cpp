#include "backends/cpu/elementwise.h"

#include <algorithm>

#include "backends/cpu/reach.h"
#include "backends/cpu/sweep.h"

namespace longhand {
namespace {

template <class T>
class Elementwise : public Call {
 public:
  Elementwise(const Plan& plan, const std::vector<NodeId>& nodes) : sweep_(plan, nodes, kNoNode) {
    const auto& shape = plan.graph.node(nodes[0]).type.shape;
    inner_ = shape.rank() == 0 ? Extent{} : product(shape, shape.rank() - 1, shape.rank());
    outer_ = shape.rank() == 0 ? Extent{} : product(shape, 0, shape.rank() - 1);
  }

  std::size_t scratch_bytes(int threads) const override {
    return sweep_.scratch_bytes() * static_cast<std::size_t>(threads);
  }

  void run(const Memory& memory) const override {
    const auto outer = outer_.at(memory.rows), inner = inner_.at(memory.rows);
    const auto count = outer * inner;
    if (count == 0) return;
    const bool flat = outer == 1 || !sweep_.has_vectors();
    if (flat && count <= Sweep<T>::kBlock) {  // of a tiny network, every sweep
      SweepRun<T>(sweep_, memory, memory.scratch).flat({0, count});
      return;
    }
    const int shares = shares_of(memory.pool, static_cast<double>(count) * sweep_.work());
    share_out(memory.pool, shares, [&](int thread, int index) {
      SweepRun<T> run(sweep_, memory,
                      memory.scratch + sweep_.scratch_bytes() * static_cast<std::size_t>(thread));
      if (flat) {
        run.flat(part_of(count, index, shares, kSweepAlignment));
      } else if (inner * 2 <= Sweep<T>::kBlock) {
        run.whole_rows(part_of(outer, index, shares), inner);
      } else {
        run.parts_of_rows(part_of(outer, index, shares), inner);
      }
    });
  }

 private:
  Sweep<T> sweep_;
  Extent outer_, inner_;
};

}  // namespace

bool can_sweep(const Graph& graph, NodeId id) {
  const auto& node = graph.node(id);
  if (node.type.kind == Kind::index || instruction_function<float>(node.op) == nullptr)
    return false;
  return std::ranges::all_of(node.inputs, [&](NodeId input) {
    const auto& type = graph.node(input).type;
    return type.kind != Kind::index && reach(type.shape, node.type.shape) != Reach::other;
  });
}

std::unique_ptr<Call> make_elementwise(const Plan& plan, const std::vector<NodeId>& nodes) {
  if (plan.dtype == DType::f32) return std::make_unique<Elementwise<float>>(plan, nodes);
  return std::make_unique<Elementwise<double>>(plan, nodes);
}

}  // namespace longhand
