// What the benchmarks of training share: a network by its widths, a program of one step, rows.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "base/philox.h"
#include "longhand/model.h"

namespace longhand::benchmarks {

/// ReLU between; with `loss` "bce" a sigmoid at the end.
inline Model make_model(const std::vector<std::int64_t>& widths, const std::string& loss,
                        const std::string& optimizer, double learning_rate) {
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
  network.optimizer.learning_rate = learning_rate;
  validate(network, "benchmark");
  return Model::from_network(std::move(network), 0, DType::f32);
}

/// One step of training on one thread, ready to run over tables.
class Training {
 public:
  Training(const Model& model, Tensor x, Tensor y, std::int64_t batch_size)
      : state_(model.state.clone()), batch_size_(batch_size),
        rate_(model.network.optimizer.learning_rate),
        program_(build_step(model).graph, {.max_rows = batch_size}), runner_(program_, with_memory()),
        order_(static_cast<std::size_t>(x.shape()[0])), steps_((order_.size() + static_cast<std::size_t>(batch_size) - 1) /
                                                              static_cast<std::size_t>(batch_size)),
        rates_(steps_, rate_), numbers_(steps_) {
    runner_.bind_table("x", x);
    runner_.bind_table("y", y);
    std::iota(order_.begin(), order_.end(), 0);
  }

  std::size_t steps() const { return steps_; }
  const State& state() const { return state_; }

  void shuffle_rows(std::uint64_t seed) {
    PhiloxStream stream(seed, 0);
    shuffle(order_, stream);
  }
  /// All rows, batch after batch, in one call.
  void epoch() {
    std::iota(numbers_.begin(), numbers_.end(), static_cast<double>(done_));
    runner_.run_steps({.order = order_, .batch_size = batch_size_,
                       .scalars = {{"learning_rate", rates_}, {"step", numbers_}}, .record = {}});
    done_ += steps_;
  }

 private:
  State& with_memory() {
    for (const auto& [name, type] : program_.states()) {
      if (!state_.contains(name)) state_.set(name, Tensor(type.shape, DType::f32));
    }
    return state_;
  }

  State state_;
  std::int64_t batch_size_;
  double rate_;
  Program program_;
  Runner runner_;
  std::vector<std::int32_t> order_;
  std::size_t steps_;
  std::vector<double> rates_, numbers_;
  std::size_t done_ = 0;
};

/// Uniform numbers in [-1, 1).
inline Tensor random_rows(std::int64_t rows, std::int64_t columns, std::uint64_t seed) {
  Tensor tensor(Shape{rows, columns});
  PhiloxStream stream(seed, 1);
  for (float& value : tensor.values<float>()) value = static_cast<float>(2 * stream.uniform() - 1);
  return tensor;
}

/// 0 or 1.
inline Tensor random_targets(std::int64_t rows, std::uint64_t seed) {
  Tensor tensor = random_rows(rows, 1, seed);
  for (float& value : tensor.values<float>()) value = value > 0 ? 1 : 0;
  return tensor;
}

template <class Act>
double seconds_of(Act&& act) {
  const auto start = std::chrono::steady_clock::now();
  act();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace longhand::benchmarks
