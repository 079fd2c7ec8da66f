// Cases do what they say: the reference backend comes to the same, and every call to the same again.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "bench/work.h"

namespace longhand::bench {
namespace {

Case with_layers(const std::vector<std::string>& types, const std::string& loss, const std::string& optimizer,
                 std::int64_t batch) {
  Case what{"case", {}, batch, true};
  what.network.inputs = 7;
  for (const auto& type : types) {
    LayerSpec layer;
    layer.type = type;
    if (type == "linear") layer.out = 5;
    if (type == "dropout") layer.parameter = 0.5;
    what.network.layers.push_back(layer);
  }
  what.network.loss.type = loss;
  what.network.optimizer = *find_optimizer(optimizer);
  what.network.optimizer.learning_rate = 0.01;
  validate(what.network, what.name);
  return what;
}

void expect_right(const Case& what) {
  for (const int threads : {1, 2}) {
    const auto work = make_work(what, threads, 3);
    EXPECT_NO_THROW(work->check()) << what.name;
    for (int i = 0; i < 2; ++i) EXPECT_GT(work->run(4), 0) << what.name;
  }
}

TEST(Work, StandardCasesAgreeWithTheReference) {
  for (const auto& what : standard_cases()) {
    if (what.name.find("512") == std::string::npos && what.name.find("1024") == std::string::npos) expect_right(what);
  }
}

TEST(Work, SoDoOtherLayersLossesAndOptimisers) {
  expect_right(with_layers({"linear", "tanh", "linear"}, "mse", "adamw", 9));
  expect_right(with_layers({"linear", "gelu", "linear"}, "bce_with_logits", "rmsprop", 8));
  expect_right(with_layers({"linear", "relu", "dropout", "linear"}, "cross_entropy", "sgd", 40));
  expect_right(with_layers({"linear"}, "poisson", "adagrad", 1));
}

TEST(Work, ADifferenceIsTold) {
  EXPECT_NO_THROW(require_close("loss", 1.00005, 1));
  for (const double value : {1.001, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_THROW(require_close("loss", value, 1), WrongResult) << value;
  }
}

TEST(Work, WhatDivergesIsNoResult) {
  auto what = with_layers({"linear", "relu", "linear"}, "mse", "sgd", 8);
  what.network.optimizer.learning_rate = 1e30;
  EXPECT_THROW(make_work(what, 1, 3)->run(20), WrongResult);
}

}  // namespace
}  // namespace longhand::bench
