#include "explain/perturbation.h"

#include <algorithm>
#include <cmath>

#include "ir/op_table.h"

namespace longhand {
namespace {

constexpr auto kNowhere = static_cast<std::size_t>(-1);

// The nodes that `result` depends on.
std::vector<bool> needed_for(const Graph& graph, NodeId result) {
  std::vector<bool> needed(graph.size());
  needed[static_cast<std::size_t>(result)] = true;
  for (auto id = result; id >= 0; --id) {
    if (!needed[static_cast<std::size_t>(id)]) continue;
    for (const auto input : graph.node(id).inputs) needed[static_cast<std::size_t>(input)] = true;
  }
  return needed;
}

Operand operand_of(const Array<double>& array, Kind kind) {
  if (kind == Kind::index) return {array.index.data(), array.shape, kind};
  return {array.real.data(), array.shape, kind};
}

}  // namespace

Perturbation::Perturbation(const Graph& graph, const std::vector<Array<double>>& values, NodeId of, NodeId result)
    : graph_(graph), values_(values), result_(result), place_(graph.size(), kNowhere) {
  const auto needed = needed_for(graph, result);
  const auto add = [&](NodeId id) {
    place_[static_cast<std::size_t>(id)] = affected_.size();
    affected_.push_back({id, base(id), {}});
  };
  add(of);
  for (auto id = of + 1; id <= result; ++id) {
    const auto& inputs = graph.node(id).inputs;
    const bool depends = std::ranges::any_of(
        inputs, [&](NodeId input) { return place_[static_cast<std::size_t>(input)] != kNowhere; });
    if (depends && needed[static_cast<std::size_t>(id)] && graph.node(id).type.kind != Kind::index) add(id);
  }
}

const Array<double>& Perturbation::now(NodeId id) const {
  const auto place = place_[static_cast<std::size_t>(id)];
  return place == kNowhere ? base(id) : affected_[place].value;
}

const Perturbation::Entries& Perturbation::changed(NodeId id) const {
  static const Entries kNone;
  const auto place = place_[static_cast<std::size_t>(id)];
  return place == kNowhere ? kNone : affected_[place].changed;
}

Perturbation::Outcome Perturbation::move(std::size_t entry, double to) {
  undo();
  affected_[0].value.real[entry] = to;
  affected_[0].changed = {entry};
  Outcome outcome;
  for (std::size_t i = 1; i < affected_.size(); ++i) {
    auto& affected = affected_[i];
    outcome.is_reached = recompute(affected);  // at last that of the result
    outcome.crosses_kink = outcome.crosses_kink || crosses_kink(affected);
    const auto& before = base(affected.id).real;
    // What is as it was moves nothing behind it.
    std::erase_if(affected.changed, [&](std::size_t at) { return affected.value.real[at] == before[at]; });
    for (const auto at : affected.changed) {
      const double moved = std::abs(affected.value.real[at] - before[at]) / std::max(1.0, std::abs(before[at]));
      // Written so that NaN counts as the largest.
      if (!(moved <= outcome.largest_move)) outcome.largest_move = moved;
    }
  }
  outcome.result = now(result_).real[0];
  return outcome;
}

void Perturbation::undo() {
  for (auto& affected : affected_) {
    for (const auto at : affected.changed) affected.value.real[at] = base(affected.id).real[at];
    affected.changed.clear();
  }
}

// Returns whether any operand has changed.
bool Perturbation::recompute(Affected& affected) {
  const auto& node = graph_.node(affected.id);
  Entries entries;
  std::size_t moved = 0, operand = 0;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    if (changed(node.inputs[i]).empty()) continue;
    ++moved;
    operand = i;
    Entries both;
    std::ranges::set_union(entries, changed(node.inputs[i]), std::back_inserter(both));
    entries = std::move(both);
  }
  if (moved == 0) return false;
  if (node.op == Op::linear && moved == 1 && operand == 0) {
    move_input(affected, entries);
  } else if (node.op == Op::linear && moved == 1 && entries.size() == 1) {
    move_parameter(affected, operand, entries.front());
  } else if (is_by_entries(node)) {
    recompute_entries(affected, std::move(entries));
  } else {
    recompute_all(affected);
  }
  return true;
}

// z = W x + b is linear in each of x, W and b: an entry's change adds its multiple.
void Perturbation::move_input(Affected& affected, const Entries& entries) {
  const auto& node = graph_.node(affected.id);
  const auto& weight = base(node.inputs[1]);
  const auto units = static_cast<std::size_t>(weight.shape[0]), inputs = static_cast<std::size_t>(weight.shape[1]);
  for (const auto at : entries) {
    const auto row = at / inputs, column = at % inputs;
    const double change = now(node.inputs[0]).real[at] - base(node.inputs[0]).real[at];
    const bool is_new_row = affected.changed.empty() || affected.changed.back() / units != row;
    for (std::size_t unit = 0; unit < units; ++unit) {
      affected.value.real[row * units + unit] += change * weight.real[unit * inputs + column];
      if (is_new_row) affected.changed.push_back(row * units + unit);
    }
  }
}

void Perturbation::move_parameter(Affected& affected, std::size_t operand, std::size_t at) {
  const auto& node = graph_.node(affected.id);
  const auto& x = base(node.inputs[0]);
  const auto rows = static_cast<std::size_t>(x.shape[0]), inputs = static_cast<std::size_t>(x.shape[1]);
  const auto units = static_cast<std::size_t>(base(node.inputs[1]).shape[0]);
  const bool is_weight = operand == 1;
  const auto unit = is_weight ? at / inputs : at;
  const double change = now(node.inputs[operand]).real[at] - base(node.inputs[operand]).real[at];
  for (std::size_t row = 0; row < rows; ++row) {
    affected.value.real[row * units + unit] += is_weight ? change * x.real[row * inputs + at % inputs] : change;
    affected.changed.push_back(row * units + unit);
  }
}

// Whether each entry depends on the same entry of each operand that varies.
bool Perturbation::is_by_entries(const Node& node) const {
  const auto op_class = info(node.op).op_class;
  const bool is_elementwise = op_class == OpClass::unary || op_class == OpClass::binary ||
                              op_class == OpClass::comparison || node.op == Op::where || node.op == Op::stop_gradient;
  if (!is_elementwise) return false;
  const auto shape = node.type.shape;
  return std::ranges::all_of(node.inputs, [&](NodeId input) {
    return graph_.node(input).type.shape == shape || (changed(input).empty() && base(input).real.size() == 1);
  });
}

void Perturbation::recompute_entries(Affected& affected, Entries entries) {
  const auto& node = graph_.node(affected.id);
  const Shape shape{static_cast<std::int64_t>(entries.size())};
  gathered_.resize(node.inputs.size());
  std::array<Operand, 3> operands;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const auto& value = now(node.inputs[i]);
    const auto kind = graph_.node(node.inputs[i]).type.kind;
    auto& gathered = gathered_[i];
    gathered.clear();
    if (graph_.node(node.inputs[i]).type.shape == node.type.shape) {
      for (const auto at : entries) gathered.push_back(value.real[at]);
      operands[i] = {gathered.data(), shape, kind};
    } else {
      operands[i] = {value.real.data(), Shape{}, kind};
    }
  }
  computed_.resize(entries.size());
  evaluate_node<double>(node, std::span(operands).first(node.inputs.size()), computed_.data(), shape);
  for (std::size_t i = 0; i < entries.size(); ++i) affected.value.real[entries[i]] = computed_[i];
  affected.changed = std::move(entries);
}

void Perturbation::recompute_all(Affected& affected) {
  const auto& node = graph_.node(affected.id);
  std::vector<Operand> operands;
  for (const auto input : node.inputs) operands.push_back(operand_of(now(input), graph_.node(input).type.kind));
  auto& value = affected.value;
  evaluate_node<double>(node, operands, value.real.data(), value.shape);
  const auto& before = base(affected.id).real;
  for (std::size_t at = 0; at < value.real.size(); ++at) {
    if (value.real[at] != before[at]) affected.changed.push_back(at);
  }
}

// A function with a corner is on its other side. A comparison shows it by its own value.
bool Perturbation::crosses_kink(const Affected& affected) const {
  const auto& node = graph_.node(affected.id);
  if (info(node.op).op_class == OpClass::comparison) {
    const auto& before = base(affected.id).real;
    return std::ranges::any_of(affected.changed, [&](auto at) { return before[at] != affected.value.real[at]; });
  }
  const bool is_of_one = node.op == Op::relu || node.op == Op::abs;
  const bool is_of_two = node.op == Op::minimum || node.op == Op::maximum;
  if (!is_of_one && !is_of_two) return false;
  const auto entry = [](const Array<double>& value, std::size_t at) {
    return value.real[value.real.size() == 1 ? 0 : at % value.real.size()];
  };
  const auto& first = node.inputs[0];
  const auto is_above = [&](std::size_t at, const auto& value) {
    return entry(value(first), at) > (is_of_two ? entry(value(node.inputs[1]), at) : 0);
  };
  return std::ranges::any_of(affected.changed, [&](std::size_t at) {
    return is_above(at, [&](NodeId id) -> const auto& { return base(id); }) !=
           is_above(at, [&](NodeId id) -> const auto& { return now(id); });
  });
}

}  // namespace longhand
