#include "exec/program.h"

namespace longhand {

Program::Program(const Graph& graph, const CompileOptions& options) {
  const auto& backend = find_backend(options.backend);
  auto impl = std::make_shared<Impl>();
  impl->plan = lower(graph, options.dtype, options.max_rows, options.fixed_state);
  const auto& plan = impl->plan;
  const auto slot = [&](NodeId id) {
    return Slot{plan.graph.node(id).attributes.name, plan.graph.node(id).type};
  };
  for (const auto id : plan.inputs) impl->inputs.push_back(slot(id));
  for (const auto id : plan.states) impl->states.push_back(slot(id));
  for (const auto& [name, id] : plan.graph.outputs()) {
    impl->outputs.push_back({name, plan.graph.node(id).type});
  }
  impl->executable = backend.compile(plan);
  impl_ = std::move(impl);
}

const std::vector<Slot>& Program::inputs() const { return impl_->inputs; }
const std::vector<Slot>& Program::states() const { return impl_->states; }
const std::vector<Slot>& Program::outputs() const { return impl_->outputs; }
void Program::add_missing_states(State& state) const {
  for (const auto& [name, type] : states()) {
    if (!state.contains(name)) state.set(name, Tensor(type.shape, dtype()));
  }
}
DType Program::dtype() const { return impl_->plan.dtype; }
std::int64_t Program::max_rows() const { return impl_->plan.max_rows; }
std::size_t Program::arena_bytes() const { return impl_->plan.arena_bytes; }
std::string Program::plan_text() const { return to_string(impl_->plan); }
std::vector<PlannedStep> Program::planned_steps(std::int64_t rows) const { return describe(impl_->plan, rows); }

}  // namespace longhand
