#include "backends/cpu/pairs.h"

#include <algorithm>
#include <map>

namespace longhand {
namespace {

bool can_pair(Op op) {
  return op == Op::add || op == Op::subtract || op == Op::multiply || op == Op::divide;
}

class Pairing {
 public:
  Pairing(const Plan& plan, const std::vector<NodeId>& nodes) : plan_(plan), nodes_(nodes) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      position_[nodes[i]] = i;
      for (const auto input : plan.graph.node(nodes[i]).inputs) ++uses_[input];
    }
  }

  std::vector<SweepLoop> run() {
    std::vector<bool> absorbed(nodes_.size(), false), is_pair(nodes_.size(), false);
    std::vector<SweepLoop> loops(nodes_.size());
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const auto& node = plan_.graph.node(nodes_[i]);
      loops[i] = {node.op, nodes_[i], node.inputs};
      for (std::size_t side = 0; side < node.inputs.size() && can_pair(node.op); ++side) {
        const auto found = position_.find(node.inputs[side]);
        if (found == position_.end() || is_pair[found->second] || !fits(found->second, i)) continue;
        const auto& inner = plan_.graph.node(nodes_[found->second]);
        loops[i] = {node.op, nodes_[i], {inner.inputs[0], inner.inputs[1], node.inputs[1 - side]},
                    true,    inner.op,  side == 0};
        absorbed[found->second] = is_pair[i] = true;
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

  // Whether the inner operation's value is read by the outer alone, and can as well be computed
  // there: no operation between the two overwrites what it reads.
  bool fits(std::size_t inner, std::size_t outer) const {
    const auto id = nodes_[inner];
    const auto& node = plan_.graph.node(id);
    if (!can_pair(node.op) || uses_.at(id) != 1 || buffer_of(id).space != Buffer::Space::none) {
      return false;
    }
    for (auto between = inner + 1; between < outer; ++between) {
      const auto& written = buffer_of(nodes_[between]);
      if (written.space == Buffer::Space::none) continue;
      for (const auto operand : node.inputs) {
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

std::vector<SweepLoop> pair_up(const Plan& plan, const std::vector<NodeId>& nodes) {
  return Pairing(plan, nodes).run();
}

}  // namespace longhand
