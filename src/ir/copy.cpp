#include "ir/copy.h"

namespace longhand {

Var GraphCopier::copy(NodeId id) {
  std::vector<NodeId> inputs;
  for (const auto input : from_.node(id).inputs) {
    inputs.push_back(map_[static_cast<std::size_t>(input)]);
  }
  return copy_with_inputs(id, std::move(inputs));
}

Var GraphCopier::copy_with_inputs(NodeId id, std::vector<NodeId> inputs) {
  const auto& node = from_.node(id);
  Var result;
  if (node.op == Op::state) {
    result = to_.state(node.attributes.name, node.type.shape);
  } else {
    result = to_.add(node.op, std::move(inputs), node.attributes);
  }
  auto& made = to_.nodes_[static_cast<std::size_t>(result.id)];
  if (node.composite >= 0) made.composite = copy_composite(node.composite);
  map_[static_cast<std::size_t>(id)] = result.id;
  return result;
}

std::int32_t GraphCopier::copy_composite(std::int32_t composite) {
  auto& copied = composites_[static_cast<std::size_t>(composite)];
  if (copied >= 0) return copied;
  auto record = from_.composites()[static_cast<std::size_t>(composite)];
  if (record.parent >= 0) record.parent = copy_composite(record.parent);
  copied = static_cast<std::int32_t>(to_.composites_.size());
  to_.composites_.push_back(std::move(record));
  return copied;
}

void GraphCopier::finish() {
  const auto mapped = [&](NodeId id) {
    return id == kNoNode ? kNoNode : map_[static_cast<std::size_t>(id)];
  };
  for (const auto copied : composites_) {
    if (copied < 0) continue;
    auto& composite = to_.composites_[static_cast<std::size_t>(copied)];
    for (auto& input : composite.inputs) input = mapped(input);
    composite.output = mapped(composite.output);
  }
  for (std::size_t id = 0; id < from_.size(); ++id) {
    const auto& label = from_.nodes()[id].label;
    if (map_[id] == kNoNode || label.empty()) continue;
    auto& copied = to_.label(map_[id]);
    if (!copied.empty()) continue;
    copied = label;
    copied.adjoint_of = mapped(label.adjoint_of);
    copied.derivative_of = mapped(label.derivative_of);
    copied.with_respect_to = mapped(label.with_respect_to);
  }
  for (const auto& [state, value] : from_.writes()) to_.assign((*this)[state], (*this)[value]);
  for (const auto& [name, value] : from_.outputs()) to_.output(name, (*this)[value]);
}

Graph rewrite(const Graph& graph,
              const std::function<std::optional<Var>(GraphCopier&, NodeId)>& replace) {
  std::vector<bool> live(graph.size(), false);
  const auto mark = [&](NodeId id) { live[static_cast<std::size_t>(id)] = true; };
  for (const auto& [name, value] : graph.outputs()) mark(value);
  for (const auto& [state, value] : graph.writes()) {
    mark(state);
    mark(value);
  }
  for (auto id = graph.size(); id-- > 0;) {
    const auto& node = graph.nodes()[id];
    if (node.op == Op::input) live[id] = true;
    if (!live[id]) continue;
    for (const auto input : node.inputs) mark(input);
  }

  Graph result(graph.mode());
  GraphCopier copier(graph, result);
  for (std::size_t at = 0; at < graph.size(); ++at) {
    if (!live[at]) continue;
    const auto id = static_cast<NodeId>(at);
    if (const auto other = replace(copier, id)) copier.replace(id, *other);
    else copier.copy(id);
  }
  copier.finish();
  return result;
}

Var substitute(Var value, const std::vector<std::pair<NodeId, Var>>& replacements) {
  Graph& graph = *value.graph;
  std::vector<NodeId> map(static_cast<std::size_t>(value.id) + 1);
  for (std::size_t id = 0; id < map.size(); ++id) map[id] = static_cast<NodeId>(id);
  for (const auto& [id, var] : replacements) {
    if (static_cast<std::size_t>(id) < map.size()) map[static_cast<std::size_t>(id)] = var.id;
  }
  for (NodeId id = 0; id <= value.id; ++id) {
    if (map[static_cast<std::size_t>(id)] != id) continue;
    const Node node = graph.node(id);
    std::vector<NodeId> inputs;
    for (const auto input : node.inputs) inputs.push_back(map[static_cast<std::size_t>(input)]);
    if (inputs == node.inputs) continue;
    map[static_cast<std::size_t>(id)] = graph.add(node.op, std::move(inputs), node.attributes).id;
  }
  return graph.var(map[static_cast<std::size_t>(value.id)]);
}

}  // namespace longhand
