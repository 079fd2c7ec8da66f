// Matrix products beside plain sums, in every storage order.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <memory>

#include "backends/cpu/gemm.h"
#include "backends/each_target.h"
#include "base/philox.h"

namespace longhand::testing {
namespace {

struct Case {
  std::int64_t m, n, k;
  bool left_transposed, right_transposed, bias;
};

std::string describe(const Case& c) {
  return std::to_string(c.m) + "x" + std::to_string(c.n) + "x" + std::to_string(c.k) +
         (c.left_transposed ? " left transposed" : "") +
         (c.right_transposed ? " right transposed" : "") + (c.bias ? " bias" : "");
}

// Operands in memory of exactly their size, so that the address sanitizer sees a step beyond.
template <class T>
struct Operands {
  std::vector<T> a, b, bias;
};

template <class T, class Number>
Operands<T> make_operands(const Case& c, Number number) {
  Operands<T> operands{std::vector<T>(static_cast<std::size_t>(c.m * c.k)),
                       std::vector<T>(static_cast<std::size_t>(c.k * c.n)),
                       std::vector<T>(static_cast<std::size_t>(c.n))};
  for (auto* list : {&operands.a, &operands.b, &operands.bias}) {
    for (auto& entry : *list) entry = static_cast<T>(number());
  }
  return operands;
}

template <class T>
Product<T> product_of(const Case& c, const Operands<T>& operands) {
  Product<T> p;
  p.m = c.m;
  p.n = c.n;
  p.k = c.k;
  p.a = operands.a.data();
  p.a_row = c.left_transposed ? 1 : c.k;
  p.a_inner = c.left_transposed ? c.m : 1;
  p.b = operands.b.data();
  p.b_inner = c.right_transposed ? 1 : c.n;
  p.b_column = c.right_transposed ? c.k : 1;
  p.bias = c.bias ? operands.bias.data() : nullptr;
  p.c = nullptr;
  p.is_dots = !c.left_transposed && c.right_transposed && is_dot_product(c.n, c.k);
  return p;
}

template <class T>
std::vector<T> run(Product<T> p, int threads = 1) {
  std::vector<T> c(static_cast<std::size_t>(p.m * p.n), T(-99));
  p.c = c.data();
  const auto needed = product_scratch(p.m, p.n, p.k, sizeof(T), p.a_inner != 1, 0);
  const std::unique_ptr<std::byte, decltype(&std::free)> scratch(
      static_cast<std::byte*>(
          std::aligned_alloc(64, needed.bytes * static_cast<std::size_t>(threads))),
      std::free);
  ThreadPool pool(threads);
  product_function<T>()(p, {}, needed, scratch.get(), &pool);
  return c;
}

// The sum in long double and the sum of magnitudes, which scales the error allowed.
template <class T, class Check>
void for_each_entry(const Product<T>& p, Check check) {
  for (std::int64_t i = 0; i < p.m; ++i) {
    for (std::int64_t j = 0; j < p.n; ++j) {
      long double sum = p.bias == nullptr ? 0 : p.bias[j];
      long double magnitude = std::fabs(sum);
      for (std::int64_t l = 0; l < p.k; ++l) {
        const auto term = static_cast<long double>(p.a[i * p.a_row + l * p.a_inner]) *
                          p.b[l * p.b_inner + j * p.b_column];
        sum += term;
        magnitude += std::fabs(term);
      }
      check(i * p.n + j, sum, magnitude);
    }
  }
}

template <class T>
void check_exact(const Case& c) {
  int state = 0;
  const auto operands =
      make_operands<T>(c, [&] { return (state = (state * 37 + 11) % 101) % 7 - 3; });
  const auto p = product_of(c, operands);
  const auto found = run(p);
  bool all_exact = true;
  for_each_entry(p, [&](std::int64_t at, long double sum, long double) {
    all_exact = all_exact && found[static_cast<std::size_t>(at)] == static_cast<T>(sum);
  });
  EXPECT_TRUE(all_exact) << describe(c) << (sizeof(T) == 4 ? " float" : " double");
}

template <class T>
void check_close(const Case& c) {
  PhiloxStream numbers(static_cast<std::uint64_t>(c.m * 31 + c.n), 0);
  const auto operands = make_operands<T>(c, [&] { return 2 * numbers.uniform() - 1; });
  const auto p = product_of(c, operands);
  const auto found = run(p);
  double worst = 0;
  for_each_entry(p, [&](std::int64_t at, long double sum, long double magnitude) {
    const auto error = std::fabs(found[static_cast<std::size_t>(at)] - sum);
    worst = std::max(worst, static_cast<double>(error / magnitude));
  });
  EXPECT_LE(worst,
            static_cast<double>(c.k + 1) * static_cast<double>(std::numeric_limits<T>::epsilon()))
      << describe(c) << (sizeof(T) == 4 ? " float" : " double");
}

template <class Check>
void for_each_storage(std::int64_t m, std::int64_t n, std::int64_t k, Check check) {
  for (const bool left : {false, true}) {
    for (const bool right : {false, true}) {
      for (const bool bias : {false, true}) check(Case{m, n, k, left, right, bias});
    }
  }
}

TEST(Product, SmallIntegersAreExactInEveryShapeUpTo17) {
  each_target([] {
    for (std::int64_t m = 0; m <= 17; ++m) {
      for (std::int64_t n = 0; n <= 17; ++n) {
        for (std::int64_t k = 0; k <= 17; ++k) {
          for_each_storage(m, n, k, [](const Case& c) {
            check_exact<float>(c);
            check_exact<double>(c);
          });
        }
      }
    }
  });
}

TEST(Product, OddLargeShapesAreWithinTheErrorOfTheirSums) {
  constexpr std::int64_t kShapes[][3] = {
      {1, 131, 785}, {2, 67, 300}, {3, 65, 129},   {64, 10, 129}, {67, 127, 257},
      {33, 1, 1025}, {130, 33, 3}, {19, 70, 5000}, {1, 1, 4097},  {200, 9, 31},
      {70, 4, 65},   {600, 1, 33}, {9, 1050, 40},  {45, 7, 600},  {30, 1050, 3}};
  each_target([&] {
    for (const auto& [m, n, k] : kShapes) {
      for_each_storage(m, n, k, [](const Case& c) {
        check_close<float>(c);
        check_close<double>(c);
      });
    }
  });
}

template <class T>
void check_threads(const Case& c) {
  PhiloxStream numbers(5, 0);
  const auto operands = make_operands<T>(c, [&] { return 2 * numbers.uniform() - 1; });
  const auto p = product_of(c, operands);
  const auto one = run(p);
  for (const int threads : {2, 3, 7, 16}) EXPECT_EQ(run(p, threads), one) << describe(c) << threads;
}

TEST(Product, ThreadsChangeNoBit) {
  each_target([] {
    for_each_storage(150, 130, 170, [](const Case& c) {
      check_threads<float>(c);
      check_threads<double>(c);
    });
    check_threads<float>({7, 2000, 400, false, true, true});
    check_threads<float>({2000, 7, 400, false, true, true});
    check_threads<float>({3000, 3, 90, false, true, true});
    check_threads<float>({90, 1100, 130, true, false, false});
    check_threads<float>({90, 270, 1300, true, false, false});
    check_threads<float>({2000, 7, 400, true, false, false});
    check_threads<float>({5000, 60, 2, false, false, false});
  });
}

template <class T>
void check_rows(std::int64_t n, std::int64_t k, bool right_transposed) {
  const Case all{23, n, k, false, right_transposed, true};
  PhiloxStream numbers(6, 0);
  const auto operands = make_operands<T>(all, [&] { return 2 * numbers.uniform() - 1; });
  const auto together = run(product_of(all, operands));
  for (const std::int64_t rows : {1, 2, 3, 5, 8, 13}) {
    auto some = product_of(all, operands);
    some.m = rows;
    some.a += (all.m - rows) * k;  // the last rows, in a batch of their own
    const auto alone = run(some);
    EXPECT_TRUE(std::equal(alone.begin(), alone.end(), together.end() - rows * n))
        << rows << " rows of " << describe(all);
  }
}

TEST(Product, ARowDoesNotDependOnTheRowsBesideIt) {
  each_target([] {
    for (const bool right_transposed : {false, true}) {
      for (const std::int64_t n : {1, 2, 3, 7, 8, 9, 16, 17, 64, 100}) {
        for (const std::int64_t k : {1, 2, 9, 30, 64, 784, 3000}) {
          check_rows<float>(n, k, right_transposed);
          check_rows<double>(n, k, right_transposed);
        }
      }
    }
  });
}

}  // namespace
}  // namespace longhand::testing
