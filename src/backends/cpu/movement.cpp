#include "backends/cpu/movement.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

namespace longhand {
namespace {

const Shape& shape_of(const Plan& plan, NodeId id) { return plan.graph.node(id).type.shape; }

class Copy : public Call {
 public:
  Copy(const Plan& plan, NodeId to, NodeId from)
      : to_(to),
        from_(from),
        count_(count(shape_of(plan, from))),
        entry_bytes_(plan.entry_bytes(from)) {}

  void run(const Memory& memory) const override {
    const auto bytes = static_cast<std::size_t>(count_.at(memory.rows)) * entry_bytes_;
    if (bytes != 0) std::memcpy(memory.buffers[to_], memory.buffers[from_], bytes);
  }

 private:
  NodeId to_, from_;
  Extent count_;
  std::size_t entry_bytes_;
};

using CopyRunsFunction = void (*)(std::byte* to, const std::byte* from, std::int64_t count, std::size_t bytes,
                                  std::size_t to_stride, std::size_t from_stride);

// Copies `count` runs of `bytes`; `known` bytes, unless that is 0: a table's column is a run of one entry a row,
// for which a call of memcpy takes ten times as long as moving it.
template <std::size_t known>
void copy_runs(std::byte* to, const std::byte* from, std::int64_t count, std::size_t bytes, std::size_t to_stride,
               std::size_t from_stride) {
  for (std::int64_t i = 0; i < count; ++i, to += to_stride, from += from_stride)
    std::memcpy(to, from, known != 0 ? known : bytes);
}

// By the number of 4-byte words in a run.
template <std::size_t... words>
CopyRunsFunction copy_runs_of(std::size_t bytes, std::index_sequence<words...>) {
  constexpr CopyRunsFunction kFunctions[] = {copy_runs<4 * words>...};
  return bytes % 4 == 0 && bytes / 4 < sizeof...(words) ? kFunctions[bytes / 4] : copy_runs<0>;
}

// slice, pad and concatenate: runs of entries from each part to the result, a number of times.
class CopyRuns : public Call {
 public:
  CopyRuns(const Plan& plan, NodeId id) : result_(id) {
    const auto& node = plan.graph.node(id);
    const auto axis = static_cast<std::size_t>(node.attributes.axis);
    const auto& shape = node.type.shape;
    entry_bytes_ = plan.entry_bytes(id);
    outer_ = product(shape, 0, axis);
    inner_ = product(shape, axis + 1, shape.rank());
    extent_ = product(shape, axis, axis + 1);
    const bool sliced = node.op == Op::slice, padded = node.op == Op::pad;
    std::int64_t at = padded ? node.attributes.start : 0;
    for (const auto input : node.inputs) {
      const auto operand = product(shape_of(plan, input), axis, axis + 1);
      parts_.push_back(
          {input, operand, sliced ? node.attributes.start : 0, sliced ? extent_ : operand, at});
      at += operand.fixed;
    }
    padded_ = padded;
  }

  void run(const Memory& memory) const override {
    const auto outer = outer_.at(memory.rows);
    const auto slab = static_cast<std::size_t>(inner_.at(memory.rows)) * entry_bytes_;
    const auto bytes = [&](std::int64_t entries) {
      return static_cast<std::size_t>(entries) * slab;
    };
    const auto result_bytes = bytes(extent_.at(memory.rows));
    auto* y = buffer<std::byte>(memory, result_);
    if (result_bytes == 0) return;
    if (padded_) std::memset(y, 0, static_cast<std::size_t>(outer) * result_bytes);
    for (const auto& part : parts_) {
      const auto run_bytes = bytes(part.run.at(memory.rows));
      if (run_bytes == 0) continue;
      constexpr std::make_index_sequence<33> kWords;
      copy_runs_of(run_bytes, kWords)(y + bytes(part.to), buffer<std::byte>(memory, part.id) + bytes(part.from), outer,
                                      run_bytes, result_bytes, bytes(part.extent.at(memory.rows)));
    }
  }

 private:
  struct Part {
    NodeId id;
    Extent extent;      // of the operand along the axis
    std::int64_t from;  // the first entry taken
    Extent run;         // how many are
    std::int64_t to;    // where in the result they go
  };

  NodeId result_;
  std::size_t entry_bytes_;
  Extent outer_, inner_, extent_;
  std::vector<Part> parts_;
  bool padded_;
};

// Repeats: the operand is [outer, 1, inner] to the result's [outer, times, inner].
template <class E>
class Broadcast : public Call {
 public:
  Broadcast(NodeId to, NodeId from, Extent outer, Extent times, Extent inner)
      : to_(to), from_(from), outer_(outer), times_(times), inner_(inner) {}

  void run(const Memory& memory) const override {
    const auto outer = outer_.at(memory.rows), times = times_.at(memory.rows);
    const auto inner = inner_.at(memory.rows);
    const E* x = buffer<E>(memory, from_);
    E* y = buffer<E>(memory, to_);
    for (std::int64_t i = 0; i < outer; ++i, x += inner) {
      if (inner == 1) {
        y = std::fill_n(y, times, *x);
      } else {
        for (std::int64_t k = 0; k < times; ++k) y = std::copy_n(x, inner, y);
      }
    }
  }

 private:
  NodeId to_, from_;
  Extent outer_, times_, inner_;
};

template <class E>
std::unique_ptr<Call> make_broadcast(const Plan& plan, NodeId id) {
  const auto from = plan.graph.node(id).inputs[0];
  const auto& x = shape_of(plan, from);
  const auto& y = shape_of(plan, id);
  const auto lead = y.rank() - x.rank();
  // The axes that are repeated must be neighbours.
  std::size_t first = y.rank(), last = 0;
  for (std::size_t axis = 0; axis < y.rank(); ++axis) {
    if (axis >= lead && x[axis - lead] == y[axis]) continue;
    first = std::min(first, axis);
    last = axis + 1;
  }
  if (first >= last) return make_copy(plan, id, from);
  for (auto axis = first; axis < last; ++axis) {
    if (axis >= lead && x[axis - lead] != 1) return nullptr;
  }
  return std::make_unique<Broadcast<E>>(id, from, product(y, 0, first), product(y, first, last),
                                        product(y, last, y.rank()));
}

// A matrix transposed by squares, so that both are read and written by lines of the cache.
template <class E>
class Transpose : public Call {
 public:
  Transpose(const Plan& plan, NodeId id)
      : to_(id),
        from_(plan.graph.node(id).inputs[0]),
        rows_(product(shape_of(plan, from_), 0, 1)),
        columns_(product(shape_of(plan, from_), 1, 2)) {}

  void run(const Memory& memory) const override {
    constexpr std::int64_t kSquare = 16;
    const auto rows = rows_.at(memory.rows), columns = columns_.at(memory.rows);
    const E* x = buffer<E>(memory, from_);
    E* y = buffer<E>(memory, to_);
    for (std::int64_t i = 0; i < rows; i += kSquare) {
      for (std::int64_t j = 0; j < columns; j += kSquare) {
        for (auto column = j; column < std::min(columns, j + kSquare); ++column) {
          for (auto row = i; row < std::min(rows, i + kSquare); ++row) {
            y[column * rows + row] = x[row * columns + column];
          }
        }
      }
    }
  }

 private:
  NodeId to_, from_;
  Extent rows_, columns_;
};

void require_in_table(const char* op, std::int32_t index, std::int64_t rows) {
  if (index >= 0 && index < rows) return;
  throw DataError(std::string(op) + ": index " + std::to_string(index) + " in a table of " + std::to_string(rows) + " rows");
}

class Gather : public Call {
 public:
  Gather(const Plan& plan, NodeId id) : to_(id) {
    const auto& node = plan.graph.node(id);
    table_ = node.inputs[0];
    index_ = node.inputs[1];
    const auto& table = shape_of(plan, table_);
    rows_ = product(table, 0, 1);
    width_ = product(table, 1, table.rank());
    count_ = count(shape_of(plan, index_));
    entry_bytes_ = plan.entry_bytes(id);
  }

  void run(const Memory& memory) const override {
    const auto rows = rows_.at(memory.rows), taken = count_.at(memory.rows);
    const auto width = static_cast<std::size_t>(width_.at(memory.rows)) * entry_bytes_;
    const auto* table = buffer<std::byte>(memory, table_);
    const auto* index = buffer<std::int32_t>(memory, index_);
    auto* y = buffer<std::byte>(memory, to_);
    for (std::int64_t i = 0; i < taken; ++i, y += width) {
      require_in_table("gather", index[i], rows);
      if (width != 0) std::memcpy(y, table + static_cast<std::size_t>(index[i]) * width, width);
    }
  }

 private:
  NodeId table_, index_, to_;
  Extent rows_, width_, count_;
  std::size_t entry_bytes_;
};

// Rows are added one after the other, as they come: the order of the sums is that of the batch.
template <class T>
class ScatterAdd : public Call {
 public:
  ScatterAdd(const Plan& plan, NodeId id) : to_(id) {
    const auto& node = plan.graph.node(id);
    index_ = node.inputs[0];
    updates_ = node.inputs[1];
    const auto& table = shape_of(plan, id);
    rows_ = product(table, 0, 1);
    width_ = product(table, 1, table.rank());
    count_ = count(shape_of(plan, index_));
  }

  void run(const Memory& memory) const override {
    const auto rows = rows_.at(memory.rows), width = width_.at(memory.rows), added = count_.at(memory.rows);
    const auto* index = buffer<std::int32_t>(memory, index_);
    const T* update = buffer<T>(memory, updates_);
    T* table = buffer<T>(memory, to_);
    std::fill_n(table, rows * width, T(0));
    for (std::int64_t i = 0; i < added; ++i, update += width) {
      require_in_table("scatter_add", index[i], rows);
      T* row = table + index[i] * width;
      for (std::int64_t j = 0; j < width; ++j) row[j] += update[j];
    }
  }

 private:
  NodeId to_, index_, updates_;
  Extent rows_, width_, count_;
};

template <class T>
class RealToIndex : public Call {
 public:
  RealToIndex(const Plan& plan, NodeId id)
      : to_(id), from_(plan.graph.node(id).inputs[0]), count_(count(shape_of(plan, id))) {}

  void run(const Memory& memory) const override {
    const T* x = buffer<T>(memory, from_);
    std::transform(x, x + count_.at(memory.rows), buffer<std::int32_t>(memory, to_),
                   [](T value) { return value >= 0 && value < T(0x1p31) ? static_cast<std::int32_t>(value) : -1; });
  }

 private:
  NodeId to_, from_;
  Extent count_;
};

template <class T>
class OneHot : public Call {
 public:
  OneHot(const Plan& plan, NodeId id)
      : to_(id),
        index_(plan.graph.node(id).inputs[0]),
        rows_(count(shape_of(plan, index_))),
        classes_(plan.graph.node(id).attributes.count) {}

  void run(const Memory& memory) const override {
    const auto rows = rows_.at(memory.rows);
    const auto* index = buffer<std::int32_t>(memory, index_);
    T* y = buffer<T>(memory, to_);
    std::fill_n(y, rows * classes_, T(0));
    for (std::int64_t i = 0; i < rows; ++i) {
      if (index[i] >= 0 && index[i] < classes_) y[i * classes_ + index[i]] = T(1);
    }
  }

 private:
  NodeId to_, index_;
  Extent rows_;
  std::int64_t classes_;
};

template <class T>
class IndexToReal : public Call {
 public:
  IndexToReal(const Plan& plan, NodeId id)
      : to_(id), from_(plan.graph.node(id).inputs[0]), count_(count(shape_of(plan, id))) {}

  void run(const Memory& memory) const override {
    const auto* x = buffer<std::int32_t>(memory, from_);
    std::transform(x, x + count_.at(memory.rows), buffer<T>(memory, to_),
                   [](std::int32_t index) { return static_cast<T>(index); });
  }

 private:
  NodeId to_, from_;
  Extent count_;
};

// How many entries a reduction takes together.
template <class T>
class ExtentOf : public Call {
 public:
  ExtentOf(const Plan& plan, NodeId id) : to_(id) {
    const auto& node = plan.graph.node(id);
    const auto& shape = shape_of(plan, node.inputs[0]);
    for (const auto axis : node.attributes.axes) {
      const auto at = static_cast<std::size_t>(axis);
      if (shape[at] == Shape::kBatch)
        has_batch_ = true;
      else
        fixed_ *= shape[at];
    }
  }

  void run(const Memory& memory) const override {
    *buffer<T>(memory, to_) = static_cast<T>(has_batch_ ? fixed_ * memory.rows : fixed_);
  }

 private:
  NodeId to_;
  bool has_batch_ = false;
  std::int64_t fixed_ = 1;
};

template <class T>
std::unique_ptr<Call> make_movement_of(const Plan& plan, NodeId id) {
  const auto& node = plan.graph.node(id);
  const bool is_index = node.type.kind == Kind::index;
  switch (node.op) {
    case Op::reshape:
      return make_copy(plan, id, node.inputs[0]);
    case Op::slice:
    case Op::pad:
    case Op::concatenate:
      return std::make_unique<CopyRuns>(plan, id);
    case Op::gather:
      return std::make_unique<Gather>(plan, id);
    case Op::scatter_add:
      return std::make_unique<ScatterAdd<T>>(plan, id);
    case Op::to_index:
      return std::make_unique<RealToIndex<T>>(plan, id);
    case Op::one_hot:
      return std::make_unique<OneHot<T>>(plan, id);
    case Op::extent:
      return std::make_unique<ExtentOf<T>>(plan, id);
    case Op::broadcast:
      return is_index ? make_broadcast<std::int32_t>(plan, id) : make_broadcast<T>(plan, id);
    case Op::transpose:
      if (node.type.shape.rank() != 2 || node.attributes.axes[0] != 1) return nullptr;
      if (is_index) return std::make_unique<Transpose<std::int32_t>>(plan, id);
      return std::make_unique<Transpose<T>>(plan, id);
    case Op::to_real:
      if (plan.graph.node(node.inputs[0]).type.kind != Kind::index) return nullptr;
      return std::make_unique<IndexToReal<T>>(plan, id);
    default:
      return nullptr;
  }
}

}  // namespace

std::unique_ptr<Call> make_copy(const Plan& plan, NodeId to, NodeId from) {
  return std::make_unique<Copy>(plan, to, from);
}

std::unique_ptr<Call> make_movement(const Plan& plan, NodeId id) {
  if (plan.dtype == DType::f32) return make_movement_of<float>(plan, id);
  return make_movement_of<double>(plan, id);
}

}  // namespace longhand
