#include "backends/cpu/loops.h"

#include <algorithm>
#include <map>

namespace longhand {
namespace {

bool is_arithmetic(Op op) {
  return op == Op::add || op == Op::subtract || op == Op::multiply || op == Op::divide;
}

// A comparison within a product: the slope of a ReLU.
bool can_pair(Op outer, Op inner) {
  return is_arithmetic(outer) &&
         (is_arithmetic(inner) || (outer == Op::multiply && inner == Op::less));
}

class LoopFinder {
 public:
  LoopFinder(const Plan& plan, const std::vector<NodeId>& nodes) : plan_(plan), nodes_(nodes) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      position_[nodes[i]] = i;
      if (!is_only_a_name(nodes[i])) {
        for (const auto input : operands(nodes[i])) ++uses_[input];
      }
    }
  }

  std::vector<SweepLoop> run() {
    std::vector<bool> absorbed(nodes_.size(), false);
    std::vector<SweepLoop> loops(nodes_.size());
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      loops[i].op = plan_.graph.node(nodes_[i]).op;
      loops[i].result = nodes_[i];
      loops[i].operands = operands(nodes_[i]);
      absorbed[i] = absorbed[i] || is_only_a_name(nodes_[i]);
      if (loops[i].op != Op::subtract) continue;
      if (auto update = match_adam(plan_, nodes_, nodes_[i])) {
        for (const auto id : update->nodes) absorbed[position_.at(id)] = id != nodes_[i];
        loops[i] = std::move(update->loop);
      }
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (absorbed[i] || loops[i].kind != SweepLoop::Kind::one) continue;
      const auto op = loops[i].op;
      const auto inputs = loops[i].operands;
      for (std::size_t side = 0; side < inputs.size() && is_arithmetic(op); ++side) {
        const auto found = position_.find(inputs[side]);
        if (found == position_.end() || loops[found->second].kind != SweepLoop::Kind::one ||
            !can_pair(op, loops[found->second].op) || !fits(found->second, i)) {
          continue;
        }
        const auto& inner = loops[found->second];
        loops[i].kind = SweepLoop::Kind::pair;
        loops[i].operands = {inner.operands[0], inner.operands[1], inputs[1 - side]};
        loops[i].inner = inner.op;
        loops[i].inner_is_left = side == 0;
        absorbed[found->second] = true;
        break;
      }
    }
    std::vector<SweepLoop> kept;
    for (std::size_t i = 0; i < loops.size(); ++i) {
      if (!absorbed[i]) kept.push_back(std::move(loops[i]));
    }
    return kept;
  }

 private:
  const Buffer& buffer_of(NodeId id) const { return plan_.buffers[static_cast<std::size_t>(id)]; }

  // A condition is stored as the number that to_real makes of it.
  bool is_only_a_name(NodeId id) const {
    const auto& node = plan_.graph.node(id);
    return node.op == Op::to_real && buffer_of(id).space == Buffer::Space::none &&
           position_.contains(node.inputs[0]);
  }
  std::vector<NodeId> operands(NodeId id) const {
    auto inputs = plan_.graph.node(id).inputs;
    for (auto& input : inputs) {
      if (position_.contains(input) && is_only_a_name(input))
        input = plan_.graph.node(input).inputs[0];
    }
    return inputs;
  }

  // Whether the inner operation's value is read by the outer alone, and can as well be computed
  // there: no operation between the two overwrites what it reads.
  bool fits(std::size_t inner, std::size_t outer) const {
    const auto id = nodes_[inner];
    if (uses_.at(id) != 1 || buffer_of(id).space != Buffer::Space::none) return false;
    for (auto between = inner + 1; between < outer; ++between) {
      const auto& written = buffer_of(nodes_[between]);
      if (written.space == Buffer::Space::none) continue;
      for (const auto operand : operands(id)) {
        const auto& read = buffer_of(operand);
        if (operand != nodes_[between] && read.space == written.space &&
            read.slot == written.slot && read.offset == written.offset) {
          return false;
        }
      }
    }
    return true;
  }

  const Plan& plan_;
  const std::vector<NodeId>& nodes_;
  std::map<NodeId, std::size_t> position_;
  std::map<NodeId, int> uses_;
};

}  // namespace

std::vector<SweepLoop> find_loops(const Plan& plan, const std::vector<NodeId>& nodes) {
  return LoopFinder(plan, nodes).run();
}

}  // namespace longhand
