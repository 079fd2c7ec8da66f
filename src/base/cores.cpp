// How many cores this process has. Linux tells in /sys; elsewhere the standard library's count.
#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <thread>

#include "base/thread_pool.h"

#ifdef __linux__
#include <sched.h>
#endif

namespace longhand {
namespace {

int hardware_threads() {
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

#ifdef __linux__
// Hardware threads of one core share one list of siblings, so each list counts once.
int cores_allowed() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return hardware_threads();
  std::set<std::string> cores;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &allowed)) continue;
    std::ifstream file("/sys/devices/system/cpu/cpu" + std::to_string(cpu) +
                       "/topology/thread_siblings_list");
    std::string siblings;
    if (!std::getline(file, siblings)) return hardware_threads();
    cores.insert(siblings);
  }
  return cores.empty() ? hardware_threads() : static_cast<int>(cores.size());
}

// A container's share of processor time, rounded up to whole cores; `most` where there is no limit.
int cores_in_quota(int most) {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  long long quota = 0, period = 0;
  if (!(file >> quota >> period) || quota <= 0 || period <= 0) return most;  // "max" is no number
  return static_cast<int>(std::clamp<long long>((quota + period - 1) / period, 1, most));
}
#endif

}  // namespace

int physical_cores() {
#ifdef __linux__
  return cores_in_quota(cores_allowed());
#else
  return hardware_threads();
#endif
}

}  // namespace longhand
