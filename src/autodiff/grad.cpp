#include <algorithm>
#include <optional>

#include "autodiff/rules.h"
#include "ir/op_table.h"
#include "longhand/autodiff.h"

namespace longhand {
namespace {

// Walks from the value back to its operands, each node once, after all that read it.
class Differentiator {
 public:
  Differentiator(Var value, const std::vector<Var>& targets)
      : graph_(*value.graph), size_(static_cast<std::size_t>(value.id) + 1) {
    for (const auto& target : targets) size_ = std::max(size_, static_cast<std::size_t>(target.id) + 1);
    adjoints_.resize(size_);
    mark_what_leads_to(targets);
  }

  // `stop` is a node whose own operands are not walked to: the inputs of a composite.
  void run(Var value, Var adjoint, bool label, std::int32_t inside = -1) {
    add_adjoint(value.id, adjoint);
    for (auto id = value.id; id >= 0; --id) {
      const auto at = static_cast<std::size_t>(id);
      if (!adjoints_[at] || !leads_[at]) continue;
      if (inside >= 0 && !is_inside(id, inside)) continue;
      if (label) label_adjoint(id);
      const auto composite = elementwise_composite_ending_at(id);
      if (composite >= 0 && composite != inside && is_one_step(composite)) {
        step_over(id, composite, label);
      } else {
        step(id, label);
      }
    }
  }

  std::optional<Var> adjoint(NodeId id) const { return adjoints_[static_cast<std::size_t>(id)]; }

 private:
  void mark_what_leads_to(const std::vector<Var>& targets) {
    leads_.assign(size_, false);
    for (const auto& target : targets) leads_[static_cast<std::size_t>(target.id)] = true;
    for (std::size_t id = 0; id < size_; ++id) {
      const auto& node = graph_.nodes()[id];
      if (!info(node.op).differentiable) continue;
      for (std::size_t i = 0; i < node.inputs.size(); ++i) {
        if (leads_[static_cast<std::size_t>(node.inputs[i])]) leads_[id] = true;
      }
    }
  }

  bool is_inside(NodeId id, std::int32_t composite) const {
    for (auto c = graph_.node(id).composite; c >= 0;
         c = graph_.composites()[static_cast<std::size_t>(c)].parent) {
      if (c == composite) return true;
    }
    return false;
  }

  // The outermost entry-by-entry composite whose value is this node, or -1.
  std::int32_t elementwise_composite_ending_at(NodeId id) const {
    std::int32_t found = -1;
    for (auto c = graph_.node(id).composite; c >= 0;
         c = graph_.composites()[static_cast<std::size_t>(c)].parent) {
      const auto& composite = graph_.composites()[static_cast<std::size_t>(c)];
      if (composite.elementwise && composite.output == id) found = c;
    }
    return found;
  }

  // Whether the slope of the composite's body by its inputs, entry by entry, is its whole derivative:
  // no input is broadcast in it, and no pass has made it read anything beside them.
  bool is_one_step(std::int32_t number) const {
    const auto& composite = graph_.composites()[static_cast<std::size_t>(number)];
    const auto& inputs = composite.inputs;
    const auto leads = [&](NodeId id) { return id != kNoNode && leads_[static_cast<std::size_t>(id)]; };
    for (const auto input : inputs) {
      if (leads(input) && !(graph_.node(input).type.shape == graph_.node(composite.output).type.shape)) {
        return false;
      }
    }
    for (NodeId id = 0; id <= composite.output; ++id) {
      if (!is_inside(id, number)) continue;
      for (const auto operand : graph_.node(id).inputs) {
        const bool declared = std::find(inputs.begin(), inputs.end(), operand) != inputs.end();
        if (leads(operand) && !declared && !is_inside(operand, number)) return false;
      }
    }
    return true;
  }

  void step(NodeId id, bool label) {
    const auto inputs = graph_.node(id).inputs;
    if (!info(graph_.node(id).op).differentiable) return;
    const Var adjoint = *adjoints_[static_cast<std::size_t>(id)];
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (!leads_[static_cast<std::size_t>(inputs[i])]) continue;
      if (graph_.node(inputs[i]).type.kind != Kind::real) continue;
      add_adjoint(inputs[i], operand_adjoint(graph_, id, i, adjoint, label));
    }
  }

  // One step for a whole composite: its slope is the gradient of its body with the adjoint 1.
  void step_over(NodeId id, std::int32_t number, bool label) {
    const Composite composite = graph_.composites()[static_cast<std::size_t>(number)];
    const Var value = graph_.var(id);
    const Var adjoint = *adjoints_[static_cast<std::size_t>(id)];
    const auto& inputs = composite.inputs;
    for (auto position = inputs.begin(); position != inputs.end(); ++position) {
      const auto input = *position;
      if (std::find(inputs.begin(), position, input) != position) continue;  // named twice
      // A pass may have dropped an input that the body no longer reads.
      if (input == kNoNode || !leads_[static_cast<std::size_t>(input)]) continue;
      Differentiator body(value, {graph_.var(input)});
      body.run(value, graph_.constant(1.0), false, number);
      if (const auto slope = body.adjoint(input)) {
        add_adjoint(input, chain(adjoint, *slope, value, graph_.var(input), label));
      }
    }
  }

  void add_adjoint(NodeId id, Var adjoint) {
    auto& slot = adjoints_[static_cast<std::size_t>(id)];
    slot = slot ? *slot + adjoint : adjoint;
  }

  void label_adjoint(NodeId id) {
    auto& adjoint = *adjoints_[static_cast<std::size_t>(id)];
    // Inside a composite nothing has a name that anybody asks for.
    const auto composite = graph_.node(id).composite;
    if (composite >= 0 && graph_.composites()[static_cast<std::size_t>(composite)].output != id) return;
    // One node can be the adjoint of several (of both sides of a sum): the first keeps the name.
    auto& label = graph_.label(adjoint.id);
    const bool is_named = !label.layer.empty() || !label.role.empty() || label.adjoint_of != kNoNode;
    if (!is_named && adjoint.shape() == graph_.node(id).type.shape) label.adjoint_of = id;
  }

  Graph& graph_;
  std::size_t size_;
  std::vector<std::optional<Var>> adjoints_;
  std::vector<bool> leads_;
};

}  // namespace

namespace {

std::vector<Var> product(Var value, Var adjoint, const std::vector<Var>& with_respect_to, bool label) {
  std::vector<Var> others = with_respect_to;
  others.push_back(adjoint);
  for (const auto& var : others) {
    if (value.graph == nullptr || var.graph != value.graph) {
      throw ArgumentError("grad: the variables belong to different graphs");
    }
  }
  Graph& graph = *value.graph;
  Differentiator differentiator(value, with_respect_to);
  differentiator.run(value, broadcast(adjoint, value.shape()), label);
  std::vector<Var> gradients;
  for (const auto& target : with_respect_to) {
    const auto found = differentiator.adjoint(target.id);
    gradients.push_back(broadcast(found ? *found : graph.constant(0.0), target.shape()));
  }
  return gradients;
}

}  // namespace

std::vector<Var> vector_jacobian_product(Var value, Var adjoint,
                                         const std::vector<Var>& with_respect_to) {
  return product(value, adjoint, with_respect_to, true);
}

Var jacobian(Var value, Var x) {
  if (value.shape().rank() != 2 || x.shape().rank() != 2 || value.shape()[0] != x.shape()[0]) {
    throw ShapeError("jacobian: rows of " + to_string(value.shape()) + " by rows of " +
                     to_string(x.shape()));
  }
  const auto rows = x.shape()[0], m = value.shape()[1], n = x.shape()[1];
  std::vector<Var> parts;
  for (std::int64_t i = 0; i < m; ++i) {
    Tensor column({m}, DType::f64);
    column.set(i, 1);
    const Var row = product(value, value.graph->constant(column), {x}, false)[0];
    parts.push_back(reshape(row, {rows, 1, n}));
  }
  return concatenate(parts, 1);
}

std::vector<Var> grad(Var loss, const std::vector<Var>& with_respect_to) {
  if (loss.graph == nullptr) throw ArgumentError("grad: the loss belongs to no graph");
  if (loss.shape().rank() != 0) {
    throw ShapeError("grad: the loss has the shape " + to_string(loss.shape()) +
                     ", expected a scalar");
  }
  return vector_jacobian_product(loss, loss.graph->constant(1.0), with_respect_to);
}

}  // namespace longhand
