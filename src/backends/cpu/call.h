// A step of a plan made ready: everything that can be known before a run is.
#pragma once

#include <memory>

#include "exec/backend.h"

namespace longhand {

/// A number of entries: either fixed, or so many for each row of the run.
struct Extent {
  std::int64_t fixed = 1;
  std::int64_t per_row = 0;
  std::int64_t at(std::int64_t rows) const { return fixed + per_row * rows; }
};

/// The product of the extents of `axes` begin, …, end - 1.
inline Extent product(const Shape& shape, std::size_t begin, std::size_t end) {
  std::int64_t known = 1;
  bool has_batch = false;
  for (auto axis = begin; axis < end; ++axis) {
    if (shape[axis] == Shape::kBatch)
      has_batch = true;
    else
      known = checked_multiply(known, shape[axis]);
  }
  return has_batch ? Extent{0, known} : Extent{known, 0};
}

inline Extent count(const Shape& shape) { return product(shape, 0, shape.rank()); }

/// One prepared step. `run` is const, allocates nothing, and may use memory.scratch up to the
/// bytes that it asked for; the next step uses the same.
class Call {
 public:
  virtual ~Call() = default;
  virtual std::size_t scratch_bytes(int /*threads*/) const { return 0; }
  virtual void run(const Memory& memory) const = 0;
};

template <class T>
T* buffer(const Memory& memory, NodeId id) {
  return static_cast<T*>(memory.buffers[id]);
}

/// Whether `work`, about the nanoseconds that one thread takes, is shared out: waking a thread
/// costs a few microseconds.
inline bool is_shared(const ThreadPool* pool, double work) {
  constexpr double kWorthWaking = 10'000;
  return pool != nullptr && pool->size() > 1 && work >= kWorthWaking;
}

/// Calls task(index, shares) on the pool's threads, or once as (0, 1) where that does not pay.
template <class Task>
void share_out(ThreadPool* pool, double work, Task&& task) {
  if (!is_shared(pool, work)) {
    task(0, 1);
    return;
  }
  pool->run([&, shares = pool->size()](int index) { task(index, shares); });
}

/// share_of, and nothing to compute where there is one share.
inline Share part_of(std::int64_t count, int index, int shares, std::int64_t multiple = 1) {
  return shares == 1 ? Share{0, count} : share_of(count, index, shares, multiple);
}

}  // namespace longhand
