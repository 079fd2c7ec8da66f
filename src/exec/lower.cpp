// Graph -> Plan: what is written in place, then the schedule, then where each value lies.
#include <algorithm>
#include <map>
#include <set>

#include "exec/memory_plan.h"
#include "exec/plan.h"
#include "exec/schedule.h"
#include "ir/op_table.h"
#include "passes/passes.h"

namespace longhand {
namespace {

bool is_leaf(Op op) { return info(op).op_class == OpClass::leaf; }

// Operands that a fused sweep can read: an entry each, one for all, one a column or one a row.
bool sweepable(const Shape& operand, const Shape& result) {
  if (operand == result) return true;
  if (!operand.has_batch() && operand.count() == 1) return true;
  if (result.rank() != 2) return false;
  const bool is_row = operand.rank() == 1 || (operand.rank() == 2 && operand[0] == 1);
  if (is_row && operand[operand.rank() - 1] == result[1]) return true;
  return operand.rank() == 2 && operand[0] == result[0] && operand[1] == 1;
}

// Where the old value of a state that is written is an output, or another state's new value, it
// becomes a node of its own: a copy, which can be made before the write.
Graph with_old_values_kept(const Graph& graph) {
  Graph result(graph.mode());
  for (const auto& node : graph.nodes()) {
    if (node.op == Op::state) result.state(node.attributes.name, node.type.shape);
    else result.add(node.op, node.inputs, node.attributes);
  }
  const auto kept = [&](NodeId id) {
    const auto source = unreshaped(graph, id);
    const bool written = std::ranges::any_of(graph.writes(), [&](const auto& w) { return w.first == source; });
    return written ? stop_gradient(result.var(id)) : result.var(id);
  };
  for (const auto& [name, id] : graph.outputs()) result.output(name, kept(id));
  for (const auto& [state, value] : graph.writes()) {
    result.assign(result.var(state), unreshaped(graph, value) == state ? result.var(value) : kept(value));
  }
  return result;
}

class Lowering {
 public:
  explicit Lowering(Plan& plan) : plan_(plan), graph_(plan.graph) {}

  void run() {
    find_readers();
    find_in_place_writes();
    auto schedule = schedule_steps(graph_, {readers_, later_, in_place_});
    plan_.steps = std::move(schedule.steps);
    position_ = std::move(schedule.position);
    add_copies();
    place();
  }

 private:
  using Ids = std::vector<NodeId>;

  const Node& node(NodeId id) const { return graph_.node(id); }
  static std::size_t at(NodeId id) { return static_cast<std::size_t>(id); }

  void find_readers() {
    readers_.resize(graph_.size());
    for (std::size_t id = 0; id < graph_.size(); ++id) {
      for (const auto input : graph_.nodes()[id].inputs) {
        readers_[at(input)].push_back(static_cast<NodeId>(id));
      }
    }
  }

  // What cannot come before `id`: all that it leads to, by operands and by the order of writes.
  std::vector<bool> followers(NodeId id) const {
    std::vector<bool> reached(graph_.size());
    Ids open{id};
    while (!open.empty()) {
      const auto next = open.back();
      open.pop_back();
      for (const auto* edges : {&readers_, &later_}) {
        for (const auto follower : (*edges)[at(next)]) {
          if (!reached[at(follower)]) open.push_back(follower);
          reached[at(follower)] = true;
        }
      }
    }
    return reached;
  }

  // A value may be written straight over its state when everything else that reads the state can
  // come first: those readers become predecessors of the value.
  void find_in_place_writes() {
    later_.resize(graph_.size());
    std::set<NodeId> taken;
    for (const auto& [state, value] : graph_.writes()) {
      if (is_leaf(node(value).op) || is_output(value) || !taken.insert(value).second ||
          node(value).op == Op::reshape || !overwrites_entry_by_entry(state, value)) {
        continue;
      }
      const auto after = followers(value);
      const bool possible = std::ranges::none_of(readers_[at(state)], [&](NodeId reader) {
        return reader != value && (after[at(reader)] || node(reader).op == Op::reshape);
      });
      if (!possible) continue;
      in_place_[value] = state;
      for (const auto reader : readers_[at(state)]) {
        if (reader != value) later_[at(reader)].push_back(value);
      }
    }
  }

  // Whether `value` may read `state` while it is being written: entry by entry, or not at all.
  bool overwrites_entry_by_entry(NodeId state, NodeId value) const {
    const auto& inputs = node(value).inputs;
    if (std::ranges::find(inputs, state) == inputs.end()) return true;
    return is_elementwise(graph_, value) && node(state).type.shape == node(value).type.shape;
  }

  bool is_output(NodeId id) const {
    return std::ranges::any_of(graph_.outputs(), [&](const auto& output) { return output.second == id; });
  }

  void add_copies() {
    for (const auto& [state, value] : graph_.writes()) {
      if (in_place_.contains(value) && in_place_.at(value) == state) continue;
      if (root(value) != state) plan_.steps.push_back({Step::Kind::copy, {state, value}});
    }
  }

  void place() {
    plan_.buffers.resize(graph_.size());
    // Leaves first: a value may be written over a state that was named after it.
    for (std::size_t i = 0; i < graph_.size(); ++i) place_leaf(static_cast<NodeId>(i));
    for (std::size_t i = 0; i < graph_.size(); ++i) {
      const auto id = static_cast<NodeId>(i);
      auto& buffer = plan_.buffers[i];
      if (is_leaf(node(id).op) || is_alias(id)) continue;
      if (const auto state = in_place_.find(id); state != in_place_.end()) {
        buffer = plan_.buffers[at(state->second)];
      } else if (is_output(id)) {
        add_slot(buffer, Buffer::Space::output, plan_.output_slots, id);
      } else if (needs_memory(id)) {
        buffer.space = Buffer::Space::arena;
      }
    }
    plan_memory(plan_, position_);
    for (std::size_t i = 0; i < graph_.size(); ++i) {
      const auto id = static_cast<NodeId>(i);
      if (is_alias(id)) plan_.buffers[i] = plan_.buffers[at(root(id))];
    }
  }

  void place_leaf(NodeId id) {
    auto& buffer = plan_.buffers[at(id)];
    if (node(id).op == Op::input) add_slot(buffer, Buffer::Space::input, plan_.inputs, id);
    if (node(id).op == Op::state) add_slot(buffer, Buffer::Space::state, plan_.states, id);
    if (node(id).op == Op::constant) add_constant(buffer, id);
  }

  void add_slot(Buffer& buffer, Buffer::Space space, Ids& slots, NodeId id) {
    buffer.space = space;
    buffer.slot = slots.size();
    slots.push_back(id);
  }

  void add_constant(Buffer& buffer, NodeId id) {
    buffer.space = Buffer::Space::constant;
    buffer.slot = plan_.constants.size();
    const auto& value = node(id).attributes.value;
    plan_.constants.push_back(node(id).type.kind == Kind::index ? value : value.cast(plan_.dtype));
  }

  // Whether anything outside the node's own fused step reads it.
  bool needs_memory(NodeId id) const {
    const auto step = position_[at(id)];
    if (plan_.steps[step].kind == Step::Kind::node) return true;
    if (std::ranges::any_of(graph_.writes(), [&](const auto& w) { return root(w.second) == id; })) return true;
    if (std::ranges::any_of(graph_.outputs(), [&](const auto& o) { return root(o.second) == id; })) return true;
    return std::ranges::any_of(readers_[at(id)], [&](NodeId reader) {
      return is_alias(reader) || position_[at(reader)] != step;
    });
  }

  bool is_alias(NodeId id) const { return node(id).op == Op::reshape; }
  NodeId root(NodeId id) const { return unreshaped(graph_, id); }

  Plan& plan_;
  const Graph& graph_;
  std::vector<Ids> readers_;
  std::vector<Ids> later_;             // what writes over the state that a node reads
  std::map<NodeId, NodeId> in_place_;  // value -> state
  std::vector<std::size_t> position_;  // node -> step
};

}  // namespace

NodeId unreshaped(const Graph& graph, NodeId id) {
  while (graph.node(id).op == Op::reshape) id = graph.node(id).inputs[0];
  return id;
}

bool is_elementwise(const Graph& graph, NodeId id) {
  const auto& node = graph.node(id);
  switch (info(node.op).op_class) {
    case OpClass::leaf: return false;
    case OpClass::unary: case OpClass::binary: case OpClass::comparison: break;
    case OpClass::structured:
      if (node.op == Op::where) break;
      if (node.op == Op::to_real && graph.node(node.inputs[0]).type.kind == Kind::boolean) break;
      return false;
  }
  return std::ranges::all_of(node.inputs, [&](NodeId input) {
    return sweepable(graph.node(input).type.shape, node.type.shape);
  });
}

Plan lower(const Graph& graph, DType dtype, std::int64_t max_rows, bool fixed_state) {
  if (dtype != DType::f32 && dtype != DType::f64) {
    throw ArgumentError("a program computes in f32 or f64, not " + std::string(name(dtype)));
  }
  if (max_rows < 1) throw ArgumentError("a program needs at least one row");
  Plan plan;
  plan.graph = with_old_values_kept(simplify(cheaper(optimised(graph))));
  plan.dtype = dtype;
  plan.max_rows = max_rows;
  plan.fixed_state = fixed_state;
  Lowering(plan).run();
  verify(plan);
  return plan;
}

}  // namespace longhand
