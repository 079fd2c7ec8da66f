#include <algorithm>
#include <set>

#include "ir/op_table.h"
#include "longhand/ir.h"

namespace longhand {
namespace {

[[noreturn]] void fail(std::size_t id, const Node& node, const std::string& reason) {
  throw ArgumentError("node %" + std::to_string(id) + " (" + std::string(name(node.op)) +
                      "): " + reason);
}

}  // namespace

void verify(const Graph& graph) {
  const auto exists = [&](NodeId id) {
    return id >= 0 && static_cast<std::size_t>(id) < graph.size();
  };
  std::set<std::string> names;
  for (std::size_t id = 0; id < graph.size(); ++id) {
    const auto& node = graph.nodes()[id];
    std::vector<Type> operands;
    for (const auto input : node.inputs) {
      if (input < 0 || static_cast<std::size_t>(input) >= id) {
        fail(id, node, "reads %" + std::to_string(input) + ", which does not come before it");
      }
      operands.push_back(graph.node(input).type);
    }
    if (!(infer_type(node.op, operands, node.attributes) == node.type)) {
      fail(id, node, "its type is not the one inferred");
    }
    if ((node.op == Op::input || node.op == Op::state) && !names.insert(node.attributes.name).second) {
      fail(id, node, "a second '" + node.attributes.name + "'");
    }
    if (node.composite < -1 || node.composite >= static_cast<std::int32_t>(graph.composites().size())) {
      fail(id, node, "part of an unknown composite");
    }
    const auto& label = node.label;
    for (const auto other : {label.adjoint_of, label.derivative_of, label.with_respect_to}) {
      if (other != kNoNode && !exists(other)) fail(id, node, "its label names an unknown node");
    }
    if (label.adjoint_of != kNoNode && !(graph.node(label.adjoint_of).type == node.type)) {
      fail(id, node, "an adjoint of another shape than its node");
    }
  }
  for (std::size_t i = 0; i < graph.composites().size(); ++i) {
    // An end that no pass had a use for is kNoNode.
    const auto& composite = graph.composites()[i];
    auto ends = composite.inputs;
    ends.push_back(composite.output);
    const bool known = std::all_of(ends.begin(), ends.end(),
                                   [&](NodeId id) { return id == kNoNode || exists(id); });
    if (!known || composite.parent < -1 || composite.parent >= static_cast<std::int32_t>(i)) {
      throw ArgumentError("composite '" + composite.name + "' names what does not come before it");
    }
  }
  for (const auto& [state, value] : graph.writes()) {
    if (!exists(state) || !exists(value) || graph.node(state).op != Op::state ||
        !(graph.node(state).type == graph.node(value).type)) {
      throw ArgumentError("a write to %" + std::to_string(state) + " that does not fit");
    }
  }
  for (const auto& [name, value] : graph.outputs()) {
    if (!exists(value)) throw ArgumentError("output '" + name + "' names an unknown node");
  }
}

}  // namespace longhand
