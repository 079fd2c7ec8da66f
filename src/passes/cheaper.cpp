#include <algorithm>

#include "ir/copy.h"
#include "passes/passes.h"

namespace longhand {
namespace {

// Whether a value depends on constants, indices and numbers of rows alone, by node.
std::vector<bool> known_before_data(const Graph& graph) {
  std::vector<bool> known(graph.size());
  for (std::size_t id = 0; id < graph.size(); ++id) {
    const auto& node = graph.nodes()[id];
    switch (node.op) {
      case Op::input: known[id] = node.type.kind == Kind::index; break;
      case Op::constant: case Op::extent: known[id] = true; break;
      case Op::state: break;
      default:
        known[id] = std::ranges::all_of(
            node.inputs, [&](NodeId input) { return known[static_cast<std::size_t>(input)]; });
    }
  }
  return known;
}

}  // namespace

Graph cheaper(const Graph& graph) {
  const auto known = known_before_data(graph);
  return rewrite(graph, [&](GraphCopier& copier, NodeId id) -> std::optional<Var> {
    const auto& node = graph.node(id);
    if (node.op != Op::divide) return std::nullopt;
    const auto numerator = node.inputs[0], divisor = node.inputs[1];
    if (!known[static_cast<std::size_t>(divisor)] || graph.node(divisor).type.shape.rank() != 0 ||
        graph.node(numerator).type.shape.rank() == 0) {
      return std::nullopt;
    }
    return copier[numerator] * (1.0 / copier[divisor]);
  });
}

}  // namespace longhand
