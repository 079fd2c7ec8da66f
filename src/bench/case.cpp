#include "bench/case.h"

#include <utility>

namespace longhand::bench {

NetworkSpec make_network_spec(const std::vector<std::int64_t>& widths, const std::string& loss,
                              const std::string& optimizer) {
  NetworkSpec network;
  network.inputs = widths.front();
  const auto add = [&](const std::string& type, std::int64_t out) {
    LayerSpec layer;
    layer.type = type;
    layer.out = out;
    network.layers.push_back(std::move(layer));
  };
  for (std::size_t i = 1; i < widths.size(); ++i) {
    if (i > 1) add("relu", 0);
    add("linear", widths[i]);
  }
  if (loss == "bce") add("sigmoid", 0);
  network.loss.type = loss;
  network.optimizer = *find_optimizer(optimizer);
  network.optimizer.learning_rate = optimizer == "sgd" ? 0.1 : 0.001;
  validate(network, "benchmark");
  return network;
}

std::vector<Case> standard_cases() {
  const auto infer = [](const char* name, const std::vector<std::int64_t>& widths) {
    return Case{name, make_network_spec(widths, widths.back() == 1 ? "bce" : "cross_entropy", "sgd"), 1, false};
  };
  const auto step = [](const char* name, const std::vector<std::int64_t>& widths, const char* loss,
                       const char* optimizer, std::int64_t batch) {
    return Case{name, make_network_spec(widths, loss, optimizer), batch, true};
  };
  return {
      infer("infer 2-2-1", {2, 2, 1}),
      infer("infer 30-64-64-1", {30, 64, 64, 1}),
      infer("infer 784-128-10", {784, 128, 10}),
      step("step 2-2-1 SGD B1", {2, 2, 1}, "bce", "sgd", 1),
      step("step 30-64-64-1 Adam B32", {30, 64, 64, 1}, "bce_with_logits", "adam", 32),
      step("step 784-128-10 Adam B64", {784, 128, 10}, "cross_entropy", "adam", 64),
      step("step 784-512-512-10 Adam B128", {784, 512, 512, 10}, "cross_entropy", "adam", 128),
      step("step 1024x4-10 SGD B1024", {1024, 1024, 1024, 1024, 10}, "cross_entropy", "sgd", 1024),
  };
}

}  // namespace longhand::bench
