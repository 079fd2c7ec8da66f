// How well rows are predicted that are not learned from, while training goes on.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "train/columns.h"

namespace longhand::train {

/// Borrows the state that is being trained, and the examples.
class HeldOut {
 public:
  HeldOut(const Model& model, const State& state, const Examples& examples, bool row_weights,
          const std::shared_ptr<ThreadPool>& pool);

  double loss();
  /// A value of `evaluate`'s metrics, without weights. Throws DivergenceError where a prediction is not
  /// finite.
  double metric(const std::string& name);

 private:
  Outcomes targets() const;

  const Model& model_;
  const State& state_;
  const Examples& examples_;
  const std::shared_ptr<ThreadPool> pool_;
  Program program_;
  Runner runner_;
  std::optional<Program> prediction_;  // where a metric is asked for
  std::optional<Runner> predict_;
  std::vector<std::int32_t> order_;
  std::vector<double> losses_;
};

}  // namespace longhand::train
