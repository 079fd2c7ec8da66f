#include "base/memory_size.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>

namespace longhand {
namespace {

std::uint64_t installed() {
  const long pages = sysconf(_SC_PHYS_PAGES), bytes_a_page = sysconf(_SC_PAGESIZE);
  if (pages <= 0 || bytes_a_page <= 0) return std::numeric_limits<std::uint64_t>::max();
  return static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(bytes_a_page);
}

}  // namespace

std::uint64_t memory_size() {
  const std::uint64_t most = installed();
#ifdef __linux__
  std::ifstream file("/sys/fs/cgroup/memory.max");
  std::uint64_t limit = 0;
  if (file >> limit) return std::min(most, limit);  // "max" is no number
#endif
  return most;
}

}  // namespace longhand
