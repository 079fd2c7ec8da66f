// Pairs of entry-by-entry operations computed in one loop: a value that only the next operation
// reads need not go through memory.
#pragma once

#include <vector>

#include "backends/cpu/elementwise.h"

namespace longhand {

/// A loop of a sweep: one operation, or an add, subtract, multiply or divide of which one operand
/// is another of these. Each is rounded as if alone.
struct SweepLoop {
  Op op;
  NodeId result = kNoNode;
  std::vector<NodeId> operands;  ///< of a pair: the inner operation's two, then the other operand
  bool is_pair = false;
  Op inner = Op::add;          ///< of a pair
  bool inner_is_left = false;  ///< of a pair: op(inner(a, b), c), else op(c, inner(a, b))
};

/// The nodes as loops, in order, those paired that can be.
std::vector<SweepLoop> pair_up(const Plan& plan, const std::vector<NodeId>& nodes);

/// The function of a pair for this machine.
template <class T>
InstructionFunction<T> pair_function(Op op, Op inner, bool inner_is_left);

}  // namespace longhand
