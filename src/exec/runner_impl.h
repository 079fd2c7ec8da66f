// What a runner holds: its memory, and where its inputs, state and outputs lie.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <map>
#include <optional>

#include "exec/program.h"

namespace longhand {

struct AlignedBytes {
  explicit AlignedBytes(std::size_t bytes) {
    if (bytes == 0) return;
    data = static_cast<std::byte*>(std::aligned_alloc(64, (bytes + 63) / 64 * 64));
    if (data == nullptr) throw IoError("not enough memory for " + std::to_string(bytes) + " bytes");
    std::memset(data, 0, bytes);  // touched now, so that running never waits for a page
  }
  ~AlignedBytes() { std::free(data); }
  AlignedBytes(const AlignedBytes&) = delete;
  AlignedBytes& operator=(const AlignedBytes&) = delete;
  std::byte* data = nullptr;
};

struct Runner::Impl {
  // Where the rows of an input come from.
  struct Source {
    enum class Kind : std::uint8_t { unbound, values, table, row_numbers };
    Kind kind = Kind::unbound;
    Tensor tensor;   // values or table
    std::optional<Tensor> staging;  // what a step's batch or scalar is written to, where it is
    std::size_t row_bytes = 0;
    std::vector<NodeId> nodes;  // the input and its other names
  };

  Impl(const Program& p, std::shared_ptr<ThreadPool> threads)
      : program(p.impl_),
        plan(program->plan),
        pool(std::move(threads)),
        arena(plan.arena_bytes),
        scratch(program->executable->scratch_bytes(pool ? pool->size() : 1)),
        prepared(plan.fixed_state ? program->executable->prepared_bytes() : 0),
        buffers(plan.graph.size(), nullptr),
        sources(plan.inputs.size()) {
    for (std::size_t id = 0; id < buffers.size(); ++id) {
      const auto& buffer = plan.buffers[id];
      if (buffer.space == Buffer::Space::input)
        sources[buffer.slot].nodes.push_back(static_cast<NodeId>(id));
      if (buffer.space == Buffer::Space::arena) buffers[id] = arena.data + buffer.offset;
      if (buffer.space == Buffer::Space::constant) {
        buffers[id] = const_cast<void*>(plan.constants[buffer.slot].data());
      }
    }
    for (std::size_t slot = 0; slot < plan.output_slots.size(); ++slot) {
      outputs.emplace_back(shape_at_most(plan.output_slots[slot]),
                           dtype_of(plan.output_slots[slot]));
      point(Buffer::Space::output, slot, outputs.back().data());
    }
    for (std::size_t slot = 0; slot < plan.inputs.size(); ++slot) {
      input_slots[program->inputs[slot].name] = slot;
      // A batch's is made when a table is bound: values are read where they lie.
      if (!type(plan.inputs[slot]).shape.has_batch()) make_staging(slot);
    }
  }

  const Type& type(NodeId id) const { return plan.graph.node(id).type; }
  Shape shape_at_most(NodeId id) const { return type(id).shape.with_rows(plan.max_rows); }
  DType dtype_of(NodeId id) const { return type(id).kind == Kind::index ? DType::i32 : plan.dtype; }

  void point(Buffer::Space space, std::size_t slot, void* memory) {
    for (std::size_t id = 0; id < buffers.size(); ++id) {
      if (plan.buffers[id].space == space && plan.buffers[id].slot == slot) buffers[id] = memory;
    }
  }

  void bind_state(State& state) {
    for (std::size_t slot = 0; slot < plan.states.size(); ++slot) {
      const auto& expected = program->states[slot];
      auto& tensor = state.get(expected.name);
      if (!(tensor.shape() == expected.type.shape) || tensor.dtype() != plan.dtype) {
        throw ModelError(
            "tensor '" + expected.name + "' is " + std::string(longhand::name(tensor.dtype())) +
            " " + to_string(tensor.shape()) + ", expected " +
            std::string(longhand::name(plan.dtype)) + " " + to_string(expected.type.shape));
      }
      held.push_back(tensor);
      point(Buffer::Space::state, slot, tensor.data());
    }
    if (plan.fixed_state) program->executable->prepare(memory(0));
  }

  Memory memory(std::int64_t rows) const {
    return {buffers.data(), rows, scratch.data, pool.get(), prepared.data};
  }

  // What an input is read from.
  void point(const Source& source, void* data) {
    for (const auto id : source.nodes) buffers[static_cast<std::size_t>(id)] = data;
  }

  std::size_t input_slot(const std::string& name) const {
    const auto found = input_slots.find(name);
    if (found == input_slots.end()) throw ArgumentError("the program has no input '" + name + "'");
    return found->second;
  }

  std::size_t output_slot(const std::string& name) const {
    const auto& all = program->outputs;
    return static_cast<std::size_t>(std::ranges::find(all, name, &Slot::name) - all.begin());
  }

  // Throws where `values` has other extents than the input, but for its rows.
  void require_fits(std::size_t slot, const Tensor& values) const {
    const auto& expected = program->inputs[slot];
    const auto& declared = expected.type.shape;
    bool fits =
        values.shape().rank() == declared.rank() && values.dtype() == dtype_of(plan.inputs[slot]);
    for (std::size_t axis = 0; fits && axis < declared.rank(); ++axis) {
      fits = declared[axis] == Shape::kBatch || declared[axis] == values.shape()[axis];
    }
    if (fits) return;
    throw ShapeError("'" + expected.name + "' is " + std::string(longhand::name(values.dtype())) +
                     " " + to_string(values.shape()) + ", expected " +
                     std::string(longhand::name(dtype_of(plan.inputs[slot]))) + " " +
                     to_string(declared));
  }

  bool takes_rows(std::size_t slot) const {
    const auto& shape = program->inputs[slot].type.shape;
    return shape.rank() > 0 && shape[0] == Shape::kBatch;
  }

  // Whether the input has that many rows. Along another axis than the first they do not lie one
  // after the other, so there must be no more either.
  bool has_rows(std::size_t slot, std::int64_t rows) const {
    const auto& values = sources[slot].tensor.shape();
    if (takes_rows(slot)) return values[0] >= rows;
    return values == program->inputs[slot].type.shape.with_rows(rows);
  }

  // Once for as long as nothing is bound anew.
  void require_rows(std::int64_t rows) {
    if (rows == checked_rows) return;
    check_rows(rows);
    checked_rows = rows;
  }

  void check_rows(std::int64_t rows) const {
    if (rows < 0 || rows > plan.max_rows) {
      throw ShapeError("a run of " + std::to_string(rows) + " rows of a program compiled for " +
                       std::to_string(plan.max_rows));
    }
    for (std::size_t slot = 0; slot < sources.size(); ++slot) {
      const auto& source = sources[slot];
      const auto& name = program->inputs[slot].name;
      if (source.kind == Source::Kind::unbound)
        throw ShapeError("the input '" + name + "' is not bound");
      if (source.kind == Source::Kind::values && !has_rows(slot, rows)) {
        throw ShapeError("a run of " + std::to_string(rows) + " rows, and '" + name + "' is " +
                         to_string(source.tensor.shape()));
      }
    }
  }

  void execute(std::int64_t rows) {
    program->executable->run(memory(rows));
    last_rows = rows;
  }

  void make_staging(std::size_t slot) {
    sources[slot].staging.emplace(shape_at_most(plan.inputs[slot]), dtype_of(plan.inputs[slot]));
  }

  // The input is read from its own memory from now on.
  Tensor& bind_staging(std::size_t slot, Source::Kind kind) {
    auto& source = sources[slot];
    source.kind = kind;
    if (!source.staging) make_staging(slot);
    point(source, source.staging->data());
    checked_rows = kUnchecked;
    return *source.staging;
  }

  void require_rows_of_tables(std::span<const std::int32_t> order) const {
    auto least = std::numeric_limits<std::int64_t>::max();
    for (const auto& source : sources) {
      if (source.kind == Source::Kind::table) least = std::min(least, source.tensor.shape()[0]);
    }
    for (const auto row : order) {
      if (row < 0 || row >= least) {
        throw ShapeError("row " + std::to_string(row) + " of a table of " + std::to_string(least));
      }
    }
  }

  // Puts the rows of a batch where the program reads them: in the table itself where they lie there
  // one after the other.
  void gather(std::span<const std::int32_t> rows) {
    bool in_order = true;
    for (std::size_t i = 1; i < rows.size(); ++i) in_order = in_order && rows[i] == rows[i - 1] + 1;
    for (auto& source : sources) {
      if (source.kind != Source::Kind::row_numbers && source.kind != Source::Kind::table) continue;
      auto* to = static_cast<std::byte*>(source.staging->data());
      if (source.kind == Source::Kind::row_numbers) {
        std::memcpy(to, rows.data(), rows.size_bytes());
      } else {
        auto* from = static_cast<std::byte*>(source.tensor.data());
        if (in_order) {
          point(source, from + static_cast<std::size_t>(rows[0]) * source.row_bytes);
          continue;
        }
        point(source, to);
        for (const auto row : rows) {
          std::memcpy(to, from + static_cast<std::size_t>(row) * source.row_bytes,
                      source.row_bytes);
          to += source.row_bytes;
        }
      }
    }
  }

  std::shared_ptr<const Program::Impl> program;
  const Plan& plan;
  std::shared_ptr<ThreadPool> pool;
  AlignedBytes arena;
  AlignedBytes scratch;
  AlignedBytes prepared;
  std::vector<void*> buffers;
  std::vector<Source> sources;
  std::vector<Tensor> outputs;
  std::vector<Tensor> held;  // the state's memory, kept alive
  std::map<std::string, std::size_t> input_slots;
  std::int64_t last_rows = 0;
  static constexpr std::int64_t kUnchecked = std::numeric_limits<std::int64_t>::min();
  std::int64_t checked_rows = kUnchecked;
};

}  // namespace longhand
