// What the benchmarks of training over a table share.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "base/philox.h"
#include "bench/case.h"
#include "bench/clock.h"
#include "bench/rows.h"

namespace longhand::benchmarks {

/// Steps of training, ready to run over a table.
class Training {
 public:
  Training(const Model& model, Tensor x, Tensor y, std::int64_t batch_size, int threads = 1)
      : state_(model.state.clone()), batch_size_(batch_size),
        rate_(model.network.optimizer.learning_rate),
        program_(build_step(model).graph, {.max_rows = batch_size}), runner_(program_, with_memory(), threads > 1 ? make_thread_pool(threads) : nullptr),
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
    program_.add_missing_states(state_);
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

}  // namespace longhand::benchmarks
