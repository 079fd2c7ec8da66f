#include "ir/copy.h"
#include "passes/passes.h"

namespace longhand {
namespace {

// What a value depends on, if that is numbers alone that are known before any data is.
enum class Known : std::uint8_t { never, always, each_step };

std::vector<Known> known_before_data(const Graph& graph) {
  std::vector<Known> known(graph.size(), Known::always);
  for (std::size_t id = 0; id < graph.size(); ++id) {
    const auto& node = graph.nodes()[id];
    const bool is_number = node.type.shape.rank() == 0;
    if (node.op == Op::input)
      known[id] = node.type.kind == Kind::index && is_number ? Known::each_step : Known::never;
    if (node.op == Op::state || !is_number) known[id] = Known::never;
    for (const auto input : node.inputs) {
      const auto operand = known[static_cast<std::size_t>(input)];
      if (operand == Known::never || known[id] == Known::never)
        known[id] = Known::never;
      else if (operand == Known::each_step)
        known[id] = Known::each_step;
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
    if (known[static_cast<std::size_t>(divisor)] != Known::each_step ||
        graph.node(numerator).type.shape.rank() == 0) {
      return std::nullopt;
    }
    return copier[numerator] * (1.0 / copier[divisor]);
  });
}

}  // namespace longhand
