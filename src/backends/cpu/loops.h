// What a sweep loops over: an operation, or several in one loop, whose values between need not go
// through memory.
#pragma once

#include <optional>
#include <vector>

#include "backends/cpu/elementwise.h"

namespace longhand {

/// A loop of a sweep. Each operation in it is rounded as if alone.
struct SweepLoop {
  enum class Kind : std::uint8_t {
    one,   ///< op(operands)
    pair,  ///< an add, subtract, multiply or divide of which one operand is another of these,
           ///< or the condition a < b as a factor
    adam,  ///< Adam's two moments and the new value, as AdamOperand and adam_function say
  };
  Kind kind = Kind::one;
  Op op;
  NodeId result = kNoNode;
  std::vector<NodeId> operands;  ///< of a pair: the inner operation's two, then the other operand
  Op inner = Op::add;            ///< of a pair
  bool inner_is_left = false;    ///< of a pair: op(inner(a, b), c), else op(c, inner(a, b))
  std::vector<NodeId> more_results;  ///< of Adam: the first and the second moment
};

/// The nodes as loops, in order.
std::vector<SweepLoop> find_loops(const Plan& plan, const std::vector<NodeId>& nodes);

/// The function of a pair for this machine.
template <class T>
InstructionFunction<T> pair_function(Op op, Op inner, bool inner_is_left);

/// The operands of Adam's update, in the order of SweepLoop::operands.
enum class AdamOperand : std::uint8_t {
  gradient,
  first,
  second,
  base,
  beta1,
  rest1,
  beta2,
  rest2,
  unbias1,
  unbias2,
  rate,
  epsilon,
};
inline constexpr std::size_t kAdamOperands = 12;

/// Adam's update for this machine:
///   first'  = beta1 first + rest1 gradient
///   second' = beta2 second + rest2 (gradient gradient)
///   result  = base - rate (first' unbias1) / (sqrt(second' unbias2) + epsilon)
template <class T>
InstructionFunction<T> adam_function();

/// The update that ends with the subtraction `id`, if it does: its values between are read by it
/// alone.
struct AdamUpdate {
  SweepLoop loop;
  std::vector<NodeId> nodes;  ///< all that it computes
};
std::optional<AdamUpdate> match_adam(const Plan& plan, const std::vector<NodeId>& nodes, NodeId id);

}  // namespace longhand
