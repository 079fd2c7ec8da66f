// Entry-by-entry operations: a few instructions over blocks that stay in the first-level cache.
#pragma once

#include <vector>

#include "backends/cpu/call.h"

namespace longhand {

/// Where an instruction reads or writes: entry i of row k is pointer[k * row + i * step]. A step of
/// 0 stands for one value in every lane; `pointer` then has 64 bytes filled with it.
template <class T>
struct Place {
  T* pointer;
  std::ptrdiff_t step;
  std::ptrdiff_t row = 0;
};

/// So many rows of so many entries.
struct Area {
  std::size_t rows, columns;
};

/// One operation over an area. Operand and result may be the same place; they do not overlap
/// otherwise.
template <class T>
struct Instruction {
  static constexpr std::size_t kMostOperands = 12;
  void (*function)(const Place<T>* places, const Instruction&, Area area) = nullptr;
  std::uint32_t result = 0;  ///< numbers of places
  std::uint32_t operands[kMostOperands] = {};
  std::uint32_t more_results[2] = {};  ///< of Adam's update
};

template <class T>
using InstructionFunction = decltype(Instruction<T>::function);

/// The function for this machine; null for an operation that does not work entry by entry.
template <class T>
InstructionFunction<T> instruction_function(Op op);

/// Whether the operands of the node can be read in a sweep over its entries: each of the node's
/// shape, one value, one value a column (the last axis), or one a row (all but the last).
bool can_sweep(const Graph& graph, NodeId id);

/// One sweep over nodes of one shape, in order. Every node satisfies can_sweep.
std::unique_ptr<Call> make_elementwise(const Plan& plan, const std::vector<NodeId>& nodes);

}  // namespace longhand
