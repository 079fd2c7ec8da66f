// What cases cannot do without, counted by hand.
#include <gtest/gtest.h>

#include "bench/demand.h"

namespace longhand::bench {
namespace {

Case find(const std::string& name) {
  for (auto& what : standard_cases()) {
    if (what.name == name) return what;
  }
  throw std::runtime_error("no case " + name);
}

TEST(Demand, CountsProductsAndBytes) {
  struct Row {
    const char* name;
    double flops, moved;
    std::size_t held;
  };
  // 9 parameters: 6 weights, 3 biases. 784-128-10: 101,770 parameters, of which 101,632 weights.
  const Row rows[] = {
      {"infer 2-2-1", 12, 4 * (9 + 2), 4 * (9 + 2)},
      {"infer 784-128-10", 2 * 101'632, 4 * (101'770 + 784), 4 * (101'770 + 784)},
      {"step 2-2-1 SGD B1", 2 * (2 * 4 + 3 * 2), 4 * (3 * 9 + 2), 4 * (9 + 2)},
      {"step 784-128-10 Adam B64", 2.0 * 64 * (2 * 100'352 + 3 * 1'280), 4 * (7 * 101'770 + 64 * 784),
       4 * (3 * 101'770 + 64 * 784)},
  };
  for (const auto& row : rows) {
    const auto demand = demand_of(find(row.name));
    EXPECT_EQ(demand.flops, row.flops) << row.name;
    EXPECT_EQ(demand.bytes_moved, row.moved) << row.name;
    EXPECT_EQ(demand.bytes_held, row.held) << row.name;
  }
}

TEST(Demand, MomentumIsMemory) {
  auto what = find("step 2-2-1 SGD B1");
  std::get<optim::Sgd>(what.network.optimizer.rule).momentum = 0.9;
  EXPECT_EQ(demand_of(what).bytes_held, 4 * (2 * 9 + 2));
}

}  // namespace
}  // namespace longhand::bench
