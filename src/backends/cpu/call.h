// A step of a plan made ready: everything that can be known before a run is.
#pragma once

#include <algorithm>
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

/// At most how many shares `work`, about the nanoseconds that one thread takes, falls into: one
/// where waking a thread would not pay, else several a thread, so that none waits long for the last
/// share of another.
inline int shares_of(const ThreadPool* pool, double work) {
  constexpr double kWorthWaking = 10'000, kLeast = 5'000;
  constexpr int kSharesAThread = 8;
  if (pool == nullptr || pool->size() == 1 || !(work >= kWorthWaking)) return 1;
  return static_cast<int>(std::min(work / kLeast, 1.0 * kSharesAThread * pool->size()));
}

/// Calls task(thread, index) for each index of the shares; `thread` says whose scratch is used.
template <class Task>
void share_out(ThreadPool* pool, int shares, Task&& task) {
  if (shares == 1)
    task(0, 0);
  else
    pool->run(shares, task);
}

/// share_of, and nothing to compute where there is one share.
inline Share part_of(std::int64_t count, int index, int shares, std::int64_t multiple = 1) {
  return shares == 1 ? Share{0, count} : share_of(count, index, shares, multiple);
}

}  // namespace longhand
