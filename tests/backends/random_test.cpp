// Random numbers of the CPU backend beside Philox one counter after the other, bit for bit.
#include <gtest/gtest.h>

#include "backends/each_target.h"
#include "base/philox.h"
#include "base/thread_pool.h"
#include "longhand/exec.h"

namespace longhand::testing {
namespace {

constexpr std::int32_t kStep = -7;  // as words: 2^32 - 7
constexpr std::uint64_t kSeed = 0x9ABCDEF012345678, kStream = 0xFEDCBA9876543210;
const std::vector<std::int32_t> kRows = {0, 3, 2'000'000'000, -1, 17};

std::vector<double> run_on_cpu(std::int64_t columns, DType dtype, int threads) {
  const auto count = static_cast<std::int64_t>(kRows.size());
  Graph graph;
  const auto step = graph.input("step", {}, Kind::index);
  const auto rows = graph.input("rows", {Shape::kBatch}, Kind::index);
  graph.output("y", random_uniform(step, rows, columns, kSeed, kStream));
  const Program program(graph, {dtype, count, "cpu"});
  State state;
  Runner runner(program, state, make_thread_pool(threads));
  Tensor numbers({count}, DType::i32);
  for (std::int64_t i = 0; i < count; ++i) numbers.set(i, kRows[static_cast<std::size_t>(i)]);
  runner.bind("step", Tensor::scalar(kStep, DType::i32));
  runner.bind("rows", numbers);
  runner.run(count);
  return runner.output("y").to_doubles();
}

std::vector<double> by_philox(std::int64_t columns) {
  std::vector<double> expected;
  for (const auto row : kRows) {
    for (std::int64_t j = 0; j < columns; ++j) {
      const auto words = philox4x32({static_cast<std::uint32_t>(j), static_cast<std::uint32_t>(row),
                                     static_cast<std::uint32_t>(kStep), 0x76543210},
                                    {0x12345678, 0x9ABCDEF0});
      expected.push_back(words[0] / 256 / 0x1p24);
    }
  }
  return expected;
}

TEST(RandomUniform, IsPhiloxOfEachEntry) {
  each_target([] {
    for (const std::int64_t columns : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33, 1000, 4001}) {
      SCOPED_TRACE(columns);
      const auto expected = by_philox(columns);
      for (const int threads : {1, 3}) {
        EXPECT_EQ(run_on_cpu(columns, DType::f32, threads), expected);
        EXPECT_EQ(run_on_cpu(columns, DType::f64, threads), expected);
      }
    }
  });
}

}  // namespace
}  // namespace longhand::testing
