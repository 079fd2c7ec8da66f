#include <algorithm>

#include "ir/op_table.h"
#include "longhand/ir.h"

namespace longhand {

const Node& Var::node() const { return graph->node(id); }
const Shape& Var::shape() const { return node().type.shape; }
Kind Var::kind() const { return node().type.kind; }

Var Var::labelled(std::string layer, std::string role) const {
  auto& label = graph->label(id);
  label.layer = std::move(layer);
  label.role = std::move(role);
  return *this;
}

void State::set(const std::string& name, Tensor value) {
  const auto [position, added] = index_.try_emplace(name, entries_.size());
  if (added) entries_.emplace_back(name, std::move(value));
  else entries_[position->second].second = std::move(value);
}

const Tensor& State::get(const std::string& name) const {
  const auto position = index_.find(name);
  if (position == index_.end()) throw ModelError("there is no tensor '" + name + "'");
  return entries_[position->second].second;
}

Tensor& State::get(const std::string& name) {
  return const_cast<Tensor&>(std::as_const(*this).get(name));
}

State State::clone() const {
  State result;
  for (const auto& [name, value] : entries_) result.set(name, value.clone());
  return result;
}

State State::cast(DType dtype) const {
  State result;
  for (const auto& [name, value] : entries_) result.set(name, value.cast(dtype));
  return result;
}

Var Graph::add(Op op, std::vector<NodeId> inputs, Attributes attributes) {
  std::vector<Type> operands;
  operands.reserve(inputs.size());
  for (const auto id : inputs) {
    if (id < 0 || static_cast<std::size_t>(id) >= nodes_.size()) {
      throw ArgumentError(std::string(longhand::name(op)) + ": operand of another graph");
    }
    operands.push_back(node(id).type);
  }
  const auto type = infer_type(op, operands, attributes);
  nodes_.push_back({op, std::move(inputs), std::move(attributes), type, open_composite_, {}});
  return {this, static_cast<NodeId>(nodes_.size()) - 1};
}

Var Graph::input(std::string name, Shape shape, Kind kind) {
  if (find_input(name) != kNoNode) throw ArgumentError("two inputs named '" + name + "'");
  Attributes attributes;
  attributes.name = std::move(name);
  attributes.shape = shape;
  attributes.kind = kind;
  return add(Op::input, {}, std::move(attributes));
}

Var Graph::state(const std::string& name, Shape shape) {
  if (const auto found = states_.find(name); found != states_.end()) {
    if (!(node(found->second).type.shape == shape)) {
      throw ShapeError("state '" + name + "' has the shape " +
                       to_string(node(found->second).type.shape) + ", asked for as " +
                       to_string(shape));
    }
    return var(found->second);
  }
  Attributes attributes;
  attributes.name = name;
  attributes.shape = shape;
  const auto result = add(Op::state, {}, std::move(attributes));
  states_[name] = result.id;
  return result;
}

Var Graph::constant(double value) { return constant(Tensor::scalar(value, DType::f64)); }

Var Graph::constant(Tensor value, Kind kind) {
  Attributes attributes;
  attributes.value = value.cast(kind == Kind::index ? DType::i32 : DType::f64);
  attributes.kind = kind;
  return add(Op::constant, {}, std::move(attributes));
}

void Graph::require_mine(Var var, const char* what) const {
  if (var.graph != this || var.id < 0 || static_cast<std::size_t>(var.id) >= nodes_.size()) {
    throw ArgumentError(std::string(what) + ": a node of another graph");
  }
}

void Graph::assign(Var state, Var value) {
  require_mine(state, "assign");
  require_mine(value, "assign");
  if (state.node().op != Op::state) throw ArgumentError("assign: the target is not a state");
  if (!(state.node().type == value.node().type)) {
    throw ShapeError("assign: '" + state.node().attributes.name + "' has the shape " +
                     to_string(state.shape()) + ", the value " + to_string(value.shape()));
  }
  for (const auto& [target, unused] : writes_) {
    if (target == state.id) {
      throw ArgumentError("assign: '" + state.node().attributes.name + "' is written twice");
    }
  }
  writes_.emplace_back(state.id, value.id);
}

void Graph::output(std::string name, Var value) {
  require_mine(value, "output");
  if (find_output(name) != kNoNode) throw ArgumentError("two outputs named '" + name + "'");
  outputs_.emplace_back(std::move(name), value.id);
}

void Graph::begin_composite(std::string name, std::vector<Var> inputs,
                            std::vector<std::pair<std::string, double>> parameters,
                            bool elementwise) {
  Composite composite;
  composite.name = std::move(name);
  for (const auto& input : inputs) composite.inputs.push_back(input.id);
  composite.parameters = std::move(parameters);
  composite.elementwise = elementwise;
  composite.parent = open_composite_;
  open_composite_ = static_cast<std::int32_t>(composites_.size());
  composites_.push_back(std::move(composite));
}

Var Graph::end_composite(Var output) {
  if (open_composite_ < 0) throw ArgumentError("end_composite: none was begun");
  auto& composite = composites_[static_cast<std::size_t>(open_composite_)];
  composite.output = output.id;
  open_composite_ = composite.parent;
  return output;
}

NodeId Graph::find_input(const std::string& name) const {
  for (std::size_t id = 0; id < nodes_.size(); ++id) {
    if (nodes_[id].op == Op::input && nodes_[id].attributes.name == name) {
      return static_cast<NodeId>(id);
    }
  }
  return kNoNode;
}

NodeId Graph::find_state(const std::string& name) const {
  const auto found = states_.find(name);
  return found == states_.end() ? kNoNode : found->second;
}

NodeId Graph::find_output(const std::string& name) const {
  for (const auto& [output, id] : outputs_) {
    if (output == name) return id;
  }
  return kNoNode;
}

}  // namespace longhand
