// A plan for people: its steps by name, where their results are put, and what they cost.
#include <algorithm>
#include <set>

#include "exec/plan.h"
#include "ir/op_table.h"

namespace longhand {
namespace {

const Buffer& buffer_of(const Plan& plan, NodeId id) {
  return plan.buffers[static_cast<std::size_t>(id)];
}

std::string place(const Plan& plan, NodeId id) {
  const auto& buffer = buffer_of(plan, id);
  switch (buffer.space) {
    case Buffer::Space::none:
      return "register";
    case Buffer::Space::input:
      return plan.graph.node(plan.inputs[buffer.slot]).attributes.name;
    case Buffer::Space::state:
      return plan.graph.node(plan.states[buffer.slot]).attributes.name;
    case Buffer::Space::constant:
      return "constant";
    case Buffer::Space::arena:
      return "arena+" + std::to_string(buffer.offset);
    case Buffer::Space::output:
      return "output";
  }
  return "?";
}

// What the step does for the network, by what it computes and where it puts it.
std::string kernel_of(const Plan& plan, const Step& step) {
  const bool updates = std::ranges::any_of(
      step.nodes, [&](NodeId id) { return buffer_of(plan, id).space == Buffer::Space::state; });
  switch (step.kind) {
    case Step::Kind::copy:
      return "copy";
    case Step::Kind::elementwise:
      return updates ? "update" : "sweep";
    case Step::Kind::node:
      return std::string(name(plan.graph.node(step.nodes[0]).op));
    case Step::Kind::product:
      break;
  }
  if (plan.graph.node(step.nodes[0]).op == Op::linear) return "dense";
  return updates ? "dense_backward_update" : "dense_backward";
}

double entries(const Plan& plan, NodeId id, std::int64_t rows) {
  return static_cast<double>(plan.graph.node(id).type.shape.count(rows));
}

double flops_of(const Plan& plan, NodeId id, std::int64_t rows) {
  const auto& node = plan.graph.node(id);
  const auto result = entries(plan, id, rows);
  switch (node.op) {
    case Op::linear:
    case Op::matmul: {
      // The entries of both factors and of the result are m k, k n and m n.
      const auto shape = plan.graph.node(node.inputs[0]).type.shape.with_rows(rows);
      const auto inner = static_cast<double>(shape[node.attributes.transpose_left ? 0 : 1]);
      return 2 * result * inner + (node.op == Op::linear ? result : 0);
    }
    case Op::sum:
    case Op::reduce_max:
    case Op::argmax:
    case Op::softmax_cross_entropy:
      return entries(plan, node.inputs[0], rows);
    case Op::extent:
    case Op::stop_gradient:
    case Op::to_real:
      return 0;
    default: {
      const auto op_class = info(node.op).op_class;
      const bool computes = op_class == OpClass::unary || op_class == OpClass::binary ||
                            op_class == OpClass::comparison || node.op == Op::where;
      return computes ? result : 0;
    }
  }
}

// A value in memory that the step reads or writes counts once.
double bytes_of(const Plan& plan, const Step& step, std::int64_t rows) {
  std::set<NodeId> read, written;
  for (const auto id : step.nodes) {
    const bool is_copied = step.kind == Step::Kind::copy;
    if (buffer_of(plan, id).space != Buffer::Space::none)
      (is_copied && id == step.nodes[1] ? read : written).insert(id);
    if (is_copied) continue;
    for (const auto input : plan.graph.node(id).inputs) {
      const auto source = unreshaped(plan.graph, input);
      const bool is_made_here = std::ranges::find(step.nodes, source) != step.nodes.end();
      if (!is_made_here && buffer_of(plan, source).space != Buffer::Space::none)
        read.insert(source);
    }
  }
  double bytes = 0;
  for (const auto* values : {&read, &written}) {
    for (const auto id : *values)
      bytes += entries(plan, id, rows) * static_cast<double>(plan.entry_bytes(id));
  }
  return bytes;
}

}  // namespace

std::vector<PlannedStep> describe(const Plan& plan, std::int64_t rows) {
  std::vector<PlannedStep> steps;
  for (const auto& step : plan.steps) {
    PlannedStep described;
    described.kernel = kernel_of(plan, step);
    described.shape = to_string(plan.graph.node(step.nodes[0]).type.shape);
    described.bytes = bytes_of(plan, step, rows);
    for (const auto id : step.nodes) {
      if (step.kind != Step::Kind::copy) {
        described.operations.emplace_back(name(plan.graph.node(id).op));
        described.flops += flops_of(plan, id, rows);
      }
      const bool is_source = step.kind == Step::Kind::copy && id == step.nodes[1];
      if (!is_source && buffer_of(plan, id).space != Buffer::Space::none)
        described.results.push_back(place(plan, id));
    }
    steps.push_back(std::move(described));
  }
  return steps;
}

std::string to_string(const Plan& plan) {
  std::string text;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const auto& step = plan.steps[i];
    text += std::to_string(i) + ": " + kernel_of(plan, step);
    if (step.kind == Step::Kind::copy) {
      text += " " + place(plan, step.nodes[1]) + " -> " + place(plan, step.nodes[0]) + "\n";
      continue;
    }
    for (const auto id : step.nodes) {
      const auto& node = plan.graph.node(id);
      text += " " + std::string(name(node.op)) + to_string(node.type.shape) + " -> " +
              place(plan, id) + ";";
    }
    text.back() = '\n';
  }
  return text + "arena: " + std::to_string(plan.arena_bytes) + " bytes\n";
}

}  // namespace longhand
