// The reference backend: a plan's graph, evaluated node by node. Slow, obvious, the oracle.
#pragma once

#include <memory>

#include "exec/backend.h"

namespace longhand {

/// Named "reference". The one backend whose runs allocate: each value gets memory of its own, so
/// that neither the memory plan nor in-place writes can touch a result.
std::unique_ptr<Backend> make_reference_backend();

}  // namespace longhand
