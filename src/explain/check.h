// Gradients held against central differences of the loss, in double precision.
#pragma once

#include <functional>

#include "explain/rounding.h"
#include "longhand/explain.h"

namespace longhand {

class ThreadPool;

/// A gradient and what it is the gradient of, in a graph whose values are known.
struct GradientOf {
  const Graph& graph;
  const std::vector<Array<double>>& values;  ///< of all nodes
  NodeId loss = kNoNode;
  NodeId of = kNoNode;
  NodeId gradient = kNoNode;
  const Rounding* rounding = nullptr;  ///< of `values`, up to both nodes; null: found when it is needed
};

struct CheckOptions {
  std::size_t most_entries = 100;  ///< of larger gradients so many are drawn; 0: all are compared
  std::uint64_t seed = 0;
  std::optional<std::size_t> only;  ///< one entry, in place of all that
  ThreadPool* pool = nullptr;  ///< never changes the result
  /// Is told now and then how many entries are done, by one thread at a time.
  std::function<void(std::int64_t)> progress;
};

/// Compares a gradient entry by entry with the slope that central differences show. An entry at a
/// kink is left out, and one that differs by no more than rounding allows: that of the losses over the
/// width of the difference, and that of the gradient itself, both bounded by intervals (Rounding).
GradientCheck check_gradient(const GradientOf& what, const CheckOptions& options = {});

}  // namespace longhand
