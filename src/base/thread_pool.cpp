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
constexpr int kSpins = 20'000;
constexpr int kYields = 200;

// What `left_` is when the threads are to end.
constexpr int kStop = -1;

// Where waiting for the others has taken so much longer than their shares would have, and no task
// since has made up for it, the caller works alone for so many times what was lost: about a tenth is
// all that busy cores can cost.
constexpr std::chrono::microseconds kMostLost{50};
constexpr int kAlone = 10;

// Of tasks of more shares a thread, these are taken in order, whosever they are.
constexpr std::size_t kOwnShares = 8;

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

ThreadPool::ThreadPool(int threads)
    : size_(threads), taken_(threads > 1 ? kOwnShares * static_cast<std::size_t>(threads) : 0) {
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
    for (int thread = 1; thread < size_; ++thread) {
      threads_.emplace_back([this, thread] { work(thread); });
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
  if (threads_.empty()) return;
  left_.store(kStop, std::memory_order_release);
  left_.notify_all();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

void ThreadPool::work(int thread) noexcept {
  while (wait_until(left_, spins_, [](int left) { return left != 0; }) != kStop) {
    const int done = call_all_left(thread);
    // Until this, the task that was taken from is not over and no other can have begun.
    if (done != 0 && unfinished_.fetch_sub(done, std::memory_order_acq_rel) == done)
      unfinished_.notify_one();
  }
}

// Whoever lowers `left_` has one more share to do. Only then is it certain which task is read, and
// that there is a share that nobody has taken.
bool ThreadPool::take(int thread, int& share) {
  int left = left_.load(std::memory_order_relaxed);
  while (left > 0) {
    if (!left_.compare_exchange_weak(left, left - 1, std::memory_order_acq_rel,
                                     std::memory_order_relaxed)) {
      continue;
    }
    share = shares_ - left;
    if (static_cast<std::size_t>(shares_) > taken_.size()) return true;
    share = static_cast<int>(share_of(shares_, thread, size_).begin % shares_);
    while (taken_[static_cast<std::size_t>(share)].exchange(true, std::memory_order_relaxed))
      share = (share + 1) % shares_;
    return true;
  }
  return false;
}

int ThreadPool::call_all_left(int thread) noexcept {
  int done = 0;
  for (int share = 0; take(thread, share); ++done) call(thread, share);
  return done;
}

void ThreadPool::call(int thread, int share) noexcept {
  try {
    function_(context_, thread, share);
  } catch (...) {
    auto& failure = failures_[static_cast<std::size_t>(thread)];
    if (!failure.what || share < failure.share) failure = {share, std::current_exception()};
  }
}

void ThreadPool::share_with_others() {
  const auto start = Clock::now();
  if (start < alone_until_) {
    for (int share = 0; share < shares_; ++share) call(0, share);
    return;
  }
  if (static_cast<std::size_t>(shares_) <= taken_.size()) {
    for (int share = 0; share < shares_; ++share)
      taken_[static_cast<std::size_t>(share)].store(false, std::memory_order_relaxed);
  }
  unfinished_.store(shares_, std::memory_order_relaxed);  // published by the next line
  left_.store(shares_, std::memory_order_release);
  left_.notify_all();
  const int done = call_all_left(0);
  const auto worked = Clock::now() - start;
  auto taken = worked;
  if (unfinished_.fetch_sub(done, std::memory_order_acq_rel) != done) {
    wait_until(unfinished_, spins_, [](int unfinished) { return unfinished == 0; });
    taken = Clock::now() - start;
  }
  if (done == 0) return;
  const auto alone = worked * shares_ / done;
  lost_ = std::max(Clock::duration::zero(), lost_ + taken - alone);
  if (lost_ <= kMostLost) return;
  alone_until_ = start + taken + lost_ * kAlone;
  lost_ = {};
}

void ThreadPool::run_raw(int shares, Function function, const void* context) {
  if (running_) throw ArgumentError("a task of a thread pool ran another task in the same pool");
  running_ = true;
  shares_ = shares;
  function_ = function;
  context_ = context;
  if (size_ > 1 && shares > 1) {
    share_with_others();
  } else {
    for (int share = 0; share < shares; ++share) call(0, share);
  }
  running_ = false;
  Failure first;
  for (auto& failure : failures_) {
    if (failure.what && (!first.what || failure.share < first.share)) first = failure;
    failure = {};
  }
  if (first.what) std::rethrow_exception(first.what);
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
