// What a backend is given: steps in order, and where each value lies.
#pragma once

#include <string>
#include <vector>

#include "longhand/exec.h"

namespace longhand {

/// Where the value of a node lies while a program runs.
struct Buffer {
  enum class Space : std::uint8_t {
    none,      ///< only inside one fused step
    input,     ///< bound by the caller
    state,     ///< borrowed from the State
    constant,  ///< in the plan
    arena,     ///< temporaries, shared by those that do not live at the same time
    output,    ///< memory of its own
  };
  Space space = Space::none;
  std::size_t slot = 0;    ///< input, state, constant, output: which
  std::size_t offset = 0;  ///< arena
};

/// One call of a kernel.
struct Step {
  enum class Kind : std::uint8_t {
    node,         ///< one operation: nodes[0]
    product,      ///< linear or matmul, nodes[0], then entry-by-entry operations on each tile of it
    elementwise,  ///< several entry-by-entry operations of one shape, in order, in one sweep
    copy,         ///< nodes[1] is copied over the state nodes[0]
  };
  Kind kind = Kind::node;
  std::vector<NodeId> nodes;
};

struct Plan {
  Graph graph;  ///< after all passes
  DType dtype = DType::f32;
  std::int64_t max_rows = 1;
  bool fixed_state = false;  ///< nothing changes the state while a runner lives
  std::vector<Step> steps;
  std::vector<Buffer> buffers;  ///< by node id
  std::vector<Tensor> constants;
  std::vector<NodeId> inputs, states;  ///< node ids by slot
  std::vector<NodeId> output_slots;    ///< node ids with memory of their own
  std::size_t arena_bytes = 0;

  /// Bytes of one entry of a node's value.
  std::size_t entry_bytes(NodeId id) const {
    return graph.node(id).type.kind == Kind::index ? sizeof(std::int32_t) : size_of(dtype);
  }
};

/// Graph -> Plan: passes, order of steps, fusion, in-place writes, memory.
Plan lower(const Graph& graph, DType dtype, std::int64_t max_rows, bool fixed_state = false);

/// Whether the operation works entry by entry and so may be part of a fused step.
bool is_elementwise(const Graph& graph, NodeId id);

/// What reshapes, if `id` does: a reshape is another name for the same memory.
NodeId unreshaped(const Graph& graph, NodeId id);

std::string to_string(const Plan& plan);

/// Each step of the plan and what it costs in a run over so many rows.
std::vector<PlannedStep> describe(const Plan& plan, std::int64_t rows);

/// Checks that no step reads memory that another value has taken. Throws ArgumentError.
void verify(const Plan& plan);

}  // namespace longhand
