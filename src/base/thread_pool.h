// Threads that wait for work: one task at a time, whose shares they take one by one.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <thread>
#include <type_traits>
#include <vector>

namespace longhand {

/// A fixed team of threads, the caller among them. `run` allocates nothing. A pool is used by one
/// thread at a time, and a task does not call `run` of its own pool (that throws ArgumentError).
/// Each thread begins with shares of its own, the same whenever there are as many, so that what they
/// touch stays in its core's caches; then it takes what is left of the others', so that one whose
/// core is busy elsewhere holds up one share at most. Who computes a share must not change the result.
class ThreadPool {
 public:
  /// Starts threads - 1 threads; a pool of 1 starts none and touches no atomics.
  /// Throws ArgumentError for threads < 1 and IoError where the system refuses a thread.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int size() const { return size_; }

  /// Calls task(thread, share) once for each share in 0, …, shares - 1 and returns when all are
  /// done; `thread`, in 0, …, size() - 1, is the caller's (0) or another's own. If any threw,
  /// rethrows that of the lowest share.
  template <class Task>
  void run(int shares, Task&& task) {
    using Callable = std::remove_reference_t<Task>;
    run_raw(
        shares,
        [](const void* context, int thread, int share) {
          (*static_cast<Callable*>(const_cast<void*>(context)))(thread, share);
        },
        std::addressof(task));
  }

 private:
  using Function = void (*)(const void* context, int thread, int share);
  using Clock = std::chrono::steady_clock;
  struct Failure {
    int share = 0;
    std::exception_ptr what;
  };

  void run_raw(int shares, Function function, const void* context);
  void share_with_others();
  void work(int thread) noexcept;
  bool take(int thread, int& share);
  void call(int thread, int share) noexcept;
  int call_all_left(int thread) noexcept;
  void stop();

  const int size_;
  int spins_ = 0;
  bool running_ = false;
  int shares_ = 0;
  Function function_ = nullptr;
  const void* context_ = nullptr;
  Clock::duration lost_{};  // by sharing, since it last gained more
  Clock::time_point alone_until_{};
  std::vector<Failure> failures_;  // by thread: that of its lowest share
  std::vector<std::thread> threads_;
  std::vector<std::atomic<bool>> taken_;  // by share, of tasks of no more shares than this has
  // On lines of their own: the shares that nobody has taken yet, and those that are not done.
  alignas(64) std::atomic<int> left_{0};
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
