// Learning from rows that are kept as raw cells, against learning from their inputs.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>

#include "support/same_result.h"
#include "train/fit.h"

namespace longhand {
namespace {

Table table(int rows) {
  std::string text = "a,b,c,weight,y\n";
  for (int i = 1; i <= rows; ++i) {
    const double a = i * 37 % 101 * 0.1, b = i * 7 % 13 * 0.5;
    text += std::to_string(a) + (i % 5 == 0 ? ",," : "," + std::to_string(b) + ",") + (i % 3 == 0 ? "red," : "blue,") + std::to_string(1 + i % 4) + "," +
            std::to_string(std::sin(a) + (i % 3 == 0 ? 1.5 : 0)) + "\n";
  }
  return parse_csv(text, "rows.csv");
}

TrainOptions options(std::int64_t batch_size) {
  TrainOptions options;
  options.target = "y";
  options.hidden = {4};
  options.epochs = 3;
  options.batch_size = batch_size;
  options.number_steps = 16;
  return options;
}

TrainResult raw(const Table& table, const TrainOptions& options) {
  return train::fit_in({.most_input_bytes = 0}, table, options, {});
}

TEST(RawExamples, LearnTheSameBitForBit) {
  const auto some = table(700);
  // Batches of 1 and 2 rows: three windows of 256, one of 512 and a part of another.
  std::pair<const char*, TrainOptions> cases[] = {{"batches of 1", options(1)}, {"of 2", options(2)}, {"weights", options(2)},
                                                  {"stops on a metric", options(2)}, {"two threads", options(2)}};
  cases[2].second.sample_weight = "weight";
  cases[3].second.stop_on = "mae";
  cases[4].second.threads = 2;
  for (const auto& [what, options] : cases) testing::expect_same(raw(some, options), fit(some, options), what);
}

TEST(RawExamples, AreHeldOutInMoreThanOneWindow) {
  const auto many = table(50'000);
  auto some = options(256);
  some.epochs = 1;
  some.validation = 0.4;  // 20,000 rows, and a window is of 16,384
  some.stop_on = "rmse";
  testing::expect_same(raw(many, some), fit(many, some), "20,000 rows held out");
}

}  // namespace
}  // namespace longhand
