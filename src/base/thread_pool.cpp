#include "base/thread_pool.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "longhand/base.h"

namespace longhand {
namespace {

// A training step comes a few microseconds after the last: the next task is mostly caught here,
// without a system call.
constexpr int kSpins = 2000;
constexpr int kYields = 200;

inline void pause_briefly() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Waits until `done(value)`; returns that value, with all that was written before it visible.
template <class T, class Done>
T wait_until(const std::atomic<T>& variable, int spins, Done done) {
  for (int i = 0; i < spins + kYields; ++i) {
    const T value = variable.load(std::memory_order_acquire);
    if (done(value)) return value;
    if (i < spins)
      pause_briefly();
    else
      std::this_thread::yield();
  }
  for (;;) {
    const T value = variable.load(std::memory_order_acquire);
    if (done(value)) return value;
    variable.wait(value, std::memory_order_acquire);
  }
}

}  // namespace

ThreadPool::ThreadPool(int threads) : size_(threads) {
  if (threads < 1) {
    throw ArgumentError("a thread pool of " + std::to_string(threads) +
                        " threads was asked for; it takes at least 1");
  }
  failures_.resize(static_cast<std::size_t>(size_));
  if (size_ == 1) return;
  // With more threads than processors a spinning thread only keeps a working one from running.
  spins_ = static_cast<unsigned>(size_) <= std::thread::hardware_concurrency() ? kSpins : 0;
  try {
    threads_.reserve(static_cast<std::size_t>(size_ - 1));
    for (int index = 1; index < size_; ++index) {
      threads_.emplace_back([this, index] { work(index); });
    }
  } catch (const std::system_error& error) {
    const auto started = threads_.size() + 1;
    stop();
    throw IoError("cannot start thread " + std::to_string(started + 1) + " of " +
                  std::to_string(size_) + ": " + error.code().message());
  }
}

ThreadPool::~ThreadPool() { stop(); }

void ThreadPool::stop() {
  stopping_ = true;
  if (threads_.empty()) return;
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

void ThreadPool::work(int index) noexcept {
  std::uint32_t seen = 0;
  for (;;) {
    seen = wait_until(round_, spins_, [seen](std::uint32_t round) { return round != seen; });
    if (stopping_) return;
    call(index);
    if (unfinished_.fetch_sub(1, std::memory_order_acq_rel) == 1) unfinished_.notify_one();
  }
}

void ThreadPool::call(int index) noexcept {
  try {
    function_(context_, index);
  } catch (...) {
    failures_[static_cast<std::size_t>(index)] = std::current_exception();
  }
}

void ThreadPool::run_raw(Function function, const void* context) {
  if (running_) throw ArgumentError("a task of a thread pool ran another task in the same pool");
  running_ = true;
  function_ = function;
  context_ = context;
  if (size_ > 1) {
    unfinished_.store(size_ - 1, std::memory_order_relaxed);  // published by the next line
    round_.fetch_add(1, std::memory_order_release);
    round_.notify_all();
  }
  call(0);
  if (size_ > 1) wait_until(unfinished_, spins_, [](int left) { return left == 0; });
  running_ = false;
  std::exception_ptr first;
  for (auto& failure : failures_) {
    if (failure && !first) first = failure;
    failure = nullptr;
  }
  if (first) std::rethrow_exception(first);
}

Share share_of(std::int64_t count, int index, int shares, std::int64_t multiple) {
  const std::int64_t units = count / multiple + (count % multiple != 0 ? 1 : 0);
  const std::int64_t each = units / shares;
  const std::int64_t larger = units % shares;  // the first so many shares hold one unit more
  const auto start = [&](std::int64_t share) {
    const std::int64_t unit = share * each + std::min(share, larger);
    return unit >= units ? count : unit * multiple;
  };
  return {start(index), start(index + 1)};
}

}  // namespace longhand
