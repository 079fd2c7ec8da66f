// Operations without a kernel of their own.
#pragma once

#include "backends/cpu/call.h"

namespace longhand {

/// evaluate_node, one entry after the other: any operation, never the fast way.
std::unique_ptr<Call> make_fallback(const Plan& plan, NodeId id);

}  // namespace longhand
