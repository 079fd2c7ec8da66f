// A whole training step of a tiny network on one row, in one call: plain descent on the binary
// cross-entropy of a chain of dense layers, each no wider than kTinyWidth.
#pragma once

#include <span>
#include <vector>

#include "backends/cpu/call.h"

namespace longhand {

inline constexpr std::int64_t kTinyWidth = 16;
inline constexpr std::size_t kTinyLayers = 4;

struct TinyLayer {
  std::int64_t in, out;
  Op activation;  ///< Op::stop_gradient: none
  NodeId weight, bias;
};

/// The nodes are those of the plan; the last layer has one unit, whose logit the loss is of.
struct TinyStep {
  std::vector<TinyLayer> layers;
  NodeId x, y, rate, loss;
};

/// The steps to run: one each row of `order`.
template <class T>
struct TinySteps {
  std::span<const std::int32_t> order;
  const T* x;
  std::size_t x_row;  ///< entries from row to row of the table
  const T* y;
  std::size_t y_row;
  const double* rates;  ///< one a step, or null: the one in memory
  double* losses;       ///< one a step, or null
};

/// Every number is rounded as the steps of the plan would round it. The loss of the last step is
/// put where the plan's output lies.
template <class T>
using TinyStepFunction = void (*)(const TinyStep&, void* const* buffers, const TinySteps<T>&);

/// The function for this machine.
template <class T>
TinyStepFunction<T> tiny_step_function();

class TinyStepCall {
 public:
  virtual ~TinyStepCall() = default;
  virtual void run(const Memory& memory) const = 0;
  virtual void run_rows(const Memory& memory, const RowSteps& steps) const = 0;
};

/// Null where the plan computes anything else.
std::unique_ptr<TinyStepCall> find_tiny_step(const Plan& plan);

}  // namespace longhand
