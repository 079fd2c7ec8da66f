// Threads that wait for work: one task at a time, shared out over all of them, then joined.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <thread>
#include <type_traits>
#include <vector>

namespace longhand {

/// A fixed team of threads, the caller among them. `run` allocates nothing. A pool is used by one
/// thread at a time, and a task does not call `run` of its own pool (that throws ArgumentError).
/// Which thread gets which index never changes, and so never a result.
class ThreadPool {
 public:
  /// Starts threads - 1 threads; a pool of 1 starts none and touches no atomics.
  /// Throws ArgumentError for threads < 1 and IoError where the system refuses a thread.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int size() const { return size_; }

  /// Calls task(index) once for each index in 0, …, size() - 1, each on its own thread, index 0 on
  /// the caller, and returns when all are done. If any threw, rethrows that of the lowest index.
  template <class Task>
  void run(Task&& task) {
    using Callable = std::remove_reference_t<Task>;
    run_raw([](const void* context,
               int index) { (*static_cast<Callable*>(const_cast<void*>(context)))(index); },
            std::addressof(task));
  }

 private:
  using Function = void (*)(const void* context, int index);

  void run_raw(Function function, const void* context);
  void work(int index) noexcept;
  void call(int index) noexcept;
  void stop();

  const int size_;
  int spins_ = 0;
  bool running_ = false;
  bool stopping_ = false;
  Function function_ = nullptr;
  const void* context_ = nullptr;
  std::vector<std::exception_ptr> failures_;
  std::vector<std::thread> threads_;
  // On lines of their own: workers watch the first while others count down the second.
  alignas(64) std::atomic<std::uint32_t> round_{0};
  alignas(64) std::atomic<int> unfinished_{0};
};

/// The items begin, …, end - 1.
struct Share {
  std::int64_t begin;
  std::int64_t end;
};

/// The part of `count` items that falls to `index` of `shares`: together the shares cover every
/// item once, in order; all but the end of the last are multiples of `multiple`, as even as can be.
Share share_of(std::int64_t count, int index, int shares, std::int64_t multiple = 1);

/// How many threads do useful arithmetic at once: the physical cores (hardware threads of one core
/// count once) that this process may run on, and no more than its CPU quota. At least 1.
int physical_cores();

}  // namespace longhand
