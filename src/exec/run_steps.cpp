// Many steps in one call: batches gathered from tables, scalars from lists, records kept.
#include "exec/runner_impl.h"

namespace longhand {
namespace {

// A scalar input that has a value a step.
struct Scalar {
  std::size_t slot;
  void* to;
  DType dtype;
  std::span<const double> values;

  void set(std::int64_t step) const {
    const double value = values[static_cast<std::size_t>(step)];
    if (dtype == DType::f32) *static_cast<float*>(to) = static_cast<float>(value);
    if (dtype == DType::f64) *static_cast<double*>(to) = value;
    if (dtype == DType::i32) *static_cast<std::int32_t*>(to) = static_cast<std::int32_t>(value);
  }
};

// A scalar output of which every step's value is kept.
struct Record {
  std::size_t slot;
  Tensor value;
  std::span<double> values;
};

}  // namespace

void Runner::run_steps(const Steps& steps) {
  auto& impl = *impl_;
  const auto total = static_cast<std::int64_t>(steps.order.size());
  if (steps.batch_size < 1)
    throw ArgumentError("a batch of " + std::to_string(steps.batch_size) + " rows");
  const auto count = total / steps.batch_size + (total % steps.batch_size != 0 ? 1 : 0);

  std::vector<Scalar> scalars;
  for (const auto& [name, values] : steps.scalars) {
    const auto slot = impl.input_slot(name);
    if (static_cast<std::int64_t>(values.size()) < count) {
      throw ArgumentError("'" + name + "' has " + std::to_string(values.size()) + " values for " +
                          std::to_string(count) + " steps");
    }
    auto& staging = impl.bind_staging(slot, Impl::Source::Kind::values);
    impl.sources[slot].tensor = staging;
    if (staging.count() != 1) throw ShapeError("'" + name + "' is not a scalar");
    scalars.push_back({slot, staging.data(), staging.dtype(), values});
  }
  std::vector<Record> records;
  for (const auto& [name, values] : steps.record) {
    records.push_back({impl.output_slot(name), output(name), values});
    if (records.back().value.count() != 1 || static_cast<std::int64_t>(values.size()) < count) {
      throw ArgumentError("cannot keep '" + name + "' of every step");
    }
  }
  impl.require_rows_of_tables(steps.order);
  impl.require_rows(std::min(steps.batch_size, total));
  if (const auto rest = total % steps.batch_size; rest != 0) impl.check_rows(rest);

  // Where each step is one row, the backend may run them all.
  const auto run_rows = [&] {
    std::vector<RowSteps::Input> inputs(impl.sources.size());
    for (std::size_t slot = 0; slot < inputs.size(); ++slot) {
      const auto& source = impl.sources[slot];
      if (source.kind == Impl::Source::Kind::row_numbers) return false;
      if (source.kind == Impl::Source::Kind::table)
        inputs[slot] = {source.tensor.data(), source.row_bytes, nullptr};
    }
    for (const auto& scalar : scalars) inputs[scalar.slot].scalars = scalar.values.data();
    std::vector<double*> kept(impl.program->outputs.size());
    for (const auto& record : records) kept[record.slot] = record.values.data();
    if (!impl.program->executable->run_rows(impl.memory(1), {steps.order, inputs, kept}))
      return false;
    // What is bound stays as the last step has it.
    impl.gather(steps.order.last(1));
    for (const auto& scalar : scalars) scalar.set(count - 1);
    impl.last_rows = 1;
    return true;
  };
  if (steps.batch_size == 1 && total > 0 && run_rows()) return;

  for (std::int64_t step = 0; step < count; ++step) {
    const auto begin = step * steps.batch_size;
    const auto rows = std::min(steps.batch_size, total - begin);
    impl.gather(
        steps.order.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(rows)));
    for (const auto& scalar : scalars) scalar.set(step);
    impl.execute(rows);
    for (auto& record : records) record.values[static_cast<std::size_t>(step)] = record.value.at(0);
  }
}

}  // namespace longhand
