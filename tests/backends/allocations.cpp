#include "backends/allocations.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace longhand::testing {

// Out of sight of the callers, or the compiler takes free() for a mistake.
std::atomic<long> counted{0};

long allocations() { return counted; }

}  // namespace longhand::testing

void* operator new(std::size_t bytes) {
  ++longhand::testing::counted;
  if (void* memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
