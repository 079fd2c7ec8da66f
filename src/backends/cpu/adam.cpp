// Adam's update found among the operations of a sweep.
#include <algorithm>
#include <array>

#include "backends/cpu/loops.h"

namespace longhand {
namespace {

// Reads an update backwards from its end. Each step down notes a node of the update; where the
// graph is not as expected, `failed` is set and what follows is of no account.
class AdamMatcher {
 public:
  AdamMatcher(const Plan& plan, const std::vector<NodeId>& nodes) : plan_(plan), nodes_(nodes) {}

  std::optional<AdamUpdate> read(NodeId id) {
    const auto [base, quotient] = operands(id, Op::subtract);
    const auto [scaled, root_and_epsilon] = operands(quotient, Op::divide);
    const auto [rate, first_hat] = one_and_entry(scaled, Op::multiply);
    const auto [epsilon, root] = one_and_entry(root_and_epsilon, Op::add);
    const auto second_hat = operand(root, Op::sqrt);
    const auto [unbias1, first] = one_and_entry(first_hat, Op::multiply);
    const auto [unbias2, second] = one_and_entry(second_hat, Op::multiply);
    const auto [old_first, new_first] = operands(first, Op::add);
    const auto [old_second, new_second] = operands(second, Op::add);
    const auto [beta1, first_memory] = one_and_entry(old_first, Op::multiply);
    const auto [rest1, gradient] = one_and_entry(new_first, Op::multiply);
    const auto [beta2, second_memory] = one_and_entry(old_second, Op::multiply);
    const auto [rest2, square] = one_and_entry(new_second, Op::multiply);
    const auto [left, right] = operands(square, Op::multiply);
    if (failed_ || left != gradient || right != gradient) return std::nullopt;
    for (const auto result : {id, first, second}) {
      if (in_register(result)) return std::nullopt;
    }
    const std::vector<NodeId> values = {
        id,    quotient, scaled,    first_hat, root_and_epsilon, root,       second_hat,
        first, second,   old_first, new_first, old_second,       new_second, square};
    for (const auto value : values) {
      if (value == id) continue;
      if (reads(value) != 1) return std::nullopt;
      if (value != first && value != second && !in_register(value)) return std::nullopt;
    }
    AdamUpdate update;
    update.loop.kind = SweepLoop::Kind::adam;
    update.loop.op = Op::subtract;
    update.loop.result = id;
    update.loop.operands = {gradient, first_memory, second_memory, base,    beta1, rest1,
                            beta2,    rest2,        unbias1,       unbias2, rate,  epsilon};
    update.loop.more_results = {first, second};
    update.nodes = values;
    return update;
  }

 private:
  const Node& node(NodeId id) const { return plan_.graph.node(id); }
  bool in_register(NodeId id) const {
    return plan_.buffers[static_cast<std::size_t>(id)].space == Buffer::Space::none;
  }
  bool is_one(NodeId id) const {
    const auto& shape = node(id).type.shape;
    return !shape.has_batch() && shape.count() == 1;
  }
  long reads(NodeId id) const {
    long count = 0;
    for (const auto reader : nodes_) count += std::ranges::count(node(reader).inputs, id);
    return count;
  }

  // Node 0 stands for whatever is not as expected.
  bool is(NodeId id, Op op) {
    failed_ = failed_ || node(id).op != op || std::ranges::find(nodes_, id) == nodes_.end();
    return !failed_;
  }
  NodeId operand(NodeId id, Op op) { return is(id, op) ? node(id).inputs[0] : 0; }
  std::array<NodeId, 2> operands(NodeId id, Op op) {
    if (!is(id, op)) return {0, 0};
    return {node(id).inputs[0], node(id).inputs[1]};
  }
  // The operand that is one number, and the other.
  std::array<NodeId, 2> one_and_entry(NodeId id, Op op) {
    auto [a, b] = operands(id, op);
    if (!is_one(a)) std::swap(a, b);
    failed_ = failed_ || !is_one(a) || is_one(b);
    return {a, b};
  }

  const Plan& plan_;
  const std::vector<NodeId>& nodes_;
  bool failed_ = false;
};

}  // namespace

std::optional<AdamUpdate> match_adam(const Plan& plan, const std::vector<NodeId>& nodes,
                                     NodeId id) {
  return AdamMatcher(plan, nodes).read(id);
}

}  // namespace longhand
