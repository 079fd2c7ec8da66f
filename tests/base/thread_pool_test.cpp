#include "base/thread_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "longhand/base.h"

namespace longhand {
namespace {

TEST(ThreadPool, CallsEveryShareOnceOnItsThreads) {
  for (const int size : {1, 2, 3, 7, 16}) {
    ThreadPool pool(size);
    ASSERT_EQ(pool.size(), size);
    for (const int shares : {0, 1, 2, 5, 100}) {
      std::vector<int> calls(static_cast<std::size_t>(shares)), threads(calls.size());
      std::vector<std::thread::id> ids(calls.size());
      pool.run(shares, [&](int thread, int share) {
        const auto i = static_cast<std::size_t>(share);
        ++calls[i];
        threads[i] = thread;
        ids[i] = std::this_thread::get_id();
      });
      EXPECT_EQ(calls, std::vector<int>(calls.size(), 1)) << size;
      std::map<int, std::thread::id> id_of;
      for (std::size_t i = 0; i < calls.size(); ++i) {
        ASSERT_GE(threads[i], 0);
        ASSERT_LT(threads[i], size);
        EXPECT_EQ(id_of.try_emplace(threads[i], ids[i]).first->second, ids[i]);
        EXPECT_EQ(threads[i] == 0, ids[i] == std::this_thread::get_id());
      }
    }
  }
}

// Plain integers, read and written by all: the fork and the join order them, and the thread
// sanitizer would say so if they did not.
TEST(ThreadPool, OrdersWhatTasksWrite) {
  ThreadPool pool(4);
  std::vector<int> written(9), read(9);
  int from_caller = 0;
  for (int round = 1; round <= 5000; ++round) {
    from_caller = round;
    pool.run(9, [&](int, int share) { written[static_cast<std::size_t>(share)] = from_caller; });
    pool.run(9, [&](int, int share) {
      read[static_cast<std::size_t>(share)] = written[static_cast<std::size_t>((share + 1) % 9)];
    });
    ASSERT_EQ(read, std::vector<int>(9, round));
  }
}

// Each share waits until every thread has one: asleep or not, all come.
TEST(ThreadPool, EveryThreadTakesAShare) {
  for (const int nap : {0, 1, 100}) {
    ThreadPool pool(3);
    std::this_thread::sleep_for(std::chrono::milliseconds(nap));
    std::atomic<int> present{0};
    std::vector<int> shares_of(3);
    pool.run(3, [&](int thread, int) {
      ++shares_of[static_cast<std::size_t>(thread)];
      ++present;
      while (present < 3) std::this_thread::yield();
    });
    EXPECT_EQ(shares_of, std::vector<int>(3, 1));
  }
}

// What a thread touches stays in its core's caches from task to task.
TEST(ThreadPool, EachThreadBeginsWithSharesOfItsOwn) {
  constexpr int kThreads = 3, kShares = 12;
  for (int task = 0; task < 20; ++task) {
    ThreadPool pool(kThreads);  // one that has met a slow task may work alone for a while, and none would come
    std::atomic<int> present{0};
    std::vector<int> first(kThreads, -1);
    pool.run(kShares, [&](int thread, int share) {
      auto& mine = first[static_cast<std::size_t>(thread)];
      if (mine != -1) return;
      mine = share;
      ++present;
      while (present < kThreads) std::this_thread::yield();
    });
    EXPECT_EQ(first, (std::vector<int>{0, 4, 8}));
  }
}

TEST(ThreadPool, AThreadThatIsHeldUpHoldsUpOneShare) {
  ThreadPool pool(2);
  std::atomic<bool> is_held{false};
  std::atomic<int> done{0};
  std::vector<int> shares_of(2);
  pool.run(10, [&](int thread, int) {
    ++shares_of[static_cast<std::size_t>(thread)];
    if (thread == 0) {
      while (!is_held) std::this_thread::yield();  // the other has its share
    } else {
      is_held = true;
      while (done < 9) std::this_thread::yield();
    }
    ++done;
  });
  EXPECT_EQ(shares_of, (std::vector<int>{9, 1}));
}

TEST(ThreadPool, WaitsForASlowTaskAndThenWorksAloneForAWhile) {
  ThreadPool pool(2);
  std::atomic<bool> is_taken{false};
  bool done = false;
  pool.run(2, [&](int thread, int) {
    if (thread == 0) {
      while (!is_taken) std::this_thread::yield();
      return;
    }
    is_taken = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    done = true;
  });
  EXPECT_TRUE(done);
  std::vector<int> threads;
  pool.run(50, [&](int thread, int) { threads.push_back(thread); });
  EXPECT_EQ(threads, std::vector<int>(50, 0));
}

TEST(ThreadPool, RethrowsTheFailureOfTheLowestShareAndWorksOn) {
  for (const int size : {1, 4}) {
    ThreadPool pool(size);
    for (int round = 0; round < 100; ++round) {
      std::atomic<int> calls{0};
      try {
        pool.run(12, [&](int, int share) {
          ++calls;
          if (share >= 5) throw std::runtime_error(std::to_string(share));
        });
        FAIL() << "nothing was thrown";
      } catch (const std::runtime_error& error) {
        EXPECT_EQ(error.what(), std::string("5"));
      }
      EXPECT_EQ(calls, 12);
    }
    std::atomic<int> calls{0};
    EXPECT_NO_THROW(pool.run(12, [&](int, int) { ++calls; }));
    EXPECT_EQ(calls, 12);
  }
}

TEST(ThreadPool, RethrowsTheLowestOfAThreadThatTookAHigherShareFirst) {
  ThreadPool pool(2);
  std::atomic<int> calls{0};
  int lowest = 12;
  try {
    pool.run(12, [&](int thread, int share) {
      ++calls;
      if (thread == 0) {  // leaves the rest to the other, which begins with share 6
        while (calls < 12) std::this_thread::yield();
        return;
      }
      lowest = std::min(lowest, share);
      throw std::runtime_error(std::to_string(share));
    });
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_LE(lowest, 1);
    EXPECT_EQ(error.what(), std::to_string(lowest));
  }
}

TEST(ThreadPool, RefusesATaskWithinATask) {
  for (const int size : {1, 3}) {
    ThreadPool pool(size);
    EXPECT_THROW(pool.run(2, [&](int, int) { pool.run(2, [](int, int) {}); }), ArgumentError);
  }
}

TEST(ThreadPool, TakesTasksThatChangeAndTasksThatDoNot) {
  ThreadPool pool(1);
  auto counter = [calls = 0](int, int) mutable { return ++calls; };
  pool.run(1, counter);
  pool.run(1, counter);
  EXPECT_EQ(counter(0, 0), 3);
  const auto constant = [](int, int) {};
  pool.run(1, constant);
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
