#include "exec/runner_impl.h"

namespace longhand {

std::shared_ptr<ThreadPool> make_thread_pool(int threads) {
  return std::make_shared<ThreadPool>(threads);
}

Runner::Runner(const Program& program, State& state, std::shared_ptr<ThreadPool> pool)
    : impl_(std::make_unique<Impl>(program, std::move(pool))) {
  impl_->bind_state(state);
}

Runner::Runner(const Program& program, const State& state, std::shared_ptr<ThreadPool> pool)
    : impl_(std::make_unique<Impl>(program, std::move(pool))) {
  if (!impl_->plan.graph.writes().empty()) {
    throw ArgumentError("a program that writes its state was given one that is constant");
  }
  impl_->bind_state(const_cast<State&>(state));
}

Runner::~Runner() = default;
Runner::Runner(Runner&&) noexcept = default;

void Runner::bind(const std::string& input, const Tensor& values) {
  const auto slot = impl_->input_slot(input);
  impl_->require_fits(slot, values);
  auto& source = impl_->sources[slot];
  source.kind = Impl::Source::Kind::values;
  source.tensor = values;
  impl_->point(source, source.tensor.data());
  impl_->checked_rows = Impl::kUnchecked;
}

void Runner::bind_table(const std::string& input, const Tensor& table) {
  const auto slot = impl_->input_slot(input);
  impl_->require_fits(slot, table);
  if (!impl_->takes_rows(slot)) throw ShapeError("'" + input + "' has no rows to take from a table");
  auto& source = impl_->sources[slot];
  impl_->bind_staging(slot, Impl::Source::Kind::table);
  source.tensor = table;
  source.row_bytes = table.shape()[0] == 0 ? 0 : table.bytes() / static_cast<std::size_t>(table.shape()[0]);
}

void Runner::bind_row_numbers(const std::string& input) {
  const auto slot = impl_->input_slot(input);
  if (!(impl_->program->inputs[slot].type == Type{Kind::index, {Shape::kBatch}})) {
    throw ShapeError("'" + input + "' does not take row numbers");
  }
  impl_->bind_staging(slot, Impl::Source::Kind::row_numbers);
}

void Runner::bind_output(const std::string& output, const Tensor& memory) {
  auto& impl = *impl_;
  const auto id = impl.plan.graph.find_output(output);
  if (id == kNoNode) throw ArgumentError("the program has no output '" + output + "'");
  const auto& buffer = impl.plan.buffers[static_cast<std::size_t>(id)];
  if (buffer.space != Buffer::Space::output) throw ArgumentError("'" + output + "' has no memory of its own");
  const auto shape = impl.shape_at_most(id);
  if (!(memory.shape() == shape) || memory.dtype() != impl.dtype_of(id)) {
    throw ShapeError("the memory for '" + output + "' is " + std::string(longhand::name(memory.dtype())) + " " +
                     to_string(memory.shape()) + ", expected " + std::string(longhand::name(impl.dtype_of(id))) + " " +
                     to_string(shape));
  }
  impl.outputs[buffer.slot] = memory;
  impl.point(Buffer::Space::output, buffer.slot, impl.outputs[buffer.slot].data());
}

void Runner::run(std::int64_t rows) {
  impl_->require_rows(rows);
  impl_->execute(rows);
}

Tensor Runner::output(const std::string& name) const {
  const auto& impl = *impl_;
  const auto id = impl.plan.graph.find_output(name);
  if (id == kNoNode) throw ArgumentError("the program has no output '" + name + "'");
  const auto shape = impl.type(id).shape.with_rows(impl.last_rows);
  return Tensor::borrow(impl.buffers[static_cast<std::size_t>(id)], shape, impl.dtype_of(id));
}

}  // namespace longhand
