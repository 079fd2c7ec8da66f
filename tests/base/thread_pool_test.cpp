#include "base/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "longhand/base.h"

namespace longhand {
namespace {

TEST(ThreadPool, CallsEveryIndexOnceEachOnItsOwnThread) {
  for (const int size : {1, 2, 3, 7, 16}) {
    ThreadPool pool(size);
    ASSERT_EQ(pool.size(), size);
    std::vector<int> calls(static_cast<std::size_t>(size));
    std::vector<std::thread::id> threads(calls.size());
    pool.run([&](int index) {
      ++calls[static_cast<std::size_t>(index)];
      threads[static_cast<std::size_t>(index)] = std::this_thread::get_id();
    });
    EXPECT_EQ(calls, std::vector<int>(calls.size(), 1)) << size;
    EXPECT_EQ(threads[0], std::this_thread::get_id());
    EXPECT_EQ(std::set(threads.begin(), threads.end()).size(), calls.size());
  }
}

// Plain integers, read and written by all: the fork and the join order them, and the thread
// sanitizer would say so if they did not.
TEST(ThreadPool, OrdersWhatTasksWrite) {
  ThreadPool pool(4);
  std::vector<int> written(4), read(4);
  int from_caller = 0;
  for (int round = 1; round <= 5000; ++round) {
    from_caller = round;
    pool.run([&](int index) { written[static_cast<std::size_t>(index)] = from_caller; });
    pool.run([&](int index) {
      read[static_cast<std::size_t>(index)] = written[static_cast<std::size_t>((index + 1) % 4)];
    });
    ASSERT_EQ(read, std::vector<int>(4, round));
  }
}

TEST(ThreadPool, WakesThreadsThatFellAsleep) {
  ThreadPool pool(3);
  std::atomic<int> calls{0};
  for (int round = 0; round < 5; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    pool.run([&](int) { ++calls; });
  }
  EXPECT_EQ(calls, 15);
}

TEST(ThreadPool, WaitsForASlowTask) {
  ThreadPool pool(2);
  bool done = false;
  pool.run([&](int index) {
    if (index == 0) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    done = true;
  });
  EXPECT_TRUE(done);
}

TEST(ThreadPool, RethrowsTheFailureOfTheLowestIndexAndWorksOn) {
  for (const int size : {1, 4}) {
    ThreadPool pool(size);
    for (int round = 0; round < 100; ++round) {
      std::atomic<int> calls{0};
      try {
        pool.run([&](int index) {
          ++calls;
          if (index >= size / 2) throw std::runtime_error(std::to_string(index));
        });
        FAIL() << "nothing was thrown";
      } catch (const std::runtime_error& error) {
        EXPECT_EQ(error.what(), std::to_string(size / 2));
      }
      EXPECT_EQ(calls, size);
    }
    std::atomic<int> calls{0};
    EXPECT_NO_THROW(pool.run([&](int) { ++calls; }));
    EXPECT_EQ(calls, size);
  }
}

TEST(ThreadPool, RefusesATaskWithinATask) {
  for (const int size : {1, 3}) {
    ThreadPool pool(size);
    EXPECT_THROW(pool.run([&](int) { pool.run([](int) {}); }), ArgumentError);
  }
}

TEST(ThreadPool, TakesTasksThatChangeAndTasksThatDoNot) {
  ThreadPool pool(1);
  auto counter = [calls = 0](int) mutable { return ++calls; };
  pool.run(counter);
  pool.run(counter);
  EXPECT_EQ(counter(0), 3);
  const auto constant = [](int) {};
  pool.run(constant);
}

TEST(ThreadPool, RefusesNoThreads) {
  EXPECT_THROW(ThreadPool(0), ArgumentError);
  EXPECT_THROW(ThreadPool(-1), ArgumentError);
}

TEST(ThreadPool, StartsAndStopsWithoutWork) {
  for (int round = 0; round < 50; ++round) ThreadPool pool(3);
}

TEST(ShareOf, CoversEverythingOnceInEvenParts) {
  for (const std::int64_t count : {0, 1, 5, 16, 17, 100, 1000}) {
    for (const int shares : {1, 2, 3, 7, 16}) {
      for (const std::int64_t multiple : {1, 4, 16}) {
        std::int64_t next = 0, smallest = count, largest = 0;
        for (int index = 0; index < shares; ++index) {
          const Share share = share_of(count, index, shares, multiple);
          ASSERT_EQ(share.begin, next);
          ASSERT_GE(share.end, share.begin);
          ASSERT_TRUE(share.begin == count || share.begin % multiple == 0);
          smallest = std::min(smallest, share.end - share.begin);
          largest = std::max(largest, share.end - share.begin);
          next = share.end;
        }
        ASSERT_EQ(next, count) << shares << " shares by " << multiple;
        EXPECT_LE(largest - smallest, 2 * multiple - 1);  // the last share may be cut short
      }
    }
  }
}

TEST(ShareOf, DoesNotOverflow) {
  const std::int64_t most = INT64_MAX;
  EXPECT_EQ(share_of(most, 15, 16).end, most);
  EXPECT_EQ(share_of(most, 15, 16, 64).end, most);
  EXPECT_EQ(share_of(most, 0, 16, 64).end, INT64_MAX / 16 + 1);
  EXPECT_EQ(share_of(most, 0, 16).begin, 0);
}

TEST(PhysicalCores, AreAtLeastOneAndNoMoreThanThreads) {
  EXPECT_GE(physical_cores(), 1);
  EXPECT_LE(static_cast<unsigned>(physical_cores()),
            std::max(1U, std::thread::hardware_concurrency()));
}

}  // namespace
}  // namespace longhand
