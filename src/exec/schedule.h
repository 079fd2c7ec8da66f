// The order of a plan's steps, and which operations are computed together in one.
#pragma once

#include <map>

#include "exec/plan.h"

namespace longhand {

/// What must come before what, by node.
struct Precedence {
  const std::vector<std::vector<NodeId>>& readers;
  const std::vector<std::vector<NodeId>>& later;  ///< what writes over the state that a node reads
  const std::map<NodeId, NodeId>& in_place;       ///< a value -> the state that it is written over
};

struct Schedule {
  std::vector<Step> steps;
  std::vector<std::size_t> position;  ///< the step that computes each node
};

/// Throws ArgumentError where the writes cannot be put in order.
Schedule schedule_steps(const Graph& graph, const Precedence& precedence);

}  // namespace longhand
