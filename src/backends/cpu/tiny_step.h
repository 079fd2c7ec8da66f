// A whole training step of a tiny network on one row, in one call: plain descent on the binary
// cross-entropy of a chain of dense layers, each no wider than kTinyWidth.
#pragma once

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

/// Every number is rounded as the steps of the plan would round it.
template <class T>
using TinyStepFunction = void (*)(const TinyStep&, void* const* buffers);

/// The function for this machine.
template <class T>
TinyStepFunction<T> tiny_step_function();

/// Null where the plan computes anything else.
std::unique_ptr<Call> find_tiny_step(const Plan& plan);

}  // namespace longhand
