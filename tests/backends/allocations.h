// How often this program has asked for memory.
#pragma once

namespace longhand::testing {

long allocations();

}  // namespace longhand::testing
