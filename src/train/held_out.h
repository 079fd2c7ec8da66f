// How well rows are predicted that are not learned from, while training goes on.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "train/example_source.h"

namespace longhand::train {

/// Rows that are looked at together.
inline constexpr std::int64_t kHeldOutBatch = 256;

/// Borrows the state that is being trained, and the rows, of which some are in memory at a time.
class HeldOut {
 public:
  HeldOut(const Model& model, const State& state, ExampleSource& rows, bool row_weights,
          const std::shared_ptr<ThreadPool>& pool);

  double loss();
  /// A value of `evaluate`'s metrics, without weights. Throws DivergenceError where a prediction is not
  /// finite.
  double metric(const std::string& name);

 private:
  const Model& model_;
  const State& state_;
  ExampleSource& rows_;
  const std::shared_ptr<ThreadPool> pool_;
  Program program_;
  Runner runner_;
  std::optional<Program> prediction_;  // where a metric is asked for
  std::optional<Runner> predict_;
  std::vector<double> losses_;
};

}  // namespace longhand::train
