#include <algorithm>

#include "exec/plan.h"
#include "ir/op_table.h"

namespace longhand {
namespace {

std::string place(const Plan& plan, NodeId id) {
  const auto& buffer = plan.buffers[static_cast<std::size_t>(id)];
  switch (buffer.space) {
    case Buffer::Space::none: return "register";
    case Buffer::Space::input: return plan.graph.node(plan.inputs[buffer.slot]).attributes.name;
    case Buffer::Space::state: return plan.graph.node(plan.states[buffer.slot]).attributes.name;
    case Buffer::Space::constant: return "constant";
    case Buffer::Space::arena: return "arena+" + std::to_string(buffer.offset);
    case Buffer::Space::output: return "output";
  }
  return "?";
}

// What the step does for the network, by what it computes and where it puts it.
std::string_view name_of(const Plan& plan, const Step& step) {
  const bool updates = std::ranges::any_of(step.nodes, [&](NodeId id) {
    return plan.buffers[static_cast<std::size_t>(id)].space == Buffer::Space::state;
  });
  if (step.kind == Step::Kind::elementwise) return updates ? "update" : "sweep";
  if (plan.graph.node(step.nodes[0]).op == Op::linear) return "dense";
  return updates ? "dense_backward_update" : "dense_backward";
}

}  // namespace

std::string to_string(const Plan& plan) {
  std::string text;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const auto& step = plan.steps[i];
    text += std::to_string(i) + ":";
    if (step.kind == Step::Kind::copy) {
      text += " copy " + place(plan, step.nodes[1]) + " -> " + place(plan, step.nodes[0]) + "\n";
      continue;
    }
    if (step.kind != Step::Kind::node) text += " " + std::string(name_of(plan, step)) + ":";
    for (const auto id : step.nodes) {
      const auto& node = plan.graph.node(id);
      text += " " + std::string(name(node.op)) + to_string(node.type.shape) + " -> " + place(plan, id) + ";";
    }
    text.back() = '\n';
  }
  return text + "arena: " + std::to_string(plan.arena_bytes) + " bytes\n";
}

}  // namespace longhand
