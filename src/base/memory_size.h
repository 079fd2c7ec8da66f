// How much memory this process may have.
#pragma once

#include <cstdint>

namespace longhand {

/// Bytes of main memory, or fewer where a container's limit is lower.
std::uint64_t memory_size();

}  // namespace longhand
