// How an epoch is learned.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "train/loop.h"

namespace longhand::train {

class Learner {
 public:
  virtual ~Learner() = default;
  /// Learns what is left of the epoch after `at.epoch` and returns its mean loss; nothing where no
  /// step makes the loss smaller. Throws DivergenceError.
  virtual std::optional<double> run_epoch() = 0;
  /// That were learned from so far, a row as often as it was looked at.
  virtual std::int64_t rows() const = 0;
  /// Of the last step.
  virtual double learning_rate() const = 0;
};

/// What a learner is given, and borrows. Between two calls of `report` (the share of the epoch that is
/// done, the mean loss over it), and before it throws, `at` is all that the rest depends on.
struct Lesson {
  const Model& model;
  ExampleSource& source;
  const LoopOptions& options;
  LoopState& at;
  std::shared_ptr<ThreadPool> pool;
  std::function<void(double done, double loss)> report;
};

/// Steps of the optimizer, each from a batch of rows in random order.
std::unique_ptr<Learner> make_minibatch_learner(const Lesson& lesson);
/// An iteration of L-BFGS an epoch, from all rows, which are in memory.
std::unique_ptr<Learner> make_lbfgs_learner(const Lesson& lesson);

/// Throws ModelError where what the optimizer keeps is there in another shape or not at all.
void require_memory(const LoopState& at, const std::string& name, const Shape& shape, DType dtype);
[[noreturn]] void diverged(const std::string& what, std::int64_t epoch);

}  // namespace longhand::train
