// Liveness -> one arena.
#pragma once

#include "exec/plan.h"

namespace longhand {

/// Gives every node whose buffer is in the arena its place there, so that values that live at the
/// same time do not overlap. `position` is the step that computes each node.
void plan_memory(Plan& plan, const std::vector<std::size_t>& position);

}  // namespace longhand
